"""Dates against now in plain Python, by walking the calendar day by day (X13, X14)."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from dsl.program import conditions as c

Moment = datetime  # aware, UTC


class Dates:
    """Tests of one stored value, an instant or a date in ISO, at `t` in the account's zone."""

    zone: ZoneInfo

    def date_test(self, x: Any, op: str, length: c.Duration, t: Moment) -> bool:
        """X14, by walking the calendar: days are whole local days, counted forward from the stored value."""
        if x is None:
            return False
        today = t.astimezone(self.zone).date()
        if isinstance(x, str):
            day = date.fromisoformat(x)
            if op == "within_next":
                return today <= day < add(today, length)
            gone = add(day, length) <= today
            return gone if op == "older_than" else (not gone and day <= today)
        if length.unit in (c.Unit.HOURS, c.Unit.MINUTES):
            span = timedelta(hours=length.n) if length.unit is c.Unit.HOURS else timedelta(minutes=length.n)
            if op == "within_next":
                return t <= x <= t + span
            return x + span <= t if op == "older_than" else (x + span > t and x <= t)
        day = x.astimezone(self.zone).date()
        if op == "within_next":
            return t <= x and day < add(today, length)
        gone = add(day, length) <= today
        return gone if op == "older_than" else (not gone and x <= t)

    def against_ago(self, x: Any, op: str, length: c.Duration, t: Moment) -> bool:
        """X14: of days and longer, the whole day from which the length leads to today."""
        if x is None:
            return False
        if length.unit in (c.Unit.HOURS, c.Unit.MINUTES):
            minutes = length.n * (60 if length.unit is c.Unit.HOURS else 1)
            return compare(x, op, t - timedelta(minutes=minutes))
        day = date.fromisoformat(x) if isinstance(x, str) else x.astimezone(self.zone).date()
        return compare(add(day, length), op, t.astimezone(self.zone).date())

    def in_period(self, x: Any, which: str, unit: str, t: Moment) -> bool:
        if x is None:
            return False
        day = date.fromisoformat(x) if isinstance(x, str) else x.astimezone(self.zone).date()
        shift = {"last": -1, "this": 0, "next": 1}[which]
        return number(day, unit) - number(t.astimezone(self.zone).date(), unit) == shift


def number(day: date, unit: str) -> int:
    """Weeks, months, quarters and years, counted from some day long ago."""
    months = day.year * 12 + day.month - 1
    return {"week": (day.toordinal() - 1) // 7, "month": months, "quarter": months // 3, "year": day.year}[unit]


def add(day: date, length: c.Duration) -> date:
    if length.unit is c.Unit.DAYS:
        return day + timedelta(days=length.n)
    if length.unit is c.Unit.WEEKS:
        return day + timedelta(weeks=length.n)
    months = length.n * (12 if length.unit is c.Unit.YEARS else 1)
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    for number in range(day.day, 27, -1):
        try:
            return date(year, month + 1, number)
        except ValueError:
            continue
    return date(year, month + 1, day.day)


def compare(x: Any, op: str, y: Any) -> bool:
    if x is None or y is None:
        return False
    if isinstance(x, str) and isinstance(y, str) and op in ("=", "!="):
        return (x.casefold() == y.casefold()) == (op == "=")
    return {"=": x == y, "!=": x != y, "<": x < y, "<=": x <= y, ">": x > y, ">=": x >= y}[op]
