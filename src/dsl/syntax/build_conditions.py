"""Nodes of conditions, built while parsing: one method for each rule of the grammar."""

from __future__ import annotations

from typing import Any

from ..diagnostics.diagnostic import FixKind
from ..source import Span
from ..values import replace
from . import nodes as n
from . import wording
from .build_values import Call, Narrow, Values, last_of, span_over, unread
from .tokens import Token
from .vocabulary import FUNCTIONS

_OPERATORS = {"STARTS": "starts_with", "ENDS": "ends_with", "CONTAINS": "contains"}
_ListRead = n.ListOf | n.Bad


class Conditions(Values):
    """Rules of the grammar's part `conditions`."""

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
        return n.Bad(span) if unread(part) else n.Not(keyword.span, part, span)

    def group(self, opened: Token, condition: n.Condition, closed: Token) -> n.Condition:
        return replace(condition, span=span_over(opened, closed))

    def bare(self, operand: Any) -> n.Condition:
        """A call alone is an event with its filter, but for the functions there are."""
        if not isinstance(operand, Call):
            return operand  # type: ignore[no-any-return]  # an operand is a condition
        if operand.path.text in FUNCTIONS or (len(operand.arguments) > 1 and not operand.filters()):
            return self._function(operand)
        return self._event(operand, (), operand.span)

    # --- tests ---

    def compare(self, left: Any, op: Token, right: Any) -> n.Condition:
        span = span_over(left, right)
        if op.type == "EQEQ":
            self.found.append(wording.double_equals(op.span))
        left, right = self._value(left), self._value(right)
        text = "=" if op.type == "EQEQ" else op.text
        return _bad(span, left, right) or n.Compare(left, text, op.span, right, span)

    def one_of(self, left: Any, negation: Token | None, word: Token, options: _ListRead) -> n.Condition:
        span, left = span_over(left, options), self._value(left)
        if unread(left) or isinstance(options, n.Bad):
            return n.Bad(span)
        return n.OneOf(left, negation is not None, span_over(negation or word, word), options, span)

    def text_test(self, left: Any, first: Token, *rest: Any) -> n.Condition:
        span, op_span = span_over(left, rest[-1]), span_over(first, rest[0] if len(rest) > 1 else first)
        left, right = self._value(left), self._value(rest[-1])
        return _bad(span, left, right) or n.TextTest(left, _OPERATORS[first.type], op_span, right, span)

    def contains_list(self, left: Any, word: Token, quantifier: Token, options: _ListRead) -> n.Condition:
        span, left = span_over(left, options), self._value(left)
        if unread(left) or isinstance(options, n.Bad):
            return n.Bad(span)
        return n.ContainsList(left, quantifier.text, span_over(word, quantifier), options, span)

    def between(self, left: Any, word: Token, low: Any, _and: Token, high: Any) -> n.Condition:
        span = span_over(left, high)
        left, low, high = self._value(left), self._value(low), self._value(high)
        return _bad(span, left, low, high) or n.Between(left, word.span, low, high, span)

    def within(self, left: Any, word: Token, length: Token) -> n.Condition:
        if isinstance(left, Call):
            return self.counted(left, self.duration(length))
        return self._date_test(left, "within", span_over(word, word), length)

    def within_next(self, left: Any, word: Token, following: Token, length: Token) -> n.Condition:
        return self._date_test(left, "within_next", span_over(word, following), length)

    def older_than(self, left: Any, word: Token, than: Token, length: Token) -> n.Condition:
        return self._date_test(left, "older_than", span_over(word, than), length)

    def _date_test(self, left: Any, op: str, op_span: Span, length: Token) -> n.Condition:
        span, left = span_over(left, length), self._value(left)
        return _bad(span, left) or n.DateTest(left, op, op_span, self.duration(length), span)

    def in_period(self, left: Any, word: Token, which: Token, unit: Token) -> n.Condition:
        span, left = span_over(left, unit), self._value(left)
        return _bad(span, left) or n.InPeriod(left, which.text, span_over(word, which), self.name(unit), span)

    def missing(self, left: Any, word: Token, state: Token) -> n.Condition:
        span, left = span_over(left, state), self._value(left)
        return _bad(span, left) or n.Missing(left, state.type == "KNOWN", span_over(word, state), span)

    def matches(self, left: Any, word: Token, pattern: Token) -> n.Condition:
        span, left = span_over(left, pattern), self._value(left)
        return _bad(span, left) or n.Matches(left, word.span, self.text(pattern), span)

    # --- change ---

    def becomes(self, left: Any, word: Token, value: Any) -> n.Condition:
        span = span_over(left, value)
        left, value = self._value(left), self._value(value)
        return _bad(span, left, value) or n.Becomes(left, word.span, value, span)

    def changed(self, left: Any, word: Token, _within: Token | None, length: Token | None) -> n.Condition:
        span, left = span_over(left, length or word), self._value(left)
        return _bad(span, left) or n.Changed(left, word.span, self.duration(length) if length else None, span)

    def moved(self, left: Any, word: Token, by: Token, amount: Any, *window: Token | None) -> n.Condition:
        length = window[-1]
        span = span_over(left, length or amount)
        left, amount = self._value(left), self._value(amount)
        within = self.duration(length) if length else None
        return _bad(span, left, amount) or n.Moved(left, word.text, span_over(word, by), amount, within, span)

    def was_ever(self, left: Any, word: Token, ever: Token, *rest: Any) -> n.Condition:
        """`was ever customer`, `was ever in [lead, mql]`."""
        span, op_span = span_over(left, rest[-1]), span_over(word, ever)
        left, value = self._value(left), self._value(rest[-1])
        if len(rest) == 1 and isinstance(value, n.ListOf):
            at = Span(value.span.file, value.span.start, value.span.start)
            self.found.append(wording.written_otherwise(at, "one of several is `in` a list", "in ", FixKind.SAFE))
        return _bad(span, left, value) or n.WasEver(left, op_span, value, span)

    def was_member(self, word: Token, _ever: Token, _in: Token, kind: Token, name: Token) -> n.WasMember:
        return n.WasMember(kind.text, self.name(name), span_over(word, name))

    # --- events ---

    def counted(self, subject: Any, *narrowing: Any) -> n.Condition:
        span = span_over(subject, last_of(*narrowing))
        if not isinstance(subject, n.Path | Call):
            return _bad(span, subject) or self._no_event(subject)
        return self._event(subject, narrowing, span)

    def since_event(self, subject: Any, since: Narrow | n.Bad) -> n.Condition:
        return self.counted(subject, since)

    def has(self, keyword: Token, negation: Token | None, subject: Any, *narrowing: Any) -> n.Condition:
        last = last_of(subject, *narrowing)
        event = self._event(subject, narrowing, span_over(subject, last))
        span = span_over(keyword, last)
        if isinstance(event, n.Bad):
            return n.Bad(span)
        return n.Has(negation.text if negation else "", span_over(keyword, negation or keyword), event, span)

    def _no_event(self, value: Any) -> n.Bad:
        self.found.append(wording.unexpected(value.span, "this value", "an event such as `purchased`", ""))
        return n.Bad(value.span)

    # --- links, memberships, consent ---

    def quantified(self, word: Token, path: n.Path, *filtered: Any) -> n.Condition:
        _opened, condition, closed = filtered or (None, None, None)
        return n.Quantified(word.text, path, condition, span_over(word, closed or path))

    def member(self, word: Token, kind: Token, name: Token) -> n.Member:
        return n.Member(kind.text, self.name(name), span_over(word, name))

    def consent(self, *words: Token) -> n.Consent:
        return n.Consent(self.name(words[-1]), words[0].type == "SUBSCRIBED", span_over(words[0], words[-1]))


def _bad(span: Span, *parts: Any) -> n.Bad | None:
    """One part that was not read makes the whole unread, so that it is reported once."""
    return n.Bad(span) if any(map(unread, parts)) else None


def _runs(parts: tuple[n.Condition, ...], operators: tuple[Token, ...]) -> list[Span]:
    """The runs of two or more parts joined by `and`."""
    runs: list[list[n.Condition]] = [[parts[0]]]
    for operator, part in zip(operators, parts[1:], strict=True):
        if operator.type == "AND":
            runs[-1].append(part)
        else:
            runs.append([part])
    return [span_over(run[0], run[-1]) for run in runs if len(run) > 1]
