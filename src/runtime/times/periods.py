"""Weeks, months, quarters and years of the calendar: `in this|last|next UNIT`. A week begins on Monday."""

from __future__ import annotations

from datetime import date

from .zones import FIRST_DAY, LAST_DAY, epoch_day, to_date, weekday

SHIFTS = {"last": -1, "this": 0, "next": 1}
_MONTHS = {"month": 1, "quarter": 3, "year": 12}


def first_day(day: int, unit: str, shift: int = 0) -> int:
    """The first day of the period that holds `day`, or of the one `shift` periods later. Never falls as `day` grows."""
    if unit == "week":
        return _bounded(day - weekday(day) + 7 * shift)
    size, on = _MONTHS[unit], to_date(day)
    months = on.year * 12 + on.month - 1
    year, month = divmod(months - months % size + size * shift, 12)
    if not 2 <= year <= 9998:
        return FIRST_DAY if year < 2 else LAST_DAY
    return epoch_day(date(year, month + 1, 1))


def _bounded(day: int) -> int:
    return min(max(day, FIRST_DAY), LAST_DAY)
