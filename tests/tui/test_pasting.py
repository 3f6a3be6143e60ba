"""What is pasted into a field, however long and in whatever script."""

from __future__ import annotations

from typing import cast

from textual.events import Paste
from textual.pilot import Pilot
from textual.widgets import Input

from runtime.project.loading import Settings
from tui.app import SegueApp
from tui.dialogs.long_text import LongText
from tui.frame.desk import Desk

from .driving import drive, press, settled
from .shop import screens, shown

_WORDS = "日本の e\u0301 👩‍👩‍👧 שלום "  # wide, combined, joined, from the right


async def _paste(pilot: Pilot[None], text: str) -> None:
    pilot.app.post_message(Paste(text))
    await settled(pilot)


def test_a_book_is_pasted_into_no_field_and_what_stood_there_stays(shop: Settings) -> None:
    """A million characters in a field would take seconds for each key."""

    async def look(pilot: Pilot[None]) -> None:
        await shown(pilot, screens(cast(Desk, cast(SegueApp, pilot.app).desk))["page of a contact"])
        await press(pilot, "n")
        field = pilot.app.screen.query(Input).first()
        await _paste(pilot, _WORDS)
        assert field.value == _WORDS
        await _paste(pilot, _WORDS * 50_000)
        assert field.value == _WORDS
        assert [told.message for told in pilot.app._notifications] == [
            "What was pasted is longer than 10,000 characters: nothing of it was taken"
        ]
        await press(pilot, "home", "x", "end", "y")
        assert field.value == f"x{_WORDS}y"
        area = pilot.app.screen.query_one(LongText)
        area.focus()
        await settled(pilot)
        await _paste(pilot, _WORDS * 1_000)
        assert area.text == _WORDS * 1_000
        await _paste(pilot, _WORDS * 10_000)
        assert area.text == _WORDS * 1_000

    drive(shop, then=look, user="zofia", size=(100, 24))
