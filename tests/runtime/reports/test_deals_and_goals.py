"""Deals, revenue and goals in reports of enrollments: of any group what the oracle of deals says (M7-M10), and what the
figures of conversions say (M23)."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime

import pytest

from dsl.compile import compile_project
from dsl.source import Source
from runtime.metrics.conversions import conversions
from runtime.reports import Reports, Result
from runtime.reports.wording import figure_words
from runtime.store.session import Session
from tests.runtime.engine.harness import MakeWorld
from tests.runtime.metrics.oracle_of_deals import sums
from tests.runtime.metrics.test_deals import _deal as deal
from tests.runtime.metrics.test_deals import _stay as stay
from tests.runtime.metrics.test_deals import _world as world_of
from tests.runtime.metrics.world import NOW, Row, World, random_world, schema
from tests.runtime.reports.conftest import Open

DEALS = "deals_created, deals_closed, deals_won, deals_lost, revenue"
SCHEMA = """
extends: standard
pipelines:
  deal:
    sales: {stages: [open, done, {name: won, closed: true, won: true}, {name: lost, closed: true}]}
    renewal: {stages: [open, {name: done, closed: true, won: true}, {name: won, closed: true, won: true},
      {name: lost, closed: true}]}
"""
WORKFLOWS = """
workflow nurture of contact { when: plan becomes trial  goal: plan = paid  send letter  wait 2 days  send intro }
workflow plain of contact { when: plan becomes trial  send letter }
sequence hand { when: manually  sender: rep  send intro }
report r of enrollment { measure: converted, conversion_rate, count  by: definition }
"""


@pytest.fixture
def session(opened: Open) -> Session:
    return opened(schema())


def asked(session: Session, text: str) -> Result:
    files = Source("a.segue", f"report r of {text}"), Source("schema.yaml", SCHEMA), Source("segue.yaml", "name: x")
    found = compile_project([files[0]], *files[1:])
    assert found.program is not None, found.diagnostics
    return Reports(session, found.program, NOW).run("r")


def expected(world: World, of: list[Row]) -> list[int]:
    s = sums(world, of)
    return [len(s.created), len(s.won | s.lost), len(s.won), len(s.lost), s.revenue]


GROUPS = {
    "definition": lambda e: {1: "outbound", 2: "warm_up", 3: "quiet"}[e["definition_id"]],
    "enrolled_by": lambda e: e["enrolled_by"],
    "month(enrolled_at)": lambda e: f"{datetime.fromtimestamp(e['enrolled_at'] / 1e6, UTC):%Y-%m-01}",
}


@pytest.mark.parametrize("seed", range(6))
def test_m7_to_m10_of_any_group_are_what_plain_python_finds(session: Session, seed: int) -> None:
    world = random_world(seed, people=10, enrollments=25)
    world.write(session)
    everyone = world.rows["segue_enrollment"]
    (whole,) = asked(session, f"enrollment {{ measure: {DEALS} }}").rows
    assert [cell.value for cell in whole.cells] == expected(world, everyone)
    for by, key in GROUPS.items():
        groups = defaultdict(list)
        for one in everyone:
            groups[key(one)].append(one)
        found = asked(session, f"enrollment {{ by: {by}  measure: {DEALS} }}").rows
        assert {row.keys[0]: [cell.value for cell in row.cells] for row in found} == {
            name: expected(world, those) for name, those in groups.items()
        }
        assert sum(row.cells[4].value or 0 for row in found) == whole.cells[4].value  # the parts are the whole (M10)


def test_m10_revenue_is_an_amount_with_a_target(session: Session) -> None:
    random_world(2, people=10, enrollments=25).write(session)
    found = asked(
        session, "enrollment { measure: revenue, reply_rate  by: month(enrolled_at)  target: 5 USD per year }"
    )
    (column, _), (one,) = found.measures, found.progress
    assert (column.type.currency, column.of, one.target) == ("USD", "won deals", 500)
    assert one.cell.value == sum(row.cells[0].value or 0 for row in found.rows)
    assert figure_words(column, 12_345, found.zone) == "123.45 USD"


def test_m10_revenue_of_one_enrollment_may_be_more_than_63_bits(session: Session) -> None:
    """As the figures of sequences have it."""
    world, largest = world_of(stay(7, 1, 0, None), stay(8, 2, 0, None)), 2**63 - 2
    for number, (who, amount) in enumerate([(7, largest)] * 3 + [(8, -5)], 100):
        deal(world, number, 5, (who,), stage="won", amount=amount)
    world.write(session)
    found = asked(session, "enrollment { by: definition  measure: revenue  sort: revenue descending  top: 2 }").rows
    assert [(row.keys[0], row.cells[0].value) for row in found] == [("outbound", 3 * largest), ("warm_up", -5)]


def test_m10_without_deals_in_the_schema_there_is_no_revenue() -> None:
    bare = Source("schema.yaml", "objects: {shop: {properties: {n: {type: number}}}}")
    rules = Source("a.segue", "report r of enrollment { measure: revenue }")
    (found,) = compile_project([rules], bare, Source("segue.yaml", "name: x")).diagnostics
    assert (found.code, found.help) == ("unknown-metric", "it is of deals with an `amount`, and the schema has none")


def test_m23_conversions_are_of_workflows_that_have_a_goal(worlds: MakeWorld) -> None:
    w = worlds(WORKFLOWS)
    for who in ("ann", "bob", "cid"):
        w.contact(who, plan="free").set(who, at="03-03 10:00", plan="trial")
    w.enroll("ann", "sequence hand", at="03-03 11:00").set("ann", at="03-04 10:00", plan="paid").run_to("03-09 10:00")
    w.set("bob", at="03-10 10:00", plan="paid").run_to("03-12 10:00")
    session = w.engine.session
    rows = Reports(session, w.program).run("r").rows
    found = {row.keys[0]: [(c.value, c.count, c.base) for c in row.cells[:2]] for row in rows}
    (nurture,) = (c for c in conversions(session, w.program.schema) if c.name == "nurture")
    assert nurture.met is not None and (nurture.met.count, nurture.met.base) == (2, 3)
    assert found == {
        "nurture": [(2, None, None), (200 / 3, 2, 3)],
        "plain": [(0, None, None), (None, 0, 0)],
        "hand": [(0, None, None), (None, 0, 0)],
    }
