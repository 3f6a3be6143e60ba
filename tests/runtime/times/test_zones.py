"""X13, X14: the local clock, the first instant of a day, times that do not exist or come twice."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.times.zones import (
    DAY,
    HOUR,
    MINUTE,
    day_start,
    epoch_day,
    from_datetime,
    instant,
    is_zone,
    iso_date,
    local,
    local_day,
    offset,
    parse_local,
    reach,
    resolve,
    to_datetime,
    weekday,
)

from .clock import at, clock, instants, show, us, zones


@given(instants, zones)
def test_the_clock_is_that_of_zoneinfo(t: int, zone: str) -> None:
    expected = clock(t, zone)
    day, time = local(t, zone)
    assert datetime(1970, 1, 1) + timedelta(days=day, microseconds=time) == expected
    assert to_datetime(t, zone).replace(tzinfo=None) == expected
    assert from_datetime(to_datetime(t, zone)) == t
    assert expected.weekday() == weekday(day)


@pytest.mark.parametrize(
    ("zone", "day", "first"),
    [
        ("America/Sao_Paulo", "2018-11-04", "2018-11-04T01:00"),  # 00:00 did not exist
        ("America/Sao_Paulo", "2018-02-18", "2018-02-18T00:00"),  # 23:00 came twice the evening before
        ("Asia/Beirut", "2024-03-31", "2024-03-31T01:00"),
        ("Pacific/Apia", "2011-12-30", "2011-12-31T00:00"),  # the day was skipped
        ("Pacific/Apia", "2011-12-31", "2011-12-31T00:00"),
        ("Africa/Monrovia", "1972-01-07", "1972-01-07T00:44"),
        ("Europe/Berlin", "2024-03-31", "2024-03-31T00:00"),
        ("America/Toronto", "1919-03-31", "1919-03-31T00:30"),  # 23:30 to 00:30 did not exist
    ],
)
def test_x14_a_day_starts_at_its_first_instant(zone: str, day: str, first: str) -> None:
    assert show(day_start(epoch_day(day), zone), zone) == first


def test_x14_a_doubled_midnight_starts_the_day_the_first_time() -> None:
    day = epoch_day("2024-11-03")
    assert day_start(day, "America/Havana") == us("2024-11-03T04:00")
    assert clock(us("2024-11-03T05:00"), "America/Havana") == datetime(2024, 11, 3, 0, 0)
    assert local_day(us("2024-11-03T05:00"), "America/Havana") == day


def test_x14_a_day_that_has_begun_does_not_end_when_its_eve_comes_again() -> None:
    again = us("2006-10-29T02:31")
    assert show(again, "America/St_Johns") == "2006-10-28T23:01"
    assert iso_date(local_day(again, "America/St_Johns")) == "2006-10-29"
    assert iso_date(local(again, "America/St_Johns")[0]) == "2006-10-28"


@given(instants, zones)
def test_x14_the_local_day_is_the_greatest_that_has_begun(t: int, zone: str) -> None:
    day = local_day(t, zone)
    assert day_start(day, zone) <= t < day_start(day + 1, zone)
    shown = local(t, zone)[0]
    assert day == shown or (day == shown + 1 and local(t + 2 * HOUR, zone)[0] == day)


@given(instants, zones)
def test_x14_the_first_instant_of_a_day_by_brute_force(t: int, zone: str) -> None:
    day = local(t, zone)[0]
    start = day_start(day, zone)
    assert local(start, zone)[0] >= day
    assert all(local(start - n * MINUTE, zone)[0] < day for n in range(1, 180))


@given(instants, instants, zones)
def test_days_never_go_back(t: int, u: int, zone: str) -> None:
    first, second = sorted((t, u))
    assert local_day(first, zone) <= local_day(second, zone)


@pytest.mark.parametrize(
    ("zone", "wanted", "got"),
    [
        ("Europe/Berlin", "2024-03-31T02:30", "2024-03-31T03:30"),  # does not exist: forward by the gap
        ("Europe/Berlin", "2024-10-27T02:30", "2024-10-27T02:30"),
        ("Australia/Lord_Howe", "2024-10-06T02:15", "2024-10-06T02:45"),
        ("Pacific/Apia", "2011-12-30T09:00", "2011-12-31T09:00"),
        ("Asia/Tokyo", "2024-01-01T09:00", "2024-01-01T09:00"),
    ],
)
def test_x13_a_time_that_does_not_exist_moves_forward(zone: str, wanted: str, got: str) -> None:
    assert show(parse_local(wanted, zone), zone) == got


def test_x13_a_doubled_time_is_the_first() -> None:
    assert parse_local("2024-10-27T02:30", "Europe/Berlin") == us("2024-10-27T00:30")


@given(instants, zones)
def test_x13_instants_agree_with_zoneinfo(t: int, zone: str) -> None:
    day, time = local(t, zone)
    assert instant(day, time, zone) == at(clock(t, zone).isoformat(), zone)


@given(instants, st.integers(0, DAY - 1), zones)
def test_reach_is_the_first_instant_whose_clock_shows_the_time_or_a_later_one(t: int, time: int, zone: str) -> None:
    day = local(t, zone)[0]
    reached = reach(day, time, zone)
    assert local(reached, zone) >= (day, time)
    assert all(local(reached - step, zone) < (day, time) for step in (1, MINUTE, 20 * MINUTE, HOUR, 3 * HOUR))


@pytest.mark.parametrize("name", ["Asia/Tokyo", "UTC", "America/Argentina/Buenos_Aires"])
def test_x13_zones_are_known_by_name(name: str) -> None:
    assert is_zone(name)


@pytest.mark.parametrize(
    "name", ["", None, "Mars/Olympus", "../../etc/passwd", "x\0y", "localtime", "right/UTC", "+09:00", " "]
)
def test_x13_what_is_no_zone(name: str | None) -> None:
    assert not is_zone(name)


def test_x13_a_missing_or_invalid_zone_gives_way_to_the_next() -> None:
    assert resolve([None, "", "Nowhere", "Asia/Tokyo", "UTC"]) == "Asia/Tokyo"
    assert resolve([None]) == "UTC"


@given(st.integers(-(1 << 62), 1 << 62), zones)
def test_instants_far_away_are_no_error(t: int, zone: str) -> None:
    assert abs(offset(t, zone)) < DAY * 2
    assert -1_000_000 < local_day(t, zone) < 3_000_000


@pytest.mark.parametrize("zone", ["Asia/Tokyo", "UTC", "America/New_York"])
def test_a_clock_beyond_the_last_and_the_first_date_there_is_stays_there(zone: str) -> None:
    """Exports write 9999-12-31T23:59:59Z for "never", and one such value must not stop a worker east of Greenwich."""
    never, always = (from_datetime(moment) for moment in (datetime.max, datetime.min))
    assert to_datetime(never, zone).year == 9999 and to_datetime(1 << 62, zone).isoformat().startswith(
        "9999-12-31T23:59"
    )
    assert to_datetime(always, zone).year == 1 and to_datetime(-(1 << 62), zone).isoformat().startswith(
        "0001-01-01T00:00"
    )
