"""Nodes of values that are more than literals, built while parsing: one method for each rule of the grammar.

The parser calls each method with what the rule's parts became: tokens, or nodes already built.
"""

from __future__ import annotations

from typing import Any

from ..source import Span
from ..values import replace
from . import nodes as n
from . import wording
from .literals import Literals
from .tokens import Token

_OPERANDS = (n.Path, n.Count, n.Aggregate, n.ScoreOf, n.Ago, n.Ahead, n.Function, n.Bad)
_LITERALS = (n.Text, n.Number, n.Percent, n.Money, n.Date, n.DateTime, n.Time, n.TimeRange, n.Duration, n.Boolean)


def span_over(first: Any, last: Any) -> Span:
    """From one token or node to another."""
    start, end = (first if isinstance(first, Token) else first.span), (last if isinstance(last, Token) else last.span)
    return Span(start.file, start.start, end.end)


def unread(part: object) -> bool:
    return isinstance(part, n.Bad)


def last_of(*parts: Any) -> Any:
    """The last part that is written."""
    return next(p for p in reversed(parts) if p is not None)


class Call:
    """`word(..)` before its place says whether it is an event with a filter or a function; `field` follows behind.
    `commas`: those between its arguments."""

    __slots__ = ("arguments", "commas", "field", "path", "span")

    def __init__(
        self, path: n.Path, arguments: tuple[n.Condition, ...], span: Span, commas: tuple[Span, ...] = ()
    ) -> None:
        self.path, self.arguments, self.span, self.commas = path, arguments, span, commas
        self.field: tuple[n.Name, ...] = ()

    def filters(self) -> bool:
        """Whether what stands in it says something of an event, as no argument of a function does."""
        return not any(isinstance(part, _OPERANDS + _LITERALS + (n.ListOf, Call)) for part in self.arguments)


class Narrow:
    """`including machines`, `since enrollment`, or `since` an event."""

    __slots__ = ("event", "kind", "span")

    def __init__(self, kind: str, span: Span, event: n.Aggregate | None = None) -> None:
        self.kind, self.span, self.event = kind, span, event


class Values(Literals):
    """Rules of the grammar's part `values`, and the events that values are taken from."""

    def path(self, *tokens: Token) -> n.Path:
        if len(tokens) == 1:
            name = self.name(tokens[0])
            return n.Path((name,), name.span)
        names = tuple(self.name(t) for t in tokens[::2])
        return n.Path(names, span_over(tokens[0], tokens[-1]))

    def call(self, path: n.Path, _opened: Token, *rest: Any) -> Call:
        arguments = tuple(a for a in rest[:-1:2] if a is not None)
        return Call(path, arguments, span_over(path, rest[-1]), tuple(comma.span for comma in rest[1:-1:2]))

    def field_of(self, call: Call, *dotted: Token) -> Call:
        call.field = tuple(self.name(t) for t in dotted[1::2])
        call.span = span_over(call, dotted[-1])
        return call

    def ago(self, length: Token, word: Token) -> n.Ago:
        return n.Ago(self.duration(length), span_over(length, word))

    def ahead(self, length: Token, _from: Token, word: Token) -> n.Ahead:
        return n.Ahead(self.duration(length), span_over(length, word))

    def score_of(self, word: Token, _opened: Token, name: Token, closed: Token) -> n.ScoreOf:
        return n.ScoreOf(self.name(name), span_over(word, closed))

    def list(self, opened: Token, *rest: Any) -> n.ListOf | n.Bad:
        items, span = tuple(self._value(i) for i in rest[:-1:2] if i is not None), span_over(opened, rest[-1])
        return n.Bad(span) if any(map(unread, items)) else n.ListOf(items, span)

    # --- out of many events or records ---

    def aggregate(self, word: Token, _opened: Token, of: Any, closed: Token, *dotted: Token) -> n.Operand:
        span, behind = span_over(word, dotted[-1] if dotted else closed), tuple(self.name(t) for t in dotted[1::2])
        if not isinstance(of, n.Aggregate):
            return n.Bad(span)
        event = of.event
        if word.type == "COUNT" and not (behind or _narrowed(event) or (event.filter and of.field)):
            names = event.path.names + of.field  # `count(company.contact)`: records may be a path away
            return n.Count(n.Path(names, span_over(names[0], names[-1])), event.filter, span)
        return replace(of, function=word.text, field=of.field + behind, span=span)

    def many(self, subject: n.Path | Call, *narrowing: Any) -> n.Aggregate | n.Bad:
        """What stands inside the parentheses, waiting for the function's name."""
        span = span_over(subject, last_of(subject, *narrowing))
        field = subject.field if isinstance(subject, Call) else ()
        if isinstance(subject, n.Path) and len(subject.names) > 1:
            field, subject = subject.names[1:], n.Path(subject.names[:1], subject.names[0].span)
        event = self._event(subject, narrowing, span)
        return event if isinstance(event, n.Bad) else n.Aggregate("", event, field, span)

    def _event(self, subject: n.Path | Call, narrowing: tuple[Any, ...], span: Span) -> n.Event | n.Bad:
        parts = [p for p in narrowing if p is not None]
        bad = next((p for p in parts if unread(p)), None)
        if bad is not None:
            return n.Bad(span)
        path, filter = (subject, None) if isinstance(subject, n.Path) else (subject.path, self._filter(subject))
        narrow = {p.kind: p for p in parts if isinstance(p, Narrow)}
        since = narrow.get("since enrollment")
        return n.Event(
            path,
            filter,
            narrow["machines"].span if "machines" in narrow else None,
            next((p for p in parts if isinstance(p, n.Number)), None),
            next((p for p in parts if isinstance(p, n.Duration)), None),
            since.span if since else None,
            span,
            narrow["since"].event if "since" in narrow else None,
        )

    def _filter(self, call: Call) -> n.Condition | None:
        """The parts of a filter are joined by `and`; commas between them are understood."""
        parts = call.arguments
        if len(parts) < 2:
            return parts[0] if parts else None
        if not any(map(unread, parts)):  # it was told what is wrong there
            sure = not any(isinstance(part, n.Or | n.Mixed) for part in parts)
            self.found.append(wording.commas_in_filter(call.commas, sure))
        return n.And(parts, call.commas, span_over(parts[0], parts[-1]))

    def machines(self, first: Token, last: Token) -> Narrow:
        return Narrow("machines", span_over(first, last))

    def at_least(self, _word: Token, number: Token, _times: Token) -> n.Number:
        return replace(self.number(number), span=span_over(_word, _times))

    def window(self, _within: Token, length: Token) -> n.Duration:
        return self.duration(length)

    def since(self, word: Token, what: Any) -> Narrow | n.Bad:
        span = span_over(word, what)
        if isinstance(what, Token):
            return Narrow("since enrollment", span)
        return Narrow("since", span, what) if isinstance(what, n.Aggregate) else self._no_moment(what, span)

    def _no_moment(self, what: Any, span: Span) -> n.Bad:
        if not unread(what):  # `since count(..)`
            self.found.append(wording.unexpected(what.span, "this count", "an event such as `last(clicked_email)`", ""))
        return n.Bad(span)

    # --- functions ---

    def _value(self, part: Any) -> Any:
        """An operand where a value is due: there, a call is a function."""
        return self._function(part) if isinstance(part, Call) else part

    def _function(self, call: Call) -> n.Function | n.Bad:
        arguments = tuple(self._argument(a) for a in call.arguments)
        if any(map(unread, arguments)):
            return n.Bad(call.span)
        return n.Function(n.Name(call.path.text, call.path.span), arguments, call.span)

    def _argument(self, part: n.Condition) -> Any:
        if isinstance(part, n.Event) and not _narrowed(part):
            inner = () if part.filter is None else (part.filter,)
            return self._function(Call(part.path, inner, part.span))
        if isinstance(part, _OPERANDS + _LITERALS + (n.ListOf,)):
            return part
        help = "events are counted by `count(..)`, as in `count(clicked_email within 30 days)`"
        self.found.append(wording.unexpected(part.span, "a condition", "a value", help))
        return n.Bad(part.span)


def _narrowed(event: n.Event) -> bool:
    return any((event.machines, event.at_least, event.within, event.since_enrollment, event.since))
