"""Nodes of conditions and values, built while parsing: one method for each rule of the grammar.

The parser calls each method with what the rule's parts became: tokens, or nodes already built.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, TypeGuard

from ..source import Span
from . import nodes as n
from . import wording
from .literals import Literals
from .tokens import Token

_OPERATORS = {"STARTS": "starts_with", "ENDS": "ends_with", "CONTAINS": "contains"}
_FUNCTION = "a function of a value"
_EventRead = n.Event | n.Unsupported | n.Bad
_ListRead = n.ListOf | n.Unsupported | n.Bad


def span_over(first: Any, last: Any) -> Span:
    """From one token or node to another."""
    return Span(first.file if isinstance(first, Token) else first.span.file, _start(first), _end(last))


def _start(part: Any) -> int:
    return int(part.start if isinstance(part, Token) else part.span.start)


def _end(part: Any) -> int:
    return int(part.end if isinstance(part, Token) else part.span.end)


def unread(part: object) -> TypeGuard[n.Unsupported | n.Bad]:
    return isinstance(part, n.Unsupported | n.Bad)


class Call:
    """`word(..)` before its place says whether it is an event with a filter or a function."""

    __slots__ = ("arguments", "path", "span")

    def __init__(self, path: n.Path, arguments: tuple[n.Condition, ...], span: Span) -> None:
        self.path, self.arguments, self.span = path, arguments, span


class Conditions(Literals):
    """Rules of the grammar's part `conditions`, and the values they compare."""

    # --- chains ---

    def condition(self, first: n.Condition, *rest: Any) -> n.Condition:
        if not rest:
            return first
        parts, operators = (first, *rest[1::2]), rest[::2]
        spans, span = tuple(o.span for o in operators), span_over(first, rest[-1])
        kinds = {o.type for o in operators}
        if len(kinds) == 1:
            return (n.And if kinds == {"AND"} else n.Or)(parts, spans, span)
        odd = next(o for o in operators if o.type != operators[0].type)
        self.found.append(wording.mixed(odd.span, odd.text, _runs(parts, operators)))
        return n.Mixed(parts, spans, span)

    def negated(self, keyword: Token, part: n.Condition) -> n.Condition:
        span = span_over(keyword, part)
        return replace(part, span=span) if unread(part) else n.Not(keyword.span, part, span)

    def group(self, opened: Token, condition: n.Condition, closed: Token) -> n.Condition:
        return replace(condition, span=span_over(opened, closed))

    def bare(self, operand: Any) -> n.Condition:
        if not isinstance(operand, Call):
            return operand  # type: ignore[no-any-return]  # an operand is a condition
        if len(operand.arguments) > 1:
            return n.Unsupported(_FUNCTION, operand.span)
        return self._event(operand, (), operand.span)

    # --- tests ---

    def compare(self, left: Any, op: Token, right: Any) -> n.Condition:
        span = span_over(left, right)
        if op.type == "EQEQ":
            self.found.append(wording.double_equals(op.span))
        text = "=" if op.type == "EQEQ" else op.text
        return self._unread(span, left, right) or n.Compare(left, text, op.span, right, span)

    def one_of(self, left: Any, negation: Token | None, word: Token, options: _ListRead) -> n.Condition:
        span = span_over(left, options)
        bad = self._unread(span, left, options)
        if bad or not isinstance(options, n.ListOf):
            return bad or n.Bad(span)
        return n.OneOf(left, negation is not None, span_over(negation or word, word), options, span)

    def text_test(self, left: Any, first: Token, *rest: Any) -> n.Condition:
        right, span = rest[-1], span_over(left, rest[-1])
        op_span = span_over(first, rest[0] if len(rest) > 1 else first)
        return self._unread(span, left, right) or n.TextTest(left, _OPERATORS[first.type], op_span, right, span)

    def between(self, left: Any, word: Token, low: Any, _and: Token, high: Any) -> n.Condition:
        span = span_over(left, high)
        return self._unread(span, left, low, high) or n.Between(left, word.span, low, high, span)

    def within(self, left: Any, word: Token, length: Token) -> n.Condition:
        if isinstance(left, Call):
            return self.counted(left, self.duration(length))
        return self._date_test(left, "within", span_over(word, word), length)

    def within_next(self, left: Any, word: Token, following: Token, length: Token) -> n.Condition:
        return self._date_test(left, "within_next", span_over(word, following), length)

    def older_than(self, left: Any, word: Token, than: Token, length: Token) -> n.Condition:
        return self._date_test(left, "older_than", span_over(word, than), length)

    def _date_test(self, left: Any, op: str, op_span: Span, length: Token) -> n.Condition:
        span = span_over(left, length)
        return self._unread(span, left) or n.DateTest(left, op, op_span, self.duration(length), span)

    def missing(self, left: Any, word: Token, state: Token) -> n.Condition:
        span = span_over(left, state)
        return self._unread(span, left) or n.Missing(left, state.type == "KNOWN", span_over(word, state), span)

    def becomes(self, left: Any, word: Token, value: Any) -> n.Condition:
        span = span_over(left, value)
        return self._unread(span, left, value) or n.Becomes(left, word.span, value, span)

    def later_test(self, left: Any, *rest: Any) -> n.Condition:
        word = next(p for p in (left, *rest) if isinstance(p, Token))
        two = word.type in ("IN", "CONTAINS")
        what = "`was ever`" if word.type == "WAS" else f"`{word.text} {rest[1].text}`" if two else f"`{word.text}`"
        return n.Unsupported(what, span_over(left, rest[-1] or rest[-3]))

    # --- events ---

    def counted(self, subject: Any, *narrowing: Any) -> n.Condition:
        last = next(p for p in reversed(narrowing) if p is not None)
        span = span_over(subject, last)
        if not isinstance(subject, n.Path | Call):
            return self._unread(span, subject) or self._no_event(subject)
        return self._event(subject, narrowing, span)

    def since_enrollment(self, subject: Any, *words: Token) -> n.Condition:
        return self.counted(subject, self.since(*words))

    def has(self, keyword: Token, negation: Token | None, subject: Any, *narrowing: Any) -> n.Condition:
        last = next((p for p in reversed(narrowing) if p is not None), subject)
        event = self._event(subject, narrowing, span_over(subject, last))
        span = span_over(keyword, last)
        if unread(event):
            return replace(event, span=span)
        assert isinstance(event, n.Event)
        return n.Has(negation.text if negation else "", span_over(keyword, negation or keyword), event, span)

    def _event(self, subject: n.Path | Call, narrowing: tuple[Any, ...], span: Span) -> _EventRead:
        parts = [p for p in narrowing if p is not None]
        later = self._unread(span, *(p for p in parts if unread(p)))
        if later:
            return later
        if isinstance(subject, Call) and len(subject.arguments) > 1:
            return n.Unsupported(_FUNCTION, span)
        path, given = (subject, ()) if isinstance(subject, n.Path) else (subject.path, subject.arguments)
        machines = next((p.span for p in parts if isinstance(p, Narrow) and p.kind == "machines"), None)
        since = next((p.span for p in parts if isinstance(p, Narrow) and p.kind == "since"), None)
        at_least = next((p for p in parts if isinstance(p, n.Number)), None)
        within = next((p for p in parts if isinstance(p, n.Duration)), None)
        return n.Event(path, given[0] if given else None, machines, at_least, within, since, span)

    def machines(self, first: Token, last: Token) -> Narrow:
        return Narrow("machines", span_over(first, last))

    def at_least(self, _word: Token, number: Token, _times: Token) -> n.Number:
        return replace(self.number(number), span=span_over(_word, _times))

    def window(self, _within: Token, length: Token) -> n.Duration:
        return self.duration(length)

    def since(self, word: Token, what: Any) -> Narrow | n.Unsupported:
        span = span_over(word, what)
        return Narrow("since", span) if isinstance(what, Token) else n.Unsupported("`since` an event", span)

    # --- links, memberships, consent ---

    def quantified(self, word: Token, path: n.Path, *filtered: Any) -> n.Condition:
        _opened, condition, closed = filtered or (None, None, None)
        return n.Quantified(word.text, word.span, path, condition, span_over(word, closed or path))

    def member(self, word: Token, kind: Token, name: Token) -> n.Member:
        return n.Member(kind.text, self.name(name), span_over(word, name))

    def consent(self, *words: Token) -> n.Consent:
        return n.Consent(self.name(words[-1]), words[0].type == "SUBSCRIBED", span_over(words[0], words[-1]))

    # --- values that are more than literals ---

    def operand(self, value: Any) -> Any:
        return value

    def path(self, *tokens: Token) -> n.Path:
        names = tuple(self.name(t) for t in tokens[::2])
        return n.Path(names, span_over(tokens[0], tokens[-1]))

    def call(self, path: n.Path, _opened: Token, *rest: Any) -> Call:
        arguments = tuple(a for a in rest[:-1:2] if a is not None)
        return Call(path, arguments, span_over(path, rest[-1]))

    def count(self, word: Token, _opened: Token, counted: n.Condition, closed: Token) -> n.Operand:
        span = span_over(word, closed)
        if isinstance(counted, n.Path):
            return n.Count(counted, None, span)
        if isinstance(counted, n.Event) and not _narrowed(counted):
            return n.Count(counted.path, counted.filter, span)
        return n.Bad(span) if isinstance(counted, n.Bad) else n.Unsupported("a count of events", span)

    def aggregate(self, word: Token, _opened: Token, _of: n.Condition, *rest: Token) -> n.Unsupported:
        return n.Unsupported(f"`{word.text}(..)`", span_over(word, rest[-1]))

    def ago(self, length: Token, word: Token) -> n.Unsupported:
        return n.Unsupported("`ago`", span_over(length, word))

    def list(self, opened: Token, *rest: Any) -> n.ListOf | n.Unsupported | n.Bad:
        items, span = tuple(i for i in rest[:-1:2] if i is not None), span_over(opened, rest[-1])
        return self._unread(span, *items) or n.ListOf(items, span)

    def _unread(self, span: Span, *parts: Any) -> n.Unsupported | n.Bad | None:
        """One part that was not read makes the whole unread, so that it is reported once."""
        for part in parts:
            if isinstance(part, Call):
                return n.Unsupported(_FUNCTION, span)
            if unread(part):
                return replace(part, span=span)
        return None

    def _no_event(self, value: Any) -> n.Bad:
        self.found.append(wording.unexpected(value.span, "this value", "an event such as `purchased`", ""))
        return n.Bad(value.span)


class Narrow:
    """`including machines` or `since enrollment`."""

    __slots__ = ("kind", "span")

    def __init__(self, kind: str, span: Span) -> None:
        self.kind, self.span = kind, span


def _narrowed(event: n.Event) -> bool:
    return any((event.machines, event.at_least, event.within, event.since_enrollment))


def _runs(parts: tuple[n.Condition, ...], operators: tuple[Token, ...]) -> list[Span]:
    """The runs of two or more parts joined by `and`."""
    runs: list[list[n.Condition]] = [[parts[0]]]
    for operator, part in zip(operators, parts[1:], strict=True):
        if operator.type == "AND":
            runs[-1].append(part)
        else:
            runs.append([part])
    return [span_over(run[0], run[-1]) for run in runs if len(run) > 1]
