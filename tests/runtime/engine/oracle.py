"""What must happen, one person at a time, in plain Python: no SQL, no sets, no due times.

It knows the compiled form (conditions and blocks) and the rules of semantics X1-X30 as far as the tests use them, and
looks at everybody at every step of a fixed grid. Slow and simple on purpose. Which arm of a split
somebody takes it asks the engine: a hash has no other side.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from dsl.program import blocks as b
from dsl.program import conditions as c
from dsl.program import definitions as d
from dsl.program.others import Score
from dsl.schema.model import Kind, TopicKind
from runtime.engine.blocks.splits import arm_of
from runtime.engine.judging.dependencies import parts_in_order
from runtime.scores import Holding, Occurrence, fell, rose, worth
from runtime.store.ids import record_id
from tests.runtime.engine.dates import Dates, add, compare
from tests.runtime.engine.oracle_limits import Mails

Moment = datetime  # aware, UTC
ACTS = ("clicked_email", "opened_email", "replied", "booked_meeting", "submitted_form", "submitted_survey",
        "viewed_page", "downloaded", "searched", "purchased", "abandoned_cart", "registered_for",
            "attended")  # fmt: skip


@dataclass
class Event:
    at: Moment
    kind: str
    fields: dict[str, Any]
    class_: str = "human"
    of: int | None = None  # index of the enrollment whose mail it belongs to
    ordinal: int | None = None


@dataclass
class Person:
    name: str
    created: Moment
    props: dict[str, Any]
    events: list[Event] = field(default_factory=list)
    deals: dict[str, dict[str, Any]] = field(default_factory=dict)
    member: dict[str, bool] = field(default_factory=dict)  # of segments and of `when` conditions
    was: set[str] = field(default_factory=set)  # segments that they ever were in
    past: dict[str, list[tuple[Moment, Any, Any]]] = field(default_factory=dict)  # property -> (at, old, new) (X34)
    exists: bool = False
    company: str | None = None
    wrote: dict[str, Moment] = field(default_factory=dict)  # property -> when it was last written


@dataclass
class Enrollment:
    person: Person
    definition: d.Definition
    nr: int
    enrolled_at: Moment
    trigger: Event | None
    sender: str | None
    block: int
    due: Moment | None
    status: str = "active"
    reason: str | None = None
    began: Moment | None = None
    date: Any = None  # what a `wait until DATE` waits for
    waited: bool = False
    ordinal: int = 0
    engaged: bool = False
    ended: Moment | None = None
    sent: dict[int, bool] = field(default_factory=dict)  # ordinal -> automated
    zone: str | None = None  # the person's at entry
    born: tuple[Any, ...] = ()  # instant, pass and place of its definition: the order in which the engine numbers them


class World(Dates):
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

    def run(self, until: Moment) -> None:
        while self.now < until:
            self.now = self.following(until) if self.by_dues else self.now + self.step
            self.instant(self.now)

    def following(self, until: Moment) -> Moment:
        """The next instant at which anything is due, where no condition turns by time alone."""
        due = [e.due for e in self.enrollments if e.due is not None and e.ended is None]
        due += [w.due for w in self.mails.waiting] + [f[0] for f in self.pending[:1]]
        return min(until, max(self.now + self.step, min(due, default=until)))

    # --- one instant --------------------------------------------------------------------------

    def instant(self, t: Moment) -> None:
        for _ in range(100):
            if not self.one_pass(t):
                return
        raise AssertionError("no rest")

    def one_pass(self, t: Moment) -> bool:
        self.first, self.seen = self.seen != t, t
        events, changed, created = self.apply(t)
        starts: list[tuple[d.Definition, Person, Event | None]] = []
        self.react(t, starts, events, changed, created)
        stopped = self.stop(t, events)
        moved = self.enroll(t, starts)
        movers = [e for e in self.enrollments if e.status == "active" and e.due is not None and e.due <= t]
        resting: list[Enrollment] = []
        self.passes += 1
        ending: list[tuple[Enrollment, str, str]] = []
        for e in movers:
            self.advance(e, t, resting, ending)
        self.give(t)
        for e, status, reason in ending:
            self.end(e, t, status, reason)
        for e in resting:
            self.mails.plan(e, self.block(e), t)
        went = self.mails.claim(t)
        return bool(stopped or moved or movers or went or self.queue or events or changed or created)

    def apply(self, t: Moment) -> tuple[list[tuple[Person, Event]], list[tuple[Person, str]], list[Person]]:
        events, changed, created = [], [], []
        ready = [f for f in self.pending if f[0] <= t]
        self.pending = self.pending[len(ready) :]
        for at, what, value in ready:
            if what == "create":
                value.exists = True
                created.append(value)
            elif what == "event":
                self.by_name[value[0]].events.append(value[1])
                events.append((self.by_name[value[0]], value[1]))
            elif what == "deal":
                person = self.by_name[value[0]]
                person.deals.setdefault(value[1], {"created_at": at}).update(value[2])
            elif what == "set" and self.by_name[value[0]].props.get(value[1]) != value[2]:
                self.write(self.by_name[value[0]], value[1], value[2], at)
                changed.append((self.by_name[value[0]], value[1]))
        queued, self.queue = self.queue, []
        for _, (person, name, new, _) in sorted((q for q in queued if q[0] == "set"), key=lambda q: q[1][3]):
            if person.props.get(name) != new:
                self.write(person, name, new, t)
                changed.append((person, name))
        for what, (person, key, row) in (q for q in queued if q[0] in ("link", "unlink")):
            if what == "link":
                person.deals[key] = row
            else:
                person.deals.pop(key, None)
        changed += self.added([value for what, value in queued if what == "add"], t)
        for wanted in (True, False):
            for person, name, joins in (value for what, value in queued if what == "member"):
                if joins is wanted:
                    person.member[name] = joins
        for what, value in queued:
            if what == "event":
                value[0].events.append(value[1])
                events.append(value)
            elif what in ("enroll", "unenroll"):
                events.append((value[0], Event(t, f"!{what}", {"to": value[1], "by": value[2]})))
        return events, changed, created

    def write(self, p: Person, name: str, new: Any, at: Moment) -> None:
        """The first value of a record leaves no history (X34)."""
        if p.props.get(name) is not None or p.past.get(name):
            p.past.setdefault(name, []).append((at, p.props.get(name), new))
        p.props[name], p.wrote[name] = new, at

    def added(self, additions: list[tuple[Person, str, int]], t: Moment) -> list[tuple[Person, str]]:
        """All that is added to one value at once is one change of it (X23)."""
        sums: dict[tuple[str, str], int] = {}
        for person, name, amount in additions:
            sums[person.name, name] = sums.get((person.name, name), 0) + amount
        for (who, name), total in sums.items():
            if total or self.by_name[who].props.get(name) is None:
                self.write(self.by_name[who], name, (self.by_name[who].props.get(name) or 0) + total, t)
        return [(self.by_name[who], name) for (who, name), total in sums.items() if total]

    def react(self, t: Moment, starts: list[Any], events: list[Any], changed: list[Any], created: list[Any]) -> None:
        for part, name in self.order:
            if part == "score":
                self.points(self.program.scores[name], t)
                continue
            segment = self.program.segments[name]
            for p in self.alive():
                held = self.holds(segment.condition, p, t)
                if held != p.member.get(name, False):
                    p.member[name] = held
                    p.was |= {name} if held else set()
                    self.turns.append((t, p.name, name, held))
        for definition in self.definitions:
            match definition.trigger:
                case d.OnCondition(condition):
                    key = f"when {definition.kind} {definition.name}"
                    for p in self.alive():
                        held = self.holds(condition, p, t)
                        if held and not p.member.get(key, False):
                            starts.append((definition, p, None))
                        p.member[key] = held
                case d.OnEvents(matches):
                    for p, e in sorted(events, key=lambda x: x[1].at):
                        if any(self.matches(m, e, p, None) for m in matches):
                            starts.append((definition, p, e))
                case d.OnChange(changed_field, value):
                    hit = {p.name for p, name in changed if name == changed_field.property} | {p.name for p in created}
                    starts += [
                        (definition, p, None)
                        for p in self.alive()
                        if p.name in hit and p.props.get(changed_field.property) == value.value
                    ]
                case d.OnSchedule() | d.OnDate():
                    starts += [(definition, p, None) for p in self.alive() if self.occurs(definition, p, t)]
                case _:
                    pass

    # --- scores -------------------------------------------------------------------------------

    def points(self, score: Score, t: Moment) -> None:
        """When the conditions of a score held (X35)."""
        for n, rule in enumerate(score.rules):
            for p in self.alive() if rule.condition is not None else ():
                stays = self.held.setdefault((score.name, n, p.name), [])
                inside = bool(stays) and stays[-1][1] is None
                if self.holds(rule.condition, p, t) != inside:
                    if inside:
                        stays[-1][1] = t
                    else:
                        stays.append([t, None])

    def worth(self, name: str, p: Person, t: Moment) -> float | None:
        """Looked at anew where something happened, or another day has begun."""
        key = (name, *self.state_of(name, p, t))
        if key not in self.worths:
            self.worths[key] = worth(*self.score(name, p), micros(t), self.zone.key)
        return self.worths[key]

    def moved(self, x: c.Moved, p: Person, t: Moment) -> bool:
        """The same, at both ends of the window."""
        start = t - self.span(x.within) if x.within.unit in (c.Unit.HOURS, c.Unit.MINUTES) else t
        name = x.left.score
        key = (x, *self.state_of(name, p, t), *self.state_of(name, p, start))
        if key not in self.worths:
            moved = fell if x.direction == "fell" else rose
            self.worths[key] = moved(*self.score(name, p), float(x.by.value), x.within, micros(t), self.zone.key)
        return bool(self.worths[key])

    @staticmethod
    def span(length: c.Duration) -> timedelta:
        return timedelta(hours=length.n) if length.unit is c.Unit.HOURS else timedelta(minutes=length.n)

    def state_of(self, name: str, p: Person, t: Moment) -> tuple[Any, ...]:
        """What a value at `t` hangs on."""
        held = [self.held.get((name, n, p.name), []) for n in range(len(self.program.scores[name].rules))]
        edges = [sum(edge is not None and edge <= t for stay in stays for edge in stay) for stays in held]
        return p.name, sum(v.at <= t for v in p.events), tuple(edges), t.astimezone(self.zone).date()

    def score(self, name: str, p: Person) -> tuple[Score, list[Occurrence], list[Holding]]:
        score = self.program.scores[name]
        happened = [
            (n, micros(v.at))
            for n, rule in enumerate(score.rules)
            for v in p.events
            if rule.match is not None and self.matches(rule.match, v, p, None)
        ]
        holdings = [
            (n, micros(since), micros(until) if until is not None else None)
            for n in range(len(score.rules))
            for since, until in self.held.get((name, n, p.name), [])
            if since is not None
        ]
        return score, happened, holdings

    def occurs(self, definition: d.Definition, p: Person, t: Moment) -> bool:
        """Whether an occasion lies between the last instant and this one (X4); `only` says who a schedule is about."""
        if not self.first:
            return False
        trigger, since = definition.trigger, t - self.step
        if isinstance(trigger, d.OnDate):
            x = self.value(trigger.value, p, None, None, t)
            if x is None:
                return False
            bought = trigger.value.property == "last_purchase_at"
            set_at = x if bought else p.wrote.get(trigger.value.property, p.created)
            return max(since, set_at) < self.moment(x, trigger) <= t
        if not self.holds(definition.only, p, t):
            return False
        if trigger.interval is not None:
            span = timedelta(hours=trigger.interval.n)
            return (t - self.begun) // span > (since - self.begun) // span
        days = [t.astimezone(self.zone).date() + timedelta(days=n) for n in (-1, 0, 1)]
        if trigger.date is not None:
            at, born = trigger.at, self.value(trigger.date, p, None, None, t)
            days = [x for x in days if born is not None and birthday(date.fromisoformat(born), x)]
        else:
            minute, hour, _, _, week = trigger.cron.split()
            at = int(hour) * 60 + int(minute)
            days = [x for x in days if week == "*" or (week == "1-5" and x.weekday() < 5)]
        return any(since < clock(x, at, self.zone) <= t for x in days)

    def moment(self, x: Any, trigger: d.OnDate) -> Moment:
        length = trigger.length
        if not isinstance(x, str):
            return self.later(x, length, self.zone)
        day = date.fromisoformat(x)
        if length is not None:
            day = add(day, c.Duration(-length.n if trigger.before else length.n, length.unit))
        return clock(day, 0, self.zone)

    def stop(self, t: Moment, events: list[tuple[Person, Event]]) -> bool:
        found = False
        gathered: list[tuple[Enrollment, str]] = []
        for e in (e for e in self.enrollments if e.ended is None):
            reason = self.guard(e, t, events)
            if reason is not None:
                gathered.append((e, reason))
        for e, reason in gathered:
            self.end(e, t, "unenrolled", reason)
            found = True
        for e in self.enrollments:
            if e.ended is None and not e.engaged and e.definition.pinned.engage and self.engaged(e, events):
                e.engaged, e.block, e.due, e.began, e.waited = (
                    True,
                    e.definition.pinned.graph.rep_led or 0,
                    t,
                    None,
                    False,
                )
                e.status = "active"
                self.note(e, t, "switch", "rep_led", "done")
                found = True
            if e.ended is None and e.status == "active" and e.began is not None and e.due is not None and e.due > t:
                block = self.block(e)
                if isinstance(block, b.WaitEvent | b.WaitCondition) and self.come_true(e, block, t):
                    e.due = t
                if isinstance(block, b.WaitDate) and self.value(block.value, e.person, e, None, t) != e.date:
                    e.due = e.began = t
        return found

    def guard(self, e: Enrollment, t: Moment, events: list[tuple[Person, Event]]) -> str | None:
        guards = e.definition.guards
        for match, reason in guards.stop_on:
            if any(p is e.person and ev.at > e.enrolled_at and self.matches(match, ev, p, e) for p, ev in events):
                return reason
        for match in guards.stop_company_on:
            for p, ev in events:
                mates = p is e.person or (p.company is not None and p.company == e.person.company)
                if mates and ev.at > e.enrolled_at and self.matches(match, ev, p, e):
                    return "company"
        for reason, condition in (
            ("goal", guards.goal),
            ("stop_when", guards.stop_when),
            ("suppressed", guards.suppress),
        ):
            if condition is not None and self.holds(condition, e.person, t, e):
                return reason
        for p, ev in events:
            if ev.kind == "!unenroll" and p is e.person and ev.fields["to"] == (e.definition.kind, e.definition.name):
                return "manual"
        return None

    def engaged(self, e: Enrollment, events: list[tuple[Person, Event]]) -> bool:
        number = self.enrollments.index(e)
        if not any(p is e.person for p, _ in events):
            return False
        for match in e.definition.pinned.engage:
            mine = [
                v
                for v in e.person.events
                if v.of == number and e.sent.get(v.ordinal or -1) and self.matches(match, v, e.person, e)
            ]
            if len(mine) >= match.at_least:
                return True
        return False

    # --- entry --------------------------------------------------------------------------------

    def enroll(self, t: Moment, starts: list[tuple[d.Definition, Person, Event | None]]) -> bool:
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

    def same_person(self, one: Person, other: Person) -> bool:
        mails = [p.props.get("email") for p in (one, other)]
        return one is other or (None not in mails and mails[0].casefold() == mails[1].casefold())

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
        waiting = [e for e in self.enrollments if e.definition is definition and e.status == "pending"]
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

    def enter(self, definition: d.Definition, person: Person, event: Event | None, t: Moment) -> bool:
        mine = [e for e in self.enrollments if e.person is person and e.definition is definition]
        began = event.at if event is not None else t
        pinned = definition.pinned
        sender = None
        if pinned.sender is not None:
            value = pinned.sender.value
            sender = value.value if isinstance(value, c.Const) else person.props.get(value.property)
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

    def refusal(self, e: Enrollment, mine: list[Enrollment], t: Moment) -> str | None:
        definition, person = e.definition, e.person
        if any(x.ended is None for x in mine):
            return "already_enrolled"
        mine = [x for x in mine if x.reason != "condition"]  # who only waited never was inside
        if mine and definition.again.policy == "never":
            return "enrolled_before"
        if mine and definition.again.policy == "after":
            ends = [self.later(x.ended, definition.again.after, self.zone) for x in mine]
            if max(ends) > t:
                return "too_early"
        if definition.only is not None and not self.holds(definition.only, person, t, e):
            return "only"
        guards = definition.guards
        for reason, condition in (
            ("goal_met", guards.goal),
            ("suppressed", guards.suppress),
            ("stop_when", guards.stop_when),
        ):
            if condition is not None and self.holds(condition, person, t, e):
                return reason
        sends = [x for x in definition.pinned.graph.blocks if isinstance(x, b.Send)]
        if sends and not person.props.get("email"):
            return "no_address"
        if definition.kind == "sequence":
            # Why an address is never mailed again, what came first says.
            said = self.said(person)
            hard = [v for v in said if v.kind == "bounced" and v.fields.get("kind") == "hard"]
            never = sorted(hard + [v for v in said if v.kind == "unsubscribed"], key=lambda v: (v.at, v.kind))
            if never and sends:
                return never[0].kind
            if e.sender not in self.program.project.users:
                return "no_sender"
        return None

    # --- moving -------------------------------------------------------------------------------

    def block(self, e: Enrollment) -> b.Block:
        return e.definition.pinned.graph.blocks[e.block]

    def advance(self, e: Enrollment, t: Moment, resting: list[Enrollment], ending: list[Any]) -> None:
        block, pinned = self.block(e), e.definition.pinned
        zone = self.zone_of(e)
        match block:
            case b.Wait():
                e.due, e.block, e.waited, e.began = self.later(t, block.length, zone), block.next, True, None
            case b.If():
                then = self.holds(block.condition, e.person, t, e)
                e.block, e.due, e.began = (block.then if then else block.otherwise), t, None
                self.note(e, t, "branch", None, "then" if then else "else")
            case b.Send(as_task=False):
                opens = self.opens(e, t, zone, mail=True)
                if opens > t:
                    e.due = opens
                    return
                self.note(e, t, "send", block.template, "planned")
                entry = pinned.graph.rep_led
                e.sent[e.ordinal] = entry is not None and e.block < entry
                e.due, e.waited, e.began = None, False, None
                resting.append(e)
            case b.WaitEvent() | b.WaitCondition():
                self.wait_until(e, block, t, zone)
            case b.Set():
                self.queue.append(("set", (e.person, block.property, self.written(block.value, e, t), e.person.name)))
                self.on(e, block.next, t, "set", block.property)
            case b.Clear():
                self.queue.append(("set", (e.person, block.property, None, e.person.name)))
                self.on(e, block.next, t, "clear", block.property)
            case b.Add():
                self.queue.append(("add", (e.person, block.property, self.written(block.amount, e, t))))
                self.on(e, block.next, t, "add", block.property)
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
                named = block.left.name or block.right.name
                self.queue.append(
                    ("link" if block.linked else "unlink", (e.person, *self.made[self.enrollments.index(e), named]))
                )
                words = (block.left.name or "contact", block.right.name or "contact")
                name = (" to " if block.linked else " from ").join(words)
                self.on(e, block.next, t, "link" if block.linked else "unlink", name)
            case b.LogNote():
                self.on(e, block.next, t, "note", "")
            case b.Assign():
                self.taking.append((e.due, record_id("contact", e.person.name), self.enrollments.index(e), block))
            case b.Split():
                arm = block.arms[arm_of(e.definition.name, block, record_id("contact", e.person.name))]
                e.block, e.due, e.began = arm.next, t, None
                self.note(e, t, "split", None, arm.name)
            case b.WaitClock() if e.began is not None:
                e.due, e.block, e.waited, e.began = t, block.next, True, None
            case b.WaitClock():
                days = (t.astimezone(zone).date() + timedelta(days=i) for i in range(15))
                moments = (clock(x, block.at, zone) for x in days if block.weekday in (None, x.weekday()))
                e.due, e.began = next(m for m in moments if m > t), t
            case b.WaitDate():
                e.began, e.date = e.began or t, self.value(block.value, e.person, e, None, t)
                e.due = clock(date.fromisoformat(e.date), block.at or 0, zone) if isinstance(e.date, str) else e.date
                if e.due is None or e.due <= t:
                    late = e.due is None or e.due < e.began
                    self.note(e, t, "wait", None, "timeout" if late else "happened")
                    e.block, e.due, e.began, e.waited = (block.timeout if late else block.next), t, None, True
            case b.Task():
                self.task(e, block, t, zone)
            case b.Notify():
                opens = self.opens(e, t, zone)
                if opens > t:
                    e.due = opens
                else:
                    self.on(e, block.next, t, "notify", "")
            case b.Slack() | b.Webhook():
                opens = self.opens(e, t, zone) if isinstance(block, b.Slack) else t
                if opens > t:
                    e.due = opens
                    return
                what = "slack" if isinstance(block, b.Slack) else "webhook"
                self.note(e, t, what, block.channel, "planned")
                e.block, e.due, e.waited = block.next, t, False
                self.note(e, t, what, block.channel, "sent")  # nobody rests there
            case b.EnrollIn() | b.UnenrollFrom():
                what = "enroll" if isinstance(block, b.EnrollIn) else "unenroll"
                self.queue.append((what, (e.person, (block.kind, block.name), e.sender)))
                self.on(e, block.next, t, what, f"{block.kind} {block.name}")
            case b.Exit():
                ending.append((e, "finished", "exit"))
            case b.Finish():
                self.finish(e, t, zone, ending)
            case _:
                raise NotImplementedError(block)

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

    def wait_until(self, e: Enrollment, block: Any, t: Moment, zone: ZoneInfo) -> None:
        new = e.began is None
        if new:
            e.began = e.enrolled_at if e.ordinal == 0 and not e.waited else t
        if self.come_true(e, block, t):
            self.note(e, t, "wait", None, "happened")
            e.block, e.due, e.began, e.waited = block.next, t, None, True
        elif new:
            e.due = self.later(t, block.up_to, zone)
        else:
            self.note(e, t, "wait", None, "timeout")
            e.block, e.due, e.began, e.waited = block.timeout, t, None, True

    def come_true(self, e: Enrollment, block: Any, t: Moment) -> bool:
        if isinstance(block, b.WaitCondition):
            return self.holds(block.condition, e.person, t, e)
        return any(
            sum(1 for v in e.person.events if v.at > e.began and self.matches(m, v, e.person, e)) >= m.at_least
            for m in block.events
        )

    def task(self, e: Enrollment, block: b.Task, t: Moment, zone: ZoneInfo) -> None:
        pinned, at = e.definition.pinned, t
        if e.waited and pinned.tasks_at is not None:
            user = self.program.project.users.get(e.sender or "") if pinned.kind == "sequence" else None
            theirs = ZoneInfo(user.time_zone) if user and user.time_zone else self.zone
            local = t.astimezone(theirs)
            at = max(t, clock(local.date(), pinned.tasks_at, theirs))
        at = self.opens(e, at, zone)
        if at > t:
            e.due = at
            return
        self.note(e, t, "task", block.kind, "created")
        e.waited, e.began = False, None
        if block.waits and pinned.kind == "sequence":
            e.status, e.due = "waiting_task", None
        else:
            e.block, e.due = block.next, t

    def finish(self, e: Enrollment, t: Moment, zone: ZoneInfo, ending: list[Any]) -> None:
        pinned = e.definition.pinned
        entry = pinned.graph.rep_led
        if entry is None or e.block >= entry:
            ending.append((e, "finished", "no_reply" if pinned.kind == "sequence" else "completed"))
        elif e.began is None:
            e.began, e.due = t, self.later(t, pinned.grace or c.Duration(5, c.Unit.BUSINESS_DAYS), zone)
        else:
            ending.append((e, "finished", "no_engagement"))

    def settle(self, e: Enrollment, t: Moment, skipped: str | None = None) -> None:
        """`skipped`: by the frequency cap, which ends no sequence."""
        block = self.block(e)
        assert isinstance(block, b.Send)
        refused = skipped or self.send_refused(e, block)
        self.note(e, t, "send", block.template, "refused" if refused else "sent")
        if refused and not skipped and e.definition.kind == "sequence":
            self.end(e, t, "unenrolled", refused)
            return
        if not refused:
            self.queue.append(("event", (e.person, Event(t, "received_email", {"template": block.template}))))
        e.block, e.due, e.waited = block.next, t, False

    def send_refused(self, e: Enrollment, block: b.Send) -> str | None:
        topic = self.program.schema.topics[self.program.templates[block.template].topic]
        if topic.kind is TopicKind.MARKETING and self.program.project.consent == "strict":
            return "no_consent"
        if any(
            v.kind in ("unsubscribed", "marked_spam") or (v.kind == "bounced" and v.fields.get("kind") == "hard")
            for v in self.said(e.person)
        ):
            return "suppressed"
        return None

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

    # --- time ---------------------------------------------------------------------------------

    def zone_of(self, e: Enrollment) -> ZoneInfo:
        user = self.program.project.users.get(e.sender or "")
        named = {
            "contact": [e.person.props.get("time_zone"), user.time_zone if user else None],
            "sender": [user.time_zone if user else None],
        }
        return next((ZoneInfo(z) for z in named.get(e.definition.pinned.zone, []) if z), self.zone)

    def opens(self, e: Enrollment, t: Moment, zone: ZoneInfo, mail: bool = False) -> Moment:
        """Quiet hours are those of mail alone."""
        window = e.definition.pinned.window
        for minute in range(0, 20 * 24 * 60, int(self.step / timedelta(minutes=1))):
            at = t + timedelta(minutes=minute)
            local = at.astimezone(zone)
            if window is not None and not (
                (window.every_day or local.weekday() < 5)
                and window.start <= local.hour * 60 + local.minute < window.end
            ):
                continue
            if not (mail and self.quiet(e, at)):
                return at
        raise AssertionError("never open")

    def quiet(self, e: Enrollment, t: Moment) -> bool:
        hours = self.program.project.limits.quiet_hours
        if hours is None:
            return False
        theirs = t.astimezone(ZoneInfo(e.zone or self.zone.key))
        m = theirs.hour * 60 + theirs.minute
        return hours[0] <= m < hours[1] if hours[0] < hours[1] else m >= hours[0] or m < hours[1]

    def later(self, t: Moment, length: c.Duration, zone: ZoneInfo) -> Moment:
        if length.unit is c.Unit.MINUTES:
            return t + timedelta(minutes=length.n)
        if length.unit is c.Unit.HOURS:
            return t + timedelta(hours=length.n)
        local = t.astimezone(zone)
        day = local.date()
        if length.unit is c.Unit.BUSINESS_DAYS:
            left = length.n
            while left:
                day += timedelta(days=1)
                left -= day.weekday() < 5
        else:
            day = add(day, length)
        return clock(day, local.hour * 60 + local.minute, zone)

    # --- conditions ---------------------------------------------------------------------------

    def alive(self) -> list[Person]:
        return [p for p in self.people if p.exists]

    def holds(
        self, x: c.Condition, p: Person, t: Moment, e: Enrollment | None = None, deal: dict[str, Any] | None = None
    ) -> bool:
        again = lambda y: self.holds(y, p, t, e, deal)  # noqa: E731
        match x:
            case c.All(parts):
                return all(again(y) for y in parts)
            case c.AnyOf(parts):
                return any(again(y) for y in parts)
            case c.Not(part):
                return not again(part)
            case c.Compare(left, op, c.Ago(length)):
                return self.against_ago(self.value(left, p, e, deal, t), op, length, t)
            case c.Compare(left, op, right):
                return compare(self.value(left, p, e, deal, t), op, self.value(right, p, e, deal, t))
            case c.Between(left, low, high):
                return again(c.Compare(left, ">=", low)) and again(c.Compare(left, "<=", high))
            case c.OneOf(left, options, negated):
                value = self.value(left, p, e, deal, t)
                return value is not None and (value in [o.value for o in options]) != negated
            case c.Moved():
                return self.moved(x, p, t)
            case c.Missing(left, negated):
                return (self.value(left, p, e, deal, t) is None) != negated
            case c.DateTest(left, op, length):
                return self.date_test(self.value(left, p, e, deal, t), op, length, t)
            case c.InPeriod(left, which, unit):
                return self.in_period(self.value(left, p, e, deal, t), which, unit, t)
            case c.Matches(left, pattern):
                value = self.value(left, p, e, deal, t)
                return value is not None and re.search(pattern, value) is not None
            case c.ContainsList(left, quantifier, options):
                held = [f";{o.value};" in (self.value(left, p, e, deal, t) or "") for o in options]
                return any(held) if quantifier == "any" else all(held)
            case c.WasEver(left, options):
                names = [o.value for o in options]
                rows = [value for _, *pair in p.past.get(left.property, []) for value in pair]
                ever = [value for value in (*rows, p.props.get(left.property)) if value is not None]
                if left.type.kind is Kind.MULTI_CHOICE:
                    return any(f";{name};" in value for name in names for value in ever)
                return any(value in names for value in ever)
            case c.Changed(left, within):
                at = [row[0] for row in p.past.get(left.property, [])]
                return any(within is None or self.date_test(x, "within", within, t) for x in at)
            case c.InDefinition(kind, name):
                mine = [x for x in self.enrollments if x.person is p and x.ended is None]
                return any((x.definition.kind, x.definition.name) == (kind, name) for x in mine)
            case c.WasMember("segment", name):
                return name in p.was
            case c.WasMember(kind, name):
                return any(
                    x.person is p and (x.definition.kind, x.definition.name) == (kind, name) for x in self.enrollments
                )
            case c.Happened():
                return self.happened(x, p, t, e) != x.negated
            case c.InSegment(name, negated):
                return p.member.get(name, False) != negated
            case c.Quantified(quantifier=q, condition=inner):
                held = [inner is None or self.holds(inner, p, t, e, row) for row in p.deals.values()]
                if q == "count":
                    return compare(sum(held), x.op, x.number)
                return {"any": any(held), "no": not any(held), "every": bool(held) and all(held)}[q]
        raise NotImplementedError(x)

    def value(self, v: c.Value, p: Person, e: Enrollment | None, deal: dict[str, Any] | None, t: Moment) -> Any:
        match v:
            case c.Aggregate():
                return self.aggregate(v, p, e, t)
            case c.ScoreValue(name):
                return self.worth(name, p, t)
            case c.CountOf(condition=inner):
                return sum(inner is None or self.holds(inner, p, t, e, row) for row in p.deals.values())
            case c.Const():
                return v.value.casefold() if v.type.kind is Kind.TEXT else v.value
            case c.EventValue(name):
                return (deal or {}).get(name)
            case c.Field(object="deal"):
                assert deal is not None
                if v.property == "won":
                    return deal.get("stage") == "won"
                if v.property == "closed":
                    return deal.get("stage") in ("won", "lost")
                return deal.get(v.property)
            case c.Field(property="created_at"):
                return p.created
            case c.Field(property="last_purchase_at"):
                return max((x.at for x in p.events if x.kind == "purchased"), default=None)
            case c.Field():
                return p.props.get(v.property)
            case c.CreatedValue(name, _, property_):
                made = self.made.get((self.enrollments.index(e), name)) if e is not None else None
                return made[1].get(property_) if made is not None else None
            case c.TriggerValue():
                return e.trigger.fields.get(v.field) if e is not None and e.trigger is not None else None
        raise NotImplementedError(v)

    def happened(self, x: c.Happened, p: Person, t: Moment, e: Enrollment | None) -> bool:
        events = [v for v in p.events if self.matches(x.match, v, p, e)]
        if x.since_enrollment:
            events = [v for v in events if e is not None and v.at > e.enrolled_at]
        if x.within is not None:
            events = [v for v in events if self.date_test(v.at, "within", x.within, t)]
        if x.since is not None:
            since = self.aggregate(x.since, p, e, t)
            events = [v for v in events if since is not None and v.at > since]
        return len(events) >= x.match.at_least

    def aggregate(self, x: c.Aggregate, p: Person, e: Enrollment | None, t: Moment) -> Any:
        """One value out of the events, one after the other from the oldest on."""
        events = sorted((v for v in p.events if self.matches(x.match, v, p, e)), key=lambda v: v.at)
        if x.since_enrollment:
            events = [v for v in events if e is not None and v.at > e.enrolled_at]
        if x.within is not None:
            events = [v for v in events if self.date_test(v.at, "within", x.within, t)]
        if x.function == "count":
            return len(events)
        values = [v.at if x.field == "at" else v.fields.get(x.field) for v in events]
        if x.function in ("first", "last"):
            return (values[0] if x.function == "first" else values[-1]) if values else None
        known = [value for value in values if value is not None]
        if x.function == "sum":
            return sum(known)
        if not known:
            return None
        return {"min": min, "max": max, "avg": lambda all_: sum(all_) / len(all_)}[x.function](known)

    def matches(self, m: c.EventMatch, v: Event, p: Person, e: Enrollment | None) -> bool:
        if not (m.event == v.kind or (m.event == "acted" and v.kind in ACTS)):
            return False
        if v.class_ != "human" and not m.machines:
            return False
        if m.filter is None:
            return True
        return self.holds(m.filter, p, v.at, e, v.fields)


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


def segment_order(program: d.Program) -> list[str]:
    """Each after those it reads."""
    left = {n: s for n, s in program.segments.items() if s.condition is not None}
    done: list[str] = []

    def reads(x: Any) -> set[str]:
        if isinstance(x, c.InSegment):
            return {x.segment}
        if isinstance(x, c.WasMember) and x.kind == "segment":
            return {x.name}
        if isinstance(x, tuple):
            return set().union(*(reads(y) for y in x)) if x else set()
        inner = [getattr(x, n) for n in ("parts", "part", "condition") if hasattr(x, n)]
        return set().union(*(reads(y) for y in inner if y is not None)) if inner else set()

    while left:
        for name in sorted(left):
            if not (reads(left[name].condition) & left.keys()) - {name}:
                done.append(name)
                del left[name]
                break
    return done
