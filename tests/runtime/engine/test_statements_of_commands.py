"""The bucket in every statement of what people ask for, too: pauses, deletions, edits, a vacuum, the audit, a crash
taken up, outcomes settled by hand (architecture, "The store"). The statements of runs: `test_statements.py`."""

from __future__ import annotations

import re

import pytest

from runtime.access.roles import ADMIN, Actor
from runtime.channels.base import Result
from runtime.channels.memory import MemoryChannel
from runtime.operators.outbox import settle, waiting
from runtime.service.vacuuming import vacuum
from runtime.service.verifying import verify
from runtime.store import inbox
from runtime.store.ids import record_id
from tests.runtime.engine.harness import PROJECT, MakeWorld, World
from tests.runtime.engine.test_statements import forgetful, recorded

KEEPS = PROJECT + "retention: {events: 30 days, outbox: 30 days}\n"
RULES = """
segment trials of contact { plan = trial and has viewed_page within 10 days }
sequence x { when: manually  sender: rep  send intro  wait 1 day  task call "Call" without waiting  send case }
workflow w of contact { when: in segment trials  again: always  goal: plan = paid  wait 3 days  set visits = 7 }
workflow d of contact { when: manually  wait until 12:00  set visits = 8 }
"""
EDITED = RULES.replace("within 10 days", "within 5 days").replace("wait 3 days", "wait 2 days")


@pytest.fixture
def lost() -> MemoryChannel:
    """Nobody knows what became of its mails."""

    class Lost(MemoryChannel):
        def publish(self, keys):
            super().publish(keys)
            return {key: Result("unknown", "nobody knows") for key in keys}

    return Lost()


def lived(world: World) -> World:
    """Each thing that may be asked for, once."""
    people = [f"p{i}" for i in range(6)]
    for name in people:
        world.contact(name, at="03-02 08:00", plan="trial").company(f"acme {name}", name)
        world.event(name, "viewed_page", at="03-02 09:00", path="/").enroll(name, "sequence x", at="03-02 10:00")
    world.run_to("03-02 11:00")
    world.pause("p0", "sequence x", at="03-02 12:00").resume("p0", "sequence x", at="03-04 12:00")
    world.unenroll("p1", "sequence x", at="03-02 12:00").set("p2", at="03-02 13:00", plan="paid")
    world.consent("p3", "sales", "opted_out", at="03-02 13:00")
    world._command("assign", "p3", None, "03-02 14:00", enrollment=1, ordinal=1, to="amy")
    for of, name in (("contact", "p4"), ("company", "acme p5")):
        world._put(inbox.delete_row(of, record_id(of, name), at=world.micros("03-02 14:00")))
    world.run_to("03-03 15:00").edit(EDITED).restart().run_to("03-06 00:00")
    world.edit(RULES.replace("workflow d", "workflow e"), stopped=frozenset({"d"})).run_to("05-20 00:00")
    return world


def test_no_statement_of_a_command_forgets_the_bucket(
    worlds: MakeWorld, lost: MemoryChannel, monkeypatch: pytest.MonkeyPatch
) -> None:
    with recorded(monkeypatch) as texts:
        world = lived(worlds(RULES, project=KEEPS, channel=lost))
        session = world.engine.session
        verify(session, world.program)
        some = waiting(session, 5)[1]
        settle(session, [(one.key, "sent") for one in some[:1]], Actor("rep", ADMIN))
        world.run_to("05-21 00:00")
        world.engine.close()
        vacuum(world.store, world.program)
    told = forgetful(texts, world.program.schema, world.store.dialect)
    assert not told, told
    for what in ('DELETE FROM "event_viewed_page"', "UPDATE segue_outbox SET", 'DELETE FROM "contact"', "'paused'",
                 "UPDATE segue_task SET assignee"):  # fmt: skip
        assert any(what in text for text in texts), what


def test_a_join_that_loses_its_bucket_is_found(worlds: MakeWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each statement of a run whose tables are tied by their buckets, without the ties: every one is told of."""
    with recorded(monkeypatch) as texts:
        world = worlds(RULES).contact("ann", plan="trial").event("ann", "viewed_page", path="/")
        world.enroll("ann", "sequence x").run_to("03-06 00:00")
    cut = {text: _TIE.sub("", text) for text in texts if _TIE.search(text)}
    assert len(cut) > 30
    unseen = [text for text in cut.values() if not forgetful({text}, world.program.schema, world.store.dialect, 0)]
    assert not unseen, "\n\n".join(unseen)


_TIE = re.compile(r"\w+\.bucket = \+?\w+\.bucket AND ")
