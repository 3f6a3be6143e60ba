"""Days and periods by whole-number arithmetic, against the engine's own zones and Python's calendar."""

from __future__ import annotations

import sqlite3
from datetime import date

import pytest

from runtime.reports.periods import first_day, local_day, numbered
from runtime.times import zones
from tests.runtime.reports import oracle

_EPOCH = date(1970, 1, 1).toordinal()


@pytest.mark.parametrize("zone", ["America/Sao_Paulo", "Asia/Beirut", "America/St_Johns", "Pacific/Apia", "UTC"])
def test_x13_days_turn_at_the_instant_of_the_zone(zone: str) -> None:
    """Some zones change their clocks at midnight, one repeated the end of a day, one left a day out."""
    shifts = [at for at, _ in zones.day_shifts(zone)[1:]]
    midnights = [zones.day_start(day, zone) for day in range(-400, 22_000, 731)]
    instants = [at + near for at in (*shifts, *midnights) for near in (-1, 0, 1)]
    sql = f"SELECT {local_day('x.at', zone)} FROM (SELECT ? AS at) x"
    with sqlite3.connect(":memory:") as database:
        found = [database.execute(sql, (at,)).fetchone()[0] for at in instants]
    assert found == [zones.local_day(at, zone) for at in instants]


@pytest.mark.parametrize("per", oracle.PERIODS)
def test_periods_are_those_of_the_calendar(per: str) -> None:
    days = [*range(-60_000, 120_000, 97), *range(10_900, 11_400), *range(-800, 400)]
    with sqlite3.connect(":memory:") as database:
        sql = f"SELECT {numbered('x.day', per)} FROM (SELECT ? AS day) x"
        numbers = {day: database.execute(sql, (day,)).fetchone()[0] for day in days}
    calendar = {day: date.fromordinal(day + _EPOCH) for day in days}
    assert [first_day(numbers[day], per) for day in days] == [
        oracle.period(calendar[day], per).isoformat() for day in days
    ]
    following = oracle.following(oracle.period(calendar[0], per), per)
    assert first_day(numbers[0] + 1, per) == following.isoformat()
