"""Every figure against plain Python over what the engine left behind of random histories: two sequences and a workflow,
several enrollments each, pauses, ends by hand, machines, late events, deals, an edit of the rules, deleted contacts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from random import Random
from typing import Any

import pytest
from hypothesis import Phase, given
from hypothesis import strategies as st

from dsl.schema.model import Schema
from runtime.metrics import (
    Filters,
    SequenceMetrics,
    conversions,
    deal_overview,
    most_engaged,
    overview,
    sequence_metrics,
    step_funnel,
    template_performance,
)
from runtime.store import inbox, seen
from runtime.store.ids import record_id
from runtime.store.session import Session
from tests.examples import examples
from tests.runtime.databases import Databases
from tests.runtime.engine import harness

from .oracle import FINAL, Oracle, told
from .oracle_of_deals import Sums, sums
from .world import World

RULES = """
sequence warm "Warm" { when: manually  sender: rep  exclusive: false  again: always  grace: 1 business day
  automated { send intro  wait 2 days  send case }
  rep_led when clicked_email or opened_email at least 2 times { task call "Call"  wait 1 day  send last as task }
}
sequence cold "Cold" { when: manually  sender: rep  exclusive: false  again: always
  send last  wait 2 days  WORDS
}
workflow nurture of contact { when: plan becomes trial  again: always  goal: plan = paid
  send letter  wait 3 days  send receipt
}
"""
FIRST, EDITED = RULES.replace("WORDS", "send case"), RULES.replace("WORDS", 'task todo "Look"  send intro')
PEOPLE = ("ann", "bob", "cid", "dan", "eve", "fay")
DAYS = 24
TABLES = """segue_enrollment segue_step segue_outbox segue_task segue_property_history segue_tombstone deal contact
link_contact_deal link_contact_company event_opened_email event_clicked_email event_replied event_unsubscribed
event_bounced event_booked_meeting"""
MARKETING = {"news"}


@dataclass
class History:
    """Day by day, a few things happen to everybody in turn."""

    random: Random
    world: harness.World

    def run(self) -> None:
        for number, who in enumerate(PEOPLE):
            self.world.contact(who, at="03-01 08:00", plan="free")
            self.world.enroll(who, self.random.choice(("sequence warm", "sequence cold")), at="03-02 07:00")
            if number % 2:
                self.world.set(who, at="03-02 08:00", plan="trial")
        self.world.company("acme", *PEOPLE[:4], at="03-01 08:00")
        for day in range(2, DAYS):
            if day == DAYS // 2:
                self.world.edit(EDITED)
            for who in PEOPLE:
                self.something(who, day)
            self.world.run_to(f"03-{day:02} 23:00")

    def something(self, who: str, day: int) -> None:
        what, at = self.random.random(), f"03-{day:02} {self.random.randrange(8, 20):02}:30"
        definition = self.random.choice(("sequence warm", "sequence cold"))
        late = f"03-{max(2, day - self.random.randrange(3)):02} 09:15"
        if what < 0.12:
            self.world.enroll(who, definition, at=at, by=self.random.choice(("rep", "amy")))
        elif what < 0.17:
            self.random.choice((self.world.pause, self.world.resume, self.world.resume))(who, definition, at=at)
        elif what < 0.20:
            self.world.unenroll(who, definition, at=at)
        elif what < 0.26:
            self.world.set(who, at=at, plan=self.random.choice(("free", "trial", "trial", "paid")))
        elif what < 0.36:
            self.deal(who, at)
        elif what < 0.44 and self.world.sql("SELECT 1 FROM segue_task WHERE state = 'open'"):
            self.task(at)
        elif what < 0.48:
            self.world.event(who, "booked_meeting", at=late, host="rep")
        elif what < 0.85:
            self.reaction(who, late)

    def deal(self, who: str, at: str) -> None:
        name = self.random.choice(("d1", "d2", "d3"))
        stage = self.random.choice(("appointment", "appointment", "won", "won", "lost"))
        self.world.deal(name, who, at, stage=stage, amount=self.random.choice((None, "12.34 EUR", "99.99 EUR")))

    def task(self, at: str) -> None:
        rows = self.world.sql("SELECT contact_id FROM segue_task WHERE state = 'open' ORDER BY contact_id")
        name = self.world.names.get(rows[0][0])
        if name is not None:
            self.world.finish_task(name, at=at, state=self.random.choice(("done", "done", "skipped")))

    def reaction(self, who: str, at: str) -> None:
        mails = self.world.mails(who)
        kind = self.random.choice(
            ("opened_email", "opened_email", "opened_email", "clicked_email", "clicked_email", "replied", "bounced")
        )
        mail = self.random.choice(mails)[1] if mails and self.random.random() < 0.9 else None
        more: dict[str, Any] = {}
        if kind in ("opened_email", "clicked_email"):
            if mail is None:
                return
            more["class_"] = self.random.choice(("human", "human", "machine", "unknown", None))
        if kind == "clicked_email":
            more["link_url"] = "https://x.example"
        if kind == "bounced":
            more["kind"] = self.random.choice(("soft", "soft", "soft", "hard"))
        self.world.event(who, kind, at=at, mail=mail, **more)


def log_of(world: harness.World) -> World:
    """The raw rows of the store."""
    found = World()
    for table in TABLES.split():
        rows = world.engine.session.connection.exec_driver_sql(f"SELECT * FROM {table}").mappings()
        found.rows[table] = [dict(row) for row in rows]
    return found


def figures(world: harness.World) -> dict[str, Any]:
    """Everything that is told about sequences and workflows, as plain values."""
    session, schema, zone = world.engine.session, world.program.schema, world.zone
    found: dict[str, Any] = {m.name: _of_sequence(m) for m in [*sequence_metrics(session), overview(session).total]}
    for filters in (Filters(enrolled_by=("amy",)), Filters(companies=(record_id("company", "acme"),))):
        found[str(filters)] = _of_sequence(overview(session, filters).total)
    found |= {f"deals {name}": _of_deals(f) for name, f in deal_overview(session, schema).sequences.items()}
    found["deals"] = _of_deals(deal_overview(session, schema).total)
    found["workflow"] = {
        c.name: (c.enrolled, c.mailed.count, c.met.count if c.met else None) for c in conversions(session, schema)
    }
    found["templates"] = {
        p.template: Counter(
            sent=p.sent, **{n: getattr(p, n).count for n in ("opened", "clicked", "replied", "meetings")}
        )
        for p in template_performance(session)
    }
    found["months"] = {
        m.month: (m.enrolled, *(getattr(m, n).count for n in ("opened", "clicked", "replied", "meetings")))
        for m in overview(session, zone=zone).months
    }
    found["engaged"] = {c.id: (c.clicks, c.opens) for c in most_engaged(session, limit=100)}
    return found


def _of_sequence(m: SequenceMetrics) -> dict[str, Any]:
    q, e = m.lead_quality, m.engagement
    shares = {name: getattr(m, name).count for name in _SHARES if name != "met"} | {"met": m.meetings.count}
    shares |= {"enrolled": m.enrolled, "bounced": q.bounced.count, "unsubscribed": q.unsubscribed.count}
    shares["reached"] = q.reached.count
    return {**shares, "parts": (e.engaged.count, e.none.count, e.residue.count) if e else None}


_CLASSED = ("opened", "opened_unknown", "opened_by_machine", "clicked", "clicked_unknown", "clicked_by_machine")
_SHARES = (*_CLASSED, "replied", "met", "no_reply")


def _of_deals(f: Any) -> tuple[int, ...]:
    counts = (f.created.count, f.closed.count, f.won.count, f.lost.count)
    return (*counts, f.revenue.deals.base, f.revenue.deals.count, f.revenue.amount)


def expected(world: harness.World) -> dict[str, Any]:
    """The same from the raw rows, one enrollment at a time."""
    raw, now = log_of(world), world.now
    numbers = dict(world.sql("SELECT name, id FROM segue_definition"))
    kinds = dict(world.sql("SELECT id, kind FROM segue_definition"))
    everyone = [e for e in raw.rows["segue_enrollment"] if kinds[e["definition_id"]] == "sequence"]
    of = {name: [e for e in everyone if e["definition_id"] == numbers[name]] for name in ("warm", "cold")}
    warm = of["warm"]
    found: dict[str, Any] = {name: _sets(raw, mine, mine if name == "warm" else None, now) for name, mine in of.items()}
    found[""] = _sets(raw, everyone, warm, now)
    acme = record_id("company", "acme")
    linked = {r["id"] for t in ("link_contact_company", "segue_tombstone") for r in raw.rows[t] if r["to_id"] == acme}
    for filters, passes in (
        (Filters(enrolled_by=("amy",)), lambda e: e["enrolled_by"] == "amy"),
        (Filters(companies=(acme,)), lambda e: e["contact_id"] in linked),
    ):
        found[str(filters)] = _sets(raw, list(filter(passes, everyone)), list(filter(passes, warm)), now)
    only = World(dict(raw.rows) | {"segue_enrollment": everyone})
    found |= {f"deals {name}": _money(sums(only, mine, now)) for name, mine in of.items()}
    found["deals"] = _money(sums(only, everyone, now))
    found["workflow"] = _converted(raw, numbers["nurture"], now)
    found["templates"] = Oracle(raw, everyone, now).of_template()
    found["months"] = _months(raw, everyone, now)
    found["engaged"] = _acts(raw, everyone, now)
    return found


def _sets(raw: World, mine: list[Any], dynamic: list[Any] | None, now: int) -> dict[str, Any]:
    oracle = Oracle(raw, mine, now)
    found: dict[str, Any] = {n: len(oracle.contacts(n)) for n in (*_SHARES, "enrolled", "bounced", "unsubscribed")}
    found["reached"] = len(oracle.contacts("enrolled") - oracle.contacts("lost"))
    if dynamic is None:
        return {**found, "parts": None}
    parts = Oracle(raw, dynamic, now)
    everyone, engaged, rep_led = (parts.contacts(n) for n in ("enrolled", "engaged", "rep_led"))
    return {**found, "parts": (len(rep_led), len(everyone - engaged), len(engaged - rep_led))}


def _money(s: Sums) -> tuple[int, ...]:
    sets = (s.created, s.won | s.lost, s.won, s.lost, s.deals, s.deals_won)
    return (*map(len, sets), s.revenue)


def _converted(raw: World, number: int, now: int) -> dict[str, tuple[int, int, int]]:
    mine = [e for e in raw.rows["segue_enrollment"] if e["definition_id"] == number]
    oracle = Oracle(raw, mine, now)
    mailed = {e["contact_id"] for e in mine if oracle.mailed(e, MARKETING, now)}
    met = {e["contact_id"] for e in mine if oracle.converted(e, MARKETING)}
    return {"nurture": (len(oracle.contacts("enrolled")), len(mailed), len(met))}


def _months(raw: World, everyone: list[Any], now: int) -> dict[str, tuple[int, ...]]:
    """All of it lies in March of the account's zone."""
    oracle = Oracle(raw, everyone, now)
    tests: tuple[Callable[[Any], bool], ...] = (oracle.opened, oracle.clicked, oracle.replied, oracle.met)
    return {"2026-03": (len(everyone), *(sum(map(test, everyone)) for test in tests))}


def _acts(raw: World, everyone: list[Any], now: int) -> dict[int, tuple[int, int]]:
    theirs = {(e["id"], e["contact_id"]) for e in everyone}
    oracle = Oracle(raw, everyone, now)
    clicks, opens = Counter[int](), Counter[int]()
    for kind, counter, classes in (
        ("clicked_email", clicks, ("human", None)),
        ("opened_email", opens, ("human", "unknown", None)),
    ):
        for v in oracle.events(kind):
            counter[v["record_id"]] += v["class"] in classes and (v["enrollment_id"], v["record_id"]) in theirs
    return {id_: (clicks[id_], opens[id_]) for id_ in {*clicks, *opens} if clicks[id_] or opens[id_]}


def kept_wrong(session: Session) -> list[tuple[str, int, list[tuple[int, int, int]]]]:
    """What is kept with enrollments and mails and is not what the events tell."""
    return [one for one in seen.differences(session, 5) if one[1]]


def _play(seed: int, world: harness.World) -> harness.World:
    History(Random(seed), world).run()
    assert kept_wrong(world.engine.session) == []
    return world


@given(st.integers(0, 2**32))
@examples(12, phases=[Phase.generate])
def test_m1_to_m23_agree_with_the_raw_log(seed: int) -> None:
    world = harness.World(FIRST)
    try:
        _play(seed, world)
        assert figures(world) == expected(world)
        _and_after_deletions(world, Random(seed))
    finally:
        world.close()


@pytest.fixture
def on_postgres(databases: Databases) -> Iterator[harness.World]:
    world = harness.World(FIRST, store=databases.store(_schema()))
    yield world
    world.close()


@pytest.mark.parametrize("seed", range(1))
def test_m1_to_m23_agree_with_the_raw_log_on_postgresql(on_postgres: harness.World, seed: int) -> None:
    _play(seed, on_postgres)
    assert figures(on_postgres) == expected(on_postgres)
    _and_after_deletions(on_postgres, Random(seed))


def _schema() -> Schema:
    return harness.compiled(FIRST).schema


def _and_after_deletions(world: harness.World, random: Random) -> None:
    """M24: no figure knows that somebody is gone, nor that all were taken out by hand."""
    before = figures(world)
    gone = random.sample(PEOPLE, 3)
    for who in gone:
        world._put(inbox.delete_row("contact", record_id("contact", who), at=world.now + 1))
    for who in PEOPLE:
        for name in ("sequence warm", "sequence cold", "workflow nurture"):
            world.unenroll(who, name)
    world.run_to(f"03-{DAYS - 1} 23:01")
    assert len(world.sql("SELECT 1 FROM contact")) == len(PEOPLE) - 3
    assert not world.sql("SELECT 1 FROM segue_enrollment WHERE ended_at IS NULL")
    after = figures(world)
    assert after == before
    assert after == expected(world)
    assert kept_wrong(world.engine.session) == []
    for name in ("warm", "cold"):
        _funnel(world, name)


def _funnel(world: harness.World, name: str) -> None:
    """M16, also of those who were enrolled again after the edit."""
    raw, number = log_of(world), dict(world.sql("SELECT name, id FROM segue_definition"))[name]
    mine = [e for e in raw.rows["segue_enrollment"] if e["definition_id"] == number]
    oracle, steps = Oracle(raw, mine, world.now), step_funnel(world.engine.session, name)
    assert [told(step) for step in steps] == [oracle.of_step(set(step.places)) for step in steps]
    assert {status for step in steps for status in step.standing} <= set(FINAL)
