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
    All,
    AnyOf,
    Condition,
    DateTest,
    Duration,
    EventMatch,
    EventValue,
    Field,
    Happened,
    Not,
    Quantified,
)
from dsl.schema.model import Kind

from ..store.names import event_table, quoted
from ..times import edges, zones
from .scope import Scope
from .values import derived_events

Path = tuple[str, ...]
Turn = Callable[[int | str], int]
Horizon = Callable[[int], int | str]


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
    turn: Turn
    horizon: Horizon
    tokens: frozenset[str]  # touches that may bring the next instant forward


def sweeps(scope: Scope, condition: Condition, object_name: str) -> tuple[Sweep, ...]:
    """All time parts of a condition about a record of `object_name`."""
    found = {s.part: s for s in _condition(scope, condition, object_name, ())}
    return tuple(found.values())


def _condition(scope: Scope, c: Condition, of: str, path: Path) -> Iterator[Sweep]:
    match c:
        case All(parts) | AnyOf(parts):
            for part in parts:
                yield from _condition(scope, part, of, path)
        case Not(part):
            yield from _condition(scope, part, of, path)
        case DateTest():
            yield from _date(scope, c, of, path)
        case Happened(match=match, within=within):
            if within is not None:
                yield from _events(scope, match, within, of, path)
            if match.filter is not None:
                yield from _filter(scope, match, of, path)
        case Quantified() if c.condition is not None:
            yield from _condition(scope, c.condition, c.object, path + c.path)


def _events(scope: Scope, match: EventMatch, length: Duration, of: str, path: Path) -> Iterator[Sweep]:
    """A window over events turns for those whose events leave it: by the last event alone where one is enough."""
    zone = scope.zone
    for kind in scope.kinds(match.event):
        token = f"event {kind}"
        if kind == "created":
            rows, ids, column, token = f"{quoted(of)} x WHERE", "x.id", "x.created_at", f"created {of}"
        elif match.filter is None and not match.machines and match.at_least == 1:
            rows, ids, column = f"segue_activity x WHERE x.event = '{kind}' AND", "x.id", "x.last_at"
        else:
            rows, ids, column = f"{quoted(event_table(kind))} x WHERE", "x.record_id", "x.at"
        yield Sweep(
            f"{of} {'.'.join(path)} {rows} {column} {length.n} {length.unit}",
            of, rows, ids, column, path,
            lambda x: edges.expires(int(x), length, zone),
            lambda t: edges.cut(t, length, zone),
            frozenset({token}),
        )  # fmt: skip


def _filter(scope: Scope, match: EventMatch, of: str, path: Path) -> Iterator[Sweep]:
    """A date of the contact inside an event's filter turns like any other."""
    assert match.filter is not None
    for part in _parts(match.filter):
        if isinstance(part, DateTest) and isinstance(part.left, EventValue):
            for kind in scope.kinds(match.event):
                rows = f"{quoted(event_table(kind))} x WHERE"
                yield from _turns(
                    scope,
                    part,
                    of,
                    path,
                    rows,
                    "x.record_id",
                    f"x.{quoted(part.left.field)}",
                    frozenset({f"event {kind}"}),
                )
        elif isinstance(part, DateTest | Happened | Quantified):
            yield from _condition(scope, part, of, path)


def _parts(c: Condition) -> Iterator[Condition]:
    match c:
        case All(parts) | AnyOf(parts):
            for part in parts:
                yield from _parts(part)
        case Not(part):
            yield from _parts(part)
        case _:
            yield c


def _date(scope: Scope, c: DateTest, of: str, path: Path) -> Iterator[Sweep]:
    if not isinstance(c.left, Field):
        return
    found = scope.schema.objects[c.left.object].properties[c.left.property]
    path = path + c.left.path
    if found.derived is not None:
        for kind in derived_events(scope, found.derived):
            rows = f"segue_activity x WHERE x.event = '{kind}' AND"
            yield from _turns(scope, c, c.left.object, path, rows, "x.id", "x.last_at", frozenset({f"event {kind}"}))
        return
    tokens = frozenset({f"{c.left.object}.{c.left.property}", f"created {c.left.object}"})
    yield from _turns(
        scope,
        c,
        c.left.object,
        path,
        f"{quoted(c.left.object)} x WHERE",
        "x.id",
        f"x.{quoted(c.left.property)}",
        tokens,
    )


def _turns(
    scope: Scope, c: DateTest, of: str, path: Path, rows: str, ids: str, column: str, tokens: frozenset[str]
) -> Iterator[Sweep]:
    date = c.left.type.kind is Kind.DATE
    ends = [(c.op, *(_date_turn if date else _instant_turn)(c, scope.zone))]
    if (
        c.op != "older_than"
    ):  # a value that lies ahead also turns at its own instant (a date: at its day's start or end)
        ends.append(("self", *_own_turn(date, c.op, scope.zone)))
    for op, turn, horizon in ends:
        name = f"{of} {'.'.join(path)} {rows} {column} {op} {c.length.n} {c.length.unit}"
        yield Sweep(name, of, rows, ids, column, path, turn, horizon, tokens)


def _instant_turn(c: DateTest, zone: str) -> tuple[Turn, Horizon]:
    if c.op == "within_next":
        return (
            lambda x: edges.next_opens(int(x), c.length, zone),
            lambda t: edges.next_limit(t, c.length, zone) - 1,
        )
    return lambda x: edges.expires(int(x), c.length, zone), lambda t: edges.cut(t, c.length, zone)


def _date_turn(c: DateTest, zone: str) -> tuple[Turn, Horizon]:
    if c.op == "within_next":
        return (
            lambda x: edges.date_next_opens(x, c.length, zone),
            lambda t: _day_before(edges.date_next_limit(t, c.length, zone)),
        )
    return lambda x: edges.date_expires(x, c.length, zone), lambda t: edges.date_cut(t, c.length, zone)


def _own_turn(date: bool, op: str, zone: str) -> tuple[Turn, Horizon]:
    if not date:
        # `within next` ends just after its instant; `within` begins at it: both are judged at the minute that follows.
        return (lambda x: int(x) + 1, lambda t: t - 1) if op == "within_next" else (lambda x: int(x), lambda t: t)
    if op == "within_next":
        return (
            lambda x: edges.date_next_closes(x, zone),
            lambda t: zones.iso_date(zones.local_day(t, zone) - 1),
        )
    return lambda x: zones.day_start(_day(x), zone), lambda t: zones.iso_date(zones.local_day(t, zone))


def _day_before(iso: str) -> str:
    return zones.iso_date(zones.epoch_day(iso) - 1)


def _day(x: int | str) -> int:
    return zones.epoch_day(x) if isinstance(x, str) else x
