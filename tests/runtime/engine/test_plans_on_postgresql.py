"""On PostgreSQL each table that grows is read by a condition on an index, in every statement of a tick: on a filled and
counted store, with a planner that is told to walk nothing which has an index."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

import pytest

from runtime.engine import work
from runtime.store.objects import crm_metadata
from runtime.store.session import Row, Session
from runtime.store.tables import metadata
from tests.runtime.databases import Databases
from tests.runtime.engine.harness import SCHEMA, World, compiled

pytestmark = pytest.mark.postgres
RULES = """
segment regulars of contact { has viewed_page at least 2 times within 30 days and plan = trial }
sequence x "X" { when: plan = trial  sender: rep  stop_on: purchased
  send intro
  wait 3 days
  if has clicked_email since enrollment { send case } else { wait 1 day }
  task call "Call" without waiting
  wait until downloaded up to 2 days
  send last
}
workflow w of contact { when: viewed_page  again: always  set visits = 7  task todo "Look"  wait 900 days }
workflow bought of contact { when: in segment regulars  again: always  notify rep "buys" }
"""
PEOPLE = 1_000
_DEAR = ("enable_seqscan", "enable_hashjoin", "enable_mergejoin", "enable_material", "enable_memoize")


@pytest.fixture(scope="module")
def filled(databases: Databases) -> Iterator[World]:
    """Most in the middle of a journey, resting; the database knows how many."""
    world = World(RULES, store=databases.store(compiled(RULES, SCHEMA).schema))
    for i in range(PEOPLE):
        world.contact(f"c{i}", at="03-02 10:00", plan="trial" if i % 4 else "free")
        world.event(f"c{i}", "viewed_page", at="03-02 11:00", path="/")
        if i % 4 == 0:
            world.event(f"c{i}", "purchased", at="03-02 11:00", amount=5)
        if i % 8 == 4:
            world.event(f"c{i}", "bounced", at="03-02 11:01", kind="hard")
    world.go_live("x", "w", "bought").run_to("03-03 12:00")
    world.sql("ANALYZE")
    for setting in _DEAR:
        world.sql(f"SET {setting} = off")
    yield world
    for setting in _DEAR:
        world.sql(f"RESET {setting}")
    world.close()


def test_an_idle_tick(filled: World, monkeypatch: pytest.MonkeyPatch) -> None:
    filled.tick("03-03 13:00")
    assert _walked(filled, "03-03 13:01", monkeypatch) == []


def test_a_tick_for_few_that_were_touched(filled: World, monkeypatch: pytest.MonkeyPatch) -> None:
    filled.event("c1", "viewed_page", at="03-03 14:00", path="/").event("c2", "purchased", at="03-03 14:00", amount=5)
    filled.set("c8", at="03-03 14:00", plan="trial")
    assert _walked(filled, "03-03 14:01", monkeypatch, "INSERT INTO touch", "INSERT INTO segue_enrollment") == []
    assert filled.status("c8", "x") == "active" and filled.value("c1", "visits") == 7


def test_a_tick_with_few_due_claims_sends_and_settles(filled: World, monkeypatch: pytest.MonkeyPatch) -> None:
    filled.contact("late", at="03-03 15:00", plan="trial").tick("03-03 15:01")
    filled.event("late", "clicked_email", at="03-03 16:00", mail="intro", link_url="x").tick("03-06 12:30")
    sent = len(filled.channel.sent)
    assert _walked(filled, "03-06 15:01", monkeypatch, "UPDATE segue_outbox") == []
    assert len(filled.channel.sent) == sent + 1


def test_what_passes_deleted_from_their_work_tables_is_taken_away(
    filled: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing vacuums a temporary table of PostgreSQL but the worker itself."""
    temporary = "FROM pg_class c WHERE c.relnamespace = pg_my_temp_schema() AND c.relkind = 'r'"
    size = f"SELECT sum(pg_relation_size(c.oid)) {temporary}"
    filled.event("c1", "viewed_page", at="03-07 09:00", path="/").tick("03-07 10:00")
    before = filled.sql(size)[0][0]
    monkeypatch.setattr(work, "WORN", before - 1)
    filled.event("c1", "viewed_page", at="03-07 10:30", path="/").tick("03-07 11:00")
    assert before > 0 and filled.sql(size) == [(0,)]


def _walked(world: World, to: str, monkeypatch: pytest.MonkeyPatch, *wanted: str) -> list[str]:
    """The tables that statements of a tick walk, each with its statement; the tick runs statements with `wanted`."""
    schema, plans = world.program.schema, dict[str, list[str]]()
    tables = [*metadata.sorted_tables, *crm_metadata(schema).sorted_tables]
    growing = frozenset(t.name for t in tables if "bucket" in t.c) - {"segue_lease"}
    ask, count = Session.bound, Session.count

    def look(session: Session, sql: str, values: Mapping[str, object]) -> None:
        if sql not in plans and re.match(r"SELECT|INSERT|UPDATE|DELETE|WITH", sql):
            plans[sql] = list(_whole(ask(session, f"EXPLAIN (FORMAT JSON) {sql}", values)[0][0], growing))

    def bound(session: Session, sql: str, values: Mapping[str, object]) -> list[Row]:
        look(session, sql, values)
        return ask(session, sql, values)

    def counted(session: Session, sql: str, values: Mapping[str, object]) -> int:
        look(session, sql, values)
        return count(session, sql, values)

    monkeypatch.setattr(Session, "bound", bound)
    monkeypatch.setattr(Session, "count", counted)
    world.tick(to)
    monkeypatch.undo()
    for text in wanted:
        assert any(text in sql for sql in plans), text
    return [f"{node}: {sql}" for sql, nodes in plans.items() for node in nodes]


def _whole(plan: object, growing: frozenset[str], first: bool = False) -> Iterator[str]:
    """Scans of growing tables that no condition on an index narrows. `first`: only the first row is asked for."""
    if isinstance(plan, list):
        for part in plan:
            yield from _whole(part, growing, first)
    elif isinstance(plan, dict):
        kind = plan.get("Node Type", "")
        if first and "Filter" not in plan and kind in ("Index Scan", "Index Only Scan"):
            return
        below = kind == "Bitmap Heap Scan"  # there is the index
        if plan.get("Relation Name") in growing and "Scan" in kind and "Index Cond" not in plan and not below:
            yield f"{kind} of {plan['Relation Name']}"
        if kind == "Bitmap Index Scan" and "Index Cond" not in plan:
            yield f"{kind} of {plan['Index Name']}"
        yield from _whole([plan.get("Plan", []), plan.get("Plans", [])], growing, kind == "Limit")
