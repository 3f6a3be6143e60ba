"""Caps, limits and hours against an oracle that asks one mail after the other, over random limits and histories."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dsl.compile import compile_project
from dsl.program.definitions import Program
from dsl.source import Source
from runtime.store.store import Store
from tests.examples import examples
from tests.runtime.engine.programs import PROJECT, SCHEMA, TEMPLATES, UTC
from tests.runtime.engine.test_oracle import at_once, done, random_steps, same, told

RULES = """
workflow a of contact { when: viewed_page  again: always  send a  wait 3 hours  send n }
workflow b of contact { when: downloaded  again: always  window: every day 09:00-17:00  send b  wait 1 day  send a }
sequence s "S" {
  when: purchased  sender: contact.owner  zone: contact  exclusive: false  again: always  window: 08:00-18:00
  stop_when: plan = paid
  send a  wait 2 hours  send b  wait 1 business day  send a
}
"""
TRANSACTIONAL = TEMPLATES.replace("template n { topic: news", "template n { topic: bill")
MINUTE, DAYS = timedelta(minutes=1), 4

rates = st.fixed_dictionaries({}, optional={"per_minute": st.integers(1, 2), "per_day": st.integers(1, 6)})
limits = st.fixed_dictionaries(
    {}, optional={"mailbox": rates, "account": rates, "provider": st.fixed_dictionaries({"gmail.com": rates})}
)
caps = st.none() | st.tuples(st.integers(1, 3), st.integers(1, 3), st.sampled_from(["defer", "skip"]))
quiet = st.sampled_from([None, "22:00-06:00", "12:00-13:30"])


def program(cap: tuple[int, int, str] | None, limits: dict[str, object], quiet: str | None) -> Program:
    held = {"enroll_at_once": 10_000, "enrollments_per_record_per_hour": 1000}
    text = ", ".join(f"{k}: {v}" for k, v in held.items()) + (f', quiet_hours: "{quiet}"' if quiet else "")
    if cap is not None:
        most, days, reached = cap
        text += f", frequency_cap: {{at_most: {most}, within: {days} days, when_reached: {reached}"
        text += ", except: [transactional]}"
    head, _, _ = PROJECT.replace("ZONE", "Europe/Warsaw").partition("limits:")
    mail = f"path: outbox, address: us@x.example, limits: {limits}".replace("'", "")
    compiled = compile_project(
        [Source("rules.segue", RULES + TRANSACTIONAL)],
        Source("schema.yaml", SCHEMA.replace("topics: {", "topics: {bill: {label: Bill, kind: transactional}, ")),
        Source("segue.yaml", head.replace("path: outbox", mail) + f"limits: {{{text}}}\n"),
    )
    assert compiled.program is not None, [(d.code, d.message) for d in compiled.diagnostics]
    return compiled.program


def history(rng: Random) -> tuple[datetime, list, list]:
    """Eight people, some with one address, and what they did on the ten minutes of four days."""
    start = datetime(2026, *rng.choice([(3, 27), (10, 23), (6, 1)]), tzinfo=UTC)
    folk, facts = [], {}
    for i in range(8):
        email = rng.choice([f"p{i}@x.example", f"p{i}@gmail.com", "one@gmail.com", "two@x.example"])
        zone = rng.choice(["Asia/Tokyo", "America/New_York", None])
        props = {"email": email, "owner": rng.choice(["rep", "amy"]), "time_zone": zone, "plan": "free"}
        folk.append((f"p{i}", props, start + 10 * MINUTE))
        for _ in range(rng.randint(0, 6)):
            at = start + 10 * MINUTE * rng.randint(2, 140)
            kind = rng.choice(["viewed_page", "viewed_page", "downloaded", "purchased"])
            fields = {"amount": 100} if kind == "purchased" else {}
            facts[f"p{i}", kind, at] = (at, "event", (f"p{i}", kind, fields, "human"))
        if rng.random() < 0.3:
            at = start + 10 * MINUTE * rng.randint(30, 300)
            # The oracle knows who unsubscribed, not which address.
            if email.startswith("p") and rng.random() < 0.5:
                facts[f"p{i}", "end", at] = (at, "event", (f"p{i}", "unsubscribed", {}, "human"))
            else:
                facts[f"p{i}", "end", at] = (at, "set", (f"p{i}", "plan", "paid"))
    return start, folk, list(facts.values())


def agree(rules: Program, seed: int, store: Store) -> None:
    rng = Random(seed)
    start, folk, facts = history(rng)
    until = start + timedelta(days=DAYS)
    found = done(
        rules, start, folk, facts, until, store, rng.choice([at_once, random_steps(rng)]), rng.choice([3, 500])
    )
    same(found, told(rules, start, folk, facts, until, MINUTE))


@examples(12)
@given(caps, limits, quiet, st.integers(0, 10**6))
@example(None, {"provider": {"gmail.com": {"per_minute": 1}}, "mailbox": {"per_minute": 1, "per_day": 1}}, None, 138)
def test_x25_s16_s17_s18_l15_random_limits_hold_as_the_oracle_says(cap, limits, quiet, seed) -> None:
    rules = program(cap, limits, quiet)
    with Store.memory(rules.schema) as store:
        agree(rules, seed, store)


@pytest.mark.postgres
@pytest.mark.parametrize(
    ("cap", "limits", "quiet"),
    [
        ((2, 2, "defer"), {"mailbox": {"per_minute": 1}, "provider": {"gmail.com": {"per_day": 2}}}, "22:00-06:00"),
        ((1, 3, "skip"), {"account": {"per_minute": 1, "per_day": 5}}, None),
    ],
)
def test_s18_postgresql_holds_the_same(cap, limits, quiet, databases) -> None:
    rules = program(cap, limits, quiet)
    agree(rules, 7, databases.store(rules.schema))
