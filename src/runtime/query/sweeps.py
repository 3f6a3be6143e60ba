"""The parts of a condition that time alone can turn, and when.

For each such part there is a stored value x (an event's instant, a date) and a boundary b(x), the instant at which the
part turns for x. b never falls as x grows, so between two instants the records that could turn are those whose x lies
in one range of an index: nothing is kept per contact, nothing is written when an event comes in, and nobody is late
(due-times; decision 0004). `horizon(t)` is the greatest x with b(x) <= t.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from dsl.program.conditions import (
    Aggregate,
    Ago,
    All,
    AnyOf,
    Between,
    Changed,
    Compare,
    Condition,
    Const,
    ContainsList,
    CountOf,
    CreatedValue,
    DateTest,
    Duration,
    EventMatch,
    EventValue,
    Field,
    Happened,
    InPeriod,
    Matches,
    Missing,
    Moved,
    Not,
    OneOf,
    Quantified,
    ScoreValue,
    TextTest,
    Value,
)
from dsl.schema.model import Kind

from ..store.names import event_table, quoted
from .happenings import CREATED
from .passing import Passing, Test, moved_turns, value_turns
from .reads import CREATED_AS, Path
from .scope import Scope
from .turns import AgainstAgo, Turn, leaves, turns_of
from .values import last_of

_ENDLESS = 1 << 62
_MIRROR = {"=": "=", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}


@dataclass(frozen=True)
class Sweep:
    """`rows`: FROM-clause and filter of the stored values; `id_column` the record they belong to; `path` leads from
    the condition's subject to that record. `part` names it: equal parts of several conditions are swept once."""

    part: str
    object: str
    rows: str
    id_column: str
    column: str
    path: Path
    turn: Callable[[int | str], int]
    horizon: Callable[[int], int | str]
    tokens: frozenset[str]  # touches that may bring the next instant forward
    every: Callable[[int], int] | None = None  # the next instant at which all beyond the horizon may turn, not some

    def span(self, before: int, t: int) -> tuple[int | str, int | str]:
        """Those with a value above the first and up to the second may have turned between two instants."""
        return self.horizon(before), self.horizon(t) if self.every is None else _ENDLESS

    def following(self, first: int | str, t: int) -> int:
        """The next instant after `t` at which somebody turns, where `first` is the least value beyond the horizon."""
        return self.turn(first) if self.every is None else self.every(t)


@dataclass(frozen=True)
class Stored:
    """Where the values of one operand stand."""

    rows: str
    id_column: str
    column: str
    token: str


def stored_values(scope: Scope, field: Field) -> Iterator[Stored]:
    """Where the values of a property stand; of a derived one the instants that it is the last of."""
    yield from _Walk(scope)._stored(field, _Subject(field.object))


@dataclass(frozen=True)
class _Subject:
    """What a part is about: a record of `of`, and inside a filter the kinds of event looked at."""

    of: str
    path: Path = ()
    kinds: tuple[str, ...] = ()


def sweeps(scope: Scope, condition: Condition, object_name: str) -> tuple[Sweep, ...]:
    """All time parts of a condition about a record of `object_name`."""
    found = {s.part: s for s in _Walk(scope).condition(condition, _Subject(object_name))}
    return tuple(found.values())


@dataclass(frozen=True)
class _Walk:
    scope: Scope

    def condition(self, c: Condition, about: _Subject) -> Iterator[Sweep]:
        match c:
            case All(parts) | AnyOf(parts):
                for part in parts:
                    yield from self.condition(part, about)
            case Not(part):
                yield from self.condition(part, about)
            case Happened(match=match, within=within):
                yield from self._window(match, within, about, match.at_least == 1)
                yield from self._filter(match, about)
                yield from self._inside(c.since, about) if c.since is not None else ()
            case Quantified(path=path, object=linked) if c.condition is not None:
                yield from self.condition(c.condition, _Subject(linked, about.path + path))
            case Changed(left, within) if within is not None:
                yield from self._changes(left, leaves(within, self.scope.zone), about)
            case Moved(ScoreValue(score)):
                yield from self._passing(score, moved_turns(self.scope, c), about)
            case _:
                yield from self._tests(c, about)

    def _tests(self, c: Condition, about: _Subject) -> Iterator[Sweep]:
        match c:
            case DateTest(left) | InPeriod(left):
                yield from self._turning(left, turns_of(c, self.scope.zone), about)
                yield from self._inside(left, about)
            case Compare(left, op, right):
                yield from self._ago(left, op, right, about)
                yield from self._ago(right, _MIRROR[op], left, about)
                yield from self._score(left, _against(op, right), about)
                yield from self._score(right, _against(_MIRROR[op], left), about)
                for value in (left, right):
                    yield from self._inside(value, about)
            case Between(left, low, high):
                yield from self._ago(left, ">=", low, about)
                yield from self._ago(left, "<=", high, about)
                for side, op in ((low, ">="), (high, "<=")):
                    yield from self._score(left, _against(op, side), about)
                    yield from self._score(side, None, about)
                for value in (left, low, high):
                    yield from self._inside(value, about)
            case TextTest(left, _, right):
                for value in (left, right):
                    yield from self._inside(value, about)
            case OneOf(ScoreValue() as left, options):
                yield from self._score(left, tuple(("=", float(option.value)) for option in options), about)
            case OneOf(left) | Missing(left) | Matches(left) | ContainsList(left):
                yield from self._inside(left, about)

    def _ago(self, left: Value, op: str, right: Value, about: _Subject) -> Iterator[Sweep]:
        if isinstance(right, Ago):
            test = AgainstAgo(left.type.kind, op, right.length)
            yield from self._turning(left, turns_of(test, self.scope.zone), about)

    def _inside(self, value: Value, about: _Subject) -> Iterator[Sweep]:
        """What turns inside a value that is made of many: events leave its window, its filter turns."""
        match value:
            case Aggregate(function, match, field, within=within):
                yield from self._window(match, within, about, _follows_last(function, field))
                yield from self._filter(match, about)
            case CountOf(path=path, object=linked) if value.condition is not None:
                yield from self.condition(value.condition, _Subject(linked, about.path + path))

    def _window(self, match: EventMatch, length: Duration | None, about: _Subject, by_last: bool) -> Iterator[Sweep]:
        """A window over events turns for those whose events leave it; `by_last`: only the last one decides."""
        if length is None:
            return
        if by_last and _unfiltered(match):
            found = [self._last(match.event, about.of)]
        else:
            found = [self._events(kind, "at", about.of) for kind in self.scope.kinds(match.event)]
        for stored in found:
            yield _sweep(stored, leaves(length, self.scope.zone), about.of, about.path)

    def _filter(self, match: EventMatch, about: _Subject) -> Iterator[Sweep]:
        """A date of the event, or of its record, inside an event's filter turns like any other."""
        if match.filter is not None:
            yield from self.condition(match.filter, _Subject(about.of, about.path, self.scope.kinds(match.event)))

    def _changes(self, left: Field, turn: Turn, about: _Subject) -> Iterator[Sweep]:
        rows = f"segue_property_history x WHERE x.object = '{left.object}' AND x.property = '{left.property}' AND"
        stored = Stored(rows, "x.id", "x.at", f"{left.object}.{left.property}")
        yield _sweep(stored, turn, left.object, about.path + left.path)

    # --- scores -------------------------------------------------------------------------------

    def _score(self, value: Value, tests: tuple[Test, ...] | None, about: _Subject) -> Iterator[Sweep]:
        if isinstance(value, ScoreValue):
            yield from self._passing(value.score, value_turns(self.scope, value, tests), about)

    def _passing(self, score: str, turns: Iterator[Passing], about: _Subject) -> Iterator[Sweep]:
        for one in turns:
            turn = _turn(score, one)
            if one.match is None:
                stored = [Stored(one.rows, "x.id", one.column, f"score {score}")]
            else:
                stored = [self._events(kind, "at", about.of) for kind in self.scope.kinds(one.match.event)]
            for found in stored:
                yield _sweep(found, turn, about.of, about.path, one.every)

    # --- where values stand -------------------------------------------------------------------

    def _turning(self, left: Value, turns: Iterator[Turn], about: _Subject) -> Iterator[Sweep]:
        of, path = _record_of(left, about)
        found = list(self._stored(left, about))
        for turn in turns:
            for stored in found:
                yield _sweep(stored, turn, of, path)

    def _stored(self, left: Value, about: _Subject) -> Iterator[Stored]:
        match left:
            case Field(_, owner, name) | CreatedValue(_, owner, name):
                derived = self.scope.schema.objects[owner].properties[name].derived
                if derived is None:
                    yield Stored(f"{quoted(owner)} x WHERE", "x.id", f"x.{quoted(name)}", f"{owner}.{name}")
                    return
                for kept in last_of(self.scope, derived):
                    yield self._last(kept, owner)
            case EventValue(field):
                for kind in about.kinds:
                    yield self._events(kind, field, about.of)
            case Aggregate(function, match, field):
                if field == "at" and _follows_last(function, field) and _unfiltered(match):
                    yield self._last(match.event, about.of)
                    return
                for kind in self.scope.kinds(match.event):
                    yield self._events(kind, field, about.of)

    def _events(self, kind: str, field: str, of: str) -> Stored:
        if kind == CREATED:
            return Stored(f"{quoted(of)} x WHERE", "x.id", "x.created_at", f"created {of}")
        return Stored(f"{quoted(event_table(kind))} x WHERE", "x.record_id", f"x.{quoted(field)}", f"event {kind}")

    def _last(self, kind: str, of: str) -> Stored:
        """The last (human) event of a kind is kept per record; of all acts together under `acted`."""
        if kind == CREATED:
            return self._events(kind, "at", of)
        return Stored(f"segue_activity x WHERE x.event = '{kind}' AND", "x.id", "x.last_at", f"event {kind}")


def _record_of(left: Value, about: _Subject) -> tuple[str, Path]:
    """The object of the record whose value it is, and the way to it."""
    match left:
        case Field(path, owner):
            return owner, about.path + path
        case CreatedValue(name, owner):
            return owner, (*about.path, CREATED_AS + name)
    return about.of, about.path


def _unfiltered(match: EventMatch) -> bool:
    return match.filter is None and not match.machines


def _follows_last(function: str, field: str) -> bool:
    """Whether the last event alone says what the value is."""
    return function == "last" or (function == "max" and field == "at")


def _against(op: str, value: Value) -> tuple[Test, ...] | None:
    """What a score is compared with, if that stays as it is."""
    return ((op, float(value.value)),) if isinstance(value, Const) and value.type.kind is Kind.NUMBER else None


def _turn(score: str, one: Passing) -> Turn:
    """When what is kept of a score makes a condition true or false: its rows hold numbers."""
    return Turn(f"{score} {one.name}", lambda x: one.turn(int(x)), one.horizon)


def _sweep(stored: Stored, turn: Turn, of: str, path: Path, every: Callable[[int], int] | None = None) -> Sweep:
    name = f"{of} {'.'.join(path)} {stored.rows} {stored.column} {turn.name}"
    tokens = frozenset({stored.token, f"created {of}"})
    return Sweep(name, of, stored.rows, stored.id_column, stored.column, path, turn.at, turn.horizon, tokens, every)
