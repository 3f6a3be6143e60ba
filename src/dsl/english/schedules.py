"""Schedules in words: as an author would write them, and in English."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from cronsim import CronSim

from ..program.definitions import OnSchedule
from .literals import duration

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_ANY = datetime(2026, 1, 1, tzinfo=UTC)  # explaining needs a start, and does not look at it
_SIMPLE = re.compile(r"(\d+) (\d+) (\*|\d+) \* (\*|[0-7]|1-5)\Z")


def schedule(s: OnSchedule) -> str:
    """`every monday 09:00`, `every year on renewal_date at 09:00`, `every 2 weeks`, `every "*/5 * * * *"`"""
    if s.once is not None:
        return f"at {s.once.replace('T', ' ')}"
    if s.interval is not None:
        return f"every {duration(s.interval)}"
    if s.date is not None:
        return f"every year on {'.'.join((*s.date.path, s.date.property))} at {clock(s.at or 0)}"
    simple = _SIMPLE.match(s.cron)
    if simple is None:
        return f'every "{s.cron}"'
    minute, hour, day, weekday = simple.groups()
    at = clock(int(hour) * 60 + int(minute))
    if day != "*":
        return f"every month on {day} at {at}" if weekday == "*" else f'every "{s.cron}"'
    if weekday == "*":
        return f"every day {at}"
    return f"every {'weekday' if weekday == '1-5' else DAYS[(int(weekday) - 1) % 7]} {at}"


def spoken(s: OnSchedule) -> str:
    """`At 09:00 on Monday`"""
    if s.cron and not s.interval and s.date is None:
        return CronSim(s.cron, _ANY).explain()
    return schedule(s)


def clock(minute: int) -> str:
    """`09:00`, of a minute of the day."""
    return f"{minute // 60:02}:{minute % 60:02}"
