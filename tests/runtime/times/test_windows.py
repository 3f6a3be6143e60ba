"""X16, S12: windows and quiet hours."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dsl.program.definitions import Window
from dsl.schema.model import Calendar
from runtime.errors import NeverOpen
from runtime.times.calendars import WorkingCalendar
from runtime.times.windows import at_minute, clip, next_open, out_of_quiet
from runtime.times.zones import MINUTE, local_day, reach, weekday
from tests.examples import examples

from .clock import at, instants, show, zones

MON_FRI = WorkingCalendar()
OFFICE = Window(9 * 60, 17 * 60)
NIGHT = Window(22 * 60, 6 * 60)
DAILY = Window(8 * 60, 20 * 60, every_day=True)
QUIET = (21 * 60, 8 * 60)
TOKYO = "Asia/Tokyo"
minutes = st.integers(0, 1439)
windows = st.builds(Window, minutes, minutes, st.booleans())


@pytest.mark.parametrize(
    ("window", "start", "opens"),
    [
        (OFFICE, "2024-05-02T08:59", "2024-05-02T09:00"),
        (OFFICE, "2024-05-02T09:00", "2024-05-02T09:00"),
        (OFFICE, "2024-05-02T16:59", "2024-05-02T16:59"),
        (OFFICE, "2024-05-02T17:00", "2024-05-03T09:00"),  # half-open
        (OFFICE, "2024-05-03T17:00", "2024-05-06T09:00"),  # Friday evening
        (DAILY, "2024-05-04T07:00", "2024-05-04T08:00"),  # Saturday
        (NIGHT, "2024-05-03T23:00", "2024-05-03T23:00"),
        (NIGHT, "2024-05-04T05:59", "2024-05-04T05:59"),  # the part after midnight belongs to Friday
        (NIGHT, "2024-05-04T06:00", "2024-05-06T22:00"),
        (NIGHT, "2024-05-06T03:00", "2024-05-06T22:00"),  # Monday before dawn belongs to Sunday
        (None, "2024-05-04T03:00", "2024-05-04T03:00"),
        (Window(0, 1440), "2024-05-04T03:00", "2024-05-06T00:00"),
    ],
)
def test_x16_next_open(window: Window | None, start: str, opens: str) -> None:
    t = at(start, TOKYO)
    assert show(next_open(t, window, MON_FRI, TOKYO), TOKYO) == opens


def test_x16_a_holiday_is_no_working_day() -> None:
    tokyo = WorkingCalendar(Calendar("tokyo", country="JP"))
    assert show(next_open(at("2024-05-02T18:00", TOKYO), OFFICE, tokyo, TOKYO), TOKYO) == "2024-05-07T09:00"


def test_x16_a_skipped_friday_does_not_open_saturday() -> None:
    t = at("2011-12-29T18:00", "Pacific/Apia")  # Thursday; Friday the 30th was skipped
    assert show(next_open(t, OFFICE, MON_FRI, "Pacific/Apia"), "Pacific/Apia") == "2012-01-02T09:00"


def test_x16_a_window_that_begins_in_a_gap_opens_at_its_end() -> None:
    t = at("2024-03-31T00:00", "Europe/Berlin")
    assert show(next_open(t, Window(150, 300, True), MON_FRI, "Europe/Berlin"), "Europe/Berlin") == "2024-03-31T03:00"


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("2024-05-02T20:59", "2024-05-02T20:59"),
        ("2024-05-02T21:00", "2024-05-03T08:00"),
        ("2024-05-02T07:59", "2024-05-02T08:00"),
        ("2024-05-02T08:00", "2024-05-02T08:00"),
    ],
)
def test_x16_out_of_quiet(start: str, end: str) -> None:
    assert show(out_of_quiet(at(start, TOKYO), QUIET, TOKYO), TOKYO) == end


def test_quiet_hours_within_one_day_and_none() -> None:
    t = at("2024-05-02T13:30", TOKYO)
    assert show(out_of_quiet(t, (780, 900), TOKYO), TOKYO) == "2024-05-02T15:00"
    assert out_of_quiet(t, None, TOKYO) == t
    assert out_of_quiet(t, (600, 600), TOKYO) == t


def test_x16_quiet_hours_are_the_persons() -> None:
    """The office in Tokyo opens at midnight UTC; in New York it is evening, quiet until 08:00, when Tokyo is closed."""
    t = at("2024-05-02T08:00", TOKYO)
    late = Window(18 * 60, 23 * 60)
    got = clip(t, late, MON_FRI, TOKYO, QUIET, "America/New_York")
    assert show(got, "America/New_York") == "2024-05-02T08:00"
    assert show(got, TOKYO) == "2024-05-02T21:00"


def test_a_window_inside_the_quiet_hours_is_given_up() -> None:
    with pytest.raises(NeverOpen):
        clip(at("2024-05-02T08:00", TOKYO), OFFICE, MON_FRI, TOKYO, (8 * 60, 18 * 60), TOKYO)


def test_a_window_without_working_days_is_given_up() -> None:
    with pytest.raises(NeverOpen):
        next_open(at("2024-05-02T08:00", TOKYO), OFFICE, WorkingCalendar(Calendar("rest", working_days=())), TOKYO)


def test_x16_the_minute_of_the_day() -> None:
    assert show(at_minute(at("2024-05-02T15:00", TOKYO), 9 * 60, TOKYO), TOKYO) == "2024-05-02T09:00"


def open_by_rule(t: int, window: Window, zone: str) -> bool:
    """X16 said anew: some day's interval, a working one unless every day, holds t."""
    today = local_day(t, zone)
    for day in range(today - 2, today + 2):
        last = day + (window.start >= window.end)
        inside = reach(day, window.start * MINUTE, zone) <= t < reach(last, window.end * MINUTE, zone)
        if inside and (window.every_day or weekday(day) < 5):
            return True
    return False


@given(instants, windows, zones)
def test_x16_open_by_brute_force(t: int, window: Window, zone: str) -> None:
    assert (next_open(t, window, MON_FRI, zone) == t) == open_by_rule(t, window, zone)


@examples(40)
@given(instants, windows, zones)
def test_x16_next_open_is_the_first(t: int, window: Window, zone: str) -> None:
    opens = next_open(t, window, MON_FRI, zone)
    assert opens >= t
    assert open_by_rule(opens, window, zone)
    if opens > t:
        assert not open_by_rule(opens - 1, window, zone)
        step = max((opens - t) // 50, 1)
        assert not any(open_by_rule(u, window, zone) for u in range(t, opens, step))


@given(instants, windows, zones, st.tuples(minutes, minutes), zones)
def test_clip_rests_in_the_window_and_outside_the_quiet_hours(
    t: int, window: Window, zone: str, quiet: tuple[int, int], person: str
) -> None:
    try:
        got = clip(t, window, MON_FRI, zone, quiet, person)
    except NeverOpen:
        return
    assert got >= t
    assert open_by_rule(got, window, zone)
    assert out_of_quiet(got, quiet, person) == got
    assert clip(got, window, MON_FRI, zone, quiet, person) == got
