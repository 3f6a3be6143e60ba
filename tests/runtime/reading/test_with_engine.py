"""What the engine writes is what lists, figures and the funnel read; what operators ask for, it does."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from runtime.access.roles import ADMIN, Actor
from runtime.metrics import overview, step_funnel, template_performance
from runtime.operators import commands
from runtime.reading import Choice, definitions, page, timeline
from runtime.store.session import Session
from tests.runtime.databases import BOTH
from tests.runtime.engine.harness import World, compiled

RULES = """
sequence x "X" { when: manually  sender: rep  exclusive: false
  send intro
  wait 3 days
  send case
  task call "Call them"
}
"""


@pytest.fixture(params=BOTH)
def world(request: pytest.FixtureRequest) -> Iterator[World]:
    databases = request.getfixturevalue("databases") if request.param == "postgres" else None
    made = World(RULES, store=databases.store(compiled(RULES).schema) if databases is not None else None)
    made.contact("ann", at="03-02 08:00").contact("bob", at="03-02 08:00")
    made.enroll("ann", "sequence x", at="03-02 09:00").enroll("bob", "sequence x", at="03-02 09:00")
    made.run_to("03-02 12:00")
    yield made
    made.close()


@pytest.fixture
def session(world: World) -> Iterator[Session]:
    with world.store.session() as session:
        yield session


def test_a_pause_asked_for_holds_at_the_next_tick_and_a_resume_ends_it(world: World, session: Session) -> None:
    key = page(session, Choice("x"))[0].key
    assert commands.pause(session, [key], Actor("amy", ADMIN)).asked == 1
    assert [line.status for line in page(session, Choice("x"))] == ["active", "active"]
    world.run_to("03-09 12:00")
    lines = sorted(page(session, Choice("x")), key=lambda line: line.status)
    assert [line.status for line in lines] == ["paused", "waiting_task"]
    assert lines[0].detail == "by hand or by another rule"
    commands.resume(session, [key], Actor("amy", ADMIN))
    world.run_to("03-20 12:00")
    assert {line.status for line in page(session, Choice("x"))} == {"waiting_task"}


def test_unenroll_is_final_and_changes_no_figure(world: World, session: Session) -> None:
    before = overview(session).total
    commands.unenroll(session, [line.key for line in page(session, Choice("x"))], Actor("amy", ADMIN))
    world.run_to("03-03 12:00")
    assert {(line.status, line.detail.split(":")[0]) for line in page(session, Choice("x"))} == {
        ("unenrolled", "by hand or by another rule")
    }
    after = overview(session).total
    assert (after.enrolled, after.opened, after.replied) == (before.enrolled, before.opened, before.replied)
    assert definitions(session)[0].ended == 2


def test_m16_of_what_the_engine_did(world: World, session: Session) -> None:
    waiting = {s.label: (s.reached, s.executed, s.waiting) for s in step_funnel(session, "x")}
    assert waiting["send intro"] == (2, 2, 0)
    assert waiting["send case"] == (2, 0, 2)
    world.run_to("03-09 12:00")
    later = {s.label: (s.reached, s.executed, s.waiting) for s in step_funnel(session, "x")}
    assert later["send case"] == (2, 2, 0)
    assert later["task call Call them"] == (2, 0, 2)
    assert {p.template: p.sent for p in template_performance(session)} == {"intro": 2, "case": 2}


def test_the_timeline_tells_each_step(world: World, session: Session) -> None:
    line = page(session, Choice("x"))[0]
    steps = [m for m in timeline(session, line.contact_id, world.program.schema) if m.source == "step"]
    assert [m.name for m in reversed(steps)][:2] == ["entered", "send"]
    assert steps[0].of == "x" and "intro (sent" in steps[0].words
