"""Keys that arrive in one burst, or before there is anything to press them on: each does what it does when one waits
for the one before."""

from __future__ import annotations

import asyncio
import importlib
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

import pytest
from textual.await_complete import AwaitComplete
from textual.events import Key
from textual.pilot import Pilot
from textual.widgets import Input

from runtime.project.loading import Settings
from runtime.store.store import Store
from tui.app import SegueApp
from tui.dialogs.question import QuestionScreen
from tui.frame.desk import Desk
from tui.frame.desk_screen import DeskScreen
from tui.pages.note import NoteScreen
from tui.records.contacts import ContactsScreen
from tui.segments.why import WhyScreen
from tui.sequences.room import SequencesScreen
from tui.sequences.sequence import SequenceScreen
from tui.sequences.steps import Steps
from tui.tables.paged_table import PagedTable
from tui.talks.saved import TalksScreen
from tui.today.home import HomeScreen
from tui.today.task_table import TaskTable
from tui.today.tasks import TasksScreen

from .driving import STORE, drive, driven, idle, press, rows, said, settled
from .shop import screens, shown, sums


async def burst(pilot: Pilot[None], *keys: str) -> None:
    """All of them before the app has seen the first."""
    for key in keys:
        pilot.app.post_message(Key(key, key if len(key) == 1 else None))
    await settled(pilot)


def test_a_burst_goes_to_the_screens_that_its_keys_open(crm: str) -> None:
    async def look() -> None:
        async with driven(crm) as pilot:
            await burst(pilot, "g", "s", "down", "down", "enter", "right_square_bracket", "right_square_bracket")
            assert isinstance(pilot.app.screen, SequenceScreen)
            assert isinstance(pilot.app.screen.in_sight, Steps)
            await burst(pilot, "q", "g", "t", "g", "h", "2", "t")
            assert isinstance(pilot.app.screen, SequencesScreen) and pilot.app.screen.desk.counts

    asyncio.run(look())


def test_what_a_question_was_asked_for_is_done_before_the_next_key(crm: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The moment it closes the screen below is in sight, and no key is for that yet."""
    early: list[Key | None] = []
    pop = SegueApp.pop_screen

    def popped(app: SegueApp) -> AwaitComplete:
        closed = pop(app)
        early.append(app._typed.next())
        return closed

    async def look() -> None:
        async with driven(crm) as pilot:
            monkeypatch.setattr(SegueApp, "pop_screen", popped)
            await burst(pilot, "g", "s", "down", "enter")
            assert isinstance(pilot.app.screen, SequenceScreen) and early == [None]

    asyncio.run(look())


def test_what_is_typed_behind_the_key_that_opens_a_field_stands_in_it(shop: Settings) -> None:
    async def look(pilot: Pilot[None]) -> str:
        await shown(pilot, screens(cast(Desk, cast(SegueApp, pilot.app).desk))["page of a contact"])
        await burst(pilot, "n", *"ga1q?", "tab", *"x")
        note = pilot.app.screen
        assert isinstance(note, NoteScreen)
        return note.query(Input).first().value

    assert drive(shop, then=look, user="zofia", size=(100, 24)) == "ga1q?"


def test_a_question_is_answered_once_by_a_key_pressed_twice(crm: str) -> None:
    """And what comes behind that is for the screen below."""

    async def look() -> None:
        async with driven(crm, "2", "down", "down", "enter", "right_square_bracket") as pilot:
            page = cast(SequenceScreen, pilot.app.screen)
            await burst(pilot, "u", "n", "n")
            assert pilot.app.screen is page and said(pilot) == ""
            await burst(pilot, "u", "y", "y", "y", "t")
            assert said(pilot).startswith("Asked to unenroll 1 enrollment")
            assert pilot.app.screen is page and page.desk.counts

    asyncio.run(look())


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """Pages of tasks are read once it is set."""
    gate, room = threading.Event(), sys.modules[TasksScreen.__module__]
    read = vars(room)["page_of_tasks"]

    def later(*asked: object) -> object:
        assert gate.wait(30)
        return read(*asked)

    monkeypatch.setattr(room, "page_of_tasks", later)
    monkeypatch.setattr("tui.frame.typed_ahead._PATIENT", 60)
    return gate


async def _before_the_rows(pilot: Pilot[None], *keys: str) -> PagedTable:
    """These keys are typed for one's tasks before there is one in sight."""
    for key in ("g", "t", *keys):
        pilot.app.post_message(Key(key, key if len(key) == 1 else None))
    while not pilot.app.screen.query(TaskTable) or not pilot.app.screen.query_one(TaskTable).total:
        await asyncio.sleep(0.005)
    await asyncio.sleep(0.1)
    return pilot.app.screen.query_one(TaskTable)


def test_a_key_for_a_list_waits_for_its_rows(shop: Settings, slow: threading.Event) -> None:
    async def look(pilot: Pilot[None]) -> None:
        table = await _before_the_rows(pilot, "space", "S", "enter")
        assert not table.chosen and table.row_at(0) is None
        slow.set()
        await settled(pilot)
        await press(pilot, "q")
        assert said(pilot).endswith("skipped; takes effect at the next tick")

    drive(shop, then=look, user="zofia")


@pytest.mark.parametrize("room", ["sequences", "workflows"])
def test_a_list_that_is_drawn_before_it_is_read_is_not_taken_for_an_empty_one(
    crm: str, room: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A key for it waits, and it does not say that there is nothing."""
    gate, module = threading.Event(), sys.modules[f"tui.{room}.room"]
    read = vars(module)["_lines"]
    monkeypatch.setattr(module, "_lines", lambda session: gate.wait(30) and read(session))

    async def look() -> None:
        async with driven(crm) as pilot:
            for key in ("g", room[0], "end"):
                pilot.app.post_message(Key(key, key if len(key) == 1 else None))
            while not pilot.app.screen.query(f"#{room}"):
                await asyncio.sleep(0.005)
            await pilot.pause()
            cast(DeskScreen, pilot.app.screen).redraw()
            table = pilot.app.screen.query_one(f"#{room}", PagedTable)
            await asyncio.sleep(0.1)
            assert not table.known
            gate.set()
            await settled(pilot)
            assert table.known and table.cursor == max(table.total - 1, 0)

    asyncio.run(look())


def test_who_goes_away_does_nothing_to_a_list_that_was_not_read(shop: Settings, slow: threading.Event) -> None:
    async def look(pilot: Pilot[None]) -> None:
        before = sums(Path("crm.db"))
        await _before_the_rows(pilot, "x", "S")
        pilot.app.post_message(Key("1", "1"))
        while not isinstance(pilot.app.screen, HomeScreen):
            await asyncio.sleep(0.005)
        slow.set()
        await settled(pilot)
        assert said(pilot) == "" and sums(Path("crm.db")) == before

    drive(shop, then=look, user="zofia")


def test_a_key_that_closed_a_question_does_what_it_does_below_when_it_is_pressed_again_later(crm: str) -> None:
    async def look() -> None:
        async with driven(crm, "2", "down", "down", "enter", "right_square_bracket") as pilot:
            page = pilot.app.screen
            for _ in range(2):
                await press(pilot, "u", "n")
                assert pilot.app.screen is page
                await press(pilot, "n")
                assert isinstance(pilot.app.screen, QuestionScreen)
                await press(pilot, "escape")
                assert pilot.app.screen is page
            await press(pilot, "escape")
            assert isinstance(pilot.app.screen, SequencesScreen)

    asyncio.run(look())


@contextmanager
def held_back(monkeypatch: pytest.MonkeyPatch, question: str) -> Iterator[threading.Event]:
    """The question, named by where it is asked, is answered when the event is set."""
    place, _, name = question.rpartition(".")
    asked, answer = getattr(importlib.import_module(place), name), threading.Event()

    def late(*what: Any) -> Any:
        assert answer.wait(60)
        return asked(*what)

    with monkeypatch.context() as patch:
        patch.setattr(question, late)
        yield answer
        answer.set()


async def typed_meanwhile(pilot: Pilot[None], answer: threading.Event, *keys: str) -> None:
    """A burst; the answer comes when the app has done all that it does before."""
    typed = cast(SegueApp, pilot.app)._typed
    for key in keys:
        pilot.app.post_message(Key("space" if key == " " else key, key if len(key) == 1 else None))
    await idle()
    while typed._under_way or (typed._keys and not typed._to_come(typed._keys[0])):
        await asyncio.sleep(0.001)
    answer.set()
    await settled(pilot)


def test_a_key_after_m_is_about_no_task_of_those_before(crm: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with Store.open(crm) as store, store.session() as session:
        mine = session.one("SELECT min(assignee) FROM segue_task WHERE state = 'open'")

    async def look() -> None:
        async with driven(crm, "g", "t", user=mine) as pilot:
            assert rows(pilot, "tasks")
            with held_back(monkeypatch, "tui.today.tasks._counts") as answer:
                await typed_meanwhile(pilot, answer, "m", "x")
            assert rows(pilot, "tasks") == [] and said(pilot) == "No task is selected"

    asyncio.run(look())


def test_enter_after_a_search_opens_nobody_of_those_before(crm: str, monkeypatch: pytest.MonkeyPatch) -> None:
    async def look() -> None:
        async with driven(crm, "6", "f") as pilot:
            assert rows(pilot, "records")
            with held_back(monkeypatch, "tui.records.room.count_records") as answer:
                await typed_meanwhile(pilot, answer, *"nobody", "enter", "enter")
            assert isinstance(pilot.app.screen, ContactsScreen) and rows(pilot, "records") == []

    asyncio.run(look())


def test_l_waits_for_the_playbook_it_is_about(told: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    async def look() -> None:
        async with driven(STORE, settings=told) as pilot:
            with held_back(monkeypatch, "tui.talks.playbooks.playbooks") as answer:
                await typed_meanwhile(pilot, answer, "g", "p", "l")
            assert isinstance(pilot.app.screen, TalksScreen)

    asyncio.run(look())


def test_w_waits_for_the_member_it_is_about(crm: str, monkeypatch: pytest.MonkeyPatch) -> None:
    async def look() -> None:
        async with driven(crm, "g", "m") as pilot:
            with held_back(monkeypatch, "tui.segments.members.count_members") as answer:
                await typed_meanwhile(pilot, answer, "enter", "w")
            assert isinstance(pilot.app.screen, WhyScreen)

    asyncio.run(look())
