"""The working days of `country: JP`, beside a list of Japan's public holidays from 1970 to 2050."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest

from dsl.schema.model import Calendar
from runtime.times.calendars import WorkingCalendar
from runtime.times.zones import epoch_day, to_date

from ..data import data_folder

FILE = data_folder("holidays-jp", "holidays.yml")


@pytest.mark.skipif(FILE is None, reason="the outside data is not here")
def test_s12_s13_japan_rests_on_the_days_that_its_government_named() -> None:
    assert FILE is not None
    listed = {date.fromisoformat(day) for day in re.findall(r"^([\d-]{10}):", FILE.read_text("utf-8"), re.MULTILINE)}
    assert len(listed) == 1_329
    first, last = date(1970, 1, 1), date(2050, 12, 31)
    every = (first + timedelta(days) for days in range((last - first).days + 1))
    worked = [day for day in every if day.weekday() < 5 and day not in listed]
    japan = WorkingCalendar(Calendar("tokyo", country="JP"))
    assert [to_date(day) for day in japan.working_days(epoch_day(first), epoch_day(last))] == worked


@pytest.mark.skipif(FILE is None, reason="the outside data is not here")
def test_s12_three_business_days_before_a_golden_week_lead_behind_it() -> None:
    """From 27 April to 6 May 2019 ten days in a row were off."""
    japan = WorkingCalendar(Calendar("tokyo", country="JP"))
    assert to_date(japan.add_business_days(epoch_day(date(2019, 4, 26)), 3)) == date(2019, 5, 9)
