"""Where `within D`, `older than D` and `within next D` turn (X14), all in the account's zone.

Minutes and hours roll. Days to years are whole local days counted FORWARD from the stored value. For an instant x at t:
    within D        cut(t) < x <= t             until expires(x)
    older than D    x <= cut(t)                 from expires(x)
    within next D   t <= x < next_limit(t)      from next_opens(x), until just after x
    x <= D ago      x <= cut(t)                 from expires(x)
    x < D ago       x <= cut_before(t)          from day_ago_ends(x)
A date is true for the whole of its day; its functions are the same with `date_` and days in place of instants:
    within D        date_cut(t) < d <= today    within next D   today <= d < date_next_limit(t), until day_start(d + 1)
INVARIANT: expires(x) <= t exactly if x <= cut(t); every function never falls as its first argument grows.
"""

from __future__ import annotations

from functools import lru_cache

from dsl.program.conditions import Duration

from .durations import CLOCK_UNITS, add_days, elapsed
from .zones import FIRST_DAY, LAST_DAY, day_start, epoch_day, iso_date, local_day


def expires(x: int, length: Duration, zone: str) -> int:
    """The first instant at which `within D` is no longer true of x, and `older than D` is."""
    if length.unit in CLOCK_UNITS:
        return x + elapsed(length)
    return day_start(add_days(local_day(x, zone), length), zone)


def cut(t: int, length: Duration, zone: str) -> int:
    """The greatest x that is `older than D` at t."""
    if length.unit in CLOCK_UNITS:
        return t - elapsed(length)
    return day_start(_last_day_gone(local_day(t, zone), length) + 1, zone) - 1


def cut_before(t: int, length: Duration, zone: str) -> int:
    """The greatest x that lies before the whole day which is D ago at t; not for minutes and hours."""
    return day_start(_last_day_gone(local_day(t, zone) - 1, length) + 1, zone) - 1


def day_ago_ends(x: int, length: Duration, zone: str) -> int:
    """The first instant at which x lies before the whole day which is D ago."""
    return day_start(add_days(local_day(x, zone), length) + 1, zone)


def next_limit(t: int, length: Duration, zone: str) -> int:
    """The first x beyond `within next D` at t. For hours x = t + D still counts, so the limit lies just after it."""
    if length.unit in CLOCK_UNITS:
        return t + elapsed(length) + 1
    return day_start(add_days(local_day(t, zone), length), zone)


def next_opens(x: int, length: Duration, zone: str) -> int:
    """The first instant at which `within next D` is true of x."""
    if length.unit in CLOCK_UNITS:
        return x - elapsed(length)
    return day_start(_last_day_gone(local_day(x, zone), length) + 1, zone)


def date_expires(day: int | str, length: Duration, zone: str) -> int:
    """`expires` of a date. Hours are counted from the start of the day."""
    if length.unit in CLOCK_UNITS:
        return day_start(_day(day), zone) + elapsed(length)
    return day_start(add_days(_day(day), length), zone)


def date_cut(t: int, length: Duration, zone: str) -> str:
    """The last date (ISO) that is `older than D` at t."""
    if length.unit in CLOCK_UNITS:
        return iso_date(local_day(t - elapsed(length), zone))
    return iso_date(_last_day_gone(local_day(t, zone), length))


def date_cut_before(t: int, length: Duration, zone: str) -> str:
    """The last date (ISO) that lies before the day which is D ago at t."""
    return iso_date(_last_day_gone(local_day(t, zone) - 1, length))


def date_day_ago_ends(day: int | str, length: Duration, zone: str) -> int:
    """The first instant at which the date lies before the day which is D ago."""
    return day_start(add_days(_day(day), length) + 1, zone)


def date_next_limit(t: int, length: Duration, zone: str) -> str:
    """The first date (ISO) beyond `within next D` at t; today is within."""
    if length.unit in CLOCK_UNITS:
        return iso_date(local_day(t + elapsed(length), zone) + 1)
    return iso_date(add_days(local_day(t, zone), length))


def date_next_opens(day: int | str, length: Duration, zone: str) -> int:
    """The first instant at which `within next D` is true of the date."""
    if length.unit in CLOCK_UNITS:
        return day_start(_day(day), zone) - elapsed(length)
    return day_start(_last_day_gone(_day(day), length) + 1, zone)


def date_next_closes(day: int | str, zone: str) -> int:
    """The first instant at which `within next D` is no longer true of the date: the end of its day."""
    return day_start(_day(day) + 1, zone)


def _day(day: int | str) -> int:
    return epoch_day(day) if isinstance(day, str) else day


@lru_cache(maxsize=1 << 14)
def _last_day_gone(today: int, length: Duration) -> int:
    """The greatest day d with d + D <= today: the inverse of `add_days`, which is not one-to-one at ends of months."""
    day = add_days(today, Duration(-length.n, length.unit))
    while day > FIRST_DAY and add_days(day, length) > today:
        day -= 1
    while day < LAST_DAY and add_days(day + 1, length) <= today:
        day += 1
    return day
