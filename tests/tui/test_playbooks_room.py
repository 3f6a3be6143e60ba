"""The room of playbooks in the terminal app, by keys alone, and what all of it looks like (P1)."""

from __future__ import annotations

import pytest
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.image import SVGImageSnapshotExtension
from textual.pilot import Pilot

from runtime.project.loading import Settings

from .driving import picture, rows
from .hearings import HEARING, ROOM, TAKEN_UP, TALKS, drive

SMALL, LARGE = (80, 24), (200, 60)


def test_p1_the_room_lists_playbooks_and_my_drafts(hearings: Settings) -> None:
    async def look(pilot: Pilot[None]) -> None:
        shown = [(row[0], row[1], row[3], row[6]) for row in rows(pilot, "playbooks")]
        assert shown == [("Hand over", "deal", "0", "–"), ("ヒアリング", "contact", "0", "–")]
        assert rows(pilot, "drafts") == []

    drive(hearings, *ROOM, then=look)


def test_p1_a_viewer_runs_nothing_and_is_told_so(hearings: Settings) -> None:
    told = drive(hearings, *ROOM, "enter", user="mute")
    assert "Mute is a viewer and may not run playbooks" in told


SCREENS: dict[str, tuple[str, tuple[str, ...]]] = {
    "room": ("aside", ROOM),
    "form": ("hearings", HEARING),
    "wrong": ("hearings", (*HEARING, "tab", *"9", "tab", "tab", *"cheap", "ctrl+s")),
    "review": ("aside", (*TAKEN_UP, "ctrl+s")),
    "talk": ("told", (*TALKS, "enter")),
    "person": ("hearings", (*ROOM, "enter", *"rail", "enter", "enter")),
}


@pytest.mark.parametrize("size", [SMALL, LARGE], ids=["80x24", "200x60"])
@pytest.mark.parametrize("name", SCREENS)
def test_screen(name: str, size: tuple[int, int], request: pytest.FixtureRequest, snapshot: SnapshotAssertion) -> None:
    async def draw(pilot: Pilot[None]) -> str:
        return picture(pilot)

    fixture, keys = SCREENS[name]
    drawn = drive(request.getfixturevalue(fixture), *keys, then=draw, size=size)
    assert drawn == snapshot(extension_class=SVGImageSnapshotExtension)
