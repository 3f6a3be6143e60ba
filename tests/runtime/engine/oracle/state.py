"""What the oracle remembers from pass to pass."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from dsl.program import blocks as b
from dsl.program import definitions as d
from runtime.engine.judging.dependencies import parts_in_order
from tests.runtime.engine.dates import Dates, Moment

from .limits import Mails
from .people import Enrollment, Event, Person


class State(Dates):
    """`log` holds (instant, person, definition, nr, what, name, outcome) in no particular order within an instant."""

    def __init__(
        self,
        program: d.Program,
        people: list[Person],
        facts: list[tuple[Moment, str, Any]],
        start: Moment,
        step: timedelta,
    ) -> None:
        self.program, self.people, self.step = program, people, step
        self.by_name = {p.name: p for p in people}
        self.zone = ZoneInfo(program.project.account.time_zone)
        self.pending = sorted(facts, key=lambda f: f[0])
        self.now = self.begun = self.seen = start
        self.log: list[tuple[Any, ...]] = []
        self.events: list[tuple[Person, Event]] = []  # what this pass took in
        self.changed: list[tuple[Person, str]] = []
        self.created: list[Person] = []
        self.resting: list[tuple[Enrollment, Person]] = []  # whose mail is planned in this pass, and to whom
        self.ending: list[tuple[Enrollment, str, str]] = []  # (enrollment, status, reason) of those at their end
        self.turns: list[tuple[Any, ...]] = []  # (instant, person, segment, joined or left)
        self.enrollments: list[Enrollment] = []
        self.refused: list[tuple[Any, ...]] = []
        self.mails, self.passes, self.by_dues = Mails(self), 0, step < timedelta(minutes=10)
        self.queue: list[tuple[str, Any]] = []  # effects that the next pass sees
        self.made: dict[tuple[int, str], tuple[str, dict[str, Any]]] = {}  # what `create .. as` made (key, values)
        self.taking: list[tuple[Any, ...]] = []  # turns of a team that are asked for in this pass
        self.given: dict[str, int] = {}
        self.order = parts_in_order(program)
        self.worths: dict[tuple[Any, ...], float | bool | None] = {}
        self.held: dict[tuple[str, int, str], list[list[Moment | None]]] = {}  # (score, rule, person) -> since, until
        self.definitions = sorted(program.definitions.values(), key=lambda x: (-x.priority, x.name))

    def alive(self) -> list[Person]:
        return [p for p in self.people if p.exists]

    def block(self, e: Enrollment) -> b.Block:
        return e.definition.pinned.graph.blocks[e.block]

    def same_person(self, one: Person, other: Person) -> bool:
        mails = [p.props.get("email") for p in (one, other)]
        return one is other or (None not in mails and mails[0].casefold() == mails[1].casefold())

    def said(self, person: Person) -> list[Event]:
        """What anybody with this address did: refusals belong to the address (L3)."""
        return [v for p in self.people if self.same_person(p, person) for v in p.events]

    def end(self, e: Enrollment, t: Moment, status: str, reason: str) -> None:
        e.status, e.reason, e.ended, e.due = status, reason, t, None
        self.note(e, t, "ended", status, reason)

    def note(self, e: Enrollment, t: Moment, what: str, name: str | None, outcome: str) -> None:
        if what != "entered":
            e.ordinal += 1
        self.log.append((t, e.person.name, e.definition.name, e.nr, what, name, outcome))
