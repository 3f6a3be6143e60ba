"""Days, weeks, months, quarters and years as whole numbers that follow each other, in SQL and in Python.

Both databases work them out by whole-number arithmetic alone, so that they agree to the last instant: an instant
becomes the day of the account's clock by the zone's own shifts (`times.zones`), and a day the number of its period.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from ..times.zones import DAY, day_shifts

_AHEAD = 800_000  # days; so that what is divided is never below nought
_TO_MARCH = 719_468  # days from 1 March of the year 0, when leap days come last, to 1970-01-01
_ERA = 146_097  # days of 400 years
_MONDAY = 3  # 1970-01-01 was a Thursday
_EPOCH = date(1970, 1, 1).toordinal()
_MONTHS = {"month": 1, "quarter": 3, "year": 12}


def local_day(at: str, zone: str) -> str:
    """SQL of the local day, counted from 1970-01-01, of the instant `at`; NULL of NULL."""
    return f"(({at} + {_shift(at, day_shifts(zone))} + {_AHEAD * DAY}) / {DAY} - {_AHEAD})"


def _shift(at: str, shifts: Sequence[tuple[int, int]]) -> str:
    """The shift that holds at an instant, found by halves: a zone has had a few hundred."""
    if len(shifts) == 1:
        return str(shifts[0][1])
    half = len(shifts) // 2
    return f"CASE WHEN {at} < {shifts[half][0]} THEN {_shift(at, shifts[:half])} ELSE {_shift(at, shifts[half:])} END"


def numbered(day: str, per: str) -> str:
    """SQL of the number of the period that holds a day; `per` is day, week, month, quarter or year."""
    match per:
        case "day":
            return day
        case "week":
            return f"(({day} + {_MONDAY + _AHEAD // 7 * 7}) / 7 - {_AHEAD // 7})"
    size = _MONTHS[per]
    return _month(day) if size == 1 else f"({_month(day)} / {size})"


def _month(day: str) -> str:
    """Months since January of the year 0. Years begin in March here, so that their months lie evenly."""
    of_era = f"(({day} + {_TO_MARCH}) % {_ERA})"
    year = f"(({of_era} - {of_era} / 1460 + {of_era} / 36524 - {of_era} / {_ERA - 1}) / 365)"
    of_year = f"({of_era} - (365 * {year} + {year} / 4 - {year} / 100))"
    return f"(((({day} + {_TO_MARCH}) / {_ERA}) * 400 + {year}) * 12 + (5 * {of_year} + 2) / 153 + 2)"


def first_day(number: int, per: str) -> str:
    """The first day of a period, `2026-03-01`: so a period is called."""
    match per:
        case "day":
            return _iso(number)
        case "week":
            return _iso(number * 7 - _MONDAY)
    year, month = divmod(number * _MONTHS[per], 12)
    return date(min(max(year, 1), 9999), month + 1, 1).isoformat()


def _iso(day: int) -> str:
    return date.fromordinal(min(max(day + _EPOCH, 1), date.max.toordinal())).isoformat()


def called(first: str, per: str) -> str:
    """A period by its first day, as people write it: `2026-03`, `2026 Q1`, `2026-W10`, `2026`."""
    match per:
        case "month":
            return first[:7]
        case "quarter":
            return f"{first[:4]} Q{(int(first[5:7]) + 2) // 3}"
        case "year":
            return first[:4]
        case "week":
            year, week, _ = date.fromisoformat(first).isocalendar()
            return f"{year}-W{week:02}"
    return first
