"""The scores of one record beside what was given to it, on both databases."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from dsl.schema.model import Schema
from runtime.reading import timeline, timeline_length
from runtime.reading.scores import scores_of
from runtime.reading.timeline import SOURCES
from runtime.store.ids import record_id
from tests.runtime.databases import BOTH
from tests.runtime.engine.harness import World, compiled

RULES = """
score interest of contact {
  give 5 when replied
  take 2 when plan = trial
}
score silence of contact {
  give 1 when unsubscribed
}
sequence hello {
  when: manually
  sender: rep
  task todo "Ask" to rep
}
"""


@pytest.fixture(params=BOTH)
def world(request: pytest.FixtureRequest) -> Iterator[World]:
    databases = request.getfixturevalue("databases") if request.param == "postgres" else None
    made = World(RULES, store=databases.store(compiled(RULES).schema) if databases else None)
    yield made
    made.close()


def test_g18_each_score_of_a_record_or_nothing_where_no_rule_ever_fired(world: World) -> None:
    for name in ("ann", "bob"):
        world.contact(name, at="03-02 09:00", plan="trial")
    world.event("ann", "replied", at="03-03 09:00")
    world.event("ann", "replied", at="03-04 09:00")
    world.run_to("03-05 09:00")
    with world.store.session() as session:
        now = world.now
        assert scores_of(session, world.program, "contact", record_id("contact", "ann"), now) == {
            "interest": 8.0,
            "silence": None,
        }
        assert scores_of(session, world.program, "contact", record_id("contact", "bob"), now) == {
            "interest": None,
            "silence": None,
        }
        assert scores_of(session, world.program, "contact", record_id("contact", "gone"), now) == {}
        assert scores_of(session, world.program, "deal", record_id("contact", "ann"), now) == {}


def test_the_parts_of_a_timeline_are_the_whole(world: World) -> None:
    world.contact("ann", at="03-02 09:00", plan="trial")
    world.event("ann", "replied", at="03-03 09:00")
    world.enroll("ann", "sequence hello", at="03-03 10:00")
    world.set("ann", at="03-04 09:00", plan="paid")
    world.run_to("03-05 09:00")
    schema: Schema = world.program.schema
    with world.store.session() as session:
        of = record_id("contact", "ann")
        parts = {source: timeline(session, of, schema, 100, sources=(source,)) for source in SOURCES}
        assert {moment.source for part in parts.values() for moment in part} == {"event", "step", "change"}
        assert all(moment.source == source for source, part in parts.items() for moment in part)
        whole = sorted(timeline(session, of, schema, 100), key=repr)
        assert sorted((moment for part in parts.values() for moment in part), key=repr) == whole
        assert sum(timeline_length(session, of, schema, (source,)) for source in SOURCES) == len(whole)
