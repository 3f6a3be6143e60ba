"""Reports over tickets in plain Python: every group, figure, period and target by hand. Knows nothing of SQL."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Europe/Warsaw")
MOST = 10_000  # rows with periods put in between
PRIORITIES = ("low", "medium", "high")
PLANS = ("free", "trial", "paid")
STAGES = ("appointment", "qualified", "proposal", "contract", "won", "lost")
ORDERS = {"priority": PRIORITIES, "plan": PLANS, "contact.plan": PLANS, "stage": STAGES}  # as the schema has them
Ticket = dict[str, object]


@dataclass(frozen=True)
class Asked:
    """What a random report asks: names of the parts below. `target`: (amount, period)."""

    where: str | None
    by: tuple[str, ...]
    measures: tuple[str, ...]
    sort: tuple[str, bool] | None
    top: int | None
    target: tuple[int, str] | None


# --- days and periods -------------------------------------------------------------------------


def clock(t: int) -> datetime:
    return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=t)).astimezone(ZONE)


def period(day: date, per: str) -> date:
    """Its first day."""
    match per:
        case "day":
            return day
        case "week":
            return day - timedelta(days=day.weekday())
        case "month":
            return day.replace(day=1)
        case "quarter":
            return date(day.year, (day.month - 1) // 3 * 3 + 1, 1)
    return date(day.year, 1, 1)


def following(first: date, per: str) -> date:
    return period(first + timedelta(days={"day": 1, "week": 7, "month": 32, "quarter": 93, "year": 367}[per]), per)


def every(first: date, last: date, per: str) -> list[date]:
    found = [first]
    while found[-1] < last:
        found.append(following(found[-1], per))
    return found


# --- parts of a report ------------------------------------------------------------------------


def _day(ticket: Ticket, name: str) -> date | None:
    value = ticket[name]
    if value is None:
        return None
    return date.fromisoformat(value) if isinstance(value, str) else clock(int(str(value))).date()


WHERE: dict[str, Callable[[Ticket], bool]] = {
    "owner is known": lambda t: t["owner"] is not None,
    "kind = mail": lambda t: t["kind"] is not None and str(t["kind"]).casefold() == "mail",
    "worth > 100 EUR": lambda t: t["worth"] is not None and int(str(t["worth"])) > 10_000,
    "priority in [low, high]": lambda t: t["priority"] in ("low", "high"),
    "created_at >= 2026-03-29": lambda t: clock(int(str(t["created_at"]))).date() >= date(2026, 3, 29),
}
PROPERTIES = ("owner", "kind", "priority", "until", "level")
PERIODS = ("day", "week", "month", "quarter", "year")
TIMES = ("created_at", "seen", "until")
NUMBERS = ("worth", "level")
FUNCTIONS = ("sum", "avg", "min", "max")


def key_of(ticket: Ticket, by: str) -> object:
    if "(" not in by:
        value = ticket[by]
        return _plain(Fraction(str(value))) if by == "level" and value is not None else value
    per, name = by[:-1].split("(")
    day = _day(ticket, name)
    return None if day is None else period(day, per).isoformat()


def figure(tickets: Sequence[Ticket], measure: str) -> int | float | None:
    if measure == "count":
        return len(tickets)
    function, name = measure[:-1].split("(")
    values = [Fraction(str(t[name])) for t in tickets if t[name] is not None]
    if function == "sum":
        return _plain(sum(values, Fraction(0)))
    if not values:
        return None
    if function == "avg":
        return _plain(round(sum(values, Fraction(0)) / len(values), 9))
    return _plain(min(values) if function == "min" else max(values))


def _plain(value: Fraction) -> int | float:
    return int(value) if value == int(value) else float(value)


# --- the report -------------------------------------------------------------------------------

Line = tuple[tuple[object, ...], tuple[int | float | None, ...]]


def rows(asked: Asked, tickets: Sequence[Ticket]) -> list[Line]:
    groups: dict[tuple[object, ...], list[Ticket]] = {}
    for ticket in kept(asked, tickets):
        groups.setdefault(tuple(key_of(ticket, by) for by in asked.by), []).append(ticket)
    if not asked.by:
        groups.setdefault((), [])
    _fill(asked, groups)
    found = [(keys, tuple(figure(of, m) for m in asked.measures)) for keys, of in groups.items()]
    found.sort(key=lambda line: [_upwards(by, key) for by, key in zip(asked.by, line[0], strict=True)])
    if asked.sort is not None:
        found = _sorted(asked, found)
    return found[: asked.top] if asked.top is not None else found


def kept(asked: Asked, tickets: Sequence[Ticket]) -> list[Ticket]:
    return [t for t in tickets if asked.where is None or WHERE[asked.where](t)]


def _fill(asked: Asked, groups: dict[tuple[object, ...], list[Ticket]]) -> None:
    """Between the first period and the last, for all that there is besides; unless that would be too many rows."""
    place = next((i for i, by in enumerate(asked.by) if "(" in by), None)
    there = [] if place is None else [keys for keys in groups if keys[place] is not None]
    if place is None or not there:
        return
    days = [date.fromisoformat(str(keys[place])) for keys in there]
    periods = every(min(days), max(days), asked.by[place].split("(")[0])
    others = {keys[:place] + keys[place + 1 :] for keys in there}
    if len(periods) * len(others) > MOST:
        return
    for other in others:
        for day in periods:
            groups.setdefault((*other[:place], day.isoformat(), *other[place:]), [])


def _upwards(by: str, key: object) -> tuple[object, ...]:
    if key is None:
        return (1,)
    return (0, ORDERS[by].index(str(key)) if by in ORDERS else key)


def _sorted(asked: Asked, found: list[Line]) -> list[Line]:
    assert asked.sort is not None
    name, descending = asked.sort

    def value(line: Line) -> object:
        if name in asked.by:
            i = asked.by.index(name)
            return None if line[0][i] is None else _upwards(name, line[0][i])
        return line[1][asked.measures.index(name)]

    there = sorted((line for line in found if value(line) is not None), key=value, reverse=descending)
    return there + [line for line in found if value(line) is None]


def progress(asked: Asked, tickets: Sequence[Ticket]) -> list[tuple[str | None, int | float | None]]:
    """(first day of the period, figure of all groups together)."""
    if asked.target is None:
        return []
    timed = [by for by in asked.by if "(" in by or by in TIMES]
    if not timed:
        return [(None, figure(kept(asked, tickets), asked.measures[0]))]
    name, per = timed[0].split("(")[-1].rstrip(")"), asked.target[1]
    found: dict[date, list[Ticket]] = {}
    for ticket in kept(asked, tickets):
        day = _day(ticket, name)
        if day is not None:
            found.setdefault(period(day, per), []).append(ticket)
    days = every(min(found), max(found), per) if found else []
    days = days if len(days) <= MOST else sorted(found)
    return [(day.isoformat(), figure(found.get(day, []), asked.measures[0])) for day in days]
