"""X13, X15: what `wait D` adds."""

from __future__ import annotations

import pytest
from hypothesis import given

from dsl.program.conditions import Duration, Unit
from runtime.times.calendars import WorkingCalendar
from runtime.times.durations import after

from .clock import at, clock, instants, lengths, show, zones

CALENDAR = WorkingCalendar()


@pytest.mark.parametrize(
    ("zone", "start", "length", "end"),
    [
        ("Europe/Berlin", "2024-03-30T12:00", Duration(1, Unit.DAYS), "2024-03-31T12:00"),  # same clock time
        ("Europe/Berlin", "2024-03-30T12:00", Duration(24, Unit.HOURS), "2024-03-31T13:00"),  # elapsed
        ("Europe/Berlin", "2024-03-30T02:30", Duration(1, Unit.DAYS), "2024-03-31T03:30"),  # the gap moves forward
        ("Europe/Berlin", "2024-01-31T09:00", Duration(1, Unit.MONTHS), "2024-02-29T09:00"),
        ("Asia/Tokyo", "2024-02-29T09:00", Duration(1, Unit.YEARS), "2025-02-28T09:00"),
        ("Asia/Tokyo", "2024-05-03T17:05", Duration(3, Unit.BUSINESS_DAYS), "2024-05-08T17:05"),
        ("Asia/Tokyo", "2024-05-04T10:00", Duration(1, Unit.BUSINESS_DAYS), "2024-05-06T10:00"),  # Saturday
        ("Asia/Tokyo", "2024-05-04T10:00", Duration(0, Unit.BUSINESS_DAYS), "2024-05-04T10:00"),
        ("Asia/Tokyo", "2024-05-04T10:00", Duration(90, Unit.MINUTES), "2024-05-04T11:30"),
        ("Asia/Tokyo", "2024-05-04T10:00", Duration(-2, Unit.WEEKS), "2024-04-20T10:00"),
    ],
)
def test_x13_x15_waits(zone: str, start: str, length: Duration, end: str) -> None:
    assert show(after(at(start, zone), length, zone, CALENDAR), zone) == end


@given(instants, lengths, zones)
def test_a_wait_ends_later_than_it_began(t: int, length: Duration, zone: str) -> None:
    assert after(t, length, zone, CALENDAR) > t


@given(instants, zones)
def test_x13_a_day_keeps_the_clock_time_unless_it_does_not_exist(t: int, zone: str) -> None:
    before, later = clock(t, zone), clock(after(t, Duration(1, Unit.DAYS), zone, CALENDAR), zone)
    assert before.time() == later.time() or later.date() >= before.date()
