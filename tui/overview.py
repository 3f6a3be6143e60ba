"""Below the list of sequences: cohorts by month and the most engaged contacts, over all of them (M18)."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.containers import Horizontal

from runtime.metrics import EngagedContact, Month

from .paged_table import Cell, Column, PagedTable, TableRow
from .words import NONE, figure, status


class Overview(Horizontal):
    def compose(self) -> ComposeResult:
        yield PagedTable(
            Column("Month", share=1),
            Column("Enrolled", 8, right=True),
            Column("Opened", 7, right=True),
            Column("Replied", 7, right=True),
            Column("Meetings", 8, right=True),
            empty="No month to show yet.",
            opens=False,
            id="months",
        )
        yield PagedTable(
            Column("Most engaged", share=3),
            Column("Company", share=2),
            Column("Next step", share=3),
            Column("Opens", 5, right=True),
            Column("Clicks", 6, right=True),
            empty="Nobody has opened or clicked anything yet.",
            id="engaged",
        )

    def show_months(self, months: Sequence[Month], counts: bool) -> None:
        """Newest first; the unit is the enrollment."""
        self.query_one("#months", PagedTable).show_rows([_month(m, counts) for m in reversed(months)], keep=True)

    def show_engaged(self, contacts: Sequence[EngagedContact]) -> None:
        self.query_one("#engaged", PagedTable).show_rows([_engaged(c) for c in contacts], keep=True)


def _month(m: Month, counts: bool) -> TableRow:
    rates = (figure(f, counts) for f in (m.opened, m.replied, m.meetings))
    return TableRow(m.month, (m.month, f"{m.enrolled:,}", *rates))


def _engaged(c: EngagedContact) -> TableRow:
    ahead = Cell(c.next_step) if c.next_step else Cell(status(c.status), "dim")
    return TableRow(c.id, (c.name, Cell(c.company or NONE, "dim"), ahead, f"{c.opens:,}", f"{c.clicks:,}"))
