"""Our clocks and calendars against those of others, over random days, zones and calendars: numpy's business days, the
library `holidays`, `whenever` and `zoneinfo`. Nothing of ours is asked for the answer (S11-S15, X13-X17, W10-W14)."""

from __future__ import annotations

import warnings
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays
import numpy
import pytest
from cronsim import CronSim
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from whenever import Instant, PlainDateTime

from dsl.program.conditions import Const, Duration, Unit
from dsl.program.definitions import OnDate, OnSchedule, Window
from dsl.schema.model import Calendar, Kind, Type
from runtime.times import edges, occurrences, windows, zones
from runtime.times.calendars import working_calendar
from runtime.times.durations import after
from runtime.times.moments import Moments
from runtime.times.zones import DAY, HOUR, MINUTE, epoch_day, iso_date

EPOCH = datetime(1970, 1, 1)
# Zones that do something: half an hour, no midnight, a day skipped, two hours, backwards in Ramadan, odd offsets.
ODD = {
    "Australia/Lord_Howe": ("2024-04-06T15:00", "2024-10-05T15:30"),
    "America/Sao_Paulo": ("2018-11-04T03:00", "2018-02-18T02:00"),
    "Asia/Beirut": ("2024-03-30T22:00", "2024-10-26T21:00"),
    "Pacific/Apia": ("2011-12-30T10:00", "2012-03-31T14:00"),
    "Antarctica/Troll": ("2024-03-31T01:00", "2024-10-27T01:00"),
    "Africa/Casablanca": ("2024-03-10T02:00", "2024-04-14T02:00"),
    "Asia/Kathmandu": ("1985-12-31T18:30", "2024-06-01T00:00"),
    "America/Havana": ("2024-03-10T05:00", "2024-11-03T05:00"),
    "America/St_Johns": ("2006-10-29T02:31", "2006-04-02T03:31"),
    "Europe/Warsaw": ("2024-03-31T01:00", "2024-10-27T01:00"),
    "Asia/Tokyo": ("2024-05-03T00:00", "2024-02-28T15:00"),
}
COUNTRIES = (("JP", None), ("PL", None), ("US", None), ("DE", "BY"), ("BR", "SP"), ("NP", None), ("GB", "SCT"))
MASKS = ((0, 1, 2, 3, 4), (0, 1, 2, 3, 6), (0, 1, 2, 3, 4, 5), (1, 3))
# Each example costs about as much as a statement: a few seconds in all.
often = settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@st.composite
def places(draw: st.DrawFn) -> tuple[str, int]:
    """A zone and an instant, mostly near a night in which its clock changes."""
    zone = draw(st.sampled_from(sorted(ODD)))
    if draw(st.integers(0, 3)) == 0:
        return zone, draw(st.integers(micros(datetime(1990, 1, 1)), micros(datetime(2037, 1, 1))))
    near = micros(datetime.fromisoformat(draw(st.sampled_from(ODD[zone]))))
    far = draw(st.sampled_from((12, 12, 300)))
    return zone, near + draw(st.integers(-far, far)) * 10 * MINUTE + draw(st.sampled_from((0, 0, 1, 30_000_000)))


def micros(moment: datetime) -> int:
    return (moment - EPOCH) // timedelta(microseconds=1)


def wall(t: int, zone: str) -> datetime:
    """The clock of zoneinfo."""
    return (EPOCH + timedelta(microseconds=t)).replace(tzinfo=UTC).astimezone(ZoneInfo(zone)).replace(tzinfo=None)


def moment_of(clock: datetime, zone: str) -> int:
    """X13 by `whenever`: what does not exist moves forward, of two the first."""
    plain = PlainDateTime.parse_iso(clock.isoformat())
    return plain.assume_tz(zone, disambiguation="compatible").timestamp(unit="nanosecond") // 1000


@lru_cache(4096)
def first_of(day: date, zone: str) -> int:
    """X14: the first instant at which the clock of zoneinfo stands on that day or a later one, looked for minute by
    minute from a day and a half before its midnight in UTC."""
    low = micros(datetime(day.year, day.month, day.day)) - 36 * HOUR
    return next(t for t in range(low, low + 80 * HOUR, MINUTE) if wall(t, zone).date() >= day)


@lru_cache(1024)
def off_days(country: str, part: str | None, year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays(country, subdiv=part, years=year))


def worked(calendar: Calendar, day: date) -> bool:
    if calendar.country is not None and day in off_days(calendar.country, calendar.subdivision, day.year):
        return day.isoformat() in calendar.workdays
    if day.isoformat() in calendar.holidays:
        return day.isoformat() in calendar.workdays
    return day.weekday() in calendar.working_days or day.isoformat() in calendar.workdays


@st.composite
def calendars(draw: st.DrawFn, near: date | None = None) -> Calendar:
    country, part = draw(st.sampled_from(((None, None), *COUNTRIES)))
    about = near or date(2024, 5, 1)
    off = draw(st.lists(st.integers(-10, 40), max_size=4))
    days = tuple((about + timedelta(days=n)).isoformat() for n in off)
    mask = draw(st.sampled_from(MASKS))
    return Calendar("c", country=country, subdivision=part, working_days=mask, holidays=days)


@often
@given(st.data(), st.dates(date(1995, 1, 1), date(2035, 1, 1)), st.integers(1, 60))
def test_x15_s5_s12_business_days_are_those_of_numpy(data: st.DataObject, day: date, n: int) -> None:
    calendar = data.draw(calendars(day))
    years = range(day.year - 1, day.year + 3)
    off = {d for y in years for d in (off_days(calendar.country, calendar.subdivision, y) if calendar.country else ())}
    closed = sorted({d.isoformat() for d in off} | set(calendar.holidays))
    mask = [i in calendar.working_days for i in range(7)]
    theirs = numpy.busday_offset(day.isoformat(), n, roll="backward", weekmask=mask, holidays=closed)
    ours = working_calendar(calendar).add_business_days(epoch_day(day), n)
    assert iso_date(ours) == str(theirs)
    assert working_calendar(calendar).is_working(epoch_day(day)) == worked(calendar, day)
    assert working_calendar(calendar).is_working(epoch_day(day)) == numpy.is_busday(
        day.isoformat(), weekmask=mask, holidays=closed
    )


@pytest.mark.parametrize(("country", "part"), COUNTRIES)
def test_s13_every_holiday_of_a_country_is_off_and_nothing_else(country: str, part: str | None) -> None:
    calendar = working_calendar(Calendar("c", country=country, subdivision=part, working_days=(0, 1, 2, 3, 4, 5, 6)))
    for year in (2019, 2024, 2026, 2031):
        first, last = epoch_day(date(year, 1, 1)), epoch_day(date(year, 12, 31))
        on = set(calendar.working_days(first, last))
        assert {iso_date(d) for d in range(first, last + 1) if d not in on} == {
            d.isoformat() for d in off_days(country, part, year)
        }


@often
@given(places())
def test_x13_s15_instants_and_clocks_are_those_of_whenever_and_zoneinfo(place: tuple[str, int]) -> None:
    zone, t = place
    day, clock = zones.local(t, zone)
    assert EPOCH + timedelta(days=day, microseconds=clock) == wall(t, zone)
    for shift in (0, HOUR, -HOUR, 30 * MINUTE, -90 * MINUTE):
        read = wall(t, zone) + timedelta(microseconds=shift)
        on, time_of_day = divmod(micros(read), DAY)
        assert zones.instant(on, time_of_day, zone) == moment_of(read, zone)


@often
@given(places())
def test_x14_a_day_begins_at_its_first_instant(place: tuple[str, int]) -> None:
    zone, t = place
    day = wall(t, zone).date()
    start = first_of(day, zone)
    assert zones.day_start(epoch_day(day), zone) == start
    assert edges.expires(t, Duration(1, Unit.DAYS), zone) == first_of(
        date.fromisoformat(iso_date(zones.local_day(t, zone))) + timedelta(days=1), zone
    )


UNITS = {Unit.DAYS: "days", Unit.WEEKS: "weeks", Unit.MONTHS: "months", Unit.YEARS: "years"}


@often
@given(places(), st.integers(1, 30), st.sampled_from(sorted(UNITS)))
def test_x13_w13_waits_keep_the_clock_and_months_are_cut_short(place: tuple[str, int], n: int, unit: Unit) -> None:
    zone, t = place
    read = wall(t, zone)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        moved = PlainDateTime.parse_iso(read.isoformat()).date().add(**{UNITS[unit]: n})
    target = datetime(moved.year, moved.month, moved.day) + (read - datetime(read.year, read.month, read.day))
    assert after(t, Duration(n, unit), zone, working_calendar()) == moment_of(target, zone)


@often
@given(places(), st.integers(1, 200))
def test_x13_hours_and_minutes_elapse(place: tuple[str, int], n: int) -> None:
    zone, t = place
    theirs = Instant.from_timestamp(t * 1000, unit="nanosecond").add(hours=n).timestamp(unit="nanosecond") // 1000
    assert after(t, Duration(n, Unit.HOURS), zone, working_calendar()) == theirs


@settings(max_examples=120, deadline=None)
@given(places(), st.integers(0, 95), st.integers(1, 95), st.booleans(), st.data())
def test_x16_s12_w10_windows_open_where_the_clock_shows_it(
    place: tuple[str, int], start: int, length: int, every_day: bool, data: st.DataObject
) -> None:
    """Minute by minute on the clock of zoneinfo. A window belongs to the day it began; on a night with an hour twice
    it does not close and open again."""
    zone, t = place
    calendar = data.draw(calendars(wall(t, zone).date()))
    opens, closes = start * 15, (start * 15 + length * 15) % 1440
    window = Window(opens, closes, every_day)
    found = windows.next_open(t, window, working_calendar(calendar), zone)

    def begins(day: date, minute: int) -> int:
        """The first instant at which the clock shows it, or something later."""
        read = datetime(day.year, day.month, day.day) + timedelta(minutes=minute)
        low = micros(read) - 16 * HOUR
        coarse = next(x for x in range(low, low + 60 * HOUR, 10 * MINUTE) if wall(x, zone) >= read)
        return next(x for x in range(coarse - 10 * MINUTE, coarse + 1, MINUTE) if wall(x, zone) >= read)

    today = wall(t, zone).date()
    wanted = None
    for n in range(-2, 60):
        day = today + timedelta(days=n)
        if not every_day and not worked(calendar, day):
            continue
        a, z = begins(day, opens), begins(day if opens < closes else day + timedelta(days=1), closes)
        if a < z and t < z:
            wanted = max(a, t)
            break
    assert found == wanted


# --- schedules and dates ------------------------------------------------------------------------


@settings(max_examples=120, deadline=None)
@given(places(), st.integers(0, 23), st.sampled_from((0, 5, 30, 59)), st.sampled_from(("*", "1-5", "0", "3")))
def test_x4_schedules_come_when_the_clock_shows_it(place: tuple[str, int], hour: int, minute: int, days: str) -> None:
    """Every day of two weeks by whenever, in the order of time."""
    zone, t = place
    fields = f"{minute} {hour} * * {days}"
    readings = CronSim(fields, wall(t, zone) - timedelta(days=3))
    moments = sorted(moment_of(next(readings), zone) for _ in range(9))
    wanted = next((m for m in moments if m > t), None)
    if wanted is not None:
        assert occurrences.next_moment(OnSchedule(fields), t, 0, zone) == wanted


@settings(max_examples=60, deadline=None)
@given(places(), st.sampled_from(("*/15 * * * *", "15,40 2 * * *", "0,30 0-3 * * *", "5 */2 * * *", "10 0 31 * *")))
def test_x13_every_reading_of_a_schedule_is_one_moment(place: tuple[str, int], fields: str) -> None:
    """A few days through: the moments are the readings of the clock, each once, in order."""
    zone, t = place
    found, at = [], t
    for _ in range(60):
        at = occurrences.next_moment(OnSchedule(fields), at, 0, zone) or 0
        found.append(at)
    readings = CronSim(fields, wall(t, zone) - timedelta(days=2))
    wanted: set[int] = set()
    while len(wanted) < 2 or max(wanted) <= found[-1] + 3 * DAY:
        wanted.add(moment_of(next(readings), zone))
    assert found == sorted(m for m in wanted if t < m <= found[-1])


@settings(max_examples=100, deadline=None)
@given(places(), st.integers(0, 400 * 24), st.integers(1, 5), st.sampled_from(sorted(UNITS)), st.booleans())
def test_x4_spans_are_counted_from_the_day_it_went_live(
    place: tuple[str, int], hours: int, n: int, unit: Unit, clocked: bool
) -> None:
    zone, since = place
    t = since + hours * HOUR
    begun = wall(since, zone)
    of_day = timedelta(hours=9) if clocked else begun - datetime(begun.year, begun.month, begun.day)
    found = occurrences.next_moment(OnSchedule(interval=Duration(n, unit), at=540 if clocked else None), t, since, zone)
    moments = []
    for k in range(500):
        moved = PlainDateTime.parse_iso(begun.isoformat()).date().add(**{UNITS[unit]: n * k})
        moments.append(moment_of(datetime(moved.year, moved.month, moved.day) + of_day, zone))
        if moments[-1] > t + 2 * DAY:
            break
    assert found == min(m for m in moments if m > t)


LENGTHS = st.one_of(
    st.none(),
    st.builds(Duration, st.integers(-40, 40).filter(bool), st.sampled_from([*sorted(UNITS), Unit.HOURS])),
    st.builds(Duration, st.integers(1, 12), st.just(Unit.BUSINESS_DAYS)),
)


@often
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
        moment = _moment(x if not dated else None, wall(x, zone), length, zone, calendar, dated)
        assert moments.at(value) == moment
        assert inside == (1 if low < moment <= high else 0), (value, ranges)
        if moment > high:
            assert value > moments.beyond(high)
        if value > moments.beyond(high):
            assert moments.not_before(value) <= moment


def _moment(x: int | None, read: datetime, length: Duration | None, zone: str, calendar: Calendar, dated: bool) -> int:
    clock = timedelta() if dated else read - datetime(read.year, read.month, read.day)
    day = read.date()
    if length is None or length.unit is Unit.HOURS:
        start = x if x is not None else moment_of(datetime(day.year, day.month, day.day), zone)
        return start + (length.n if length else 0) * HOUR
    if length.unit is Unit.BUSINESS_DAYS:
        left = length.n
        while left:
            day += timedelta(days=1)
            left -= worked(calendar, day)
    else:
        moved = PlainDateTime(day.year, day.month, day.day).date().add(**{UNITS[length.unit]: length.n})
        day = date(moved.year, moved.month, moved.day)
    return moment_of(datetime(day.year, day.month, day.day) + clock, zone)


@settings(max_examples=200, deadline=None)
@given(st.dates(date(1930, 1, 1), date(2020, 1, 1)), st.integers(2020, 2034))
def test_w14_a_birthday_comes_once_a_year_and_the_year_does_not_count(born: date, year: int) -> None:
    days = [
        day
        for n in range(366)
        if (day := date(year, 1, 1) + timedelta(days=n)).year == year
        and born.isoformat() in occurrences.anniversaries(epoch_day(day), 1930, 2040)
    ]
    try:
        wanted = born.replace(year=year)
    except ValueError:
        wanted = date(year, 2, 28)  # born on 29 February
    assert days == [wanted]
    noon = moment_of(datetime(wanted.year, wanted.month, wanted.day, 12), "Europe/Warsaw")
    assert occurrences.next_anniversary(epoch_day(born), 720, noon - 1, "Europe/Warsaw") == noon
