"""Exclusive sequences, records that share an address, stops of a whole company, against the oracle (X7, X9, S29, S34,
L3): random histories of a dozen records."""

from __future__ import annotations

from datetime import timedelta
from functools import lru_cache
from random import Random

import pytest

from dsl.compile import compile_project
from dsl.program.definitions import Program
from dsl.source import Source
from runtime.store.store import Store
from tests.runtime.engine.programs import PROJECT, SCHEMA, TEMPLATES, ZONES, history
from tests.runtime.engine.test_oracle import DAYS, STEP, at_once, done, random_steps, same, told

RULES = """
sequence low {
  when: plan = trial
  sender: rep
  again: after 1 day
  stop_company_on: purchased(amount > 3 EUR)
  wait 7 hours
  send a
  wait 1 day
  send b
}
sequence high {
  when: has viewed_page within 8 hours and plan != paid
  only: tags contains any [red, green]
  sender: contact.owner
  priority: 5
  again: always
  goal: plan = paid
  send b
  wait 9 hours
  send a
}
sequence heard {
  when: downloaded or clicked_email
  sender: rep
  again: always
  priority: 5
  stop_company_on: abandoned_cart
  wait 3 hours
  send a
}
sequence free { when: has purchased within 5 hours  exclusive: false  sender: rep  again: always  send a  wait 1 day }
segment inside of contact { in sequence low or in sequence heard }
workflow out of contact { when: in segment inside  again: after 2 days  wait 20 hours  unenroll from sequence low }
"""


@lru_cache
def program(zone: str) -> Program:
    compiled = compile_project(
        [Source("rules.segue", RULES + TEMPLATES)],
        Source("schema.yaml", SCHEMA),
        Source("segue.yaml", PROJECT.replace("ZONE", zone)),
    )
    assert compiled.program is not None, [(d.code, d.message, d.help) for d in compiled.diagnostics]
    return compiled.program


def case(seed: int, people: int = 12):
    """Two of three records share an address with another."""
    rng = Random(f"turns {seed}")
    zone = rng.choice(ZONES)
    start, folk, facts = history(rng, zone, people, DAYS, STEP)
    for i, (_, props, _) in enumerate(folk):
        if props["email"] is not None:
            props["email"] = f"{'pP'[i % 2]}{i if i % 3 == 2 else i // 3}@x.example"
        props["owner"] = props["owner"] or "rep"
    return program(zone), start, folk, facts, start + timedelta(days=DAYS)


@pytest.mark.parametrize("seed", range(10))
def test_x7_s29_s34_turns_are_taken_as_the_oracle_says(seed: int) -> None:
    rules, start, folk, facts, until = case(seed)
    with Store.memory(rules.schema) as store:
        found = done(rules, start, folk, facts, until, store, at_once)
    same(found, told(rules, start, folk, facts, until))


@pytest.mark.parametrize("seed", range(3))
def test_x12_x7_steps_of_the_clock_and_batches_change_no_turn(seed: int) -> None:
    rules, start, folk, facts, until = case(seed, people=30)
    rng = Random(seed)
    with Store.memory(rules.schema) as one, Store.memory(rules.schema) as other:
        wanted = done(rules, start, folk, facts, until, one, at_once)
        same(done(rules, start, folk, facts, until, other, random_steps(rng), batch=3, order=rng), wanted)


@pytest.mark.parametrize("seed", range(2))
def test_x7_s34_postgresql_does_the_same(seed: int, postgres_url: str) -> None:
    rules, start, folk, facts, until = case(seed)
    with Store.create(postgres_url, rules.schema) as store:
        found = done(rules, start, folk, facts, until, store, at_once)
    same(found, told(rules, start, folk, facts, until))
