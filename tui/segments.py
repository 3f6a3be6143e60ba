"""All segments with how many are in them."""

from __future__ import annotations

from textual.app import ComposeResult

from runtime.reading import SegmentLine, segments

from .desk_screen import DeskScreen
from .paged_table import Cell, Column, PagedTable, TableRow
from .words import bar, plural

_BAR = 24


class SegmentsScreen(DeskScreen):
    heading = "Segments"

    def body(self) -> ComposeResult:
        yield PagedTable(
            Column("Segment", share=2),
            Column("Name", share=2),
            Column("Of", 10),
            Column("Kept by", 10),
            Column("Members", 10, right=True),
            Column("", _BAR),
            empty="No segment is kept yet. Write `segment warm_leads { .. }`, then `segue run`.",
            opens=False,
            id="segments",
        )

    def load(self) -> None:
        self.ask(segments, self._show)

    def _show(self, found: list[SegmentLine]) -> None:
        most = max((line.members for line in found), default=0)
        self.head(self.heading, plural(len(found), "segment"))
        self.query_one(PagedTable).show_rows([_row(line, most) for line in found], keep=True)


def _row(line: SegmentLine, most: int) -> TableRow:
    kept = "nobody now" if line.vanished else "hand" if line.static else "its rule"
    drawn = Cell(bar(line.members / most if most else 0, _BAR), "bar")
    return TableRow(
        line.name, (line.label or line.name, Cell(line.name, "dim"), line.object, kept, f"{line.members:,}", drawn)
    )
