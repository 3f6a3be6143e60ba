"""Waits: for a length of time, an event, a condition, a clock, a date (X16, X17, W10)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from dsl.program import blocks as b
from dsl.program.conditions import Unit
from tests.runtime.engine.dates import Moment

from .clocks import clock
from .leaving import Leaving
from .people import Enrollment

Wait = b.Wait | b.WaitEvent | b.WaitCondition | b.WaitClock | b.WaitDate


class Waiting(Leaving):
    def wait(self, e: Enrollment, block: Wait, t: Moment) -> None:
        match block:
            case b.Wait():
                e.due = self.later(t, block.length, self.zone_of(e))
                e.block, e.waited, e.began = block.next, True, None
            case b.WaitEvent() | b.WaitCondition():
                self.wait_until(e, block, t)
            case b.WaitClock():
                self.wait_clock(e, block, t)
            case b.WaitDate():
                self.wait_date(e, block, t)

    def wait_until(self, e: Enrollment, block: Any, t: Moment) -> None:
        new = e.began is None
        if new:
            e.began = e.enrolled_at if e.ordinal == 0 and not e.waited else t
        if self.come_true(e, block, t):
            self.waited(e, block.next, t, "happened")
        elif new:
            e.due = self.later(t, block.up_to, self.zone_of(e))
        else:
            self.waited(e, block.timeout, t, "timeout")

    def wait_clock(self, e: Enrollment, block: b.WaitClock, t: Moment) -> None:
        if e.began is not None:
            e.due, e.block, e.waited, e.began = t, block.next, True, None
            return
        zone = self.zone_of(e)
        days = (t.astimezone(zone).date() + timedelta(days=i) for i in range(15))
        moments = (clock(x, block.at, zone) for x in days if block.weekday in (None, x.weekday()))
        e.due, e.began = next(m for m in moments if m > t), t

    def wait_date(self, e: Enrollment, block: b.WaitDate, t: Moment) -> None:
        e.began, e.date = e.began or t, self.value(block.value, e.person, e, None, t)
        e.due = self.appointment(e, block)
        if e.due is None or e.due <= t:
            late = e.due is None or e.due < e.began
            self.waited(e, block.timeout if late else block.next, t, "timeout" if late else "happened")

    def appointment(self, e: Enrollment, block: b.WaitDate) -> Moment | None:
        """A date at its time of day, an instant as it is, moved on their clock."""
        zone, at, moved = self.zone_of(e), e.date, block.moved
        if at is None:
            return None
        if isinstance(at, str):
            day = date.fromisoformat(at)
            elapses = moved is None or moved.unit in (Unit.MINUTES, Unit.HOURS)
            start = clock(day if elapses else self.day_after(day, moved), block.at or 0, zone)
            return self.later(start, moved, zone) if moved and elapses else start
        if moved is None:
            return at
        if block.at is not None:
            return clock(self.day_after(at.astimezone(zone).date(), moved), block.at, zone)
        return self.later(at, moved, zone)

    def waited(self, e: Enrollment, block: int, t: Moment, outcome: str) -> None:
        self.note(e, t, "wait", None, outcome)
        e.block, e.due, e.began, e.waited = block, t, None, True
