"""What ends an enrollment before its last step, and what switches or wakes it (X6, X18, S20, S37)."""

from __future__ import annotations

from typing import Any

from dsl.program import blocks as b
from tests.runtime.engine.dates import Moment

from .entering import Entering
from .people import Enrollment


class Leaving(Entering):
    def stop(self, t: Moment) -> bool:
        gathered = [(e, self.guard(e, t)) for e in self.enrollments if e.ended is None]
        ends = [(e, reason) for e, reason in gathered if reason is not None]
        for e, reason in ends:
            self.end(e, t, "unenrolled", reason)
        self.meet_later(t)
        left = [e for e in self.enrollments if e.ended is None]
        switched = [self.switch(e, t) for e in left]
        for e in left:
            self.wake(e, t)
        return bool(ends) or any(switched)

    def meet_later(self, t: Moment) -> None:
        """Who finished a workflow may meet its goal afterwards, once (M23)."""
        for e in self.enrollments:
            goal = e.definition.guards.goal if e.definition.kind == "workflow" else None
            if goal is None or e.status != "finished" or e.met_later or not e.person.exists:
                continue
            if self.holds(goal, e.person, t, e):
                e.met_later = True
                self.note(e, t, "goal", None, "met")

    def switch(self, e: Enrollment, t: Moment) -> bool:
        """To the steps that a person leads, once somebody engaged."""
        if e.engaged or not e.definition.pinned.engage or not self.has_engaged(e):
            return False
        e.engaged, e.block, e.due = True, e.definition.pinned.graph.rep_led or 0, t
        e.began, e.waited, e.status = None, False, "active"
        self.note(e, t, "switch", "rep_led", "done")
        return True

    def wake(self, e: Enrollment, t: Moment) -> None:
        """Whoever waits for what came, or for a date that is another one now."""
        if e.status != "active" or e.began is None or e.due is None or e.due <= t:
            return
        block = self.block(e)
        if isinstance(block, b.WaitEvent | b.WaitCondition) and self.come_true(e, block, t):
            e.due = t
        if isinstance(block, b.WaitDate) and self.value(block.value, e.person, e, None, t) != e.date:
            e.due = e.began = t

    def guard(self, e: Enrollment, t: Moment) -> str | None:
        return self.stopped_by_event(e) or self.stopped_by_condition(e, t) or self.taken_out(e)

    def stopped_by_event(self, e: Enrollment) -> str | None:
        guards = e.definition.guards
        later = [(p, v) for p, v in self.events if v.at > e.enrolled_at]
        for match, reason in guards.stop_on:
            if any(p is e.person and self.matches(match, v, p, e) for p, v in later):
                return reason
        mates = [(p, v) for p, v in later if p is e.person or (p.company is not None and p.company == e.person.company)]
        if any(self.matches(match, v, p, e) for match in guards.stop_company_on for p, v in mates):
            return "company"
        return None

    def stopped_by_condition(self, e: Enrollment, t: Moment) -> str | None:
        guards = e.definition.guards
        for reason, condition in (
            ("goal", guards.goal),
            ("stop_when", guards.stop_when),
            ("suppressed", guards.suppress),
        ):
            if condition is not None and self.holds(condition, e.person, t, e):
                return reason
        return None

    def taken_out(self, e: Enrollment) -> str | None:
        of = (e.definition.kind, e.definition.name)
        out = any(p is e.person and v.kind == "!unenroll" and v.fields["to"] == of for p, v in self.events)
        return "manual" if out else None

    def has_engaged(self, e: Enrollment) -> bool:
        number = self.enrollments.index(e)
        if not any(p is e.person for p, _ in self.events):
            return False
        mine = [v for v in e.person.events if v.of == number and e.sent.get(v.ordinal or -1)]
        for match in e.definition.pinned.engage:
            if sum(self.matches(match, v, e.person, e) for v in mine) >= match.at_least:
                return True
        return False

    def come_true(self, e: Enrollment, block: Any, t: Moment) -> bool:
        if isinstance(block, b.WaitCondition):
            return self.holds(block.condition, e.person, t, e)
        return any(
            sum(1 for v in e.person.events if v.at > e.began and self.matches(m, v, e.person, e)) >= m.at_least
            for m in block.events
        )
