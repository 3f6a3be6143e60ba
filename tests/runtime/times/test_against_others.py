"""Our clocks and calendars against those of others, over random days, zones and calendars: numpy's business days, the
library `holidays`, `whenever` and `zoneinfo`. Nothing of ours is asked for the answer (S11-S15, X13-X16)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import numpy
import pytest
from hypothesis import given
from hypothesis import strategies as st
from whenever import Instant

from dsl.program.conditions import Duration, Unit
from dsl.program.definitions import Window
from dsl.schema.model import Calendar
from runtime.errors import NeverOpen
from runtime.times import edges, windows, zones
from runtime.times.calendars import working_calendar
from runtime.times.durations import after
from runtime.times.windows import QuietHours
from runtime.times.zones import DAY, HOUR, MINUTE, epoch_day, iso_date
from tests.examples import examples

from .others import (
    COUNTRIES,
    EPOCH,
    FIRST,
    LAST,
    added,
    business_lengths,
    calendars,
    day_at,
    day_lengths,
    first_of,
    interval,
    micros,
    midnight,
    moment_of,
    off_days,
    on_clock,
    places,
    wall,
    worked,
    worked_after,
)

# --- business days ------------------------------------------------------------------------------


@examples(150)
@given(st.data(), st.dates(FIRST, LAST), st.integers(-60, 60).filter(bool))
def test_x15_s5_s12_business_days_are_those_of_numpy(data: st.DataObject, day: date, n: int) -> None:
    calendar = data.draw(calendars(day))
    years = range(day.year - 2, day.year + 4)
    off = {d for y in years for d in (off_days(calendar.country, calendar.subdivision, y) if calendar.country else ())}
    closed = sorted({d.isoformat() for d in off} | set(calendar.holidays))
    mask = [i in calendar.working_days for i in range(7)]
    ours = working_calendar(calendar)
    if not calendar.workdays:  # numpy knows of no days worked on purpose
        roll = "backward" if n > 0 else "forward"
        theirs = numpy.busday_offset(day.isoformat(), n, roll=roll, weekmask=mask, holidays=closed)
        assert iso_date(ours.add_business_days(epoch_day(day), n)) == str(theirs)
        assert ours.is_working(epoch_day(day)) == numpy.is_busday(day.isoformat(), weekmask=mask, holidays=closed)
    assert iso_date(ours.add_business_days(epoch_day(day), n)) == worked_after(calendar, day, n).isoformat()
    assert ours.is_working(epoch_day(day)) == worked(calendar, day)


@pytest.mark.parametrize(("country", "part"), COUNTRIES)
def test_s13_every_holiday_of_a_country_is_off_and_nothing_else(country: str, part: str | None) -> None:
    calendar = working_calendar(Calendar("c", country=country, subdivision=part, working_days=(0, 1, 2, 3, 4, 5, 6)))
    for year in (2019, 2024, 2026, 2031):
        first, last = epoch_day(date(year, 1, 1)), epoch_day(date(year, 12, 31))
        on = set(calendar.working_days(first, last))
        assert {iso_date(d) for d in range(first, last + 1) if d not in on} == {
            d.isoformat() for d in off_days(country, part, year)
        }


# --- clocks, days and waits ---------------------------------------------------------------------


@examples(150)
@given(places(), st.sampled_from((0, HOUR, -HOUR, 30 * MINUTE, -90 * MINUTE, 20 * MINUTE, 3 * HOUR)))
def test_x13_s15_instants_and_clocks_are_those_of_whenever_and_zoneinfo(place: tuple[str, int], shift: int) -> None:
    zone, t = place
    day, clock = zones.local(t, zone)
    assert EPOCH + timedelta(days=day, microseconds=clock) == wall(t, zone)
    read = wall(t, zone) + timedelta(microseconds=shift)
    on, time_of_day = divmod(micros(read), DAY)
    assert zones.instant(on, time_of_day, zone) == moment_of(read, zone)


@examples(150)
@given(places())
def test_x14_a_day_begins_at_its_first_instant(place: tuple[str, int]) -> None:
    zone, t = place
    shown = wall(t, zone).date()
    assert zones.day_start(epoch_day(shown), zone) == first_of(shown, zone)
    assert iso_date(zones.local_day(t, zone)) == day_at(t, zone).isoformat()
    shift = next(by for since, by in reversed(zones.day_shifts(zone)) if since <= t)  # as SQL reads it
    assert (t + shift) // DAY == zones.local_day(t, zone)


@examples(150)
@given(places(), st.one_of(day_lengths, business_lengths), st.data())
def test_x13_x15_w13_waits_keep_the_clock_and_months_are_cut_short(
    place: tuple[str, int], length: Duration, data: st.DataObject
) -> None:
    zone, t = place
    calendar = data.draw(calendars(wall(t, zone).date()))
    assert after(t, length, zone, working_calendar(calendar)) == on_clock(t, length, zone, calendar)


@examples(100)
@given(places(), st.integers(1, 200))
def test_x13_hours_and_minutes_elapse(place: tuple[str, int], n: int) -> None:
    zone, t = place
    theirs = Instant.from_timestamp(t * 1000, unit="nanosecond").add(hours=n).timestamp(unit="nanosecond") // 1000
    assert after(t, Duration(n, Unit.HOURS), zone, working_calendar()) == theirs


# --- edges of conditions ------------------------------------------------------------------------


@examples(150)
@given(places(), day_lengths, st.integers(-2, 2), st.sampled_from((0, 1, -1, HOUR, -HOUR, 10 * HOUR)))
def test_x14_conditions_turn_where_whole_local_days_say(
    place: tuple[str, int], length: Duration, days: int, by: int
) -> None:
    """`within`, `older than` and `within next` of a value and of a date, on both sides of where they turn."""
    zone, x = place
    length = Duration(abs(length.n), length.unit)
    on = day_at(x, zone)
    for turn in (first_of(added(on, length), zone), first_of(added(on, Duration(-length.n, length.unit)), zone)):
        t = turn + days * DAY + by
        today = day_at(t, zone)
        gone, coming = added(on, length) <= today, on < added(today, length)
        assert (x <= edges.cut(t, length, zone)) == (edges.expires(x, length, zone) <= t) == gone
        assert (x < edges.next_limit(t, length, zone)) == (edges.next_opens(x, length, zone) <= t) == coming
        day = on.isoformat()
        assert (day <= edges.date_cut(t, length, zone)) == (edges.date_expires(day, length, zone) <= t) == gone
        assert (day < edges.date_next_limit(t, length, zone)) == coming
        assert (edges.date_next_opens(day, length, zone) <= t) == coming
        before = added(on, length) < today
        assert (x <= edges.cut_before(t, length, zone)) == (edges.day_ago_ends(x, length, zone) <= t) == before


# --- windows and quiet hours --------------------------------------------------------------------

minutes = st.integers(0, 95).map(lambda n: n * 15) | st.integers(0, 1439)


@st.composite
def hours(draw: st.DrawFn) -> tuple[int, int]:
    """A start and an end of a day: one minute, across midnight, all of the day."""
    start = draw(minutes)
    length = draw(st.integers(1, 95).map(lambda n: n * 15) | st.sampled_from((1, 2, 1439, 1440)))
    return start, (start + length) % 1440


@examples(150)
@given(places(), hours(), st.booleans(), st.data())
def test_x16_s12_w10_windows_open_where_the_clock_shows_it(
    place: tuple[str, int], span: tuple[int, int], every_day: bool, data: st.DataObject
) -> None:
    zone, t = place
    calendar = data.draw(calendars(wall(t, zone).date()))
    found = windows.next_open(t, Window(*span, every_day), working_calendar(calendar), zone)
    assert found == next(max(a, t) for a, z in _open(t, span, every_day, zone, calendar, 90) if a < z and t < z)


@examples(150)
@given(places(), hours(), st.none() | hours(), st.booleans(), st.data())
def test_x16_l15_who_has_quiet_hours_is_reached_at_the_first_instant_outside_them(
    place: tuple[str, int], span: tuple[int, int], quiet: QuietHours | None, every_day: bool, data: st.DataObject
) -> None:
    """In the window of one zone and outside the quiet hours of another."""
    zone, t = place
    person, _ = data.draw(st.just((zone, 0)) | places())
    calendar = data.draw(calendars(wall(t, zone).date()))
    quiet = None if quiet is not None and quiet[0] == quiet[1] else quiet
    opened = [(a, z) for a, z in _open(t, span, every_day, zone, calendar, 9) if a < z and t < z]
    today = wall(t, person).date()
    silent = [interval(today + timedelta(days=n), *quiet, person) for n in range(-3, 11)] if quiet else []
    moments = sorted({t} | {a for a, _ in opened} | {z for _, z in silent})
    allowed = (
        x for x in moments if x >= t and any(a <= x < z for a, z in opened) and not any(a <= x < z for a, z in silent)
    )
    wanted = next(allowed, None)
    try:
        found = windows.clip(t, Window(*span, every_day), working_calendar(calendar), zone, quiet, person)
    except NeverOpen:
        assert wanted is None
        return
    assert found == wanted or (wanted is None and found > t + 6 * DAY)


def _open(
    t: int, span: tuple[int, int], every_day: bool, zone: str, calendar: Calendar, days: int
) -> Iterator[tuple[int, int]]:
    """When the window is open, from the day before yesterday on."""
    today = wall(t, zone).date()
    on = (today + timedelta(days=n) for n in range(-2, days))
    return (interval(day, *span, zone) for day in on if every_day or worked(calendar, day))


def test_the_night_that_is_looked_at_is_the_one_that_is_meant() -> None:
    """`interval` itself: the window of the evening before a night without midnight."""
    opens, closes = interval(date(2018, 11, 3), 22 * 60, 30, "America/Sao_Paulo")
    assert (wall(opens, "America/Sao_Paulo"), wall(closes, "America/Sao_Paulo")) == (
        midnight(date(2018, 11, 3)) + timedelta(hours=22),
        midnight(date(2018, 11, 4)) + timedelta(hours=1),
    )
