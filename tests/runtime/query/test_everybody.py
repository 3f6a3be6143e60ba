"""Everybody is judged by sets, the few by a predicate: both must say the same, and the plans of both are pinned."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.segment_rules import SIX, Segment, library, rules
from benchmarks.segment_store import NOW, built, program
from runtime.channels.memory import MemoryChannel
from runtime.engine.tick import Engine
from runtime.query.conditions import Predicate, predicate
from runtime.query.everybody import everybody
from runtime.query.scope import Scope
from runtime.store import inbox
from runtime.store.session import Session
from runtime.store.store import Store
from runtime.times.zones import MINUTE

ODD = (
    "has not clicked_email at least 2 times within 30 days",
    "has not viewed_page(path starts with \"/p\") within 90 days and nps >= 5",
    "count(viewed_page within 14 days) < 3",
    "count(purchased) != 1",
    "count(purchased(product = \"sku-3\")) = 0",
    "sum(purchased.amount within 1 year) <= 500 USD",
    "min(purchased.amount) < 20 USD or max(submitted_survey.score) >= 9",
    "avg(submitted_survey.score within 1 year) between 3 and 7",
    "first(viewed_page).path = \"/docs/4\"",
    "last(purchased).at older than 90 days and not (lifecycle_stage = lead or has replied)",
    "last(downloaded(asset = \"guide-1\")).at within 1 year",
    "last_activity_at within 30 days or last_contacted_at within 7 days",
    "has clicked_email including machines within 30 days",
    "has acted at least 5 times within 60 days",
    "has acted at least 30 times",
    "not (has viewed_page within 60 days and has purchased)",
    "not has bounced and not (has opened_email within 30 days or lifecycle_stage = lead)",
    "(has bounced(kind = hard) or has bounced) and has downloaded",
    "has opened_email since last(clicked_email)",
    "has created within 100 days and has viewed_page",
    'company.industry = "steel" and has purchased',
    "(country = \"FR\" or has replied within 20 days) and has viewed_page",
)  # fmt: skip
ALL = (*SIX, *library(), *(Segment(f"odd_{i}", text, "") for i, text in enumerate(ODD)))
CONTACTS, EVENTS = 500, 10_000


@pytest.fixture(scope="module")
def sqlite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    url = f"sqlite:///{tmp_path_factory.mktemp('people') / 'crm.db'}"
    built(url, CONTACTS, EVENTS)
    with Store.open(url) as store, store.session() as session:
        _as_if_large(session)
        yield session


def _as_if_large(session: Session) -> None:
    """The planner believes in a million contacts; the rows stay few."""
    for table, index, stat in session.run("SELECT tbl, idx, stat FROM sqlite_stat1"):
        rows, *each = stat.split()
        stat = " ".join((str(int(rows) * 2_000), *each))
        session.run("UPDATE sqlite_stat1 SET stat = :s WHERE tbl = :t AND idx IS :i", s=stat, t=table, i=index)
    session.run("ANALYZE sqlite_schema")  # read them again


def compiled(session: Session, segments: tuple[Segment, ...]) -> Iterator[tuple[Segment, Predicate, Predicate]]:
    made = program(rules(segments))
    scope = Scope(made, session.dialect)
    for s in segments:
        condition = made.segments[s.name].condition
        assert condition is not None
        yield s, everybody(scope, condition, "contact"), predicate(scope, condition, "contact")


def test_everybody_is_each_one(sqlite: Session) -> None:
    found = 0
    for s, those, each in compiled(sqlite, ALL):
        one_by_one = sqlite.bound(f"SELECT s.bucket, s.id FROM contact s WHERE {each.sql}", each.at(NOW))
        together = sqlite.bound(those.sql, those.at(NOW))
        assert len(together) == len(set(together)), s
        assert set(together) == set(one_by_one), s
        if s.hand:
            assert set(together) == set(sqlite.run(s.hand)), s
        found += 0 < len(together) < CONTACTS
    assert found > 100


def test_everybody_is_each_one_on_postgresql(postgres_url: str, tmp_path: Path) -> None:
    built(postgres_url, CONTACTS, EVENTS)
    with Store.open(postgres_url) as store, store.session() as session:
        for s, those, each in compiled(session, ALL):
            one_by_one = session.bound(f"SELECT s.bucket, s.id FROM contact s WHERE {each.sql}", each.at(NOW))
            assert set(session.bound(those.sql, those.at(NOW))) == set(one_by_one), s


# What SQLite does for each of the six, for everybody. A kind of event is walked once, in the order of its key or by the
# index on the last one; the order is what lets `EXCEPT` merge.
PLANS = {
    "q1": ["SCAN s"],
    "q2": ["CO-ROUTINE d", "SCAN v", "SCAN d", "SEARCH s USING COVERING INDEX sqlite_autoindex_contact_1"],
    "q3": ["MERGE (EXCEPT)", "LEFT", "SCAN s USING COVERING INDEX sqlite_autoindex_contact_1", "RIGHT",
           "SEARCH u USING PRIMARY KEY (event=?)"],
    "q4": ["CO-ROUTINE d", "SCAN v", "SCAN d", "SEARCH s USING COVERING INDEX sqlite_autoindex_contact_1",
           "CORRELATED SCALAR SUBQUERY", "SEARCH a USING PRIMARY KEY (event=? AND bucket=? AND id=?)",
           "CORRELATED SCALAR SUBQUERY", "SEARCH v1 USING PRIMARY KEY (bucket=? AND record_id=?)"],
    "q5": ["CO-ROUTINE d", "SCAN v", "SCAN d", "SEARCH s USING COVERING INDEX sqlite_autoindex_contact_1"],
    "q6": ["SEARCH u USING COVERING INDEX segue_activity_last (event=? AND last_at>? AND last_at<?)",
           "SEARCH s USING INDEX sqlite_autoindex_contact_1"],
}  # fmt: skip


def test_the_plans_for_everybody_are_pinned(sqlite: Session) -> None:
    for s, those, _ in compiled(sqlite, SIX):
        plan = _plan(sqlite, those.sql, those)
        assert len(plan) == len(PLANS[s.name]), (s.name, plan)
        for line, wanted in zip(plan, PLANS[s.name], strict=True):
            assert line.startswith(wanted), (s.name, plan)


def test_the_plans_for_the_few_walk_nothing(sqlite: Session) -> None:
    """Driven by those touched, each condition looks up what it needs by key."""
    sqlite.run("CREATE TEMPORARY TABLE few (bucket INTEGER, id BIGINT, PRIMARY KEY (bucket, id)) WITHOUT ROWID")
    for s, _, each in compiled(sqlite, ALL):
        sql = f"SELECT d.id FROM few d CROSS JOIN contact s WHERE s.bucket = d.bucket AND s.id = d.id AND {each.sql}"
        walked = [line for line in _plan(sqlite, sql, each) if line.startswith("SCAN ") and line != "SCAN d"]
        assert [line for line in walked if not line.startswith("SCAN q")] == [], (s, walked)  # q: a subquery's rows
    sqlite.run("DROP TABLE few")


def _plan(session: Session, sql: str, of: Predicate) -> list[str]:
    lines = [str(row[3]) for row in session.bound(f"EXPLAIN QUERY PLAN {sql}", of.at(NOW))]
    return [line.rstrip(" 0123456789") if line.startswith("CORRELATED") else line for line in lines]


def test_a_load_is_counted_and_a_trickle_is_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Plans go by the databases' figures: made anew after much was taken in, and not of a few rows, which mislead."""
    monkeypatch.setattr("runtime.engine.tick.BULK", 50)
    made = program("")
    with Store.create(f"sqlite:///{tmp_path / 'crm.db'}", made.schema) as store, store.session() as world:
        engine = Engine(store, made, MemoryChannel())
        engine.go_live(NOW)
        for count, counted in ((10, False), (60, True)):
            with world.transaction():
                rows = (inbox.record_row("contact", f"{count}/{i}", {}, at=NOW + count * MINUTE) for i in range(count))
                inbox.put(world, rows)
            engine.run(NOW + count * MINUTE)
            assert bool(world.run("SELECT 1 FROM sqlite_schema WHERE name = 'sqlite_stat1'")) is counted
        engine.close()
