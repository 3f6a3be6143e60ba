"""Two people act on the same enrollments and tasks at the same instant, on the real clock: each is told what came of
it, and nothing is dropped in silence (S40, S41, X22)."""

from __future__ import annotations

import threading
from collections.abc import Callable
from itertools import count
from pathlib import Path

import pytest

from runtime.access.roles import ADMIN, Actor
from runtime.errors import InvalidInput
from runtime.operators import commands
from runtime.operators.tasks import assign_tasks, settle_tasks
from runtime.project.loading import Settings
from runtime.reading import Choice, page
from runtime.reading.tasks import page_of_tasks
from runtime.store import inbox, meta
from runtime.store.session import Session
from tests.runtime.engine.harness import MakeWorld, World

ADA, BOB = Actor("ada", ADMIN), Actor("bob", ADMIN)
PEOPLE = 12
RULES = """
workflow calls "Calls" of contact {
  when: first_name is known
  task call "Call them"
  wait 10 days
}
"""
Ask = Callable[[Session], object]


@pytest.fixture
def crm(worlds: MakeWorld, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    world = worlds(RULES, url=f"sqlite:///{tmp_path / 's.db'}")
    for n in range(PEOPLE):
        world.contact(f"p{n}", first_name=f"P{n}")
    world.run_to("03-02 09:00")
    with world.store.session() as session, session.transaction():
        meta.write(session, "clock_kind", "real")
    clock = count(world.micros("03-02 09:01"))
    monkeypatch.setattr(inbox, "now", lambda: next(clock))  # no two look at it at the same moment
    return world


def at_once(crm: World, *asks: Ask) -> list[object]:
    """What each got, or was told; on connections of their own, begun together."""
    start, told = threading.Barrier(len(asks)), [None] * len(asks)

    def ask(nr: int, do: Ask) -> None:
        with crm.store.session() as session:
            start.wait()
            try:
                told[nr] = do(session)
            except InvalidInput as error:
                told[nr] = error.message

    threads = [threading.Thread(target=ask, args=one) for one in enumerate(asks)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return told


def _mark(task: str, state: str, who: Actor) -> Ask:
    return lambda session: settle_tasks(session, [(task, state)], who)


def test_x22_of_two_marks_of_a_task_one_holds_and_the_other_is_told_whose(crm: World) -> None:
    with crm.store.session() as session:
        tasks = page_of_tasks(session, limit=PEOPLE)
    won: dict[int, str] = {}
    for task in tasks:
        ada, bob = at_once(crm, _mark(task.id, "done", ADA), _mark(task.id, "skipped", BOB))
        assert isinstance(ada, list) is not isinstance(bob, list), (ada, bob)
        winner, told = ("done", bob) if isinstance(ada, list) else ("skipped", ada)
        first = "ada" if winner == "done" else "bob"
        assert told == f"{first} asked for the task `{task.id}` to be {winner} already"
        won[task.contact_id] = winner
    assert crm.sql("SELECT count(*) FROM segue_inbox WHERE kind = 'task'") == [(PEOPLE,)]
    crm.tick("03-02 09:05")
    assert dict(crm.sql("SELECT contact_id, state FROM segue_task")) == won


def test_x22_to_mark_a_task_the_same_again_asks_for_nothing_more(crm: World) -> None:
    with crm.store.session() as session:
        (task, *_) = page_of_tasks(session, limit=1)
        for _ in range(2):
            assert settle_tasks(session, [(task.id, "done")], ADA) == [task.title]
        with pytest.raises(InvalidInput, match=r"ada asked for the task `.*` to be done already"):
            settle_tasks(session, [(task.id, "done")], BOB)
        assert session.one("SELECT count(*) FROM segue_inbox WHERE kind = 'task'") == 1


def _give(crm: World, task: str, to: str, who: Actor, seen: str | None = "rep") -> Ask:
    settings = Settings(Path(), crm.program.project, crm.program.schema)
    return lambda session: assign_tasks(session, settings, [task], to, who, {task: seen})


def test_x22_of_two_who_give_a_task_away_one_holds_and_the_other_is_told(crm: World) -> None:
    """To different colleagues; or one gives it away and the other completes it first."""
    with crm.store.session() as session:
        tasks = page_of_tasks(session, limit=PEOPLE)
    becomes: dict[int, str] = {}
    for task in tasks:
        ada, bob = at_once(crm, _give(crm, task.id, "amy", ADA), _give(crm, task.id, "mute", BOB))
        assert isinstance(ada, list) is not isinstance(bob, list), (ada, bob)
        first, to, told = ("ada", "amy", bob) if isinstance(ada, list) else ("bob", "mute", ada)
        assert told == f"{first} asked for the task `{task.id}` to be {to}'s already"
        becomes[task.contact_id] = to
    assert crm.sql("SELECT count(*) FROM segue_inbox WHERE kind = 'assign'") == [(PEOPLE,)]
    crm.tick("03-02 09:05")
    assert dict(crm.sql("SELECT contact_id, assignee FROM segue_task WHERE state = 'open'")) == becomes
    with crm.store.session() as session:
        for told, refused in (
            (_give(crm, tasks[0].id, "amy", ADA, seen="rep"), "was given away meanwhile"),
            (_give(crm, tasks[0].id, "gone", ADA), "works here no more"),
            (_give(crm, tasks[0].id, becomes[tasks[0].contact_id], ADA, becomes[tasks[0].contact_id]), "'s already"),
        ):
            with pytest.raises(InvalidInput, match=refused):
                told(session)
        settle_tasks(session, [(tasks[0].id, "done")], BOB)
        again = _give(crm, tasks[0].id, "amy", ADA, becomes[tasks[0].contact_id])
        with pytest.raises(InvalidInput, match=r"bob asked for the task `.*` to be done already"):
            again(session)
    crm.tick("03-02 09:06")
    with crm.store.session() as session, pytest.raises(InvalidInput, match="is done already"):
        again(session)


def test_x22_what_is_given_away_and_completed_before_a_tick_is_both(crm: World) -> None:
    with crm.store.session() as session:
        (task, *_) = page_of_tasks(session, limit=1)
        _give(crm, task.id, "amy", ADA)(session)
        _give(crm, task.id, "amy", ADA)(session)  # once more is no second wish
        settle_tasks(session, [(task.id, "done")], BOB)
    assert crm.sql("SELECT kind FROM segue_inbox ORDER BY kind") == [("assign",), ("task",)]
    crm.tick("03-02 09:05")
    found = crm.sql(f"SELECT assignee, state FROM segue_task WHERE contact_id = {task.contact_id}")
    assert found == [("amy", "done")]


def test_s41_beside_an_unenrollment_nothing_else_is_asked_for_in_vain(crm: World) -> None:
    """Paused, unenrolled and completed at once: who comes after the unenrollment is told, and it ends whatever came
    before."""
    with crm.store.session() as session:
        keys = [line.key for line in page(session, Choice("calls", "workflow"), limit=PEOPLE)]
        tasks = {task.contact_id: task.id for task in page_of_tasks(session, limit=PEOPLE)}
    lost = 0
    for key, task in zip(keys, _tasks_of(crm, keys, tasks), strict=True):
        paused, left, done = at_once(
            crm,
            lambda s, key=key: commands.pause(s, [key], ADA),
            lambda s, key=key: commands.unenroll(s, [key], BOB),
            _mark(task, "done", ADA),
        )
        assert left == commands.Asked(1) and isinstance(done, list)
        assert paused in (commands.Asked(1), commands.Asked(0, leaving=1))
        lost += paused != commands.Asked(1)
    rows = dict(crm.sql("SELECT kind, count(*) FROM segue_inbox GROUP BY kind"))
    assert rows == {"unenroll": PEOPLE, "task": PEOPLE} | ({"pause": PEOPLE - lost} if lost < PEOPLE else {})
    with crm.store.session() as session:
        assert commands.resume(session, keys, ADA) == commands.Asked(0, leaving=PEOPLE)
    crm.tick("03-02 09:05")
    assert crm.sql("SELECT status, reason, count(*) FROM segue_enrollment GROUP BY status, reason") == [
        ("unenrolled", "manual", PEOPLE)
    ]
    with crm.store.session() as session:
        assert commands.pause(session, keys, ADA) == commands.Asked(0, ended=PEOPLE)


def _tasks_of(crm: World, keys: list[object], tasks: dict[int, str]) -> list[str]:
    people = dict(crm.sql("SELECT id, contact_id FROM segue_enrollment"))
    return [tasks[people[key.id]] for key in keys]
