"""Every room, tab, card, tile and question by clicks alone."""

from __future__ import annotations

import sqlite3
from typing import cast

from textual.pilot import Pilot
from textual.widget import Widget
from textual.widgets import OptionList, Static, TabbedContent

from runtime.project.loading import Settings
from tui.app import SegueApp
from tui.dialogs.choosing import ChoiceScreen
from tui.dialogs.confirm import ConfirmScreen
from tui.dialogs.filtering import FilterScreen
from tui.dialogs.going import GoScreen
from tui.dialogs.help import HelpScreen
from tui.frame.desk import Desk
from tui.frame.desk_screen import DeskScreen
from tui.frame.keys import Keys
from tui.frame.sidebar import Sidebar
from tui.pages.card_page import CardPage
from tui.pipelines.lane import Lane
from tui.reports.report import ReportScreen
from tui.reports.report_tile import ReportTile

from .driving import drive, press, said, settled
from .shop import screens, shown


async def _click(pilot: Pilot[None], on: Widget, x: int, y: int, times: int = 1) -> None:
    await pilot.click(on, offset=(x, y), times=times)
    await settled(pilot)


async def _click_words(pilot: Pilot[None], words: str) -> None:
    """On the first line of the screen in sight that says so."""
    for part in pilot.app.screen.query(Static):
        for y in range(part.region.height):
            line = "".join(segment.text for segment in part.render_line(y))
            if words in line:
                await _click(pilot, part, line.index(words) + 1, y)
                return
    raise AssertionError(words)


def _screen(pilot: Pilot[None]) -> DeskScreen:
    return cast(DeskScreen, pilot.app.screen)


def test_every_room_and_tab_is_gone_to_by_clicks(shop: Settings) -> None:
    async def go(pilot: Pilot[None]) -> None:
        desk = cast(Desk, cast(SegueApp, pilot.app).desk)
        for nr, room in enumerate(desk.rooms):
            await _click(pilot, pilot.app.screen.query_one(Sidebar), 4, nr + 1)
            assert _screen(pilot).room == room.name
        for name in ("page of a contact", "page of a deal", "page of a company", "sequence", "workflow", "segment"):
            screen = await shown(pilot, screens(desk)[name])
            tabs = screen.query_one(TabbedContent)
            for tab in reversed(list(screen.query("ContentTab"))):
                await pilot.click(tab)
                await settled(pilot)
                assert f"--content-tab-{tabs.active}" == tab.id, name
                assert screen.focused is not None or name == "segment", (name, tab.id)

    drive(shop, then=go, user="zofia", size=(130, 40))


def test_cards_tiles_and_questions_take_clicks(shop: Settings) -> None:
    def asked() -> list[str]:
        with sqlite3.connect("crm.db") as store:
            return [
                kind for (kind,) in store.execute("SELECT kind FROM segue_inbox WHERE kind IN ('move', 'unenroll')")
            ]

    async def go(pilot: Pilot[None]) -> None:
        desk = cast(Desk, cast(SegueApp, pilot.app).desk)
        known = screens(desk)
        await shown(pilot, known["deals"])
        lane = next(lane for lane in pilot.app.screen.query(Lane) if lane.total)
        await _click(pilot, lane, 5, Lane.head, times=2)
        assert isinstance(pilot.app.screen, CardPage)
        await press(pilot, "s")
        assert isinstance(pilot.app.screen, ChoiceScreen)
        await _click_words(pilot, "Esc leave it")
        assert isinstance(pilot.app.screen, CardPage)
        await press(pilot, "s")
        await _click(pilot, pilot.app.screen.query_one(OptionList), 3, 0)
        assert said(pilot).startswith("Asked for") and asked() == ["move"]

        await shown(pilot, known["dashboard"])
        await _click(pilot, pilot.app.screen.query(ReportTile).first(), 5, 2, times=2)
        assert isinstance(pilot.app.screen, ReportScreen)
        await press(pilot, "f")
        assert isinstance(pilot.app.screen, FilterScreen)
        await _click_words(pilot, "Enter show")
        assert isinstance(pilot.app.screen, ReportScreen)

        screen = await shown(pilot, known["sequence"])
        for answer, more in (("n no", []), ("y yes", ["unenroll"])):
            await press(pilot, "u")
            assert isinstance(pilot.app.screen, ConfirmScreen)
            await _click_words(pilot, answer)
            assert pilot.app.screen is screen and asked() == ["move", *more]
        await _click(pilot, screen.query_one(Keys).children[-1], 2, 0)
        assert isinstance(pilot.app.screen, HelpScreen)
        await _click(pilot, pilot.app.screen, 0, 0)  # beside it
        assert pilot.app.screen is screen
        await press(pilot, "g")
        assert isinstance(pilot.app.screen, GoScreen)
        await _click_words(pilot, "Tickets")
        assert _screen(pilot).room == "tickets"

    drive(shop, then=go, user="zofia", size=(130, 40))
