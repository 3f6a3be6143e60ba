"""Who leaves a screen does not wait for its figures, and nobody else does."""

from __future__ import annotations

import asyncio

import pytest
from textual.events import Key
from textual.pilot import Pilot

from runtime.errors import StoreError
from runtime.store.session import Session
from tui.frame.desk_screen import DeskScreen
from tui.sequences.room import SequencesScreen
from tui.sequences.sequence import SequenceScreen
from tui.tables.cells import Cell
from tui.tables.paged_table import PagedTable

from .driving import driven, press, said, settled

_LONG = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500000000) SELECT count(*) FROM n"


def _long(session: Session, told: list[str]) -> None:
    told.append("begun")
    try:
        told.append(str(session.run(_LONG)))
    except Exception as error:
        told.append(str(error))
        raise


async def _at_work(pilot: Pilot[None], told: list[str]) -> DeskScreen:
    """The screen in sight, which has begun to work out what never ends."""
    screen = pilot.app.screen
    assert isinstance(screen, DeskScreen)
    screen.work_out(lambda s: _long(s, told), lambda _: None)
    while not told:
        await asyncio.sleep(0.01)
    return screen


def test_figures_are_broken_off_when_the_screen_is_left_and_acts_are_not(crm: str) -> None:
    told: list[str] = []

    async def drive() -> None:
        async with driven(crm) as pilot:
            screen = await _at_work(pilot, told)
            screen.ask(lambda s: told.append(str(s.one("SELECT 'done'"))), lambda _: None)
            await pilot.press("2")
            await settled(pilot)
            screen.work_out(lambda s: told.append("too late"), lambda _: None)
            await settled(pilot)

    asyncio.run(drive())
    assert sorted(told) == ["begun", "done", "interrupted"]


def test_a_screen_that_is_covered_lets_its_figures_go_and_asks_again(crm: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is said of it; a question laid over the screen breaks nothing off."""
    told: list[str] = []

    async def drive() -> None:
        async with driven(crm) as pilot:
            screen = await _at_work(pilot, told)
            monkeypatch.setattr(screen, "load", lambda: told.append("again"))
            await pilot.press("question_mark")
            await pilot.press("escape")
            assert screen.asking
            pilot.app.push_screen(SequencesScreen(screen.desk))
            await settled(pilot)
            assert not screen.asking
            pilot.app.pop_screen()
            await settled(pilot)
            assert said(pilot) == ""

    asyncio.run(drive())
    assert told == ["begun", "interrupted", "again"]


def test_out_of_the_app_nothing_is_waited_for(crm: str) -> None:
    """A thread that went on would keep the terminal."""
    told: list[str] = []

    async def drive() -> None:
        async with driven(crm) as pilot:
            await _at_work(pilot, told)
            await pilot.press("q")

    asyncio.run(drive())
    assert told == ["begun", "interrupted"]


def test_keys_that_are_typed_ahead_close_no_more_than_they_should(crm: str) -> None:
    """All are on their way to a question before it has dealt with the first."""

    async def ahead(pilot: Pilot[None], opening: str, *keys: str) -> str:
        await pilot.press(opening)
        await settled(pilot)
        for key in keys:
            pilot.app.post_message(Key(key, key if len(key) == 1 else None))
        await settled(pilot)
        return type(pilot.app.screen).__name__

    async def drive() -> None:
        async with driven(crm, "2") as pilot:
            assert await ahead(pilot, "g", "s", "t") == "SequencesScreen"
            assert isinstance(pilot.app.screen, SequencesScreen)
            assert pilot.app.screen.desk.counts  # what was typed ahead is for the room
            assert await ahead(pilot, "g", "a", "g") == "GoScreen"
            assert await ahead(pilot, "t", "t", "t") == "TasksScreen"
            assert await ahead(pilot, "3") == "AnalyzeScreen"
            assert await ahead(pilot, "f", "enter", "enter", "enter") == "AnalyzeScreen"
            assert len(pilot.app.screen_stack) == 2

    asyncio.run(drive())


def test_analyze_shows_its_sequences_before_their_figures(crm: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """And opens one that is chosen meanwhile."""
    told: list[str] = []
    monkeypatch.setattr("tui.sequences.analyze.overview", lambda session, *_: _long(session, told))

    async def drive() -> None:
        async with driven(crm) as pilot:
            await pilot.press("3")
            table = pilot.app.screen.query_one("#compared", PagedTable)
            while not (told and table.row_at(0)):
                await asyncio.sleep(0.01)
            row = table.row_at(0)
            assert row is not None
            assert row.cells[2] == Cell("…", "dim")
            await pilot.press("enter")
            assert isinstance(pilot.app.screen, SequenceScreen)

    asyncio.run(drive())


def test_an_answer_to_a_screen_that_is_being_taken_away_is_told_where_one_is(
    crm: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its parts are gone by then, and it is not."""
    answered = []
    unmounted = DeskScreen.on_unmount

    def answered_late(screen: DeskScreen) -> None:
        unmounted(screen)
        if isinstance(screen, SequenceScreen):
            answered.append(screen.is_attached and not screen.query("#said"))
            screen._unanswered += 1
            screen._answered(screen.say_error, StoreError("crm.db is read-only"))

    async def look() -> None:
        async with driven(crm, "2", "enter") as pilot:
            monkeypatch.setattr(DeskScreen, "on_unmount", answered_late)
            await press(pilot, "q")
            assert answered == [True] and said(pilot) == "Crm.db is read-only"
            monkeypatch.undo()

    asyncio.run(look())
