"""A CRM in plain Python, any objects and links, and what conditions are true of its records: nothing is kept, nothing
is planned, everything is looked at again each time it is asked (X2, X14, X29, X30, X34)."""

from __future__ import annotations

import operator
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from dsl.program import conditions as c
from dsl.program.definitions import Program
from dsl.schema.model import Kind
from runtime.engine.judging.dependencies import parts_in_order
from runtime.query.values import LAST_OF
from runtime.scores import fell, rose, worth
from tests.runtime.engine.dates import Dates, Moment, compare
from tests.runtime.engine.oracle.clocks import micros
from tests.runtime.engine.oracle.people import ACTS
from tests.runtime.engine.oracle.values import aggregated

UTC = ZoneInfo("UTC")
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, repr=False)
class Fact:
    """`at`: when it was so in the world; `seen`: when it came to us. `what`: record, set, link, unlink, event, consent,
    enroll or unenroll; `value` by kind. Nothing is visible before both have passed (X2)."""

    at: Moment
    what: str
    object: str
    name: str
    value: tuple[Any, ...]
    seen: Moment

    def __repr__(self) -> str:
        words = f"{self.what} {self.object} {self.name} {self.value}"
        return f"{self.at:%Y-%m-%d %H:%M} {words}, seen {self.seen:%m-%d %H:%M}"

    def visible(self, start: Moment) -> Moment:
        """What is late is taken in at the minute that follows; what was there at the start, with it."""
        if self.seen <= start:
            return max(self.at, start)
        return max(self.at, self.seen + MINUTE)


@dataclass(frozen=True)
class Event:
    at: Moment
    id: int
    kind: str
    fields: dict[str, Any]
    class_: str


@dataclass(eq=False)
class Record:
    object: str
    name: str
    props: dict[str, Any] = field(default_factory=dict)
    created: Moment | None = None
    past: dict[str, list[tuple[Moment, Any, Any]]] = field(default_factory=dict)
    links: dict[str, dict[Record, None]] = field(default_factory=dict)
    events: dict[tuple[str, int, Moment], Event] = field(default_factory=dict)
    consent: dict[str, tuple[Moment, str]] = field(default_factory=dict)
    inside: set[tuple[str, str]] = field(default_factory=set)
    entered: set[tuple[str, str]] = field(default_factory=set)
    member: dict[str, Moment] = field(default_factory=dict)
    was: set[str] = field(default_factory=set)
    held: dict[tuple[str, int], list[list[Moment | None]]] = field(default_factory=dict)  # (score, rule) -> stays


Stay = tuple[str, str, Moment, Moment | None]  # record, segment, joined, left


class Crm(Dates):
    """`stays` are the memberships there were, in the order they began."""

    def __init__(self, program: Program, facts: list[Fact], start: Moment) -> None:
        self.program, self.schema, self.start = program, program.schema, start
        self.zone = ZoneInfo(program.project.account.time_zone)
        # Of what comes together, records first: what is said of one may be older than itself.
        self.waiting = sorted(facts, key=lambda f: (f.visible(start), f.what != "record", f.at))
        self.records: dict[tuple[str, str], Record] = {}
        self.order = parts_in_order(program)
        self.stays: list[Stay] = []

    def at(self, t: Moment) -> None:
        """Take in what is visible at `t`, and say who is in which segment now. Enrollments begin and end after all
        else of an instant has been judged (X12)."""
        ready = [f for f in self.waiting if f.visible(self.start) <= t]
        self.waiting = self.waiting[len(ready) :]
        commands = [f for f in ready if f.what in ("enroll", "unenroll")]
        for fact in ready:
            if fact not in commands:
                self.apply(fact)
        self.judge(t)
        if commands:
            for fact in commands:
                self.apply(fact)
            self.judge(t)

    # --- facts --------------------------------------------------------------------------------

    def record(self, of: str, name: str) -> Record:
        return self.records.setdefault((of, name), Record(of, name))

    def apply(self, f: Fact) -> None:
        one = self.record(f.object, f.name)
        match f.what:
            case "record":
                known = one.created is not None
                one.created = one.created or f.at
                for name, value in f.value[0].items():
                    if known:
                        self.write(one, name, value, f.at)
                    else:
                        one.props[name] = value
            case "set":
                if one.created is not None:
                    self.write(one, f.value[0], f.value[1], f.at)
            case "link":
                self.link(one, f.value[0], f.value[1])
            case "unlink":
                association = self.schema.objects[f.object].associations[f.value[0]]
                other = self.record(association.target, f.value[1])
                one.links.get(association.name, {}).pop(other, None)
                other.links.get(association.inverse, {}).pop(one, None)
            case "event":
                kind, id_, fields, class_ = f.value
                one.events.setdefault((kind, id_, f.at), Event(f.at, id_, kind, fields, class_))
            case "consent":
                topic, state = f.value
                at, said = one.consent.get(topic, (f.at, state))
                if (at, said == "opted_out") <= (f.at, state == "opted_out"):  # a refusal holds against one as old
                    one.consent[topic] = (f.at, state)
            case "enroll":
                if one.created is not None:
                    one.inside.add(f.value[0])
                    one.entered.add(f.value[0])
            case "unenroll":
                one.inside.discard(f.value[0])

    def write(self, one: Record, name: str, value: Any, at: Moment) -> None:
        """An older fact does not undo a newer one; the first value leaves no history (X34)."""
        past, old = one.past.get(name, []), one.props.get(name)
        if old == value or any(row[0] > at for row in past):
            return
        if old is not None or past:
            one.past.setdefault(name, []).append((at, old, value))
        one.props[name] = value

    def link(self, one: Record, name: str, to: str) -> None:
        association = self.schema.objects[one.object].associations[name]
        back = self.schema.objects[association.target].associations[association.inverse]
        other = self.record(association.target, to)
        for a, here, there in ((association, one, other), (back, other, one)):
            if not a.many and there not in here.links.get(a.name, {}):
                for before in here.links.pop(a.name, {}):
                    before.links[a.inverse].pop(here, None)
        one.links.setdefault(association.name, {})[other] = None
        other.links.setdefault(association.inverse, {})[one] = None

    # --- memberships --------------------------------------------------------------------------

    def judge(self, t: Moment) -> None:
        for part, name in self.order:
            if part == "score":
                self.points(name, t)
                continue
            segment = self.program.segments[name]
            for one in list(self.records.values()):
                if one.object != segment.object or one.created is None:
                    continue
                held = self.holds(segment.condition, one, t, None)
                if held and name not in one.member:
                    one.member[name] = t
                    one.was.add(name)
                elif not held and name in one.member:
                    self.stays.append((one.name, name, one.member.pop(name), t))

    def points(self, name: str, t: Moment) -> None:
        """When the conditions of a score held (X35)."""
        score = self.program.scores[name]
        for n, rule in enumerate(score.rules):
            for one in self.records.values() if rule.condition is not None else ():
                if one.object != score.object or one.created is None:
                    continue
                stays = one.held.setdefault((name, n), [])
                inside = bool(stays) and stays[-1][1] is None
                if self.holds(rule.condition, one, t, None) != inside:
                    stays[-1:] = [[stays[-1][0], t]] if inside else [*stays[-1:], [t, None]]

    def scored(self, name: str, one: Record, t: Moment) -> tuple[Any, list[Any], list[Any]]:
        """The score, its events (rule, µs) and the stays of its conditions (rule, since, until)."""
        score = self.program.scores[name]
        events = [
            (n, micros(v.at))
            for n, rule in enumerate(score.rules)
            if rule.match is not None
            for v in self.matching(rule.match, one, t, None)
        ]
        stays = [
            (n, micros(since), until and micros(until))
            for (of, n), mine in one.held.items()
            for since, until in mine
            if of == name and since is not None
        ]
        return score, events, stays

    def all_stays(self) -> set[Stay]:
        still = [(one.name, name, at, None) for one in self.records.values() for name, at in one.member.items()]
        return settled([*self.stays, *still])

    # --- conditions ---------------------------------------------------------------------------

    def holds(self, x: c.Condition, one: Record, t: Moment, e: Event | None) -> bool:
        match x:
            case c.All(parts):
                return all(self.holds(p, one, t, e) for p in parts)
            case c.AnyOf(parts):
                return any(self.holds(p, one, t, e) for p in parts)
            case c.Not(part):
                return not self.holds(part, one, t, e)
            case c.Happened():
                return self.happened(x, one, t) != x.negated
            case c.Quantified(quantifier, path, _, condition):
                ends = self.ends(one, path)
                held = [condition is None or self.holds(condition, other, t, None) for other in ends]
                if quantifier == "count":
                    return compare(sum(held), x.op, x.number)
                return {"any": any(held), "no": not any(held), "every": bool(held) and all(held)}[quantifier]
            case c.InSegment(name, negated):
                return (name in one.member) != negated
            case c.WasMember("segment", name):
                return name in one.was
            case c.WasMember(kind, name):
                return (kind, name) in one.entered
            case c.InDefinition(kind, name):
                return (kind, name) in one.inside
            case c.Consent(topic, opted_in):
                return one.consent.get(topic, (None, ""))[1] == ("opted_in" if opted_in else "opted_out")
            case c.WasEver(left, options):
                return self.was_ever(left, options, one)
            case c.Moved(left, direction, by, within):
                moved = fell if direction == "fell" else rose
                return moved(*self.scored(left.score, one, t), float(by.value), within, micros(t), self.zone.key)
            case c.Changed(left, within):
                at = [row[0] for end in self.ends(one, left.path) for row in end.past.get(left.property, [])]
                return any(within is None or self.date_test(when, "within", within, t) for when in at)
        return self.tested(x, one, t, e)

    def tested(self, x: c.Condition, one: Record, t: Moment, e: Event | None) -> bool:
        """A test of values."""

        def value(v: c.Value) -> Any:
            return self.value(v, one, t, e)

        match x:
            case c.Compare(left, op, right):
                if isinstance(left, c.Ago):
                    left, op, right = right, {"<": ">", "<=": ">=", ">": "<", ">=": "<="}.get(op, op), left
                if isinstance(right, c.Ago):
                    return self.against_ago(value(left), op, right.length, t)
                return self.compared(left, value(left), op, right, value(right))
            case c.Between(left, low, high):
                return all(self.holds(c.Compare(left, op, end), one, t, e) for op, end in ((">=", low), ("<=", high)))
            case c.OneOf(left, options, negated):
                held = [self.compared(left, value(left), "=", o, value(o)) for o in options]
                return value(left) is not None and any(held) != negated
            case c.TextTest(left, op, right):
                a, b = value(left), value(right)
                if a is None or b is None:
                    return False
                tests = {"contains": operator.contains, "starts_with": str.startswith, "ends_with": str.endswith}
                return tests[op](a.casefold(), b.casefold())
            case c.Matches(left, pattern):
                return value(left) is not None and re.search(pattern, value(left)) is not None
            case c.Missing(left, negated):
                return (value(left) is None) != negated
            case c.DateTest(left, op, length):
                return self.date_test(value(left), op, length, t)
            case c.InPeriod(left, which, unit):
                return self.in_period(value(left), which, unit, t)
            case c.ContainsList(left, quantifier, options):
                held = [f";{o.value};" in (value(left) or "") for o in options]
                return any(held) if quantifier == "any" else all(held)
        raise NotImplementedError(x)

    def compared(self, left: c.Value, a: Any, op: str, right: c.Value, b: Any) -> bool:
        if a is None or b is None:
            return False
        if left.type.kind is Kind.MULTI_CHOICE:
            return (f";{b};" in a) == (op == "=")
        if isinstance(right, c.Const) and left.type.kind is Kind.DATETIME:
            if right.type.kind is Kind.DATE:  # the whole day (X14)
                a = a.astimezone(self.zone).date().isoformat()
            else:
                b = datetime.fromisoformat(b).replace(tzinfo=self.zone).astimezone(UTC)
        return compare(a, op, b)

    def was_ever(self, left: c.Field, options: tuple[c.Const, ...], one: Record) -> bool:
        names = [o.value for o in options]
        for end in self.ends(one, left.path):
            rows = [value for _, *pair in end.past.get(left.property, []) for value in pair]
            for value in (*rows, end.props.get(left.property)):
                if value is None:
                    continue
                if left.type.kind is Kind.MULTI_CHOICE:
                    if any(f";{name};" in value for name in names):
                        return True
                elif value in names:
                    return True
        return False

    def ends(self, one: Record, path: tuple[str, ...]) -> list[Record]:
        """The records at the end of a path that exist."""
        found = [one]
        for name in path:
            found = [other for each in found for other in each.links.get(name, {}) if other.created is not None]
        return found

    # --- values -------------------------------------------------------------------------------

    def value(self, v: c.Value, one: Record, t: Moment, e: Event | None) -> Any:
        match v:
            case c.Const():
                return v.value
            case c.EventValue(name):
                assert e is not None
                return e.at if name == "at" else e.fields.get(name)
            case c.Field(path, owner, name):
                return next((self.property(end, owner, name) for end in self.ends(one, path)), None)
            case c.Aggregate():
                return self.aggregate(v, one, t)
            case c.ScoreValue(name):
                return worth(*self.scored(name, one, t), micros(t), self.zone.key)
            case c.CountOf(path, _, _, condition):
                ends = self.ends(one, path)
                return sum(condition is None or self.holds(condition, other, t, None) for other in ends)
        raise NotImplementedError(v)

    def property(self, one: Record, owner: str, name: str) -> Any:
        if name == "created_at":
            return one.created
        derived = self.schema.objects[owner].properties[name].derived
        if derived is None:
            return one.props.get(name)
        if derived in ("closed", "won"):
            stages = {s.name for p in self.schema.pipelines_of(owner) for s in p.stages if getattr(s, derived)}
            return one.props.get("stage") in stages
        if derived == "full_name":
            names = " ".join(one.props[n] for n in ("first_name", "last_name") if one.props.get(n))
            return names or one.props.get("email")
        kinds = ACTS if LAST_OF[derived] == ("*",) else LAST_OF[derived]
        return max((x.at for x in one.events.values() if x.kind in kinds and x.class_ == "human"), default=None)

    def happened(self, x: c.Happened, one: Record, t: Moment) -> bool:
        events = list(self.matching(x.match, one, t, x.within))
        if x.since is not None:
            since = self.aggregate(x.since, one, t)
            events = [v for v in events if since is not None and v.at > since]
        return len(events) >= x.match.at_least

    def matching(self, m: c.EventMatch, one: Record, t: Moment, within: c.Duration | None) -> Iterator[Event]:
        """From the oldest on."""
        events = sorted(one.events.values(), key=lambda v: (v.at, v.id))
        if m.event == "created":
            assert one.created is not None
            events = [Event(one.created, 0, "created", {}, "human")]
        for v in events:
            if v.kind != m.event and not (m.event == "acted" and v.kind in ACTS):
                continue
            if v.class_ != "human" and not m.machines:
                continue
            if within is not None and not self.date_test(v.at, "within", within, t):
                continue
            if m.filter is None or self.holds(m.filter, one, t, v):
                yield v

    def aggregate(self, x: c.Aggregate, one: Record, t: Moment) -> Any:
        return aggregated(x, list(self.matching(x.match, one, t, x.within)))


def settled(stays: list[Stay]) -> set[Stay]:
    """Who leaves and joins again within one instant has stayed."""
    found: dict[tuple[str, str], list[Stay]] = {}
    for stay in sorted(stays, key=lambda s: (s[2], s[3] is None, s[3] or s[2])):
        mine = found.setdefault(stay[:2], [])
        if mine and mine[-1][3] == stay[2]:
            mine[-1] = (*mine[-1][:3], stay[3])
        else:
            mine.append(stay)
    return {stay for mine in found.values() for stay in mine if stay[2] != stay[3]}
