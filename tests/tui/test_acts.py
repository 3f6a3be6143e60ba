"""Keys act: what operators ask for goes into the inbox and nowhere else."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

from textual.pilot import Pilot
from textual.widgets import Static

from benchmarks.make_store import NOW
from runtime.store.store import Store
from tui.dialogs.confirm import ConfirmScreen
from tui.dialogs.help import HelpScreen
from tui.pages.contact import ContactScreen
from tui.records.search import SearchScreen
from tui.segments.room import SegmentsScreen
from tui.sequences.analyze import AnalyzeScreen
from tui.sequences.room import SequencesScreen
from tui.sequences.sequence import SequenceScreen
from tui.tables.paged_table import PagedTable
from tui.today.home import HomeScreen

from .driving import driven, press, rows, settled

PEOPLE = ("2", "down", "down", "enter", "right_square_bracket")  # trial_follow_up
PAUSED = (*PEOPLE, "shift+tab", "down", "down", "down", "down", "tab")
ACTIVE = (*PEOPLE, "shift+tab", "down", "down", "tab")  # trial_follow_up, only active ones


def _drive(store: str, *keys: str, then: Callable[[Pilot[None]], Awaitable[Any]] | None = None) -> Any:
    async def drive() -> Any:
        async with driven(store, *keys) as pilot:
            return await then(pilot) if then else None

    return asyncio.run(drive())


def _inbox(store: str) -> list[tuple[Any, ...]]:
    with Store.open(store) as opened, opened.session() as session:
        return session.run(
            "SELECT kind, object, id, name, payload, at, live, bucket FROM segue_inbox ORDER BY rank, key"
        )


async def _said(pilot: Pilot[None]) -> str:
    return str(pilot.app.screen.query_one("#said", Static).content).strip()


def test_p_asks_to_pause_the_selected_and_says_when_it_holds(crm: str) -> None:
    said = _drive(crm, *ACTIVE, "space", "space", "space", "p", then=_said)
    assert said == "Asked to pause 3 enrollments; takes effect at the next tick"
    rows = _inbox(crm)
    assert len({row[2] for row in rows}) == 3
    for kind, object_name, id_, name, payload, at, live, bucket in rows:
        assert (kind, object_name, name, live) == ("pause", "contact", "sequence trial_follow_up", 1)
        assert bucket == id_ % 256 and at == NOW + 1
        asked = json.loads(payload)
        assert asked["by"] == "amy" and asked["until"] is None
        with Store.open(crm) as store, store.session() as session:
            assert session.one("SELECT contact_id FROM segue_enrollment WHERE id = :id", id=asked["enrollment"]) == id_


def test_a_row_shows_what_was_asked_of_it_until_the_tick(crm: str) -> None:
    """In the list and on the page of the contact."""

    async def look(pilot: Pilot[None]) -> tuple[list[str], list[str]]:
        listed = [row[5] for row in rows(pilot, "enrolled")][:4]
        await press(pilot, "enter", *["right_square_bracket"] * 2)
        return listed, [row[1] for row in rows(pilot, "enrolled-in")]

    listed, of_one = _drive(crm, *ACTIVE, "space", "space", "p", "u", "y", "f5", then=look)
    assert listed == ["pausing", "pausing", "unenrolling", "active"] and "unenrolling" in of_one


def test_r_asks_to_resume_the_row_under_the_cursor(crm: str) -> None:
    assert _drive(crm, *PAUSED, "r", then=_said).startswith("Asked to resume 1 enrollment;")
    assert [row[0] for row in _inbox(crm)] == ["resume"]


def test_s40_what_would_change_nothing_is_not_asked_for_and_told(crm: str) -> None:
    """It is so already, or somebody asked for the other: a tick obeys one of both."""
    assert _drive(crm, *ACTIVE, "r", then=_said) == "Nothing to resume; 1 is not paused"
    assert _drive(crm, *PAUSED, "p", then=_said) == "Nothing to pause; 1 is paused already"
    told = _drive(crm, *PAUSED, "r", "up", "p", then=_said)
    assert told == "Nothing to pause; 1 was asked to be resumed, which the next tick does"
    assert [row[0] for row in _inbox(crm)] == ["resume"]


def test_u_asks_first_and_n_does_nothing(crm: str) -> None:
    async def question(pilot: Pilot[None]) -> str:
        assert isinstance(pilot.app.screen, ConfirmScreen)
        asked = pilot.app.screen.question
        await pilot.press("n")
        await settled(pilot)
        assert isinstance(pilot.app.screen, SequenceScreen)
        return asked

    assert _drive(crm, *ACTIVE, "space", "space", "u", then=question) == "Unenroll 2 enrollments?"
    assert _inbox(crm) == []


def test_u_and_y_ask_to_unenroll(crm: str) -> None:
    assert _drive(crm, *ACTIVE, "space", "space", "u", "y", then=_said).startswith("Asked to unenroll 2 enrollments;")
    assert [row[0] for row in _inbox(crm)] == ["unenroll", "unenroll"]


def test_nothing_but_the_inbox_is_written(crm: str) -> None:
    def everything() -> list[Any]:
        with Store.open(crm) as store, store.session() as session:
            return session.run("SELECT * FROM segue_enrollment ORDER BY id") + session.run("SELECT * FROM segue_step")

    before = everything()
    _drive(crm, *ACTIVE, "space", "p", "space", "u", "y")
    assert everything() == before
    assert [row[0] for row in _inbox(crm)] == ["pause", "unenroll"]


def test_one_who_has_ended_is_not_asked_for(crm: str) -> None:
    ended = (*PEOPLE, "shift+tab", "end", "tab")  # unenrolled is the last status
    assert _drive(crm, *ended, "p", then=_said) == "Nothing to pause; 1 had ended already"
    assert _inbox(crm) == []


def test_space_again_lets_go(crm: str) -> None:
    async def chosen(pilot: Pilot[None]) -> int:
        return len(pilot.app.screen.query_one("#enrolled", PagedTable).chosen)

    assert _drive(crm, *ACTIVE, "space", "space", "up", "space", then=chosen) == 1


def test_keys_lead_where_they_say(crm: str) -> None:
    ways: tuple[tuple[tuple[str, ...], type], ...] = (
        (("2",), SequencesScreen),
        (("enter",), SequenceScreen),
        (("right_square_bracket", "enter"), ContactScreen),
        (("q", "q"), SequencesScreen),
        (("g", "m"), SegmentsScreen),
        (("escape",), HomeScreen),
        (("question_mark",), HelpScreen),
        (("escape",), HomeScreen),
        (("g", "escape"), HomeScreen),
        (("g", "z"), HomeScreen),
        (("3",), AnalyzeScreen),
        (("slash",), SearchScreen),
        ((*"person7@example.com", "enter", "enter"), ContactScreen),
    )

    async def walk(pilot: Pilot[None]) -> None:
        for keys, screen in ways:
            for key in keys:
                await pilot.press(key)
                await settled(pilot)
            assert type(pilot.app.screen) is screen, keys

    _drive(crm, then=walk)


def test_q_on_the_first_screen_leaves(crm: str) -> None:
    async def code(pilot: Pilot[None]) -> bool:
        return pilot.app.is_running and not pilot.app._exit

    assert _drive(crm, then=code) is True
    assert _drive(crm, "q", then=code) is False


def test_a_locked_store_is_told_in_a_sentence(crm: str) -> None:
    """The app keeps what it shows; the act is not lost in silence."""
    with Store.open(crm) as store, store.session() as other:

        async def locked(pilot: Pilot[None]) -> str:
            desk = pilot.app.desk
            desk.store.engine.dispose()
            other.begin()
            await pilot.press("p")
            await settled(pilot)
            other.rollback()
            return await _said(pilot)

        said = _drive(crm, *ACTIVE, then=locked)
    assert "locked by another process" in said and "Traceback" not in said


def test_a_damaged_store_is_told_in_a_sentence(crm: str) -> None:
    with Store.open(crm) as store, store.session() as session:
        session.run("DROP TABLE segue_segment")
    said = _drive(crm, "g", "m", then=_said)
    assert said.startswith("The store could not be read: no such table")
