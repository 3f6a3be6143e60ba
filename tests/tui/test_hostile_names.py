"""Names that would colour the terminal or move its cursor, or look like markup; a terminal too small for a moment."""

from __future__ import annotations

import asyncio
import re
import sqlite3

import pytest
from textual.pilot import Pilot
from textual.widget import Widget

from tui.tables.cells import fitted
from tui.tables.paged_table import PagedTable

from .driving import driven, settled

EVIL = "\x1b[31m[b]RED[/i]\x1b]0;title\x07\r\nTWO\u202e\x9b31m"
OBEYED = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
COLUMNS = {
    "contact": ("first_name", "last_name", "phone"),
    "company": ("name", "industry"),
    "segue_task": ("title",),
    "segue_definition": ("label",),
}


@pytest.fixture
def evil(crm: str) -> str:
    with sqlite3.connect(crm.removeprefix("sqlite:///")) as store:
        for table, columns in COLUMNS.items():
            for column in columns:
                store.execute(f"UPDATE {table} SET {column} = ?", (EVIL + "x" * 500,))
    return crm


def shown(pilot: Pilot[None]) -> list[str]:
    return ["".join(segment.text for segment in strip) for strip in pilot.app.screen._compositor.render_strips()]


def test_what_is_in_the_store_is_shown_and_never_obeyed(evil: str) -> None:
    """In rooms and on a record's page: no sign that a terminal obeys, no markup that is read."""

    async def drive() -> int:
        seen = 0
        async with driven(evil) as pilot:
            for key in ("g", "y", "g", "t", "6", "enter"):
                await pilot.press(key)
                await settled(pilot)
                lines = shown(pilot)
                assert not [line for line in lines if OBEYED.search(line)], key
                assert not [line for line in lines if re.search(r"(?<!\[b\])RED", line)], key
                seen += sum("[b]RED" in line for line in lines)
        return seen

    assert asyncio.run(drive()) > 20


def test_a_cell_takes_its_width_whatever_it_holds() -> None:
    assert fitted("a\tb\nc\x1b", 9) == "a    b�c�"
    assert fitted("e\u0301" * 10, 10) == "e\u0301" * 10
    assert len(fitted("x" * 5_000_000, 10)) == 10 and fitted("会" * 9, 5) == "会会…"


@pytest.mark.parametrize("size", [(20, 30), (124, 5)], ids=str)
def test_a_terminal_that_was_too_small_gives_back_focus_cursor_and_keys(crm: str, size: tuple[int, int]) -> None:
    async def drive() -> tuple[Widget | None, Widget | None, int]:
        async with driven(crm, "6", "down", "down") as pilot:
            before = pilot.app.focused
            await pilot.resize_terminal(*size)
            await settled(pilot)
            assert any("Too narrow" in line[:20] for line in shown(pilot))
            await pilot.resize_terminal(124, 36)
            await settled(pilot)
            await pilot.press("down")
            return before, pilot.app.focused, pilot.app.screen.query_one(PagedTable).cursor

    before, after, cursor = asyncio.run(drive())
    assert before is after is not None and cursor == 3
