"""When a schedule comes round: five fields of cron, every so often, every year on a date (X4), in the account's zone.

A local time that does not exist moves forward by the gap, a doubled one is the first (X13): `every day 02:30` starts
at 03:30 in the night that has no 02:30, and once in the night that has two.
"""

from __future__ import annotations

from calendar import isleap
from datetime import datetime, timedelta

from cronsim import CronSim

from dsl.program.conditions import Duration
from dsl.program.definitions import OnSchedule

from .durations import CLOCK_UNITS, add_days, elapsed
from .zones import DAY, LAST_DAY, MINUTE, epoch_day, instant, local, local_day, offset, parse_local, to_date

_EPOCH = datetime(1970, 1, 1)
_LONGEST_UNIT = {"days": 1, "weeks": 7, "months": 31, "years": 366}


def next_moment(schedule: OnSchedule, t: int, since: int, zone: str) -> int | None:
    """The first moment of the schedule after `t`; None if there is none any more. `since`: when it went live. Of
    `every year on DATE` the moment of the next day: whose day it is, `anniversaries` says."""
    if schedule.once is not None:
        moment = parse_local(schedule.once, zone)
        return moment if moment > t else None
    if schedule.interval is not None:
        return _next_of_span(schedule.interval, schedule.at, t, since, zone)
    if schedule.date is not None:
        today = local_day(t, zone)
        return next(m for d in range(today - 1, today + 4) if (m := _on(d, schedule.at, zone)) > t)
    return _next_of_cron(schedule.cron, t, zone)


def days_between(at: int | None, low: int, t: int, zone: str) -> list[int]:
    """The days whose minute `at` lies after `low` and not after `t`: two at once where a zone skipped a day."""
    days = range(local_day(low, zone) - 1, local_day(t, zone) + 2)
    return [d for d in days if low < _on(d, at, zone) <= t]


def anniversaries(day: int, first_year: int, last_year: int) -> list[str]:
    """The dates (ISO) of those years that have their anniversary on `day`: the year does not count (W14). Who was born
    on 29 February has it on the 28th of a common year, as months are cut short elsewhere (X13)."""
    on = to_date(day)
    same = [f"-{on.month:02}-{on.day:02}"]
    if (on.month, on.day) == (2, 28) and not isleap(on.year):
        same.append("-02-29")
    years = range(first_year, last_year + 1)
    return [f"{y:04}{d}" for y in years for d in same if d != "-02-29" or isleap(y)]


def next_anniversary(born: int, at: int | None, t: int, zone: str) -> int:
    """The first moment after `t` at the minute `at` of an anniversary of that day."""
    date, year = to_date(born), to_date(local_day(t, zone)).year - 1
    while True:
        day = min(date.day, 28) if date.month == 2 and not isleap(year) else date.day
        moment = _on(epoch_day(f"{year:04}-{date.month:02}-{day:02}"), at, zone)
        if moment > t:
            return moment
        year += 1


def _on(day: int, at: int | None, zone: str) -> int:
    return instant(day, (at or 0) * MINUTE, zone)


def _next_of_span(length: Duration, at: int | None, t: int, since: int, zone: str) -> int:
    """`every 2 weeks at 09:00`: counted from the day it went live, all from that one day: no month is cut short for
    ever because one February was."""
    if length.unit in CLOCK_UNITS:
        step = elapsed(length)
        return since + step * (max(t - since, 0) // step + 1)
    day, clock = local(since, zone)
    clock = clock if at is None else at * MINUTE
    n = max((local_day(t, zone) - day) // (_LONGEST_UNIT[length.unit] * length.n) - 1, 0)
    while (moment := instant(add_days(day, Duration(n * length.n, length.unit)), clock, zone)) <= max(t, since):
        n += 1
    return moment


def _next_of_cron(fields: str, t: int, zone: str) -> int | None:
    """Cron is read on the zone's clock as it is written; each reading then is an instant."""
    # After a gap the clock stands at readings that moved there: they are looked at from before the gap.
    start = t + min(offset(t - DAY, zone), offset(t, zone))
    best: int | None = None
    for reading in CronSim(fields, _EPOCH + timedelta(microseconds=start)):
        clock = (reading - _EPOCH) // timedelta(microseconds=1)
        if clock // DAY > LAST_DAY or (best is not None and clock >= best + offset(best, zone)):
            break
        moment = instant(*divmod(clock, DAY), zone)
        if moment > t and (best is None or moment < best):
            best = moment
    return best
