"""Where there is little room: nothing that matters is cut off in 80 columns, and a terminal that shrinks to 20 and
grows again is as it was, in every room and under dialogs."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import cast

from textual.pilot import Pilot
from textual.widgets import Static

from runtime.project.loading import Settings
from tui.app import SegueApp
from tui.frame.desk import Desk
from tui.pages.properties import Properties
from tui.tables.paged_table import PagedTable

from .driving import drive, press, settled
from .shop import screens, shown

_SMALL = (80, 24)
_DIALOGS = {"deals": "n", "page of a contact": "n", "hygiene queue": "X", "analyze": "f", "home": "g"}


def _desk(pilot: Pilot[None]) -> Desk:
    return cast(Desk, cast(SegueApp, pilot.app).desk)


def _drawn(table: PagedTable) -> list[str]:
    return [line for y in range(table.size.height) if (line := table.render_line(y).text.rstrip())]


def test_every_room_and_dialogs_outlive_a_terminal_of_twenty_columns(shop: Settings) -> None:
    async def look(pilot: Pilot[None]) -> None:
        known, rooms = screens(_desk(pilot)), [room.name for room in _desk(pilot).rooms]
        for name, key in [*((name, "") for name in rooms), *_DIALOGS.items()]:
            screen = await shown(pilot, known[name])
            await press(pilot, *([key] if key else []))
            top, focused = pilot.app.screen, pilot.app.focused
            await pilot.resize_terminal(20, 24)
            await settled(pilot)
            assert key or screen.query_one("#narrow", Static).region.height, name
            await pilot.resize_terminal(*_SMALL)
            await settled(pilot)
            assert (pilot.app.screen, pilot.app.focused) == (top, focused), (name, key)

    drive(shop, then=look, user="kenji", size=_SMALL)


def test_what_is_known_of_a_record_goes_on_under_its_beginning(shop: Settings) -> None:
    async def look(pilot: Pilot[None]) -> None:
        with sqlite3.connect("crm.db") as store:
            store.execute("UPDATE contact SET email = 'longer.than.a.column@office2.example', first_name = 'A\nB'")
        await shown(pilot, screens(_desk(pilot))["page of a contact"])
        lines = str(pilot.app.screen.query_one(Properties).content).splitlines()
        mail = lines.index("E-mail")
        assert "".join(line.strip() for line in lines[mail + 1 : mail + 3]) == "longer.than.a.column@office2.example"
        assert all(line.startswith("  ") for line in lines[mail + 1 : mail + 3])
        name = lines.index("First name")
        assert lines[name + 1 : name + 3] == ["  A", "  B"]

    drive(shop, then=look, user="kenji", size=_SMALL)


def test_home_says_what_to_do_in_whole_sentences(shop: Settings) -> None:
    async def look(pilot: Pilot[None]) -> None:
        lines = _drawn(pilot.app.screen.query_one(PagedTable))
        assert any(line.endswith("complete or skip them") for line in lines), lines
        assert any(line.endswith("say whether they arrived") for line in lines), lines
        assert "…" not in "".join(lines)

    drive(shop, then=look, user="kenji", size=_SMALL)


def test_no_figure_of_a_report_is_cut_off(shop: Settings) -> None:
    with sqlite3.connect(Path("crm.db")) as store:
        store.execute("UPDATE deal SET amount = 12345678901200")

    async def look(pilot: Pilot[None]) -> None:
        await shown(pilot, screens(_desk(pilot))["report"])
        await press(pilot, "b")
        (line,) = (line for line in _drawn(pilot.app.screen.query_one("#report-table", PagedTable)) if "EUR" in line)
        assert "Appointment" in line and "246,913,578,024.00 EUR" in line

    drive(shop, then=look, user="kenji", size=_SMALL)
