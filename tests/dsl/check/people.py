"""Everybody there could be, in a small world, and plain Python that says for whom a compiled condition holds."""

from __future__ import annotations

import calendar
import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from dsl.program.conditions import (
    Aggregate,
    All,
    AnyOf,
    Between,
    Compare,
    Condition,
    Const,
    CountOf,
    DateTest,
    Duration,
    Field,
    Happened,
    InPeriod,
    InSegment,
    Missing,
    Not,
    OneOf,
    Quantified,
    Value,
)

# The end of a month, a leap day and the days around them: where counting months goes wrong.
TODAYS = (date(2026, 3, 31), date(2026, 3, 1), date(2024, 2, 29), date(2026, 7, 15))
AGES = (
    0,
    1,
    2,
    6,
    7,
    8,
    13,
    14,
    15,
    27,
    28,
    29,
    30,
    31,
    32,
    58,
    59,
    60,
    61,
    62,
    89,
    92,
    150,
    360,
    364,
    365,
    366,
    367,
    800,
)
_OPERATORS: dict[str, Callable[[float, float], bool]] = {
    "=": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}


@dataclass(frozen=True)
class Person:
    """`days` are dates; `purchases` too; `deals` the amounts of the deals, None where a deal has none."""

    today: date
    nps: float | None = None
    plan: str | None = None
    tier: str = "gold"
    vip: bool | None = None
    renewal_on: date | None = None
    created_at: date = TODAYS[0]
    purchases: tuple[date, ...] = ()
    deals: tuple[bool, ...] = ()  # of each deal, whether it is won


def everybody(condition: Condition) -> Iterator[Person]:
    """All people that differ in something the condition reads."""
    read = _read(condition)
    for today in TODAYS:
        days = [today - timedelta(days=n) for n in AGES]
        values: dict[str, list[object]] = {
            "nps": [None, *(n / 2 for n in range(21))],
            "plan": [None, "free", "trial", "paid"],
            "tier": ["gold", "silver"],
            "vip": [None, True, False],
            "renewal_on": [None, *days, *(today + timedelta(days=n) for n in AGES[1:])],
            "created_at": list(days),
            "purchases": [(), *((d,) for d in days), *itertools.combinations(days[::2], 2), *((d,) * 3 for d in days)],
            "deals": [(), (True,), (False,), (True, False), (True, True), (False, False), (True, True, False)],
        }
        names = [name for name in values if name in read]
        for chosen in itertools.product(*(values[name] for name in names)):
            yield Person(today, **dict(zip(names, chosen, strict=True)))


def holds(person: Person, condition: Condition) -> bool:
    """X14 and X29, spelled out."""
    match condition:
        case All(parts):
            return all(holds(person, part) for part in parts)
        case AnyOf(parts):
            return any(holds(person, part) for part in parts)
        case Not(part):
            return not holds(person, part)
        case Compare(left, op, Const(constant)):
            value = _value(person, left)
            return value is not None and _OPERATORS[op](value, constant)
        case OneOf(left, options, negated):
            value = _value(person, left)
            return value is not None and (value in [o.value for o in options]) != negated
        case Between(left, Const(low), Const(high)):
            value = _value(person, left)
            return value is not None and low <= value <= high
        case Missing(left, negated):
            return (_value(person, left) is None) != negated
        case DateTest(left, op, length):
            day = _value(person, left)
            return isinstance(day, date) and _at_age(person.today, day, op, length)
        case InPeriod(left, which, unit):
            day = _value(person, left)
            return isinstance(day, date) and _in_period(person.today, day, which, unit)
        case Happened(match, within, _, negated):
            return (_purchases(person, within) >= match.at_least) != negated
        case Quantified():
            return _linked(person, condition)
    raise AssertionError(condition)


def _value(person: Person, value: Value) -> object:
    match value:
        case Field((), "contact", name):
            return getattr(person, name)
        case Aggregate("count", _, _, _, within):
            return _purchases(person, within)
        case Aggregate("last", _, "at"):
            return max(person.purchases, default=None)
        case CountOf(_, _, _, condition):
            return _deals(person, condition)
    raise AssertionError(value)


def _purchases(person: Person, within: Duration | None) -> int:
    return sum(within is None or _at_age(person.today, day, "within", within) for day in person.purchases)


def _deals(person: Person, condition: Condition | None) -> int:
    return sum(condition is None or _deal(won, condition) for won in person.deals)


def _deal(won: bool, condition: Condition) -> bool:
    match condition:
        case Compare(_, _, Const()):
            return won
        case Not(part):
            return not _deal(won, part)
    raise AssertionError(condition)


def _linked(person: Person, part: Quantified) -> bool:
    count = _deals(person, part.condition)
    match part.quantifier:
        case "any":
            return count > 0
        case "no":
            return count == 0
        case "every":
            return 0 < count == len(person.deals)
    return _OPERATORS[part.op](count, part.number)


def _at_age(today: date, day: date, op: str, length: Duration) -> bool:
    """Days only: their time of day is noon, and so is now."""
    if op == "within_next":
        return today <= day < _later(today, length)
    young = _later(day, length) > today
    return young and day <= today if op == "within" else not young


def _later(day: date, length: Duration) -> date:
    match length.unit:
        case "days":
            return day + timedelta(days=length.n)
        case "weeks":
            return day + timedelta(weeks=length.n)
    months = day.month - 1 + length.n * (12 if length.unit == "years" else 1)
    year, month = day.year + months // 12, months % 12 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def _in_period(today: date, day: date, which: str, unit: str) -> bool:
    return _number(day, unit) - _number(today, unit) == {"last": -1, "this": 0, "next": 1}[which]


def _number(day: date, unit: str) -> int:
    """The how-manieth period a day is in."""
    months = day.year * 12 + day.month - 1
    return {"week": (day.toordinal() - 1) // 7, "month": months, "quarter": months // 3, "year": day.year}[unit]


def _read(condition: Condition) -> set[str]:
    """The names of what the condition reads."""
    match condition:
        case All(parts) | AnyOf(parts):
            return {name for part in parts for name in _read(part)}
        case Not(part):
            return _read(part)
        case Happened():
            return {"purchases"}
        case Quantified():
            return {"deals"}
        case InSegment():
            return set()
    left = getattr(condition, "left", None)
    return {left.property} if isinstance(left, Field) else {"deals" if isinstance(left, CountOf) else "purchases"}
