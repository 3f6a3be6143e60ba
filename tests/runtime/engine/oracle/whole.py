"""The rest of a whole history: facts that come late, records deleted, what operators ask for, rules edited (X1, X9,
X22, X26, S40). Facts are (seen, what, values) as `tests.runtime.engine.whole` has them, edits among them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from dsl.program import blocks as b
from dsl.program import definitions as d
from runtime.engine.judging.dependencies import parts_in_order
from tests.runtime.engine.dates import Moment

from .people import Enrollment, Event, Person
from .starting import Start
from .world import World

LATE, MINUTE = timedelta(hours=24), timedelta(minutes=1)


class WholeWorld(World):
    def begin(self, edits: list[tuple[Moment, d.Program]]) -> None:
        self.edits = edits
        self.activated = {(x.kind, x.name): self.begun for x in self.definitions}
        self.kept = {name for _, name in self.order}  # segments there ever were
        self.past: dict[bool, set[str]] = {}  # whom this pass heard of: live, and what starts nothing (X1, X2)
        self.asked: list[tuple[str, Person, Any]] = []
        self.gone: list[Person] = []
        self.held_back: dict[int, tuple[str, Moment | None, Moment]] = {}  # paused: status, due and when
        self.tasks: list[tuple[Moment, str, int, Enrollment, int]] = []
        self.open_tasks: dict[str, list[tuple[Any, ...]]] = {}

    def run(self, until: Moment) -> None:
        """At each step of the grid, and where an edit made something due between two."""
        while self.now < until:
            grid = self.begun + self.step * ((self.now - self.begun) // self.step + 1)
            dues = [e.due for e in self.enrollments if e.due is not None and e.ended is None]
            self.now = min([grid, *(max(due, self.now + MINUTE) for due in dues)])
            self.instant(self.now)
            for at, program in self.edits:
                if at == self.now:
                    self.edit(program, at)

    # --- what is told -------------------------------------------------------------------------

    def fact(self, at: Moment, what: str, value: Any) -> None:
        match what:
            case "create":
                super().fact(at, what, self.by_name[value[0]])
            case "fact":
                self.tell(at, *value[1:])
            case "import":
                name, named, new, live = value
                if self.by_name[name].exists:
                    self.heard(self.by_name[name], live)
                    self.write_at(self.by_name[name], named, new, at, at, live)
            case "delete":
                self.gone.append(self.by_name[value[0]])
            case "unenroll":
                kind, name = value[1].split()
                event = Event(at, "!unenroll", {"to": (kind, name), "by": "rep"})
                self.events.append((self.by_name[value[0]], event))
            case _:
                self.asked.append((what, self.by_name[value[0]], value[1]))

    def tell(self, seen: Moment, at: Moment, kind: str, values: tuple[Any, ...]) -> None:
        person, live = self.by_name[values[0]], at >= seen - LATE
        if not person.exists:
            return
        self.heard(person, live)
        match kind:
            case "event":
                fields = dict(values[2]) | ({"kind": "hard"} if values[1] == "bounced" else {})
                event = Event(at, values[1], fields, values[3])
                self.happen(person, event)
            case "set":
                self.write_at(person, values[1], values[2], at, seen, live)
            case "deal":
                self.stage(person, values[1], values[2], at)

    def heard(self, person: Person, live: bool) -> None:
        self.past.setdefault(live, set()).add(person.name)

    def write_at(self, person: Person, name: str, new: Any, at: Moment, seen: Moment, live: bool) -> None:
        """An older fact does not undo a newer one."""
        if person.props.get(name) == new or any(row[0] > at for row in person.past.get(name, [])):
            return
        self.write(person, name, new, at)
        if live:
            self.changed.append((person, name))

    def stage(self, person: Person, key: str, stage: str, at: Moment) -> None:
        deal = person.deals.setdefault(key, {"created_at": at, "stage": stage})
        if deal["stage"] != stage and all(moved <= at for moved in deal.get("moved", [])):
            deal.setdefault("moved", []).append(at)
            deal["stage"] = stage

    # --- who starts ---------------------------------------------------------------------------

    def started(self, definition: d.Definition, t: Moment) -> list[Start]:
        since, late = self.activated[definition.kind, definition.name], t - LATE
        old = self.past.get(False, set()) - self.past.get(True, set())
        return [
            (x, person, event)
            for x, person, event in super().started(definition, t)
            if person.exists and (person.name not in old if event is None else max(since, late) < event.at)
        ]

    def enter(self, definition: d.Definition, person: Person, event: Event | None, t: Moment) -> bool:
        """Who is overtaken by a stop between its trigger and its entry is in, and out again (X4, X9)."""
        entered = super().enter(definition, person, event, t)
        if entered and event is not None and event.at < t:
            e, guards = self.enrollments[-1], definition.guards
            mates = [p for p in self.alive() if p.company is not None and p.company == person.company]
            stops = [(match, reason, [person]) for match, reason in guards.stop_on]
            stops += [(match, "company", [person, *mates]) for match in guards.stop_company_on]
            for match, reason, whose in stops:
                if any(e.enrolled_at < v.at <= t and self.matches(match, v, p, e) for p in whose for v in p.events):
                    self.end(e, t, "unenrolled", reason)
                    break
        return entered

    # --- who ends, and what operators ask for -------------------------------------------------

    def stop(self, t: Moment) -> bool:
        ended = super().stop(t)
        for person in self.gone:
            self.forget(person, t)
        asked, self.asked = self.asked, []
        for what, person, value in asked:
            if what == "task":
                self.finish_task(person, value, t)
            else:
                self.pause_or_resume(what, person, value, t)
        some = bool(ended or self.gone or asked)
        self.gone = []
        return some

    def apply(self, t: Moment) -> bool:
        self.past = {}
        took = super().apply(t)
        for person in self.gone:
            person.exists = False
        return took or bool(self.gone or self.asked)

    def forget(self, person: Person, t: Moment) -> None:
        self.turns += [(t, person.name, name, False) for name, inside in person.member.items()
                       if inside and name in self.kept]  # fmt: skip
        person.member, person.deals = {}, {}
        for e in self.enrollments:
            if e.person is person and e.ended is None:
                self.end(e, t, "unenrolled", "contact_deleted")

    def pause_or_resume(self, what: str, person: Person, of: str, t: Moment) -> None:
        for n, e in enumerate(self.enrollments):
            if e.person is not person or f"{e.definition.kind} {e.definition.name}" != of or e.ended is not None:
                continue
            if what == "pause" and e.status in ("active", "waiting_task", "pending"):
                self.held_back[n] = (e.status, e.due, t)
                self.note(e, t, "paused", None, "done")
                e.status, e.due = "paused", None
            elif what == "resume" and e.status == "paused":
                status, due, since = self.held_back.pop(n)
                self.note(e, t, "resumed", None, "done")
                e.status = status
                if due is not None:
                    e.due = t if due <= since else due + (t - since)
                self.look_anew(e, t)

    def look_anew(self, e: Enrollment, t: Moment) -> None:
        """What is waited for on a clock, at a date or for the hours is not moved by a pause."""
        if e.status != "active" or e.began is None:
            return
        block = self.block(e)
        if not isinstance(block, b.WaitEvent | b.WaitCondition | b.Finish):
            e.due = t
            e.began = e.began if isinstance(block, b.WaitDate) else None

    def wake(self, e: Enrollment, t: Moment) -> None:
        """Of a paused one the wait is over too, whatever is true later."""
        super().wake(e, t)
        held = self.held_back.get(self.enrollments.index(e))
        if e.status != "paused" or held is None or held[1] is None or held[1] <= held[2] or e.began is None:
            return
        block = self.block(e)
        if isinstance(block, b.WaitEvent | b.WaitCondition) and self.come_true(e, block, t):
            self.waited(e, block.next, t, "happened")
            self.held_back[self.enrollments.index(e)] = (held[0], held[2], held[2])
            e.due = None

    def task(self, e: Enrollment, block: b.Task, t: Moment) -> None:
        before = e.ordinal
        super().task(e, block, t)
        if e.ordinal > before:
            self.tasks.append((t, e.definition.name, e.ordinal, e, self.block_number(e, block)))

    def block_number(self, e: Enrollment, block: b.Task) -> int:
        return next(i for i, x in enumerate(e.definition.pinned.graph.blocks) if x is block)

    def finish_task(self, person: Person, state: str, t: Moment) -> None:
        """The oldest that was open a minute before; a sequence that waits for it goes on (X22)."""
        mine = sorted((x for x in self.tasks if x[3].person is person and x[0] < t), key=lambda x: x[:3])
        if not mine:
            return
        self.tasks.remove(mine[0])
        *_, e, number = mine[0]
        block = e.definition.pinned.graph.blocks[number]
        n = self.enrollments.index(e)
        status = self.held_back[n][0] if e.status == "paused" else e.status
        if e.ended is not None or status != "waiting_task" or e.block != number:
            return
        assert isinstance(block, b.Task)
        self.note(e, t, "task", None, state)
        e.block, e.waited = block.next, False
        if e.status == "paused":
            since = self.held_back[n][2]
            self.held_back[n] = ("active", since, since)
        else:
            e.status, e.due = "active", t

    # --- edits --------------------------------------------------------------------------------

    def edit(self, program: d.Program, t: Moment) -> None:
        """Bodies stay as pinned, all else is read live; who matches now is not started (X1, X26). A segment that is
        gone stands still until it is back."""
        self.program, self.order = program, parts_in_order(program)
        self.definitions = sorted(program.definitions.values(), key=lambda x: (-x.priority, x.name))
        of = {(x.kind, x.name): x for x in self.definitions}
        for x in self.definitions:
            self.activated.setdefault((x.kind, x.name), t)
        for e in self.enrollments:
            today = of.get((e.definition.kind, e.definition.name))
            if today is not None:
                e.definition = replace(today, pinned=e.definition.pinned)
        self.events, self.changed, self.created = [], [], []
        self.kept |= {name for _, name in self.order}
        for _, name in self.order:
            self.judge(name, t)
        for x in self.definitions:
            if isinstance(x.trigger, d.OnCondition):
                for p in self.alive():
                    self.came_true(x, x.trigger.condition, p, t)
        self.stop(t)
        for x in self.definitions:
            self.take_turns(x, t)
