"""Steps that write, link and sign up: effects that the next pass sees (X10, X23)."""

from __future__ import annotations

from typing import Any

from dsl.program import blocks as b
from dsl.program import conditions as c
from runtime.store.ids import record_id
from tests.runtime.engine.dates import Moment

from .people import Enrollment, Event
from .waiting import Waiting


class Effects(Waiting):
    def effect(self, e: Enrollment, block: b.Block, t: Moment) -> None:
        match block:
            case b.Set() | b.Clear() | b.Add():
                self.write_property(e, block, t)
            case b.JoinSegment() | b.LeaveSegment():
                joins = isinstance(block, b.JoinSegment)
                self.queue.append(("member", (e.person, block.segment, joins)))
                self.on(e, block.next, t, "add to" if joins else "remove from", f"segment {block.segment}")
            case b.Subscribe():
                self.on(e, block.next, t, "subscribe", block.topic)
            case b.Unsubscribe():
                self.queue.append(("event", (e.person, Event(t, "unsubscribed", {"topic": block.topic}))))
                self.on(e, block.next, t, "unsubscribe", block.topic or "all")
            case b.Create():
                row = {name: self.written(value, e, t) for name, value in block.fields} | {"created_at": t}
                number = self.enrollments.index(e)
                self.made[number, block.name or ""] = (f"{number}/{e.ordinal}", row)
                self.on(e, block.next, t, "create", block.object)
            case b.Link():
                self.link(e, block, t)
            case b.LogNote():
                self.on(e, block.next, t, "note", "")
            case b.Assign():
                self.taking.append((e.due, record_id("contact", e.person.name), self.enrollments.index(e), block))
            case b.EnrollIn() | b.UnenrollFrom():
                what = "enroll" if isinstance(block, b.EnrollIn) else "unenroll"
                self.queue.append((what, (e.person, (block.kind, block.name), e.sender)))
                self.on(e, block.next, t, what, f"{block.kind} {block.name}")
            case _:
                raise NotImplementedError(block)

    def write_property(self, e: Enrollment, block: b.Set | b.Clear | b.Add, t: Moment) -> None:
        if isinstance(block, b.Add):
            self.queue.append(("add", (e.person, block.property, self.written(block.amount, e, t))))
            self.on(e, block.next, t, "add", block.property)
            return
        new = self.written(block.value, e, t) if isinstance(block, b.Set) else None
        self.queue.append(("set", (e.person, block.property, new, e.person.name)))
        self.on(e, block.next, t, "set" if isinstance(block, b.Set) else "clear", block.property)

    def link(self, e: Enrollment, block: b.Link, t: Moment) -> None:
        what, between = ("link", " to ") if block.linked else ("unlink", " from ")
        made = self.made[self.enrollments.index(e), block.left.name or block.right.name]
        self.queue.append((what, (e.person, *made)))
        self.on(e, block.next, t, what, between.join((block.left.name or "contact", block.right.name or "contact")))

    def written(self, value: Any, e: Enrollment, t: Moment) -> Any:
        return value.value if isinstance(value, c.Const) else self.value(value, e.person, e, None, t)

    def give(self, t: Moment) -> None:
        """Who takes a turn gets the next of the team, by (due, record); an owner stays one (W16)."""
        seen = set()
        for _, _, number, block in sorted(self.taking, key=lambda turn: turn[:3]):
            e, outcome, users = self.enrollments[number], "skipped(has owner)", self.program.project.users
            first, seen = e.person.name not in seen, seen | {e.person.name}
            if block.replace or (first and e.person.props.get("owner") is None):
                team = [name for name in self.program.project.teams[block.team] if users[name].active]
                nth = self.given.get(block.team, 0)
                self.given[block.team] = nth + 1
                self.queue.append(("set", (e.person, "owner", team[nth % len(team)], e.person.name)))
                outcome = "done"
            self.note(e, t, "assign", "owner", outcome)
            e.block, e.due, e.waited, e.began = block.next, t, False, None
        self.taking = []

    def on(self, e: Enrollment, block: int, t: Moment, what: str, name: str) -> None:
        self.note(e, t, what, name, "done")
        e.block, e.due, e.waited, e.began = block, t, False, None
