"""Both databases answer alike."""

from benchmarks.make_store import fill
from dsl.schema import standard_schema
from runtime.access.roles import ADMIN, Actor
from runtime.operators import commands
from runtime.reading import Choice, contact, definitions, open_tasks, page, search, segments, timeline, timeline_length
from runtime.store.ids import record_id
from runtime.store.session import Session
from runtime.store.store import Store
from tests.runtime.databases import Databases

SCHEMA = standard_schema()


def _all(session: Session) -> list[object]:
    one = record_id("contact", "c7")
    return [
        definitions(session),
        segments(session),
        page(session, Choice("trial_follow_up"), limit=20, offset=5),
        page(session, Choice(statuses=("active", "paused"), order="-last_step")),
        contact(session, one, SCHEMA),
        {found.id for found in search(session, "kowal")},
        timeline_length(session, one, SCHEMA),
        timeline(session, one, SCHEMA),
        open_tasks(session, "amy"),
    ]


def test_both_databases_agree(databases: Databases) -> None:
    with Store.memory(SCHEMA) as store, store.session() as one, databases.store(SCHEMA).session() as other:
        fill(one, 200)
        fill(other, 200)
        assert _all(other) == _all(one)
        keys = [line.key for line in page(other, Choice(statuses=("active",)), limit=5)]
        assert commands.pause(other, keys, Actor("amy", ADMIN)).asked == 5
