"""Advance: every enrollment that is due moves by one block, in sets of equal (version, block, zone).

All read the state the pass began with: what a block does to the world goes to the inbox or the outbox and is seen by
the next pass. So results do not depend on how the due ones are cut into groups (X12). Nothing here loops over contacts,
but for texts with merge fields, which are rendered.

Two instants: `t` is the one being worked through, at which waits are counted and decided; `now` is when effects
happen. They differ only when the engine is late (X12).
"""

from __future__ import annotations

from collections.abc import Mapping
from random import Random

from dsl.program.blocks import (
    Add,
    Assign,
    Block,
    Clear,
    Create,
    EnrollIn,
    Exit,
    Finish,
    If,
    JoinSegment,
    LeaveSegment,
    Link,
    LogNote,
    Notify,
    Send,
    SendTo,
    Set,
    Slack,
    Split,
    Subscribe,
    Task,
    UnenrollFrom,
    Unsubscribe,
    Wait,
    WaitClock,
    WaitCondition,
    WaitDate,
    WaitEvent,
    Webhook,
)

from ...store.dialect import due_at
from ...store.session import Session
from ...times.calendars import WorkingCalendar
from ..leaving.ending import Ending
from ..rules import Rules
from .appointments import Appointments
from .assigning import Assigning
from .calls import Calls
from .consents import Consents
from .creating import Creating
from .linking import Linking
from .mailing import Mailing
from .moving import Group
from .people import People
from .waits import Waits
from .writes import Writes


class Advance:
    """`batch`: how many enrollments one set of statements moves at most; `order` shuffles the groups."""

    def __init__(
        self,
        session: Session,
        rules: Rules,
        ending: Ending,
        calendars: Mapping[str | None, WorkingCalendar],
        batch: int,
        order: Random | None = None,
    ) -> None:
        self.session, self.rules, self.ending = session, rules, ending
        self.batch, self.order = batch, order
        self.people = People(session, rules, ending, calendars)
        self.waits = Waits(session, rules, ending, calendars)
        self.appointments = Appointments(session, rules, ending, calendars)
        self.writes = Writes(session, rules, ending, calendars)
        self.consents = Consents(session, rules, ending, calendars)
        self.mailing = Mailing(session, rules, ending, calendars)
        self.creating = Creating(session, rules, ending, calendars)
        self.linking = Linking(session, rules, ending, calendars)
        self.assigning = Assigning(session, rules, ending, calendars)
        self.calls = Calls(session, rules, ending, calendars)

    def __call__(self, t: int, now: int) -> int:
        """Move everyone due at `t`; how many there were."""
        due = due_at(self.session.dialect, "e")
        found = int(self.session.one(f"SELECT count(*) FROM segue_enrollment e WHERE {due}", t=t))
        # Only who does not fit into one batch is counted out into several.
        slice_ = "(row_number() OVER (ORDER BY e.due, e.bucket, e.id) - 1) / :batch" if found > self.batch else "0"
        if found:
            self.session.tally["steps"] += found
            self.session.bound(
                "INSERT INTO mover SELECT e.bucket, e.id, e.version_id, e.block, e.zone, e.person_zone,"
                f" CASE WHEN e.by_hand AND e.last_step_at IS NULL AND NOT e.waited THEN 1 ELSE 0 END, {slice_}"
                f" FROM segue_enrollment e WHERE {due} ORDER BY 8, 3, 4, 1, 2",
                {"t": t} | ({"batch": self.batch} if found > self.batch else {}),
            )
            for group in self._groups():
                self._move(group, t, now)
            self.assigning.give(now)
            self.session.run("DELETE FROM mover")
            self.ending.finish(t)
        return found

    def _groups(self) -> list[Group]:
        rows = self.session.run(
            "SELECT DISTINCT slice, version_id, block, zone, person_zone, first_by_hand FROM mover ORDER BY 1,"
            " 2, 3, 4, 5, 6"
        )
        if self.order is not None:
            self.order.shuffle(rows)
        return [Group(s, self.rules.versions[v], b, z, p, bool(f)) for s, v, b, z, p, f in rows]

    def _move(self, g: Group, t: int, now: int) -> None:
        block: Block = g.version.pinned.graph.blocks[g.block]
        match block:
            case Wait():
                self.waits.wait(g, block, t)
            case WaitClock():
                self.appointments.wait_clock(g, block, t)
            case WaitDate():
                self.appointments.wait_date(g, block, t)
            case WaitEvent() | WaitCondition():
                self.waits.wait_until(g, block, t)
            case If():
                self.waits.branch(g, block, t)
            case Split():
                self.waits.split(g, block, t)
            case Exit(reason):
                self.waits.end(g, "exit", reason)
            case Finish():
                self.waits.finish(g, t)
            case _ if now > t:  # late: what came in meanwhile is heard first, a stop among it (X12)
                self.waits.hold(g, now)
            case Send() | SendTo() | Task() | Notify() | Slack() | Webhook():
                self._reach(g, block, now)
            case _:
                self._write(g, block, now)

    def _reach(self, g: Group, block: Send | SendTo | Task | Notify | Slack | Webhook, now: int) -> None:
        """What goes out to people."""
        match block:
            case Send():
                self.people.send(g, block, now)
            case SendTo():
                self.mailing.send_to(g, block, now)
            case Task():
                self.people.task(g, block, now)
            case Notify():
                self.people.notify(g, block, now)
            case Slack():
                self.calls.slack(g, block, now)
            case Webhook():
                self.calls.webhook(g, block, now)

    def _write(self, g: Group, block: Block, now: int) -> None:
        """What is asked of the inbox: values, records, links, consent, segments and other definitions."""
        match block:
            case Set():
                self.writes.set(g, block, now)
            case Clear():
                self.writes.clear(g, block, now)
            case Add():
                self.writes.add(g, block, now)
            case Create():
                self.creating.create(g, block, now)
            case LogNote():
                self.creating.log_note(g, block, now)
            case Link():
                self.linking.link(g, block, now)
            case Assign():
                self.assigning.assign(g, block, now)
            case JoinSegment() | LeaveSegment():
                self.writes.segment(g, block, now)
            case EnrollIn():
                self.writes.enroll_in(g, block, now)
            case UnenrollFrom():
                self.writes.unenroll_from(g, block, now)
            case Subscribe():
                self.consents.subscribe(g, block, now)
            case Unsubscribe():
                self.consents.unsubscribe(g, block, now)
