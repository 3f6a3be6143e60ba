"""The app goes on while others write: it reads again, keeps its place, and says calmly what is the matter."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from textual.pilot import Pilot
from textual.widgets import Static

from runtime.store.store import Store
from tui.app import SegueApp
from tui.sequences.enrollment_table import EnrolledKey
from tui.tables.paged_table import PagedTable

from .driving import driven, settled

PEOPLE = ("2", "down", "down", "enter", "right_square_bracket")


def _drive(store: str, *keys: str, then: Callable[[Pilot[None], SegueApp], Awaitable[Any]]) -> Any:
    async def drive() -> Any:
        async with driven(store, *keys) as pilot:
            assert isinstance(pilot.app, SegueApp)
            await _beat(pilot, pilot.app)
            return await then(pilot, pilot.app)

    return asyncio.run(drive())


async def _beat(pilot: Pilot[None], app: SegueApp) -> None:
    app.beat()
    await settled(pilot)


def _write(store: str, sql: str, **values: object) -> None:
    with Store.open(store) as opened, opened.session() as session, session.transaction():
        session.run(sql, **values)


def _said(app: SegueApp) -> str:
    return str(app.screen.query_one("#said", Static).content).strip()


def test_what_a_worker_writes_is_drawn_and_the_cursor_stays_on_its_row(crm: str) -> None:
    async def written(pilot: Pilot[None], app: SegueApp) -> None:
        table = app.screen.query_one("#enrolled", PagedTable)
        await pilot.press("down", "down", "down", "space")
        await settled(pilot)
        before, chosen, here = table.total, dict(table.chosen), table.row_at(table.cursor)
        first = table.row_at(0)
        assert here and first and isinstance(first.key, EnrolledKey)
        _write(crm, "DELETE FROM segue_enrollment WHERE id = :id", id=first.key.enrollment.id)
        for _ in range(200):  # a machine that is slow reads it later, but reads it
            await _beat(pilot, app)
            if table.total != before:
                break
            await asyncio.sleep(0.1)
        now = table.row_at(table.cursor)
        assert table.total == before - 1 and table.chosen == chosen
        assert now is not None and now.key == here.key

    _drive(crm, *PEOPLE, then=written)


def test_nothing_is_asked_where_nobody_wrote(crm: str) -> None:
    async def quiet(pilot: Pilot[None], app: SegueApp) -> int:
        asked = []
        app.desk.ask = lambda question: asked.append(question)
        await _beat(pilot, app)
        return len(asked)

    assert _drive(crm, then=quiet) == 0


def test_a_store_that_vanishes_is_told_and_the_app_goes_on_when_it_is_back(crm: str, tmp_path: Path) -> None:
    path = tmp_path / "crm.db"

    async def vanished(pilot: Pilot[None], app: SegueApp) -> None:
        table = app.screen.query_one("#enrolled", PagedTable)
        total = table.total
        path.rename(tmp_path / "away.db")
        await _beat(pilot, app)
        assert "is not there any more" in _said(app)
        await pilot.press("p")  # what is asked for meanwhile is refused, not lost
        await settled(pilot)
        assert "is not there any more" in _said(app) and not path.exists()
        (tmp_path / "away.db").rename(path)
        await _beat(pilot, app)
        assert _said(app) == "The store is back; what was asked for meanwhile was refused: ask again"
        assert table.total == total
        await pilot.press("p")
        await settled(pilot)
        assert _said(app).startswith("Asked to pause 1 enrollment")

    _drive(crm, *PEOPLE, then=vanished)


def test_a_terminal_that_shrinks_says_so_and_is_as_before_when_it_grows(crm: str) -> None:
    async def shrunk(pilot: Pilot[None], app: SegueApp) -> None:
        narrow, table = app.screen.query_one("#narrow", Static), app.screen.query_one("#enrolled", PagedTable)
        for width, told in ((20, True), (80, False), (200, False), (1, True), (124, False)):
            await pilot.resize_terminal(width, 24)
            await settled(pilot)
            assert bool(narrow.region.height) is told
            assert bool(table.region.height) is not told

    _drive(crm, *PEOPLE, then=shrunk)
