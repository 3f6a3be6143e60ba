"""`wait D` and `due in D`: one step on the clock of a zone (X13, X15)."""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from functools import lru_cache

from dsl.program.conditions import Duration, Unit

from .calendars import WorkingCalendar
from .zones import FIRST_DAY, HOUR, LAST_DAY, MINUTE, epoch_day, instant, local, to_date

CLOCK_UNITS = frozenset({Unit.MINUTES, Unit.HOURS})
_FIRST_MONTH = to_date(FIRST_DAY).year * 12
_LAST_MONTH = to_date(LAST_DAY).year * 12 + 11


def elapsed(length: Duration) -> int:
    """Microseconds of a length in minutes or hours."""
    return length.n * (MINUTE if length.unit is Unit.MINUTES else HOUR)


def add_days(day: int, length: Duration) -> int:
    """The day that many days, weeks, months or years after `day`; 31 January + 1 month is the last of February.
    Never falls as `day` grows; stays inside the years 2 to 9998."""
    match length.unit:
        case Unit.DAYS:
            moved = day + length.n
        case Unit.WEEKS:
            moved = day + 7 * length.n
        case Unit.MONTHS:
            moved = _add_months(day, length.n)
        case Unit.YEARS:
            moved = _add_months(day, 12 * length.n)
        case _:
            raise ValueError(f"{length.unit} is no number of calendar days")
    return min(max(moved, FIRST_DAY), LAST_DAY)


@lru_cache(maxsize=1 << 14)
def _add_months(day: int, n: int) -> int:
    start = to_date(day)
    months = start.year * 12 + start.month - 1 + n
    if months < _FIRST_MONTH:
        return FIRST_DAY
    if months > _LAST_MONTH:
        return LAST_DAY
    year, month = divmod(months, 12)
    return epoch_day(date(year, month + 1, min(start.day, monthrange(year, month + 1)[1])))


def after(t: int, length: Duration, zone: str, calendar: WorkingCalendar) -> int:
    """The instant `length` after `t`. Minutes and hours elapse; all else keeps the clock time of `zone` (X13), business
    days by `calendar` (X15). A length of nothing is `t` itself. A negative length counts back (`at DATE - D`, X4)."""
    if length.n == 0:
        return t
    if length.unit in CLOCK_UNITS:
        return t + elapsed(length)
    day, clock = local(t, zone)
    return instant(move(day, length, calendar), clock, zone)


def move(day: int, length: Duration, calendar: WorkingCalendar) -> int:
    """The day `length` after `day`, business days included; not for minutes and hours."""
    if length.unit is Unit.BUSINESS_DAYS:
        return calendar.add_business_days(day, length.n)
    return add_days(day, length)
