"""Schedules and dates against others' clocks and calendars, over random zones: `every ..`, `at DATE`, birthdays (X4,
W13, W14). Readings of five fields are found day by day, by what the fields say."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import lru_cache

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from dsl.program.conditions import Const, Duration, Unit
from dsl.program.definitions import OnDate, OnSchedule
from dsl.schema.model import Calendar, Kind, Type
from runtime.times import occurrences
from runtime.times.calendars import working_calendar
from runtime.times.durations import after
from runtime.times.moments import Moments
from runtime.times.zones import DAY, HOUR, MINUTE, epoch_day
from tests.examples import examples

from .others import (
    EPOCH,
    added,
    business_lengths,
    calendars,
    day_lengths,
    later,
    midnight,
    moment_of,
    places,
    wall,
)

# --- five fields --------------------------------------------------------------------------------

MINUTES = ("*", "0", "5", "30", "59", "*/15", "15,40", "10-12")
HOURS = ("*", "0", "1", "2", "3", "23", "*/2", "0-3", "9")
DAYS = ("*", "*", "*", "1", "29", "31", "30", "13,28")
MONTHS = ("*", "*", "*", "2", "3,10", "12")
WEEKDAYS = ("*", "*", "1-5", "0", "3", "5,6")
FIELDS = st.tuples(*(st.sampled_from(of) for of in (MINUTES, HOURS, DAYS, MONTHS, WEEKDAYS)))


@lru_cache
def meant(text: str, low: int, high: int) -> frozenset[int]:
    """The numbers that one field names."""
    found: set[int] = set()
    for part in text.split(","):
        span, _, step = part.partition("/")
        first, _, last = span.partition("-")
        ends = (low, high) if span == "*" else (int(first), int(last or first))
        found |= set(range(ends[0], ends[1] + 1, int(step or 1)))
    return frozenset(found)


def on_days(text: str, first: date, days: int) -> Iterator[date]:
    """Of a day of the month and a weekday, both given, either will do."""
    of_month, month, of_week = text.split()[2:]
    for day in (first + timedelta(days=n) for n in range(days)):
        by_month = day.day in meant(of_month, 1, 31)
        by_week = day.isoweekday() % 7 in meant(of_week, 0, 6)
        either = of_month != "*" and of_week != "*"
        if day.month in meant(month, 1, 12) and ((by_month or by_week) if either else (by_month and by_week)):
            yield day


def readings(text: str, first: date, days: int) -> Iterator[datetime]:
    minute, hour = text.split()[:2]
    for day in on_days(text, first, days):
        for h in sorted(meant(hour, 0, 23)):
            for m in sorted(meant(minute, 0, 59)):
                yield midnight(day) + timedelta(hours=h, minutes=m)


@examples(150)
@given(places(), FIELDS)
def test_x4_x13_schedules_come_when_the_clock_shows_it(place: tuple[str, int], parts: tuple[str, ...]) -> None:
    """The first in the order of time: a reading that does not exist moves forward, a doubled one is the first."""
    assume(parts[2:] not in (("30", "2", "*"), ("31", "2", "*")))  # no such day: the checker refuses it
    (zone, t), text = place, " ".join(parts)
    first = wall(t, zone).date() - timedelta(days=3)
    wanted: int | None = None
    for read in readings(text, first, 9 * 366):
        if wanted is not None and moment_of(read, zone) > wanted + 2 * DAY:
            break
        moment = moment_of(read, zone)
        if moment > t and (wanted is None or moment < wanted):
            wanted = moment
    assert occurrences.next_moment(OnSchedule(text), t, 0, zone) == wanted


@examples(60)
@given(places(), st.sampled_from(("*/15 * * * *", "15,40 2 * * *", "0,30 0-3 * * *", "5 */2 * * *", "10 0 31 * *")))
def test_x13_every_reading_of_a_schedule_is_one_moment(place: tuple[str, int], text: str) -> None:
    """A few days through: the moments are the readings of the clock, each once, in order."""
    zone, t = place
    found, at = [], t
    for _ in range(60):
        at = occurrences.next_moment(OnSchedule(text), at, 0, zone) or 0
        found.append(at)
    days = (found[-1] - t) // DAY + 6
    moments = {moment_of(read, zone) for read in readings(text, wall(t, zone).date() - timedelta(days=3), days)}
    assert found == sorted(m for m in moments if t < m <= found[-1])


# --- every so often -----------------------------------------------------------------------------


@examples(100)
@given(places(), st.integers(0, 400 * 24), day_lengths, st.none() | st.integers(0, 1439))
def test_x4_spans_are_counted_from_the_day_it_went_live(
    place: tuple[str, int], hours: int, length: Duration, at: int | None
) -> None:
    zone, since = place
    t = since + hours * HOUR
    length = Duration(1 + abs(length.n) % 5, length.unit)
    begun = wall(since, zone)
    of_day = begun - midnight(begun.date()) if at is None else timedelta(minutes=at)
    found = occurrences.next_moment(OnSchedule(interval=length, at=at), t, since, zone)
    moments = []
    for k in range(500):
        day = added(begun.date(), Duration(length.n * k, length.unit)) if k else begun.date()
        moments.append(moment_of(midnight(day) + of_day, zone))
        if moments[-1] > t + 2 * DAY:
            break
    assert found == min(m for m in moments if m > t)


@examples(60)
@given(places(), st.integers(0, 5000), st.integers(1, 900), st.sampled_from([Unit.MINUTES, Unit.HOURS]))
def test_x4_spans_of_hours_elapse(place: tuple[str, int], minutes: int, n: int, unit: Unit) -> None:
    zone, since = place
    t, step = since + minutes * MINUTE, n * (MINUTE if unit is Unit.MINUTES else HOUR)
    wanted = next(m for m in range(since + step, t + step + 1, step) if m > t)
    assert occurrences.next_moment(OnSchedule(interval=Duration(n, unit)), t, since, zone) == wanted


# --- dates --------------------------------------------------------------------------------------

LENGTHS = st.one_of(
    st.none(),
    day_lengths,
    business_lengths,
    st.builds(Duration, st.integers(-40, 40).filter(bool), st.just(Unit.HOURS)),
)


@examples(150)
@given(places(), LENGTHS, st.booleans(), st.integers(1, 12) | st.integers(1, 4000), st.data())
def test_x4_w14_the_index_holds_exactly_those_whose_moment_has_come(
    place: tuple[str, int], length: Duration | None, dated: bool, minutes: int, data: st.DataObject
) -> None:
    """Values round about: in one of the ranges or not, as their moment, worked out by others, lies between or not."""
    zone, low = place
    high = low + minutes * MINUTE
    before = length is not None and length.n < 0
    start = OnDate(
        Const("2024-01-01", Type(Kind.DATE if dated else Kind.DATETIME)),
        Duration(abs(length.n), length.unit) if length else None,
        before,
    )
    calendar = data.draw(calendars(wall(low, zone).date()))
    moments = Moments.of(start, zone, working_calendar(calendar))
    back = Duration(-length.n, length.unit) if length else Duration(0, Unit.DAYS)
    about = after(low, back, zone, working_calendar(calendar)) if length else low
    ends = [about, about + minutes * MINUTE]
    values = [about + data.draw(st.integers(-5 * 96, 5 * 96)) * 15 * MINUTE for _ in range(10)]
    values += [data.draw(st.sampled_from(ends)) + data.draw(st.integers(-9, 9)) * 15 * MINUTE for _ in range(20)]
    ranges = moments.ranges(low, high)
    for x in values:
        value = wall(x, zone).date().isoformat() if dated else x
        inside = sum(a < value <= b for a, b in ranges)
        moment = _moment(x if not dated else None, wall(x, zone), length, zone, calendar)
        assert moments.at(value) == moment
        assert inside == (1 if low < moment <= high else 0), (value, ranges)
        if moment > high:
            assert value > moments.beyond(high)
        if value > moments.beyond(high):
            assert moments.not_before(value) <= moment


def _moment(x: int | None, read: datetime, length: Duration | None, zone: str, calendar: Calendar) -> int:
    """Of an instant `x`, or of the day that the clock `read`."""
    day = read.date()
    clock = timedelta() if x is None else read - midnight(day)
    if length is None or length.unit is Unit.HOURS:
        start = x if x is not None else moment_of(midnight(day), zone)
        return start + (length.n if length else 0) * HOUR
    return moment_of(midnight(later(day, length, calendar)) + clock, zone)


# --- every year ---------------------------------------------------------------------------------


def birthday(born: date, year: int) -> date:
    try:
        return born.replace(year=year)
    except ValueError:
        return date(year, 2, 28)  # born on 29 February


@examples(200)
@given(st.dates(date(1930, 1, 1), date(2020, 1, 1)) | st.just(date(1996, 2, 29)), st.integers(2020, 2034))
def test_w14_a_birthday_comes_once_a_year_and_the_year_does_not_count(born: date, year: int) -> None:
    days = [
        day
        for n in range(366)
        if (day := date(year, 1, 1) + timedelta(days=n)).year == year
        and born.isoformat() in occurrences.anniversaries(epoch_day(day), 1930, 2040)
    ]
    assert days == [birthday(born, year)]


@examples(150)
@given(places(), st.integers(1, 3000), st.none() | st.integers(0, 1439), st.integers(-3, 3), st.integers(1, 60))
def test_w14_x13_a_birthday_is_met_at_its_minute_once_in_any_night(
    place: tuple[str, int], minutes: int, at: int | None, days: int, age: int
) -> None:
    """Of somebody whose birthday is about then: met between two instants exactly if its moment lies between."""
    zone, low = place
    high = low + minutes * MINUTE
    year = wall(low, zone).year
    born = birthday(wall(low, zone).date() + timedelta(days=days), year - age)
    of_day = timedelta(minutes=at or 0)
    moments = [moment_of(midnight(birthday(born, y)) + of_day, zone) for y in range(year - 1, year + 9)]
    met = [
        day
        for day in occurrences.days_between(at, low, high, zone)
        if born.isoformat() in occurrences.anniversaries(day, year - age - 1, year)
    ]
    assert len(met) == sum(low < m <= high for m in moments)
    assert occurrences.next_anniversary(epoch_day(born), at, low, zone) == min(m for m in moments if m > low)


@pytest.mark.parametrize("year", [2023, 2024, 2100])
def test_w14_29_february_in_common_and_leap_years(year: int) -> None:
    low = (midnight(date(year, 2, 20)) - EPOCH) // timedelta(microseconds=1)
    moment = occurrences.next_anniversary(epoch_day("1996-02-29"), 540, low, "UTC")
    assert wall(moment, "UTC") == datetime(year, 2, 29 if year == 2024 else 28, 9)
