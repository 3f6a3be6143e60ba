"""What the screens look like, driven by keys. Look at a changed picture before you accept it:

pytest tests/tui/test_snapshots.py --snapshot-update
"""

from __future__ import annotations

import asyncio

import pytest
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.image import SVGImageSnapshotExtension

from .driving import driven, picture

SCREENS = {
    "sequences": (),
    "sequences_as_counts": ("t",),
    "sequence": ("down", "down", "enter"),
    "sequence_by_status": ("down", "down", "enter", "shift+tab", "down", "down"),
    "dynamic_sequence_selected": ("down", "enter", "space", "space"),
    "confirm": ("down", "enter", "space", "space", "u"),
    "segments": ("2",),
    "contact": ("down", "enter", "enter"),
    "search": ("slash", *"person7", "enter"),
    "help": ("question_mark",),
}


@pytest.mark.parametrize("name", SCREENS)
def test_screen(name: str, crm: str, snapshot: SnapshotAssertion) -> None:
    assert _drawn(crm, *SCREENS[name]) == snapshot(extension_class=SVGImageSnapshotExtension)


def test_light(crm: str, snapshot: SnapshotAssertion) -> None:
    assert _drawn(crm, "d", "down", "down", "enter") == snapshot(extension_class=SVGImageSnapshotExtension)


def test_a_store_in_which_nothing_happened(nothing: str, snapshot: SnapshotAssertion) -> None:
    assert _drawn(nothing) == snapshot(extension_class=SVGImageSnapshotExtension)


def test_a_store_that_is_not_there(snapshot: SnapshotAssertion) -> None:
    assert _drawn("sqlite:////nowhere/crm.db") == snapshot(extension_class=SVGImageSnapshotExtension)


def _drawn(store: str, *keys: str) -> str:
    async def draw() -> str:
        async with driven(store, *keys) as pilot:
            return picture(pilot)

    return asyncio.run(draw())
