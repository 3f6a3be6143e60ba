"""What the screens look like, driven by keys, in a small terminal and in a large one. Look at a changed picture before
you accept it:

pytest tests/tui/test_snapshots.py --snapshot-update
"""

from __future__ import annotations

import asyncio

import pytest
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.image import SVGImageSnapshotExtension

from .driving import driven, picture

SMALL, LARGE = (80, 24), (200, 60)
ONE = ("2", "down", "down", "enter")
PEOPLE = (*ONE, "right_square_bracket")
SCREENS = {
    "home": (),
    "go": ("g",),
    "sequences": ("2",),
    "sequence": ONE,
    "enrollments": PEOPLE,
    "enrollments_by_status": (*PEOPLE, "shift+tab", "down", "down"),
    "enrollments_selected": ("2", "down", "enter", "right_square_bracket", "space", "space"),
    "confirm": ("2", "down", "enter", "right_square_bracket", "space", "space", "u"),
    "enroll": (*PEOPLE, "n"),
    "steps": (*ONE, "left_square_bracket"),
    "filter": (*ONE, "f"),
    "analyze": ("3",),
    "analyze_engaged": ("3", "right_square_bracket"),
    "analyze_months": ("3", "right_square_bracket", "right_square_bracket"),
    "analyze_totals": ("3", "left_square_bracket"),
    "help": ("question_mark",),
}


@pytest.mark.parametrize("size", [SMALL, LARGE], ids=["80x24", "200x60"])
@pytest.mark.parametrize("name", SCREENS)
def test_screen(name: str, size: tuple[int, int], crm: str, snapshot: SnapshotAssertion) -> None:
    assert _drawn(crm, *SCREENS[name], size=size) == snapshot(extension_class=SVGImageSnapshotExtension)


def test_counts(crm: str, snapshot: SnapshotAssertion) -> None:
    assert _drawn(crm, *ONE, "t") == snapshot(extension_class=SVGImageSnapshotExtension)


def test_light(crm: str, snapshot: SnapshotAssertion) -> None:
    assert _drawn(crm, "d", *ONE) == snapshot(extension_class=SVGImageSnapshotExtension)


def test_without_colour(crm: str, snapshot: SnapshotAssertion, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    assert _drawn(crm, *ONE) == snapshot(extension_class=SVGImageSnapshotExtension)


def test_a_terminal_of_twenty_columns_says_so(crm: str, snapshot: SnapshotAssertion) -> None:
    assert _drawn(crm, *ONE, size=(20, 24)) == snapshot(extension_class=SVGImageSnapshotExtension)


def test_a_store_in_which_nothing_happened(nothing: str, snapshot: SnapshotAssertion) -> None:
    assert _drawn(nothing) == snapshot(extension_class=SVGImageSnapshotExtension)


def test_a_store_that_is_not_there(snapshot: SnapshotAssertion) -> None:
    assert _drawn("sqlite:////nowhere/crm.db") == snapshot(extension_class=SVGImageSnapshotExtension)


def _drawn(store: str, *keys: str, size: tuple[int, int] = SMALL) -> str:
    async def draw() -> str:
        async with driven(store, *keys, size=size) as pilot:
            return picture(pilot)

    return asyncio.run(draw())
