"""Times of day, spans of time and weekdays as segue.yaml writes them. None where a text is none."""

from __future__ import annotations

import re

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

_CLOCK = re.compile(r"(\d{1,2}):(\d{2})\Z")
_LENGTH = re.compile(r"(\d[\d_]*) (hour|day|week)s?\Z")
_KEEPING = re.compile(r"(\d[\d_]*) (day|week|month|year)s?\Z")
_HOURS = {"hour": 1, "day": 24, "week": 7 * 24}
_DAYS = {"day": 1, "week": 7, "month": 31, "year": 366}
_MOST_DAYS = 200 * 366  # as in rules


def minutes_of_day(text: str) -> int | None:
    """`09:30` as 570; 24:00 is the end of the day."""
    found = _CLOCK.match(text.strip())
    if found is None:
        return None
    minutes = int(found[1]) * 60 + int(found[2])
    return minutes if int(found[2]) < 60 and minutes <= 24 * 60 else None


def day_span(text: str) -> tuple[int, int] | None:
    """`21:00-08:00` in minutes of the day; it may cross midnight, but not be empty (X16)."""
    start, dash, end = text.partition("-")
    first, last = minutes_of_day(start), minutes_of_day(end)
    if not dash or first is None or last is None or first % 1440 == last % 1440:
        return None
    return first % 1440, last


def hours(text: str) -> int | None:
    """`24 hours`, `2 days`, `1 week` in hours; at most 200 years."""
    found = _LENGTH.match(text.strip())
    length = int(found[1].replace("_", "")) * _HOURS[found[2]] if found else None
    return length if length is not None and length <= 24 * _MOST_DAYS else None


def calendar_length(text: str) -> tuple[int, str] | None:
    """`90 days`, `2 years` as (2, "years"): whole days of the calendar, from one to 200 years."""
    found = _KEEPING.match(text.strip())
    n = int(found[1].replace("_", "")) if found else 0
    return (n, f"{found[2]}s") if found and 0 < n * _DAYS[found[2]] <= _MOST_DAYS else None


def weekdays(text: str) -> tuple[int, ...] | None:
    """`mon-fri`, `sun-thu` or `sat` as days of the week, Monday 0, in the order of the week."""
    first, dash, last = (part.strip().casefold() for part in text.partition("-"))
    if first not in WEEKDAYS or (dash and last not in WEEKDAYS):
        return None
    start = WEEKDAYS.index(first)
    length = (WEEKDAYS.index(last) - start) % 7 if dash else 0
    return tuple(sorted((start + i) % 7 for i in range(length + 1)))
