"""Ranges of values: what is left where several must hold at once."""

from __future__ import annotations

from ..values import dataclass

_FEW = 20

Point = str | int | float | bool


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
        if self.low == self.high:
            return self.low_open or self.high_open
        return self.low > self.high  # type: ignore[operator]  # both ends are of one kind

    def holds(self, point: Point) -> bool:
        return not self.meet(Range(point, point)).is_empty()

    def points(self, *, whole: bool) -> frozenset[Point] | None:
        """The values in it, where they are few: one alone, or `whole` numbers. None where they are many."""
        low, high = self.low, self.high
        if low is not None and low == high:
            return frozenset({low})
        if whole and isinstance(low, int) and isinstance(high, int) and high - low < _FEW:
            return frozenset(range(low, high + 1))
        return None

    def whole(self) -> Range:
        """The same for counts: whole numbers from 0 up."""
        low = self.low + 1 if self.low_open and isinstance(self.low, int) else self.low
        high = self.high - 1 if self.high_open and isinstance(self.high, int) else self.high
        return Range(low, high).meet(Range(0))


ANYTHING = Range()
# How far a date lies from now, as (how it is counted, range).
Ages = tuple[tuple[str, Range], ...]


def meet_ages(a: Ages, b: Ages) -> Ages:
    """What both allow, each way of counting by itself."""
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
    return a if (x > y) == lower else b  # type: ignore[operator]  # both ends are of one kind
