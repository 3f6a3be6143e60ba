"""What one part of a condition allows of one value: ranges, options, ages, presence."""

from __future__ import annotations

from dataclasses import dataclass, replace

from ..program.conditions import (
    Between,
    Compare,
    Condition,
    Const,
    DateTest,
    Duration,
    Missing,
    Not,
    OneOf,
    TextTest,
    Value,
)
from ..schema.model import Kind
from .ages import FAMILIES as FAMILIES

Point = str | int | float | bool

_OPPOSITE = {"=": "!=", "!=": "=", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}


@dataclass(frozen=True, slots=True)
class Range:
    """Values from `low` to `high`; None is no end on that side."""

    low: Point | None = None
    high: Point | None = None
    low_open: bool = False
    high_open: bool = False

    def meet(self, other: Range) -> Range:
        """What both ranges hold."""
        low, low_open = _tighter((self.low, self.low_open), (other.low, other.low_open), lower=True)
        high, high_open = _tighter((self.high, self.high_open), (other.high, other.high_open), lower=False)
        return Range(low, high, low_open, high_open)

    def is_empty(self) -> bool:
        if self.low is None or self.high is None:
            return False
        # Both ends are values of one property, so of one kind.
        return self.low > self.high or (self.low == self.high and (self.low_open or self.high_open))  # type: ignore[operator]

    def holds(self, point: Point) -> bool:
        return not self.meet(Range(point, point)).is_empty()


ANYTHING = Range()


@dataclass(frozen=True, slots=True)
class Allowed:
    """The values of `key` that satisfy one or several parts of an `and`. `age` is a date's distance to now,
    as (unit family, range); `present` and `absent` say what the part demands of a missing value (X29)."""

    key: Value
    range: Range = ANYTHING
    among: frozenset[Point] | None = None
    without: frozenset[Point] = frozenset()
    ages: tuple[tuple[str, Range], ...] = ()
    present: bool = True
    absent: bool = False

    def meet(self, other: Allowed) -> Allowed:
        """What both allow. INVARIANT: both speak of the same key."""
        among = other.among if self.among is None else self.among
        if self.among is not None and other.among is not None:
            among = self.among & other.among
        return Allowed(
            self.key,
            self.range.meet(other.range),
            among,
            self.without | other.without,
            _meet_ages(self.ages, other.ages),
            self.present or other.present,
            self.absent or other.absent,
        )

    def is_empty(self) -> bool:
        """Whether no value at all is left, not even a missing one."""
        if self.absent:
            return self.present
        return self.present and (
            self.range.is_empty() or self._no_option_left() or any(r.is_empty() for _, r in self.ages)
        )

    def _no_option_left(self) -> bool:
        among = self.among
        if among is None and self.key.type.kind is Kind.CHOICE and self.key.type.options:
            among = frozenset(self.key.type.options)
        if among is None and self.key.type.kind is Kind.BOOL:
            among = frozenset({True, False})
        return among is not None and not any(self.range.holds(p) for p in among - self.without)


def allowed(condition: Condition) -> Allowed | None:
    """What a single comparison allows of the value on its left; None where that cannot be said."""
    match condition:
        case Compare(left) | OneOf(left) if left.type.kind is Kind.MULTI_CHOICE:
            return None
        case Compare(left, op, Const(value)) if not isinstance(left, Const):
            return _compared(left, op, value)
        case OneOf(left, options, negated):
            points = frozenset(_point(left, o.value) for o in options)
            return Allowed(left, without=points) if negated else Allowed(left, among=points)
        case Between(left, Const(low), Const(high)):
            return Allowed(left, Range(_start(left, low), _end(left, high)))
        case Missing(left, negated):
            return Allowed(left) if negated else Allowed(left, present=False, absent=True)
        case DateTest(left, op, length):
            return Allowed(left, ages=_age(op, length))
        case TextTest(left):
            return Allowed(left)
        case Not(part):
            return _opposite(part)
    return None


def _opposite(part: Condition) -> Allowed | None:
    match part:
        case Missing(left, negated):
            return allowed(Missing(left, not negated))
        case Compare(left, op, right):
            turned = allowed(Compare(left, _OPPOSITE[op], right))
        case OneOf(left, options, negated):
            turned = allowed(OneOf(left, options, not negated))
        case _:
            return None
    return replace(turned, present=False) if turned else None


def _compared(left: Value, op: str, value: Point) -> Allowed:
    if op == "=" and not _is_whole_day(left, value):
        return Allowed(left, among=frozenset({_point(left, value)}))
    if op == "!=":
        return Allowed(left) if _is_whole_day(left, value) else Allowed(left, without=frozenset({_point(left, value)}))
    low, high = _start(left, value), _end(left, value)
    ranges = {
        "=": Range(low, high),
        "<": Range(high=low, high_open=True),
        "<=": Range(high=high),
        ">": Range(high, low_open=True),
        ">=": Range(low),
    }
    return Allowed(left, ranges[op])


def _point(left: Value, value: Point) -> Point:
    return value.casefold() if left.type.kind is Kind.TEXT and isinstance(value, str) else value  # X31


def _is_whole_day(left: Value, value: Point) -> bool:
    return left.type.kind is Kind.DATETIME and isinstance(value, str) and len(value) == len("2026-03-02")


def _start(left: Value, value: Point) -> Point:
    """A date against a date and time means the whole day (X14)."""
    return f"{value}T00:00" if _is_whole_day(left, value) else value


def _end(left: Value, value: Point) -> Point:
    return f"{value}T24:00" if _is_whole_day(left, value) else value


def _age(op: str, length: Duration) -> tuple[tuple[str, Range], ...]:
    """Only ages of one unit family are set against each other: how long a month is depends on the day."""
    if op == "within_next" or length.unit not in FAMILIES:
        return (("ahead", Range(high=0) if op == "within_next" else ANYTHING),)
    family, size = FAMILIES[length.unit]
    span = length.n * size
    if op == "within":
        return ((family, Range(high=span, high_open=True)),)
    return ((family, Range(span)), ("ahead", Range(1)))


def _meet_ages(a: tuple[tuple[str, Range], ...], b: tuple[tuple[str, Range], ...]) -> tuple[tuple[str, Range], ...]:
    met = dict(a)
    for family, span in b:
        met[family] = met.get(family, ANYTHING).meet(span)
    return tuple(met.items())


def _tighter(a: tuple[Point | None, bool], b: tuple[Point | None, bool], *, lower: bool) -> tuple[Point | None, bool]:
    (x, x_open), (y, y_open) = a, b
    if x is None or y is None:
        return b if x is None else a
    if x == y:
        return x, x_open or y_open
    # Values of one property, so of one kind.
    return a if (x > y) == lower else b  # type: ignore[operator]
