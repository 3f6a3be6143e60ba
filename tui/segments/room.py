"""All segments with how many are in them; Enter opens one."""

from __future__ import annotations

from textual.app import ComposeResult

from runtime.reading import SegmentLine, segments

from ..frame.desk_screen import DeskScreen
from ..tables.cells import Cell, Column, TableRow
from ..tables.paged_table import PagedTable
from ..words import bar, plural
from .segment import SegmentScreen

_BAR = 24


class SegmentsScreen(DeskScreen):
    heading = "Segments"

    def body(self) -> ComposeResult:
        yield PagedTable(
            Column("Segment", share=2, snug=True),
            Column("Name", share=2, above=76, snug=True),
            Column("Of", 10, above=60),
            Column("Kept by", 10),
            Column("Members", 10, right=True),
            Column("", _BAR, above=100),
            empty="No segment is kept yet. Write `segment warm_leads { .. }`, then `segue run`.",
            id="segments",
        )

    def arrive(self) -> None:
        self.lines: list[SegmentLine] = []
        self.query_one(PagedTable).focus()

    def load(self) -> None:
        self.ask(segments, self._show)

    def _show(self, found: list[SegmentLine]) -> None:
        self.lines = found
        most = max((line.members for line in found), default=0)
        self.head(self.heading, plural(len(found), "segment"))
        self.query_one(PagedTable).show_rows([_row(line, most) for line in found], keep=True)

    def on_paged_table_opened(self, message: PagedTable.Opened) -> None:
        index = message.table.cursor
        if index < len(self.lines):
            self.app.push_screen(SegmentScreen(self.desk, self.lines[index]))


def _row(line: SegmentLine, most: int) -> TableRow:
    kept = "nobody now" if line.vanished else "hand" if line.static else "its rule"
    drawn = Cell(bar(line.members / most if most else 0, _BAR), "bar")
    return TableRow(
        line.name, (line.label or line.name, Cell(line.name, "dim"), line.object, kept, f"{line.members:,}", drawn)
    )
