"""Who leaves a screen does not wait for its figures, and nobody else does."""

from __future__ import annotations

import asyncio

import pytest
from textual.pilot import Pilot

from runtime.store.session import Session
from tui.desk_screen import DeskScreen
from tui.sequences import SequencesScreen

from .driving import driven, said, settled

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
