"""When a schedule or a date of its own starts somebody next, in words for `why` and for tests."""

from __future__ import annotations

from dsl.program.conditions import Missing
from dsl.program.definitions import Definition, OnDate, OnSchedule
from dsl.schema.model import Calendar, Kind

from ..reading.values import instant
from ..times import occurrences, zones
from ..times.calendars import working_calendar
from ..times.moments import Moments
from .evidence import Evidence


def by_clock(evidence: Evidence, d: Definition, since: int) -> str:
    """`next at 2026-03-09 09:00`, `renewal is 2026-03-10: at 2026-03-07 00:00`; `since`: when it went live."""
    t, zone, trigger = evidence.at, evidence.scope.zone, d.trigger
    if isinstance(trigger, OnDate):
        told, found = evidence.because(Missing(trigger.value)), evidence.worked_out(trigger.value)
        if found is None:
            return told
        calendars, project = evidence.scope.program.project.calendars, evidence.scope.program.project
        calendar: Calendar | None = calendars.get(d.pinned.calendar or project.account.calendar or "")
        moments = Moments.of(trigger, zone, working_calendar(calendar))
        moment = moments.at(found if isinstance(found, int) else str(found))
        return f"{told}: {'at' if moment > t else 'was at'} {instant(moment, zone)}"
    assert isinstance(trigger, OnSchedule)
    if trigger.date is None:
        coming = occurrences.next_moment(trigger, t, since, zone)
        return f"next at {instant(coming, zone)}" if coming is not None else "never again"
    told, found = evidence.because(Missing(trigger.date)), evidence.worked_out(trigger.date)
    if found is None:
        return told
    day = zones.epoch_day(str(found)) if trigger.date.type.kind is Kind.DATE else zones.local_day(int(str(found)), zone)
    return f"{told}: next at {instant(occurrences.next_anniversary(day, trigger.at, t, zone), zone)}"
