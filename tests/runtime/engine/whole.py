"""Whole histories: facts that come late and out of order, records deleted, operators' acts, files imported, rules
edited and what is over vacuumed, all at random instants of one history.

All holds at full steps of a grid. What is told comes to the store a minute before the step at which it is seen; rules
are edited, and what is over vacuumed, at a step, once all of it is done.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import groupby
from random import Random
from typing import Any

from dsl.compile import compile_project
from dsl.program.definitions import Program
from dsl.source import Source
from tests.runtime.engine.programs import PROJECT, RULES, SCHEMA, TEMPLATES, ZONES, history

STEP = timedelta(minutes=10)
DAYS = 9


@dataclass(frozen=True)
class Act:
    """`seen`: when it comes to us. `what` and `value`:

    create: name, properties             fact: its number; at, kind, values of `programs.history`
    delete: name                         import: name, property, value, whether `--live`
    enroll, unenroll, pause, resume:     task: name, state (of the oldest open one)
        name, definition                 edit: rules              vacuum: nothing
    """

    seen: datetime
    what: str
    value: tuple[Any, ...]

    @property
    def alone(self) -> bool:
        """Whether no worker may run meanwhile."""
        return self.what in ("edit", "vacuum")


@dataclass(frozen=True)
class Whole:
    zone: str
    rules: str
    start: datetime
    until: datetime
    acts: tuple[Act, ...]

    @property
    def names(self) -> list[str]:
        return sorted(a.value[0] for a in self.acts if a.what == "create")

    def instants(self) -> Iterator[tuple[datetime, list[Act]]]:
        for seen, acts in groupby(self.acts, key=lambda a: a.seen):
            yield seen, list(acts)


@lru_cache(maxsize=512)
def compiled(rules: str, zone: str) -> Program | None:
    """None where an edit has taken away what another part of the rules names."""
    project = Source("segue.yaml", PROJECT.replace("ZONE", zone))
    return compile_project([Source("rules.segue", rules + TEMPLATES)], Source("schema.yaml", SCHEMA), project).program


def whole(rng: Random, name: str, people: int) -> Whole:
    zone = rng.choice(ZONES)
    start, folk, facts = history(rng, zone, people, DAYS, STEP)
    until = start + timedelta(days=DAYS)
    acts = [Act(created, "create", (who, props)) for who, props, created in folk]
    acts += [Act(_seen(rng, fact[0]), "fact", (i, *fact)) for i, fact in enumerate(facts)]
    taken = {(a.value[0] if a.what == "create" else a.value[3][0], a.seen) for a in acts}
    names, definitions = [who for who, *_ in folk], re.findall(r"(?m)^((?:sequence|workflow) \w+)", RULES[name])
    for _ in range(people * 5):
        act = _act(rng, start, rng.choice(names), definitions)
        if (act.value[0], act.seen) not in taken:  # two acts on one person at one instant have no order outside
            taken.add((act.value[0], act.seen))
            acts.append(act)
    acts += [Act(_step(rng, start), "edit", (_edited(rng, RULES[name], zone),)) for _ in range(rng.randint(1, 5))]
    acts += [Act(until - STEP * rng.randint(2, 600), "vacuum", ()) for _ in range(rng.choice([0, 1, 1, 2]))]
    inside = [a for a in acts if a.seen < until]
    return Whole(zone, RULES[name], start, until, tuple(sorted(inside, key=lambda a: (a.seen, a.alone))))


def _seen(rng: Random, at: datetime) -> datetime:
    """One in five is late, up to more than a day."""
    return at + STEP * (rng.choice([1, 6, 40, 100, 160]) if rng.random() < 0.2 else 0)


def _step(rng: Random, start: datetime) -> datetime:
    return start + STEP * rng.randint(2, int(timedelta(days=DAYS) / STEP) - 2)


def _act(rng: Random, start: datetime, who: str, definitions: list[str]) -> Act:
    seen, what = _step(rng, start), rng.randrange(16)
    if what == 0:
        return Act(seen, "delete", (who,))
    if what <= 2:
        named, value = rng.choice([("plan", rng.choice(["free", "trial", "paid"])), ("visits", rng.randint(0, 6))])
        return Act(seen, "import", (who, named, value, rng.random() < 0.5))
    if what <= 4:
        return Act(seen, "task", (who, rng.choice(["done", "skipped"])))
    command = rng.choice(["enroll"] * 5 + ["unenroll", "pause", "pause", "resume", "resume"])
    return Act(seen, command, (who, rng.choice(definitions)))


# --- edits ------------------------------------------------------------------------------------

_PART = re.compile(r"(?m)^(?=(?:static|segment|score|sequence|workflow) )")
_LENGTH = re.compile(r"(?<=[a-z(] )(\d+) (hour|day)s?\b")


def _edited(rng: Random, rules: str, zone: str) -> str:
    """Parts are gone, lengths of time are others, mails change places; what an earlier edit did is undone by it."""
    while True:
        parts = [p for p in _PART.split(rules) if rng.random() < 0.85]
        text = "".join(_changed(rng, p) if rng.random() < 0.4 else p for p in parts)
        program = compiled(text, zone)
        if program is not None and program.definitions:
            return text


def _changed(rng: Random, part: str) -> str:
    match rng.randrange(4):
        case 0:
            return part.replace("again: always", "again: never")
        case 1:
            return re.sub(r"send ([ab])\b", lambda m: f"send {'ba'['ab'.index(m[1])]}", part)
        case 2:
            return re.sub(r"set visits = \d", "set visits = 4", part)
    return _LENGTH.sub(
        lambda m: f"{rng.choice([2, 3, 5, 20, 40]) if m[2] == 'hour' else rng.choice([2, 3])} {m[2]}s", part
    )
