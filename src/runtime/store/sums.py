"""Sums that are exact whatever their size: SQLite refuses a sum beyond 63 bits, so a value is summed in two halves."""

from __future__ import annotations

LOW = (1 << 32) - 1


def halves(x: str) -> tuple[str, str]:
    """SQL of two aggregates of the whole numbers `x`, which `together` makes one sum."""
    return f"sum(({x}) >> 32)", f"sum(({x}) & {LOW})"


def whole_sum(x: str) -> str:
    """SQL of the sum itself, which is compared, or written to a property: beyond 63 bits it is the largest or the
    smallest number that these hold."""
    high, low = halves(x)
    carried = f"{high} + {low} / {LOW + 1}"
    return (
        f"(CASE WHEN {carried} >= {1 << 31} THEN {(1 << 63) - 1} WHEN {carried} < -{1 << 31} THEN -{(1 << 63) - 1} - 1 "
        f"ELSE {high} * {LOW + 1} + {low} END)"
    )


def together(high: int | None, low: int | None) -> int:
    """Nought where there was no value."""
    return (int(high or 0) << 32) + int(low or 0)
