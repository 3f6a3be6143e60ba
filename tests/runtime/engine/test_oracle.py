"""The engine against a per-person oracle in plain Python, over random histories, zones, tick steps and batches."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from random import Random

import pytest

from runtime.channels.memory import MemoryChannel
from runtime.engine.tick import Engine
from runtime.store import inbox
from runtime.store.store import Store
from tests.runtime.engine.as_rows import begun, fact_rows, fields_of, micros
from tests.runtime.engine.figures import in_words
from tests.runtime.engine.oracle.people import Event, Person
from tests.runtime.engine.oracle.world import World
from tests.runtime.engine.programs import RULES, UTC, ZONES, company_of, history, program

STEP = timedelta(minutes=10)
DAYS = 9
SEEDS = range(14)


def rows(folk, facts):
    """The same history as inbox rows of the engine."""
    born = [row for one in folk for row in begun(*one)]
    return born + [row for i, fact in enumerate(facts) for row in fact_rows(i, *fact)]


def told(rules, start, folk, facts, until, step=STEP):
    """What the oracle says: log, turns of memberships, ends, refusals."""
    people = [Person(name, created, dict(props), company=company_of(name)) for name, props, created in folk]
    given = [(p.created, "create", p) for p in people]
    for at, kind, values in facts:
        if kind == "event":
            event = Event(at, values[1], fields_of(values[1], values[2]), values[3])
            given.append((at, "event", (values[0], event)))
        elif kind == "set":
            given.append((at, "set", values))
        else:
            given.append((at, "deal", (values[0], values[1], {"stage": values[2]})))
    world = World(rules, people, given, start, step)
    world.run(until)
    return told_by(world)


def told_by(world):
    return tuple(Counter((micros(t), *rest) for t, *rest in said) for said in (world.log, world.turns, world.refused))


def done(rules, start, folk, facts, until, store, advance, batch=100_000, order=None):
    """What the engine did, in the oracle's words. `advance(engine, until)` drives the clock."""
    with store.session() as session, session.transaction():
        inbox.put(session, rows(folk, facts))
    engine = Engine(store, rules, MemoryChannel(), batch=batch, order=order)
    engine.go_live(micros(start))
    advance(engine, micros(until))
    found = in_words(engine.session, [name for name, _, _ in folk])
    engine.close()
    return found


def at_once(engine, until):
    engine.run(until)


def random_steps(rng):
    def advance(engine, until):
        while (clock := engine.clock) < until:
            engine.run(min(until, clock + rng.choice([1, 7, 60, 500, 3000]) * 60_000_000))

    return advance


def minute_by_minute(engine, until):
    for t in range(engine.clock, until, 60_000_000):
        engine.tick(t + 60_000_000)


def same(found, wanted):
    for what, a, b in zip(("steps", "memberships", "refusals"), found, wanted, strict=True):
        lost, extra = sorted((b - a).elements(), key=repr)[:8], sorted((a - b).elements(), key=repr)[:8]
        assert not lost and not extra, f"{what}: the engine lacks {readable(lost)}\nand has {readable(extra)}"


def readable(found):
    return "\n  " + "\n  ".join(f"{datetime.fromtimestamp(r[0] / 1e6, UTC):%m-%d %H:%M} {r[1:]}" for r in found)


def case(name, seed, people=10):
    rng = Random(f"{name} {seed}")
    zone = rng.choice(ZONES)
    start, folk, facts = history(rng, zone, people, DAYS, STEP)
    return program(name, zone), start, folk, facts, start + timedelta(days=DAYS)


@pytest.mark.parametrize("name", RULES)
@pytest.mark.parametrize("seed", SEEDS)
def test_the_engine_does_what_the_oracle_says(name, seed):
    rules, start, folk, facts, until = case(name, seed)
    with Store.memory(rules.schema) as store:
        found = done(rules, start, folk, facts, until, store, at_once)
    same(found, told(rules, start, folk, facts, until))


@pytest.mark.parametrize("name", RULES)
@pytest.mark.parametrize("seed", SEEDS)
def test_x12_steps_of_the_clock_batches_and_their_order_change_nothing(name, seed):
    """Random tick steps, and batches of 7 in shuffled order, give the same step log as one run."""
    rules, start, folk, facts, until = case(name, seed, people=40)
    with Store.memory(rules.schema) as one:
        wanted = done(rules, start, folk, facts, until, one, at_once)
    rng = Random(seed)
    shuffled = list(facts)
    rng.shuffle(shuffled)
    with Store.memory(rules.schema) as other:
        found = done(rules, start, folk, shuffled, until, other, random_steps(rng), batch=7, order=rng)
    same(found, wanted)


@pytest.mark.parametrize("name", RULES)
def test_x12_ticking_every_minute_is_the_same_as_the_virtual_clock(name):
    rules, start, folk, facts, until = case(name, 99)
    until = start + timedelta(days=3)
    with Store.memory(rules.schema) as one, Store.memory(rules.schema) as other:
        wanted = done(rules, start, folk, facts, until, one, at_once)
        same(done(rules, start, folk, facts, until, other, minute_by_minute), wanted)


@pytest.mark.parametrize("name", RULES)
@pytest.mark.parametrize("seed", range(2))
def test_postgresql_does_the_same(name, seed, databases):
    rules, start, folk, facts, until = case(name, seed)
    found = done(rules, start, folk, facts, until, databases.store(rules.schema), at_once)
    same(found, told(rules, start, folk, facts, until))
