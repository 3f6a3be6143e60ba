"""X15: business days, against numpy."""

from __future__ import annotations

import numpy
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dsl.schema.model import Calendar
from runtime.errors import NeverOpen, UnknownCalendar
from runtime.times.calendars import WorkingCalendar, working_calendar
from runtime.times.zones import epoch_day, iso_date, weekday

MON_FRI = WorkingCalendar()
FRIDAY, SATURDAY, SUNDAY, MONDAY = (epoch_day(f"2024-05-{d:02}") for d in (3, 4, 5, 6))
days = st.integers(epoch_day("1980-01-01"), epoch_day("2060-01-01"))
masks = st.lists(st.booleans(), min_size=7, max_size=7).filter(any)


def test_x15_saturday_monday_is_day_one() -> None:
    assert MON_FRI.add_business_days(SATURDAY, 1) == MONDAY
    assert MON_FRI.add_business_days(SUNDAY, 1) == MONDAY
    assert MON_FRI.add_business_days(FRIDAY, 1) == MONDAY


def test_x15_no_business_days_is_the_same_day() -> None:
    assert MON_FRI.add_business_days(SATURDAY, 0) == SATURDAY


def test_x4_business_days_before_a_date_mirror_those_after() -> None:
    assert MON_FRI.add_business_days(SATURDAY, -1) == FRIDAY
    assert MON_FRI.add_business_days(MONDAY, -1) == FRIDAY


@given(days, st.integers(1, 800), masks, st.lists(st.integers(0, 900), max_size=30))
def test_x15_equals_numpy_rolling_backward(day: int, n: int, mask: list[bool], off: list[int]) -> None:
    holidays = [iso_date(day + shift) for shift in off]
    ours = WorkingCalendar(
        Calendar("c", working_days=tuple(i for i, on in enumerate(mask) if on), holidays=tuple(holidays))
    ).add_business_days(day, n)
    theirs = numpy.busday_offset(iso_date(day), n, roll="backward", weekmask=mask, holidays=holidays)
    assert iso_date(ours) == str(theirs)


@given(days, st.integers(1, 300))
def test_x15_equals_numpy_rolling_forward_before(day: int, n: int) -> None:
    theirs = numpy.busday_offset(iso_date(day), -n, roll="forward")
    assert iso_date(MON_FRI.add_business_days(day, -n)) == str(theirs)


@given(days)
def test_working_days_are_those_of_the_week(day: int) -> None:
    assert MON_FRI.is_working(day) == (weekday(day) < 5)


def test_x15_public_holidays_of_the_country() -> None:
    tokyo = working_calendar(Calendar("tokyo", country="JP"))
    assert not tokyo.is_working(epoch_day("2024-05-03"))  # Constitution Day, then a long weekend with a day in lieu
    assert iso_date(tokyo.add_business_days(epoch_day("2024-05-02"), 1)) == "2024-05-07"


def test_x15_public_holidays_of_a_part_of_the_country() -> None:
    assert not working_calendar(Calendar("by", country="DE", subdivision="BY")).is_working(epoch_day("2024-05-30"))
    assert working_calendar(Calendar("be", country="DE", subdivision="BE")).is_working(epoch_day("2024-05-30"))


def test_own_holidays_and_workdays_win() -> None:
    own = Calendar("own", country="JP", holidays=("2024-05-08",), workdays=("2024-05-03", "2024-05-04"))
    calendar = working_calendar(own)
    assert calendar.working_days(FRIDAY, epoch_day("2024-05-09")) == [
        FRIDAY,
        SATURDAY,
        epoch_day("2024-05-07"),
        epoch_day("2024-05-09"),
    ]


@pytest.mark.parametrize(
    "calendar", [Calendar("atlantis", country="XX"), Calendar("x", country="DE", subdivision="XX")]
)
def test_an_unknown_country_is_named(calendar: Calendar) -> None:
    with pytest.raises(UnknownCalendar, match=calendar.name):
        WorkingCalendar(calendar).is_working(MONDAY)


def test_a_calendar_without_working_days_is_an_error() -> None:
    with pytest.raises(NeverOpen, match="rest"):
        WorkingCalendar(Calendar("rest", working_days=())).add_business_days(MONDAY, 1)


def test_years_are_filled_in_on_demand() -> None:
    calendar = WorkingCalendar()
    assert iso_date(calendar.add_business_days(MONDAY, 20_000)) == str(numpy.busday_offset("2024-05-06", 20_000))
    assert calendar.is_working(epoch_day("1900-01-01"))
