"""Sums that are exact whatever their size: SQLite refuses a sum beyond 63 bits, so a value is summed in two halves."""

from __future__ import annotations

LOW = (1 << 32) - 1


def halves(x: str) -> tuple[str, str]:
    """SQL of two aggregates of the whole numbers `x`, which `together` makes one sum."""
    return f"sum(({x}) >> 32)", f"sum(({x}) & {LOW})"


def whole_sum(x: str) -> str:
    """SQL of the sum itself, to be compared: exact up to 63 bits, and beyond them near enough to be larger or smaller
    than what has no more."""
    high, low = halves(x)
    return f"({high} * {LOW + 1} + {low})"


def together(high: int | None, low: int | None) -> int:
    """Nought where there was no value."""
    return (int(high or 0) << 32) + int(low or 0)
