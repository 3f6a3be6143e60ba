"""Zones, instants and durations that the tests of times draw from, and an oracle that knows only zoneinfo."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from dsl.program.conditions import Duration, Unit
from runtime.times.zones import MINUTE

ZONES = (
    "America/Sao_Paulo",  # no 00:00 on the day summer time began; fell back at midnight
    "Asia/Beirut",  # no 00:00
    "Pacific/Apia",  # no 30 December 2011
    "Australia/Lord_Howe",  # half an hour
    "America/Havana",  # no 00:00; 00:00 twice
    "America/St_Johns",  # changed at 00:01: the end of a day came again after midnight
    "Africa/Monrovia",  # a gap of 44:30 at midnight in 1972
    "Asia/Tokyo",
    "Europe/Berlin",
    "UTC",
)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# Instants near which something happens in one of the zones.
ODD_MOMENTS = (
    "2018-11-04T03:00",
    "2018-02-18T02:00",
    "2024-03-30T22:00",
    "2011-12-30T10:00",
    "2024-04-06T15:00",
    "2024-10-05T15:30",
    "2024-03-10T05:00",
    "2024-11-03T05:00",
    "2006-10-29T02:31",
    "2006-04-02T03:31",
    "1972-01-07T00:44",
    "2024-03-31T01:00",
    "2024-02-29T12:00",
    "2023-01-31T12:00",
    "2023-12-31T23:00",
    "1969-12-31T23:59",
)


def us(text: str) -> int:
    """The instant of an ISO text in UTC."""
    return (datetime.fromisoformat(text).replace(tzinfo=UTC) - EPOCH) // timedelta(microseconds=1)


def at(text: str, zone: str) -> int:
    """The instant of an ISO text on the clock of a zone, the first of two."""
    return (datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC) - EPOCH) // timedelta(
        microseconds=1
    )


def clock(t: int, zone: str) -> datetime:
    return (EPOCH + timedelta(microseconds=t)).astimezone(ZoneInfo(zone)).replace(tzinfo=None)


def show(t: int, zone: str) -> str:
    return clock(t, zone).isoformat(timespec="minutes")


zones = st.sampled_from(ZONES)
ordinary = st.integers(us("1971-01-01"), us("2090-01-01"))
odd = st.builds(
    lambda m, shift: us(m) + shift, st.sampled_from(ODD_MOMENTS), st.integers(-4 * 1440 * MINUTE, 4 * 1440 * MINUTE)
)
round_odd = st.builds(lambda m, n: us(m) + n * 15 * MINUTE, st.sampled_from(ODD_MOMENTS), st.integers(-400, 400))
instants = st.one_of(odd, round_odd, ordinary)
day_lengths = st.builds(Duration, st.integers(1, 40), st.sampled_from([Unit.DAYS, Unit.WEEKS, Unit.MONTHS, Unit.YEARS]))
lengths = st.one_of(day_lengths, st.builds(Duration, st.integers(1, 200), st.sampled_from([Unit.MINUTES, Unit.HOURS])))
