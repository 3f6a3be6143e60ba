"""How many joined and left a segment, day by day."""

from __future__ import annotations

from textual.app import ComposeResult

from runtime.reading.members import SegmentDay, days_of_segment, number_of
from runtime.store.session import Session
from runtime.times.zones import iso_date

from ..frame.desk import Desk
from ..frame.tab_body import TabBody
from ..tables.cells import Cell, Column, TableRow
from ..tables.paged_table import PagedTable
from ..words import NONE, bar

_BAR = 24


class SegmentDays(TabBody):
    def __init__(self, desk: Desk, name: str) -> None:
        super().__init__(desk)
        self.name_ = name

    def compose(self) -> ComposeResult:
        yield PagedTable(
            Column("Day", 10),
            Column("Joined", 8, right=True),
            Column("Left", 8, right=True),
            Column("Members", 10, right=True),
            Column("", _BAR, above=70),
            empty="Nothing has been run on this store yet.",
            opens=False,
            id="days-table",
        )

    def arrive(self) -> None:
        self.query_one(PagedTable).focus()

    def load(self) -> None:
        self.work_out(self._days, self._show)

    def _days(self, session: Session) -> list[SegmentDay]:
        number = number_of(session, self.name_)
        return days_of_segment(session, number, self.desk.zone) if number is not None else []

    def _show(self, found: list[SegmentDay]) -> None:
        """The newest first."""
        most = max((day.members for day in found), default=0)
        self.query_one(PagedTable).show_rows([_row(day, most) for day in reversed(found)], keep=True)


def _row(day: SegmentDay, most: int) -> TableRow:
    return TableRow(
        day.day,
        (
            iso_date(day.day),
            Cell(f"+{day.joined:,}", "good") if day.joined else Cell(NONE, "dim"),
            Cell(f"-{day.left:,}", "warn") if day.left else Cell(NONE, "dim"),
            f"{day.members:,}",
            Cell(bar(day.members / most if most else 0, _BAR), "bar"),
        ),
    )
