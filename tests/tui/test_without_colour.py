"""What a screen tells by colour it tells by a sign too: some terminals have none, and some eyes see none."""

from __future__ import annotations

from textual.pilot import Pilot

from runtime.project.loading import Settings
from tui.tables.paged_table import PagedTable
from tui.today.task_table import TaskTable

from .driving import drive, press, text


def _lines(pilot: Pilot[None], table: PagedTable) -> list[str]:
    """Its rows as they are drawn."""
    drawn = [table.render_line(y).text for y in range(table.size.height)]
    return [line for line in drawn[table.head :] if line.strip()]


def _tables(pilot: Pilot[None]) -> list[PagedTable]:
    return list(pilot.app.screen.query(PagedTable))


def test_the_row_under_the_cursor_and_the_selected_ones_have_signs(shop: Settings) -> None:
    async def look(pilot: Pilot[None]) -> None:
        table = pilot.app.screen.query_one(TaskTable)
        await press(pilot, "m", "m", "space")
        signs = [line[:3] for line in _lines(pilot, table)]
        at = table.cursor
        assert signs[at - 1 : at + 1] == [" ● ", "▌  "] and {*signs[: at - 1], *signs[at + 1 :]} == {"   "}

    drive(shop, "g", "t", then=look, user="zofia")


def test_only_the_table_that_has_the_focus_shows_its_cursor(shop: Settings) -> None:
    async def look(pilot: Pilot[None]) -> None:
        for _ in range(2):
            marked = [table for table in _tables(pilot) if any(line[0] == "▌" for line in _lines(pilot, table))]
            here = pilot.app.focused
            assert marked == ([here] if isinstance(here, PagedTable) and here.total else [])
            await press(pilot, "tab")

    drive(shop, "g", "r", then=look, user="zofia")


def test_x22_what_is_overdue_has_a_sign(shop: Settings) -> None:
    async def look(pilot: Pilot[None]) -> None:
        table = pilot.app.screen.query_one(TaskTable)
        await press(pilot, "m", "m")
        late = sum(" ! " in line for line in _lines(pilot, table))
        assert f", {late} overdue (!)" in text(pilot, "#top") and 0 < late < table.total
        await press(pilot, "v")
        assert all(" ! " in line for line in _lines(pilot, table)) and table.total == late

    drive(shop, "g", "t", then=look, user="zofia", size=(100, 60))
