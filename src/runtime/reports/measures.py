"""What a report measures, in three steps: parts per group in SQL, parts put together in SQL, and a figure in Python.

Parts are whole numbers wherever they can be. So sums are exact on both databases, and none is too large for them:
SQLite refuses a sum beyond 63 bits, and adds fractions with an error.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from dsl.schema.model import Kind, Type

from ..store.sums import LOW, halves, together
from ..times.zones import epoch_day
from .results import Cell

_BILLION = 1_000_000_000  # a fraction is summed in billionths
_PLACES = 9  # and an average is given to so many places
_WHOLE = (Kind.MONEY, Kind.DURATION)
_IN_ORDER = f"({{1}} * {float(LOW + 1)} + {{2}})"  # of sums in halves


@dataclass(frozen=True, slots=True)
class Parts:
    """`inner`: aggregates over the rows of a group. `outer`: aggregates over several such groups, where `{0}`, `{1}` ..
    stand for the inner ones. `figure` makes the cell of the outer ones. `place`: SQL over the outer ones that puts
    groups into the order of the figure; empty where only Python can. `once`: as `outer`, where nobody (`who`) is in two
    of those groups; empty where that makes no difference."""

    inner: tuple[str, ...]
    outer: tuple[str, ...]
    figure: Callable[[tuple[Any, ...]], Cell]
    place: str = ""
    once: tuple[str, ...] = ()

    def nothing(self) -> Cell:
        """The figure of no row at all."""
        return self.figure((None,) * len(self.outer))


def count() -> Parts:
    return Parts(("count(*)",), ("coalesce(sum({0}), 0)",), lambda p: Cell(int(p[0] or 0)), "{0}")


def extreme(function: str, x: str) -> Parts:
    """The least or the greatest value."""
    return Parts((f"{function}({x})",), (f"{function}({{0}})",), lambda p: Cell(_counted(plain(p[0]))), "{0}")


def _counted(value: Any) -> Any:
    """A date as its day."""
    return epoch_day(value) if isinstance(value, str) else value


def total(x: str, type_: Type, dialect: str) -> Parts:
    """The sum; nought of no value."""
    whole = type_.kind in _WHOLE
    parts = _summed(x, whole, dialect)
    return Parts(*parts, lambda p: Cell(_number(_sum(p))), _IN_ORDER if whole else "")


def total_of_halves(high: str, low: str) -> Parts:
    """The sum of amounts that come as sums of their halves."""
    inner = (f"count({high})", f"sum({high})", f"sum({low})")
    outer = tuple(f"coalesce(sum({{{i}}}), 0)" for i in range(len(inner)))
    return Parts(inner, outer, lambda p: Cell(_number(_sum(p))), _IN_ORDER)


def average(x: str, type_: Type, dialect: str) -> Parts:
    """The average of the values there are."""
    return Parts(*_summed(x, type_.kind in _WHOLE, dialect), _average)


def share(base: str, counted: str, less: str = "") -> Parts:
    """A share of the rows for which `base` holds: those for which `counted` holds, less those for which `less` does."""
    tests = (base, f"{base} AND {counted}", *([f"{base} AND {less}"] if less else []))
    inner = tuple(f"count(CASE WHEN {test} THEN 1 END)" for test in tests)
    outer = tuple(f"coalesce(sum({{{i}}}), 0)" for i in range(len(inner)))
    found = "({1} - {2})" if less else "{1}"
    return Parts(inner, outer, _share, f"(1.0 * {found} / nullif({{0}}, 0))")


def hundredths(found: int, base: int) -> Cell:
    """`found` of `base`, as hundredths."""
    return Cell(100 * found / base if base else None, found, base)


def _share(p: tuple[Any, ...]) -> Cell:
    base, found, *less = (int(part or 0) for part in p)
    return hundredths(found - sum(less), base)


def _summed(x: str, whole: bool, dialect: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """How many values, and their sum in upper and lower halves; of fractions the billionths beside them."""
    n = x if whole else (f"CAST({x} AS INTEGER)" if dialect == "sqlite" else f"CAST(trunc({x}) AS BIGINT)")
    inner = [f"count({x})", *halves(n)]
    if not whole:
        inner.append(f"sum(CAST(round(({x} - {n}) * {_BILLION}) AS BIGINT))")
    outer = tuple(f"coalesce(sum({{{i}}}), 0)" for i in range(len(inner)))
    return tuple(inner), outer


def _sum(p: tuple[Any, ...]) -> Fraction:
    high, low, *billionths = (int(part or 0) for part in p[1:])
    return together(high, low) + Fraction(sum(billionths), _BILLION)


def _average(p: tuple[Any, ...]) -> Cell:
    n = int(p[0] or 0)
    return Cell(_number(round(_sum(p) / n, _PLACES)) if n else None)


def _number(value: Fraction) -> int | float:
    return value.numerator if value.denominator == 1 else float(value)


def plain(value: Any) -> Any:
    """A value as both databases would give it: a whole number as int, a date as ISO text."""
    match value:
        case Decimal():
            return int(value) if value == value.to_integral_value() else float(value)
        case float() if value.is_integer():
            return int(value)
        case date():
            return value.isoformat()
    return value
