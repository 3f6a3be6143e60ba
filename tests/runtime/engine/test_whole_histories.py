"""Everything at once: rules edited while people are inside, records deleted, facts late and out of order, operators'
acts, imports, and a worker that dies at random statements. What comes of it is what comes of it undisturbed.

`SEGUE_HISTORIES=300 SEGUE_FROM=1000 pytest tests/runtime/engine/test_whole_histories.py` looks at those numbered 1000
to 1299 of each program on SQLite, and a tenth of them on PostgreSQL.
"""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from random import Random

import pytest

from dsl.schema.model import Schema
from runtime.store.store import Store
from tests.runtime.databases import Databases
from tests.runtime.engine.disturbed import Played
from tests.runtime.engine.oracle.people import Person
from tests.runtime.engine.oracle.whole import WholeWorld
from tests.runtime.engine.programs import RULES, company_of
from tests.runtime.engine.test_oracle import same as agree
from tests.runtime.engine.test_oracle import told_by
from tests.runtime.engine.whole import STEP, Act, Whole, compiled, whole

TOLD = ("windows", "sequence", "dynamic", "steps", "others", "values")
LONG, FROM = (int(os.environ.get(name, 0)) for name in ("SEGUE_HISTORIES", "SEGUE_FROM"))


def seeds(short: int, long: int) -> list[int]:
    """A fixed few in the gate."""
    return list(range(FROM, FROM + long) if LONG else range(short))


def case(name: str, seed: int, people: int = 12) -> Whole:
    return whole(Random(f"whole {name} {seed}"), name, people)


def schema_of(history: Whole) -> Schema:
    program = compiled(history.rules, history.zone)
    assert program is not None
    return program.schema


def in_memory(history: Whole) -> Store:
    return Store.memory(schema_of(history))


def same(found: Played, wanted: Played) -> None:
    for name, rows in wanted.figures.items():
        lost, extra = rows - found.figures[name], found.figures[name] - rows
        assert not lost and not extra, f"{name}: lost {list(lost)[:5]}, too many {list(extra)[:5]}"
    assert set(found.letters.gone.values()) <= {1}, "no message left twice"


@pytest.mark.parametrize("name", RULES if LONG else ["sequence", "dynamic", "effects", "others", "past"])
@pytest.mark.parametrize("seed", seeds(1, LONG))
def test_disturbed_in_every_way_it_comes_to_the_same(name: str, seed: int, tmp_path: Path) -> None:
    history = case(name, seed)
    with in_memory(history) as one, in_memory(history) as other:
        wanted = Played(one, history, tmp_path)
        found = Played(other, history, tmp_path, Random(seed))
    assert found.kills
    same(found, wanted)


@pytest.mark.parametrize("name", RULES if LONG else ["dynamic"])
@pytest.mark.parametrize("seed", seeds(1, LONG // 10))
def test_postgresql_disturbed_comes_to_the_same(name: str, seed: int, databases: Databases, tmp_path: Path) -> None:
    history = case(name, seed, 12 if LONG else 5)
    with in_memory(history) as one:
        wanted = Played(one, history, tmp_path)
    found = Played(databases.store(schema_of(history)), history, tmp_path, Random(seed))
    same(found, wanted)


@pytest.mark.parametrize("name", TOLD if LONG else TOLD[:5])
@pytest.mark.parametrize("seed", seeds(1, LONG))
def test_the_oracle_tells_the_same_history(name: str, seed: int, tmp_path: Path) -> None:
    history = told_alone(case(name, seed))
    with in_memory(history) as store:
        found = Played(store, history, tmp_path)
    steps, turns, refused = told_by(oracle(history, found))
    agree(found.words, (steps, turns, Counter(r for r in refused.elements() if r[0] > found.forgotten)))


def told_alone(history: Whole) -> Whole:
    """Without what the oracle does not know: who is enrolled by hand, and files that bring somebody new."""
    born = {a.value[0]: a.seen for a in history.acts if a.what == "create"}
    gone = {a.value[0]: a.seen for a in reversed(history.acts) if a.what == "delete" and a.seen > born[a.value[0]]}
    acts = [
        a
        for a in history.acts
        if a.what != "enroll"
        and (a.what != "import" or born[a.value[0]] < a.seen < gone.get(a.value[0], history.until))
    ]
    return replace(history, acts=tuple(acts))


def oracle(history: Whole, played: Played) -> WholeWorld:
    program = compiled(history.rules, history.zone)
    assert program is not None
    people = [
        Person(a.value[0], a.seen, dict(a.value[1]), company=company_of(a.value[0]))
        for a in history.acts
        if a.what == "create"
    ]
    facts = [(a.seen, a.what, a.value) for a in sorted(history.acts, key=in_order) if not a.alone]
    world = WholeWorld(program, people, facts, history.start, STEP)
    world.begin(played.edits)
    world.run(history.until)
    return world


def in_order(act: Act) -> tuple[datetime, datetime]:
    return act.seen, act.value[1] if act.what == "fact" else act.seen
