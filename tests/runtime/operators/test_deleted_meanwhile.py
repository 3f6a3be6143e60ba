"""A record is deleted while somebody writes about it: they are told, and nothing about it is kept (X9)."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from runtime.access.roles import ADMIN, Actor
from runtime.errors import UnknownName
from runtime.store import inbox
from runtime.talks import drafts, saved_talks
from runtime.talks.opening import named, opened
from runtime.writing import notes
from tests.runtime.engine.harness import MakeWorld
from tests.runtime.talks.conftest import loaded

ADA = Actor("ada", ADMIN)
RULES = """
playbook call "Call" for contact { ask visits "How often?" -> contact.visits }
"""
TABLES = ("segue_talk", "segue_answer", "segue_draft", "segue_audit", "segue_inbox")


def test_x9_nothing_is_written_about_who_was_deleted_while_it_was_typed(worlds: MakeWorld) -> None:
    world = worlds(RULES).contact("ann", visits=1).contact("bob").run_to("03-02 09:00")
    project, session = loaded(world), world.engine.session
    at = opened(session, project, named(project, "playbook", "call"), "ann")
    bob = opened(session, project, named(project, "playbook", "call"), "bob")
    saved = saved_talks.save(project, at, {"visits": "3"}, None, ADA)
    kept = saved_talks.found(session, f"{saved.record_id % 256}.{saved.id}")
    with session.transaction():
        inbox.put(session, [inbox.delete_row("contact", saved.record_id, at=world.now + 1)])
    world.run_to("03-02 09:30")
    counts = [world.sql(f"SELECT count(*) FROM {table}") for table in TABLES]
    acts: tuple[Callable[[], object], ...] = (
        lambda: notes.add(session, project, "contact", at.record, ADA, text="they called"),
        lambda: notes.add(session, project, "contact", bob.record, ADA, text="both", ties=[("contact", at.record)]),
        lambda: saved_talks.save(project, at, {"visits": "4"}, None, ADA),
        lambda: saved_talks.edit(project, at, kept, {"visits": "5"}, None, ADA),
        lambda: drafts.put_aside(at, {"visits": "6"}, ADA),
    )
    for act in acts:
        with pytest.raises(UnknownName, match="this contact was deleted meanwhile"):
            act()
    assert [world.sql(f"SELECT count(*) FROM {table}") for table in TABLES] == counts
    assert notes.add(session, project, "contact", bob.record, ADA, text="he called").body == "he called"
