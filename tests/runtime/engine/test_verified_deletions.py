"""Records deleted and brought back while random segments and scores are kept: `segue segments verify` finds nothing,
after each step of random histories (X9, X35, G1)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dsl.program.definitions import Program
from runtime.channels.memory import MemoryChannel
from runtime.engine.tick import Engine
from runtime.service.verifying import verify
from runtime.store import inbox
from runtime.store.ids import record_id
from runtime.store.store import Store
from tests.examples import examples
from tests.runtime.databases import Databases
from tests.runtime.engine.as_rows import micros
from tests.runtime.engine.conditions import program_of
from tests.runtime.engine.crm import MINUTE, Fact
from tests.runtime.engine.histories import DAYS, NAMES, case
from tests.runtime.engine.test_incremental import numbered, row

SCORES = (
    "score held of contact { give 5 when plan = paid  give 2 when viewed_page  take 1 when vip }",
    "score sold of deal { give 3 when won  give 1 when created  decay: half every 2 days }",
    "segment held_up of contact { score(held) >= 5 or score(held) fell by 2 within 30 hours }",
    "segment sold_well of deal { score(sold) > 2 or score(sold) rose by 1 within 1 day }",
)


def steps(rng: Random, start: datetime, facts: list[Fact]) -> Iterator[tuple[datetime, list[Fact], list[Fact]]]:
    """(until when, what is told then, who is deleted then). Some are back a step later, as they were."""
    back: list[Fact] = []
    before = start
    for stop in sorted(start + MINUTE * rng.randint(1, DAYS * 24 * 60) for _ in range(14)):
        told = [f for f in facts if before < f.seen <= stop] + back
        gone = [Fact(stop, "delete", of, rng.choice(NAMES[of]), (), stop) for of in NAMES if rng.random() < 0.4]
        value = {"contact": {"plan": "paid"}, "company": {"name": "back"}}
        deal = {"pipeline": "sales", "stage": "won"}
        later = stop + timedelta(minutes=rng.choice([1, 90]))
        back = [
            Fact(later, "record", f.object, f.name, (value.get(f.object, deal),), later)
            for f in gone
            if rng.random() < 0.7
        ]
        yield stop, told, gone
        before = stop


def nothing_is_wrong(store: Store, program: Program, start: datetime, facts: list[Fact], rng: Random) -> None:
    engine = Engine(store, program, MemoryChannel())
    try:
        _tell(engine, [row(program, i, f) for i, f in enumerate(facts) if f.seen <= start])
        engine.go_live(micros(start))
        for stop, told, gone in steps(rng, start, facts):
            engine.run(micros(stop - MINUTE))
            deleted = [inbox.delete_row(f.object, record_id(f.object, f.name), at=micros(f.at)) for f in gone]
            _tell(engine, [*(row(program, i, f) for i, f in enumerate(told)), *deleted])
            engine.run(micros(stop))
            with store.session() as session:
                found = verify(session, program)
            assert not found.differences, (stop, found)
    finally:
        engine.close()


def _tell(engine: Engine, rows: list[inbox.InboxRow]) -> None:
    with engine.session.transaction():
        inbox.put(engine.session, rows)


def history(seed: int) -> tuple[Program, datetime, list[Fact], Random]:
    rng = Random(f"deleted {seed}")
    rules, zone, start, facts = case(rng)
    return program_of((*SCORES, *rules), zone), start, numbered(facts), rng


@given(st.integers(0, 2**62))
@examples(12)
def test_g1_x35_deletions_leave_nothing_wrong(seed: int) -> None:
    program, start, facts, rng = history(seed)
    with Store.memory(program.schema) as store:
        nothing_is_wrong(store, program, start, facts, rng)


@pytest.mark.postgres
@pytest.mark.parametrize("seed", [1])
def test_g1_x35_nor_on_postgresql(seed: int, databases: Databases) -> None:
    program, start, facts, rng = history(seed)
    nothing_is_wrong(databases.store(program.schema), program, start, facts, rng)
