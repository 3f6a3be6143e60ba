"""Calendars: which days are worked (X15)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from ..diagnostics import Label
from .model import Calendar
from .names import Named
from .places import check_country, check_subdivision
from .reading import Reading
from .shape_of_project import CalendarShape
from .written_times import WEEKDAYS, weekdays

_MON_FRI = (0, 1, 2, 3, 4)


def read_calendars(shapes: Mapping[str, CalendarShape], reading: Reading) -> dict[str, Calendar]:
    """The calendars by name."""
    names = reading.names(shapes, Named.CALENDAR, "calendars")
    return {name: _calendar(name, shapes[name], reading) for name in names}


def _calendar(name: str, shape: CalendarShape, reading: Reading) -> Calendar:
    path = ("calendars", name)
    country = check_country(shape.country, (*path, "country"), reading) if shape.country is not None else None
    subdivision = None
    if shape.subdivision is not None:
        if shape.country is None:
            span = reading.key(*path, "subdivision")
            reading.problems.error("missing-key", "a subdivision needs its country", span, help="add `country: ..`")
        elif country is not None:
            subdivision = check_subdivision(shape.subdivision, country, (*path, "subdivision"), reading)
    holidays = _dates(shape.holidays, name, "holidays", reading)
    workdays = _dates(shape.workdays, name, "workdays", reading)
    for day in sorted(set(holidays) & set(workdays)):
        other = Label(reading.at(*path, "holidays", shape.holidays.index(day)), "off here")
        span = reading.at(*path, "workdays", shape.workdays.index(day))
        reading.problems.error(
            "wrong-value", f"{day} is both a holiday and a workday", span, "worked here", other=other
        )
    days = _working_days(shape.working_days, name, reading)
    return Calendar(name, country, subdivision, days, holidays, workdays, reading.key(*path))


def _working_days(written: object, name: str, reading: Reading) -> tuple[int, ...]:
    """`mon-fri`, or a list of days and ranges. No working day at all would let business days wait for ever."""
    path = ("calendars", name, "working_days")
    parts = written if isinstance(written, list) else [written]
    found: set[int] = set()
    for i, part in enumerate(parts):
        days = weekdays(part) if isinstance(part, str) else None
        if days is None:
            span = reading.at(*path, i) if isinstance(written, list) else reading.at(*path)
            help = f"write `mon-fri` or a list of {', '.join(WEEKDAYS)}"
            reading.problems.error("wrong-value", f"`{part}` is no weekday", span, help=help)
            return _MON_FRI
        found.update(days)
    if not found:
        reading.problems.error("wrong-value", "a calendar needs a working day", reading.at(*path))
        return _MON_FRI
    return tuple(sorted(found))


def _dates(written: list[str], name: str, setting: str, reading: Reading) -> tuple[str, ...]:
    good = []
    for i, text in enumerate(written):
        try:
            good.append(date.fromisoformat(text).isoformat())
        except ValueError:
            span = reading.at("calendars", name, setting, i)
            reading.problems.error("wrong-value", f"`{text}` is no date", span, help="write it as 2026-12-24")
    return tuple(good)
