"""When a test of one stored date or instant turns by time alone (X14).

Each turn has a boundary b(x), the instant at which the test turns for x, which never falls as x grows, and its
inverse: `horizon(t)` is the greatest x with b(x) <= t.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from dsl.program.conditions import DateTest, Duration, InPeriod
from dsl.schema.model import Kind

from ..times import edges, periods, zones
from ..times.durations import CLOCK_UNITS, elapsed

X = int | str  # an instant, or a date in ISO


@dataclass(frozen=True)
class Turn:
    """`name`: what turns, so that equal turns are swept once."""

    name: str
    at: Callable[[X], int]
    horizon: Callable[[int], X]


@dataclass(frozen=True, slots=True)
class AgainstAgo:
    """`x op D ago`"""

    kind: Kind
    op: str
    length: Duration


def turns_of(test: DateTest | InPeriod | AgainstAgo, zone: str) -> Iterator[Turn]:
    """Every way the test turns for a stored value."""
    match test:
        case DateTest(left):
            yield from _date_test(test, left.type.kind is Kind.DATE, zone)
        case InPeriod(left, which, unit):
            for shift in (0, 1):  # it begins, and it ends
                yield _period(periods.SHIFTS[which], shift, unit, left.type.kind is Kind.DATE, zone)
        case AgainstAgo():
            yield from _against_ago(test, zone)


def leaves(length: Duration, zone: str) -> Turn:
    """An event leaves the window of that length."""
    return Turn(
        f"{length.n} {length.unit}",
        lambda x: edges.expires(int(x), length, zone),
        lambda t: edges.cut(t, length, zone),
    )


# --- within, older than, within next ------------------------------------------------------------


def _date_test(c: DateTest, date: bool, zone: str) -> Iterator[Turn]:
    name = f"{c.op} {c.length.n} {c.length.unit}"
    yield (_of_date if date else _of_instant)(c, name, zone)
    if c.op != "older_than":  # a value that lies ahead also turns at its own instant, a date at its day's start or end
        yield _own(date, c.op, f"self {name}", zone)


def _of_instant(c: DateTest, name: str, zone: str) -> Turn:
    if c.op == "within_next":
        return Turn(
            name,
            lambda x: edges.next_opens(int(x), c.length, zone),
            lambda t: edges.next_limit(t, c.length, zone) - 1,
        )
    return Turn(name, lambda x: edges.expires(int(x), c.length, zone), lambda t: edges.cut(t, c.length, zone))


def _of_date(c: DateTest, name: str, zone: str) -> Turn:
    if c.op == "within_next":
        return Turn(
            name,
            lambda x: edges.date_next_opens(x, c.length, zone),
            lambda t: _day_before(edges.date_next_limit(t, c.length, zone)),
        )
    return Turn(name, lambda x: edges.date_expires(x, c.length, zone), lambda t: edges.date_cut(t, c.length, zone))


def _own(date: bool, op: str, name: str, zone: str) -> Turn:
    if not date:
        # `within next` ends just after its instant; `within` begins at it: both are judged at the minute that follows.
        late = int(op == "within_next")
        return Turn(name, lambda x: int(x) + late, lambda t: t - late)
    if op == "within_next":
        return Turn(
            name,
            lambda x: edges.date_next_closes(x, zone),
            lambda t: zones.iso_date(zones.local_day(t, zone) - 1),
        )
    return Turn(
        name, lambda x: zones.day_start(_day(x, zone), zone), lambda t: zones.iso_date(zones.local_day(t, zone))
    )


# --- ago ----------------------------------------------------------------------------------------


def _against_ago(c: AgainstAgo, zone: str) -> Iterator[Turn]:
    """`<=` and `>` turn where the day that is D ago begins to hold x, `<` and `>=` where it has left x behind."""
    date, length, name = c.kind is Kind.DATE, c.length, f"{c.length.n} {c.length.unit} ago"
    if c.op in ("<=", ">", "=", "!="):
        yield Turn(
            f"from {name}",
            lambda x: (edges.date_expires if date else _expires)(x, length, zone),
            lambda t: (edges.date_cut if date else edges.cut)(t, length, zone),
        )
    if c.op in ("<", ">=", "=", "!="):
        if length.unit in CLOCK_UNITS:
            span = elapsed(length) + 1
            yield Turn(f"past {name}", lambda x: int(x) + span, lambda t: t - span)
            return
        yield Turn(
            f"past {name}",
            lambda x: (edges.date_day_ago_ends if date else _day_ago_ends)(x, length, zone),
            lambda t: (edges.date_cut_before if date else edges.cut_before)(t, length, zone),
        )


def _expires(x: X, length: Duration, zone: str) -> int:
    return edges.expires(int(x), length, zone)


def _day_ago_ends(x: X, length: Duration, zone: str) -> int:
    return edges.day_ago_ends(int(x), length, zone)


# --- periods ------------------------------------------------------------------------------------


def _period(which: int, shift: int, unit: str, date: bool, zone: str) -> Turn:
    """For x the test begins with the period that has x in its last, this or next one, and ends with the one after."""
    ahead = shift - which

    def at(x: X) -> int:
        return zones.day_start(periods.first_day(_day(x, zone), unit, ahead), zone)

    def horizon(t: int) -> X:
        end = periods.first_day(zones.local_day(t, zone), unit, 1 - ahead)
        return zones.iso_date(end - 1) if date else zones.day_start(end, zone) - 1

    return Turn(f"{which} {shift} {unit}", at, horizon)


def _day_before(iso: str) -> str:
    return zones.iso_date(zones.epoch_day(iso) - 1)


def _day(x: X, zone: str) -> int:
    return zones.epoch_day(x) if isinstance(x, str) else zones.local_day(x, zone)
