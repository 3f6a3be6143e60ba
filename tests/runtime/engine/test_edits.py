"""Editing while people are inside (X26, S42): random edits against the rules of versions told in plain Python.

Steps are added, removed and put in another order, windows, guards, segments and conditions change, definitions are
renamed, taken out, put back and stopped, while people enter, wait and go on. Whoever is inside goes the way of their
own version; guards and segments are those of today; an edit that takes away what somebody needs is refused and changes
nothing. So nobody is mailed twice for one step and nobody is lost.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any

import pytest

from runtime.errors import InvalidInput
from tests.runtime.engine.harness import MakeWorld, World

NAMES = ("one", "two", "three")
MAILS = ("intro", "case", "last", "receipt")
PEOPLE = ("ann", "bob", "cat", "dan")
DAYS = 6
HOUR = 60
Step = tuple[Any, ...]


@dataclass(frozen=True)
class Rule:
    """A definition. Steps: ('send', T), ('wait', hours), ('if', T when in the segment, T otherwise)."""

    steps: tuple[Step, ...]
    window: tuple[int, int] | None = None
    guard: int | None = None  # stop_when: visits > N; -1: in the segment
    when: int | None = None  # when: visits > N; None: manually
    again: str = "never"


@dataclass(frozen=True)
class Rules:
    rules: dict[str, Rule]
    big: int | None  # segment big: visits > N

    @property
    def text(self) -> str:
        segment = f"segment big of contact {{ visits > {self.big} }}\n" if self.big is not None else ""
        return segment + "".join(self._written(name, rule) for name, rule in sorted(self.rules.items()))

    def _written(self, name: str, rule: Rule) -> str:
        words = [f"when: {'manually' if rule.when is None else f'visits > {rule.when}'}", f"again: {rule.again}"]
        if rule.window:
            words.append("window: every day {:02}:00-{:02}:00".format(*rule.window))
        if rule.guard is not None:
            words.append("stop_when: in segment big" if rule.guard < 0 else f"stop_when: visits > {rule.guard}")
        for step in rule.steps:
            match step:
                case ("send", mail):
                    words.append(f"send {mail}")
                case ("wait", hours):
                    words.append(f"wait {hours} hours")
                case ("if", yes, no):
                    words.append(f"if in segment big {{ send {yes} }} else {{ send {no} }}")
        return f"workflow {name} of contact {{ {'  '.join(words)} }}\n"

    @property
    def mails(self) -> set[str]:
        return {mail for rule in self.rules.values() for step in rule.steps if step[0] != "wait" for mail in step[1:]}


@dataclass
class Inside:
    person: str
    name: str
    rule: Rule  # as pinned at entry
    due: int
    step: int = 0
    waited: bool = False
    first: bool = False  # by hand, and nothing was sent or waited for
    status: str = "active"


@dataclass
class Told:
    """What must happen. Times are minutes from the start."""

    now: Rules
    guards: dict[str, int | None] = field(default_factory=dict)  # also of those that vanished
    visits: dict[str, int] = field(default_factory=dict)
    matched: dict[str, set[str]] = field(default_factory=dict)
    inside: list[Inside] = field(default_factory=list)
    mails: list[tuple[str, int, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.guards = {name: rule.guard for name, rule in self.now.rules.items()}
        self._mark(self.now.rules)

    def _mark(self, names: Iterable[str]) -> None:
        for name in names:
            limit = self.now.rules[name].when
            self.matched[name] = {p for p, n in self.visits.items() if limit is not None and n > limit}

    def open(self) -> list[Inside]:
        return [e for e in self.inside if e.status == "active"]

    def in_segment(self, person: str) -> bool:
        return self.now.big is not None and self.visits[person] > self.now.big

    def stopped(self, name: str, person: str) -> bool:
        guard = self.guards.get(name)
        return guard is not None and (self.in_segment(person) if guard < 0 else self.visits[person] > guard)

    def needs(self, new: Rules, stop: str | None) -> bool:
        """Whether somebody needs what the new rules have no more."""
        for e in (e for e in self.open() if e.name != stop):
            ahead = [s for s in e.rule.steps[e.step :] if s[0] != "wait"]
            if {mail for s in ahead for mail in s[1:]} - new.mails:
                return True
            if new.big is None and any(s[0] == "if" for s in ahead):
                return True
            if new.big is None and e.name not in new.rules and (self.guards.get(e.name) or 0) < 0:
                return True
        return False

    def edit(self, new: Rules, stop: str | None) -> None:
        old, self.now = self.now, new
        self.guards |= {name: rule.guard for name, rule in new.rules.items()}
        self._mark(n for n, rule in new.rules.items() if n not in old.rules or old.rules[n].when != rule.when)
        for e in self.open():
            if e.name == stop:
                e.status = "unenrolled(workflow_removed)"
            elif self.stopped(e.name, e.person):
                e.status = "unenrolled(stop_when)"

    def set(self, person: str, n: int, t: int) -> None:
        self.visits[person] = n
        for e in self.open():
            if e.person == person and self.stopped(e.name, person):
                e.status = "unenrolled(stop_when)"
        for name, rule in self.now.rules.items():
            matches = rule.when is not None and n > rule.when
            if matches and person not in self.matched[name]:
                self.enroll(person, name, t, by_hand=False)
            (self.matched[name].add if matches else self.matched[name].discard)(person)

    def enroll(self, person: str, name: str, t: int, by_hand: bool = True) -> None:
        rule = self.now.rules.get(name)
        mine = [e for e in self.inside if (e.person, e.name) == (person, name)]
        if rule is None or any(e.status == "active" for e in mine) or (mine and rule.again == "never"):
            return
        if self.stopped(name, person):
            return
        self.inside.append(Inside(person, name, rule, t, first=by_hand))

    def run(self, until: int) -> None:
        while ahead := [e for e in self.open() if e.due <= until]:
            self.go(min(ahead, key=lambda e: e.due))

    def go(self, e: Inside) -> None:
        if e.step == len(e.rule.steps):
            e.status = "finished(completed)"
            return
        match e.rule.steps[e.step]:
            case ("wait", hours):
                e.due, e.first = e.due + hours * HOUR, False
            case ("send", mail):
                opens = e.due if e.first or e.rule.window is None else clipped(e.due, *e.rule.window)
                if opens > e.due:
                    e.due = opens
                    return
                self.mails.append((e.person, e.due, mail))
                e.first = False
            case ("if", yes, no):
                # A branch is decided when it is reached; what it leads to may have to wait for the window.
                mail = yes if self.in_segment(e.person) else no
                e.rule = replace(e.rule, steps=(*e.rule.steps[: e.step], ("send", mail), *e.rule.steps[e.step + 1 :]))
                return
        e.step += 1


def clipped(t: int, first: int, last: int) -> int:
    """The first minute from `t` on that lies in the window."""
    of_day = t % (24 * HOUR)
    if of_day < first * HOUR:
        return t - of_day + first * HOUR
    return t if of_day < last * HOUR else t - of_day + (24 + first) * HOUR


# --- random rules, random edits ---


def some_step(rng: Random, segment: bool) -> Step:
    kind = rng.choice(("send", "send", "wait", "wait", "if" if segment else "send"))
    match kind:
        case "send":
            return ("send", rng.choice(MAILS))
        case "wait":
            return ("wait", rng.choice((1, 5, 13, 24, 30)))
    return ("if", *rng.sample(MAILS, 2))


def some_rule(rng: Random, segment: bool) -> Rule:
    return Rule(
        tuple(some_step(rng, segment) for _ in range(rng.randint(1, 5))),
        window=rng.choice((None, None, (8, 17), (10, 20))),
        guard=rng.choice((None, None, 7, -1 if segment else 8)),
        when=rng.choice((None, None, 3, 5)),
        again=rng.choice(("never", "always")),
    )


def edited(rng: Random, old: Rules) -> Rules:
    """One thing another."""
    rules, big = dict(old.rules), old.big
    name = rng.choice(NAMES)
    rule = rules.get(name)
    if rule is None:
        rules[name] = some_rule(rng, big is not None)
        return Rules(rules, big)
    steps = list(rule.steps)
    place = rng.randrange(len(steps))
    match rng.randrange(10):
        case 0:
            steps.insert(place, some_step(rng, big is not None))
        case 1 if len(steps) > 1:
            steps.pop(place)
        case 2:
            rng.shuffle(steps)
        case 3:
            rule = replace(rule, window=rng.choice((None, (8, 17), (10, 20))))
        case 4:
            rule = replace(rule, guard=rng.choice((None, 4, 7)))
        case 5:
            rule = replace(rule, when=rng.choice((None, 3, 5)), again=rng.choice(("never", "always")))
        case 6:
            big = rng.choice((2, 4, 6)) if big is not None else None
        case 7 if len(rules) > 1:
            del rules[name]
            return Rules(rules, big)
        case 8 if other := [n for n in NAMES if n not in rules]:
            rules[rng.choice(other)] = rules.pop(name)  # renamed
            return Rules(rules, big)
        case 9:  # the segment goes, and with it all that names it today
            rules = {n: without_segment(r) for n, r in rules.items()} if big is not None else rules
            return Rules(rules, None if big is not None else 4)
    return Rules(rules | {name: replace(rule, steps=tuple(steps))}, big)


def without_segment(rule: Rule) -> Rule:
    steps = tuple(("send", step[1]) if step[0] == "if" else step for step in rule.steps)
    return replace(rule, steps=steps, guard=None if rule.guard == -1 else rule.guard)


def play(worlds: MakeWorld, seed: int) -> tuple[World, Told, int]:
    """Both over some days of facts and edits; how many edits were refused."""
    rng = Random(seed)
    first = Rules({name: some_rule(rng, True) for name in rng.sample(NAMES, 2)}, 4)
    told = Told(first, visits={name: rng.randrange(9) for name in PEOPLE})
    w = worlds(first.text)
    for name in PEOPLE:
        w.contact(name, at="03-01 08:00", visits=told.visits[name])
    w.go_live()
    refused = 0
    for hour in sorted(rng.sample(range(2, DAYS * 24), 40)):
        match rng.randrange(4):
            case 0:
                w.run_to(at(hour * HOUR))
                told.run(hour * HOUR)
                new, stop = edited(rng, told.now), None
                if rng.random() < 0.15:  # stopped, and mostly taken out with it
                    stop = rng.choice(NAMES)
                    left = {name: rule for name, rule in told.now.rules.items() if name != stop}
                    new = Rules(left, told.now.big) if left else told.now
                refused += edit(w, told, new, stop)
            case 1:
                person, n, t = rng.choice(PEOPLE), rng.randrange(9), hour * HOUR + 15
                told.run(t - 1)
                told.set(person, n, t)
                w.set(person, at=at(t), visits=n).run_to(at(t))
            case _:
                person, name, t = rng.choice(PEOPLE), rng.choice(NAMES), hour * HOUR + 30
                told.run(t - 1)
                told.enroll(person, name, t)
                w.enroll(person, f"workflow {name}", at=at(t)).run_to(at(t))
    end = (DAYS + 12) * 24 * HOUR
    told.run(end)
    return w.run_to(at(end)), told, refused


def edit(w: World, told: Told, new: Rules, stop: str | None) -> bool:
    """Whether it was refused; then the rules of before go on."""
    stopped = frozenset({stop} if stop is not None and stop in told.guards else ())
    if told.needs(new, stop):
        with pytest.raises(InvalidInput, match="gone from the rule files"):
            w.edit(new.text, stopped=stopped)
        w.edit(told.now.text)
        return True
    w.edit(new.text, stopped=stopped)
    told.edit(new, stop)
    return False


def at(minutes: int) -> str:
    return f"03-{2 + minutes // 1440:02} {minutes // HOUR % 24:02}:{minutes % HOUR:02}"


def compare(w: World, told: Told) -> None:
    for person in PEOPLE:
        mails = sorted((at(t), mail) for who, t, mail in told.mails if who == person)
        assert sorted(w.mails(person)) == mails, person
        for name in NAMES:
            theirs = [e.status for e in told.inside if (e.person, e.name) == (person, name)]
            assert w.enrollments(person, name) == theirs, (person, name)
    doubled = w.sql(
        "SELECT enrollment_id, block FROM segue_step WHERE what = 'send' AND outcome = 'sent'"
        " GROUP BY enrollment_id, block HAVING count(*) > 1"
    )
    assert doubled == [], "no step mails twice"


@pytest.mark.parametrize("seed", [0, 1, 3, 4, 5, 6, 8, 9, 10, 18, 19])
def test_x26_s42_random_edits_while_people_are_inside(worlds: MakeWorld, seed: int) -> None:
    """Everybody goes the way of the version they entered; nobody is mailed twice and nobody is lost."""
    w, told, _ = play(worlds, seed)
    compare(w, told)


def test_x26_random_edits_come_to_refusals_guards_stops_and_versions(worlds: MakeWorld) -> None:
    w, told, refused = play(worlds, 21)
    compare(w, told)
    assert refused and {e.status for e in told.inside} == {
        "finished(completed)", "unenrolled(stop_when)", "unenrolled(workflow_removed)",
    }  # fmt: skip
    assert w.sql("SELECT count(*) FROM segue_version")[0][0] > 4
