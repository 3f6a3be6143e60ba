"""Instants in somebody's zone: local times, windows, quiet hours, lengths of time (X13, X15, W14)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from dsl.program import conditions as c
from tests.runtime.engine.dates import Moment, add

from .people import Enrollment, Person
from .state import State


class Clocks(State):
    def zone_of(self, e: Enrollment) -> ZoneInfo:
        user = self.program.project.users.get(e.sender or "")
        named = {
            "contact": [e.person.props.get("time_zone"), user.time_zone if user else None],
            "sender": [user.time_zone if user else None],
        }
        return next((ZoneInfo(z) for z in named.get(e.definition.pinned.zone, []) if z), self.zone)

    def opens(self, e: Enrollment, t: Moment, zone: ZoneInfo, mail: bool = False, to: Person | None = None) -> Moment:
        """Quiet hours are those of mail alone. `to`: somebody else than the one enrolled."""
        window = e.definition.pinned.window
        step = self.step if (t - self.begun) % self.step == timedelta(0) else timedelta(minutes=1)
        for minute in range(0, 20 * 24 * 60, int(step / timedelta(minutes=1))):
            at = t + timedelta(minutes=minute)
            local = at.astimezone(zone)
            if window is not None and not (
                (window.every_day or local.weekday() < 5)
                and window.start <= local.hour * 60 + local.minute < window.end
            ):
                continue
            if not (mail and self.quiet(e, at, to)):
                return at
        raise AssertionError("never open")

    def quiet(self, e: Enrollment, t: Moment, to: Person | None = None) -> bool:
        hours = self.program.project.limits.quiet_hours
        if hours is None:
            return False
        theirs = t.astimezone(ZoneInfo((to.props.get("time_zone") if to is not None else e.zone) or self.zone.key))
        m = theirs.hour * 60 + theirs.minute
        return hours[0] <= m < hours[1] if hours[0] < hours[1] else m >= hours[0] or m < hours[1]

    def later(self, t: Moment, length: c.Duration, zone: ZoneInfo) -> Moment:
        if length.unit is c.Unit.MINUTES:
            return t + timedelta(minutes=length.n)
        if length.unit is c.Unit.HOURS:
            return t + timedelta(hours=length.n)
        local = t.astimezone(zone)
        return clock(self.day_after(local.date(), length), local.hour * 60 + local.minute, zone)

    def day_after(self, day: date, length: c.Duration) -> date:
        """Back if the length is negative."""
        if length.unit is not c.Unit.BUSINESS_DAYS:
            return add(day, length)
        left, step = abs(length.n), timedelta(days=1 if length.n > 0 else -1)
        while left:
            day += step
            left -= day.weekday() < 5
        return day


def birthday(born: date, day: date) -> bool:
    """29 February is the 28th in a common year (W14)."""
    last = (day + timedelta(days=1)).month == 3 and day.month == 2 and day.day == 28
    return (born.month, born.day) in ([(2, 28), (2, 29)] if last else [(day.month, day.day)])


def clock(day: date, minute: int, zone: ZoneInfo) -> Moment:
    """The instant of a local time; one that does not exist moves forward, a doubled one is the first (X13)."""
    wall = datetime(day.year, day.month, day.day, minute // 60, minute % 60, tzinfo=zone, fold=0)
    back = wall.astimezone(ZoneInfo("UTC")).astimezone(zone)
    if back.replace(tzinfo=None) != wall.replace(tzinfo=None):
        return (wall.replace(tzinfo=None) - wall.utcoffset()).replace(tzinfo=ZoneInfo("UTC"))
    return wall.astimezone(ZoneInfo("UTC"))


def micros(t: Moment) -> int:
    return (t - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
