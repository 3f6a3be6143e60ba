"""Who is let in, who waits for their turn, and why others are not (X3, X7, S12, S30, L3)."""

from __future__ import annotations

from dsl.program import blocks as b
from dsl.program import conditions as c
from dsl.program import definitions as d
from runtime.store.ids import record_id
from tests.runtime.engine.dates import Moment

from .people import Enrollment, Event, Person
from .starting import Start, Starting


class Entering(Starting):
    def enroll(self, t: Moment, starts: list[Start]) -> bool:
        found = False
        seen = set()
        for definition in self.definitions:
            for wanted, person, event in sorted(starts, key=lambda s: record_id("contact", s[1].name)):
                if wanted is definition and (definition.kind, definition.name, person.name) not in seen:
                    seen.add((definition.kind, definition.name, person.name))
                    found |= self.enter(definition, person, event, t)
            found |= self.take_turns(definition, t)
        return found

    # --- exclusive sequences (X7) -------------------------------------------------------------

    def inside_another(self, person: Person) -> bool:
        """Whether this person, by record or address, is in an exclusive sequence."""
        return any(
            e.ended is None
            and e.status != "pending"
            and e.definition.exclusive
            and e.definition.kind == "sequence"
            and self.same_person(e.person, person)
            for e in self.enrollments
        )

    def take_turns(self, definition: d.Definition, t: Moment) -> bool:
        """Whoever waited and is free now starts, the first record of each person, if what lets people in still holds;
        else that was it."""
        waiting = [e for e in self.of(definition) if e.status == "pending"]
        free = [e for e in waiting if not self.inside_another(e.person)]
        lapsed = [e for e in free if not self.still_wanted(e, t)]
        turns = [
            e
            for e in free
            if e not in lapsed
            and record_id("contact", e.person.name)
            == min(record_id("contact", o.person.name) for o in waiting if self.same_person(o.person, e.person))
        ]
        for e in turns:
            e.status, e.reason, e.due, e.enrolled_at = "active", None, t, t
            self.note(e, t, "status", "active", "done")
        for e in lapsed:
            self.end(e, t, "unenrolled", "condition")
        return bool(turns or lapsed)

    def still_wanted(self, e: Enrollment, t: Moment) -> bool:
        definition = e.definition
        key = f"when {definition.kind} {definition.name}"
        if isinstance(definition.trigger, d.OnCondition) and not e.person.member.get(key, False):
            return False
        return definition.only is None or self.holds(definition.only, e.person, t, e)

    def of(self, definition: d.Definition) -> list[Enrollment]:
        """Those of all its versions."""
        name = (definition.kind, definition.name)
        return [e for e in self.enrollments if (e.definition.kind, e.definition.name) == name]

    # --- one person --------------------------------------------------------------------------

    def enter(self, definition: d.Definition, person: Person, event: Event | None, t: Moment) -> bool:
        mine = [e for e in self.of(definition) if e.person is person]
        began = event.at if event is not None else t
        pinned = definition.pinned
        sender = self.sender_of(pinned, person)
        probe = Enrollment(person, definition, len(mine) + 1, began, event, sender, pinned.graph.entry, t)
        reason = self.refusal(probe, mine, t)
        if reason is not None:
            self.refused.append((t, person.name, definition.name, reason))
            return False
        probe.zone = person.props.get("time_zone")
        probe.born = (t, self.passes, self.definitions.index(definition))
        if definition.kind == "sequence" and definition.exclusive and self.inside_another(person):
            probe.status, probe.reason, probe.due = "pending", "exclusive", None
        self.enrollments.append(probe)
        self.note(probe, t, "entered", None, probe.status)
        return True

    def sender_of(self, pinned: d.Pinned, person: Person) -> str | None:
        if pinned.sender is None:
            return None
        value = pinned.sender.value
        return value.value if isinstance(value, c.Const) else person.props.get(value.property)

    def refusal(self, e: Enrollment, mine: list[Enrollment], t: Moment) -> str | None:
        """The first reason there is."""
        return self.was_here(e.definition, mine, t) or self.kept_out(e, t) or self.cannot_be_mailed(e)

    def was_here(self, definition: d.Definition, mine: list[Enrollment], t: Moment) -> str | None:
        if any(x.ended is None for x in mine):
            return "already_enrolled"
        mine = [x for x in mine if x.reason != "condition"]  # who only waited never was inside
        if mine and definition.again.policy == "never":
            return "enrolled_before"
        if mine and definition.again.policy == "after":
            ends = [self.later(x.ended, definition.again.after, self.zone) for x in mine]
            if max(ends) > t:
                return "too_early"
        return None

    def kept_out(self, e: Enrollment, t: Moment) -> str | None:
        only, guards = e.definition.only, e.definition.guards
        if only is not None and not self.holds(only, e.person, t, e):
            return "only"
        for reason, condition in (
            ("goal_met", guards.goal),
            ("suppressed", guards.suppress),
            ("stop_when", guards.stop_when),
        ):
            if condition is not None and self.holds(condition, e.person, t, e):
                return reason
        return None

    def cannot_be_mailed(self, e: Enrollment) -> str | None:
        sends = any(isinstance(x, b.Send) for x in e.definition.pinned.graph.blocks)
        if sends and not e.person.props.get("email"):
            return "no_address"
        if e.definition.kind != "sequence":
            return None
        # Why an address is never mailed again, what was heard of first says.
        said = self.said(e.person)
        hard = [v for v in said if v.kind == "bounced" and v.fields.get("kind") == "hard"]
        never = sorted(hard + [v for v in said if v.kind == "unsubscribed"], key=lambda v: (v.heard, v.kind))
        if never and sends:
            return never[0].kind
        return "no_sender" if e.sender not in self.program.project.users else None
