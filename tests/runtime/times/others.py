"""What others say of clocks and calendars: `zoneinfo`, `whenever`, `holidays`. Nothing of ours is asked for an answer.

Zones and instants to draw from: all the zones that do something odd, at every change of their clocks from 1970 to 2100.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays
from hypothesis import strategies as st
from whenever import Instant, PlainDateTime

from dsl.program.conditions import Duration, Unit
from dsl.schema.model import Calendar
from runtime.times.zones import HOUR, MINUTE, SECOND

EPOCH = datetime(1970, 1, 1)
ZONES = (
    "Africa/Cairo",  # no midnight
    "Africa/Casablanca",  # an hour back in Ramadan
    "Africa/El_Aaiun",
    "Africa/Monrovia",  # 44:30 at a midnight
    "America/Adak",
    "America/Asuncion",  # no midnight
    "America/Caracas",  # half an hour, once there and once back
    "America/Havana",  # no midnight, and two
    "America/Nuuk",  # falls back across midnight
    "America/Santiago",
    "America/Sao_Paulo",  # no midnight; falls back to the day before
    "America/Scoresbysund",
    "America/St_Johns",  # changed at 00:01
    "Antarctica/Casey",  # three hours, and eight
    "Antarctica/Troll",  # two hours
    "Asia/Amman",
    "Asia/Beirut",
    "Asia/Gaza",
    "Asia/Kathmandu",
    "Asia/Manila",
    "Asia/Pyongyang",
    "Asia/Tehran",
    "Asia/Tokyo",
    "Australia/Lord_Howe",  # half an hour
    "Europe/Dublin",  # its winter is the summer time, backwards
    "Europe/Warsaw",
    "Pacific/Apia",  # a day skipped
    "Pacific/Chatham",
    "Pacific/Kiritimati",  # a day skipped
    "Pacific/Kwajalein",  # a day skipped
    "UTC",
)
COUNTRIES = (("JP", None), ("PL", None), ("US", None), ("DE", "BY"), ("BR", "SP"), ("NP", None), ("GB", "SCT"))
MASKS = ((0, 1, 2, 3, 4), (6, 0, 1, 2, 3), (0, 1, 2, 3, 4, 5), (1, 3), (2,), (0, 1, 2, 3, 4, 5, 6))
UNITS = {Unit.DAYS: "days", Unit.WEEKS: "weeks", Unit.MONTHS: "months", Unit.YEARS: "years"}
FIRST, LAST = date(1970, 1, 5), date(2099, 12, 1)


def micros(moment: datetime) -> int:
    return (moment - EPOCH) // timedelta(microseconds=1)


@lru_cache
def changes(zone: str) -> tuple[int, ...]:
    """The instants at which its clock jumps."""
    found, at = [], Instant.from_utc(1970, 1, 2).to_tz(zone)
    while (following := at.next_transition()) is not None and following.year < 2100:
        at = following
        found.append(int(at.timestamp()) * SECOND)
    return tuple(found)


@st.composite
def places(draw: st.DrawFn) -> tuple[str, int]:
    """A zone and an instant, mostly near one at which its clock changes."""
    zone = draw(st.sampled_from(ZONES))
    if not changes(zone) or draw(st.integers(0, 4)) == 0:
        first, last = (micros(datetime(d.year, d.month, d.day)) for d in (FIRST, LAST))
        return zone, draw(st.integers(first, last))
    far = draw(st.sampled_from((12, 12, 300)))
    near = draw(st.sampled_from(changes(zone))) + draw(st.integers(-far, far)) * 10 * MINUTE
    return zone, near + draw(st.sampled_from((0, 0, 1, 30 * SECOND, 7 * MINUTE)))


def wall(t: int, zone: str) -> datetime:
    """The clock of zoneinfo."""
    return (EPOCH + timedelta(microseconds=t)).replace(tzinfo=UTC).astimezone(ZoneInfo(zone)).replace(tzinfo=None)


def moment_of(clock: datetime, zone: str) -> int:
    """X13 by `whenever`: what does not exist moves forward, of two the first."""
    plain = PlainDateTime.parse_iso(clock.isoformat())
    return plain.assume_tz(zone, disambiguation="compatible").timestamp(unit="nanosecond") // 1000


def midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day)


@lru_cache(1 << 15)
def begins(read: datetime, zone: str) -> int:
    """The first instant at which the clock of zoneinfo shows it or something later, looked for minute by minute."""
    clock = micros(read)
    ahead = max(micros(wall(t, zone)) - t for t in range(clock - 36 * HOUR, clock + 36 * HOUR, HOUR))
    minute = next(t for t in range(clock - ahead, clock + 40 * HOUR, MINUTE) if wall(t, zone) >= read)
    return next(t for t in range(minute - MINUTE + SECOND, minute + 1, SECOND) if wall(t, zone) >= read)


def first_of(day: date, zone: str) -> int:
    """X14: the first instant at which the clock stands on that day or a later one."""
    return begins(midnight(day), zone)


def day_at(t: int, zone: str) -> date:
    """The day that has begun: it does not end when its eve comes again."""
    shown = wall(t, zone).date()
    following = shown + timedelta(days=1)
    return following if first_of(following, zone) <= t else shown


def interval(day: date, start: int, end: int, zone: str) -> tuple[int, int]:
    """X16: the minutes `start` to `end` of a day as instants. A window belongs to the day it began; on a night with an
    hour twice it does not close and open again."""
    last = day if start < end else day + timedelta(days=1)
    opens, closes = midnight(day) + timedelta(minutes=start), midnight(last) + timedelta(minutes=end)
    return begins(opens, zone), begins(closes, zone)


def added(day: date, length: Duration) -> date:
    """X13 by `whenever`: months are cut short."""
    moved = PlainDateTime(day.year, day.month, day.day).date().add(**{UNITS[length.unit]: length.n})
    return date(moved.year, moved.month, moved.day)


@lru_cache(1024)
def off_days(country: str, part: str | None, year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays(country, subdiv=part, years=year))


def worked(calendar: Calendar, day: date) -> bool:
    if day.isoformat() in calendar.workdays:
        return True
    if calendar.country is not None and day in off_days(calendar.country, calendar.subdivision, day.year):
        return False
    return day.weekday() in calendar.working_days and day.isoformat() not in calendar.holidays


def worked_after(calendar: Calendar, day: date, n: int) -> date:
    """The n-th working day after `day`, or before it, by walking."""
    step, left = timedelta(days=1 if n > 0 else -1), abs(n)
    while left:
        day += step
        left -= worked(calendar, day)
    return day


def later(day: date, length: Duration, calendar: Calendar) -> date:
    if length.unit is Unit.BUSINESS_DAYS:
        return worked_after(calendar, day, length.n)
    return added(day, length)


def on_clock(t: int, length: Duration, zone: str, calendar: Calendar) -> int:
    """X13, X15: the same clock time `length` later."""
    read = wall(t, zone)
    return moment_of(midnight(later(read.date(), length, calendar)) + (read - midnight(read.date())), zone)


@st.composite
def calendars(draw: st.DrawFn, near: date = date(2024, 5, 1)) -> Calendar:
    """Of a country or none; days off and days worked on purpose about a day."""
    country, part = draw(st.sampled_from(((None, None), *COUNTRIES)))

    def about(most: int) -> tuple[str, ...]:
        days = draw(st.lists(st.integers(-10, 40), max_size=most))
        return tuple((near + timedelta(days=n)).isoformat() for n in days)

    return Calendar(
        "c",
        country=country,
        subdivision=part,
        working_days=draw(st.sampled_from(MASKS)),
        holidays=about(4),
        workdays=about(2),
    )


day_lengths = st.builds(Duration, st.integers(-40, 40).filter(bool), st.sampled_from(sorted(UNITS)))
business_lengths = st.builds(Duration, st.integers(-15, 15).filter(bool), st.just(Unit.BUSINESS_DAYS))
