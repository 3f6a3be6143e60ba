"""Cohorts by month of enrollment, as a table that is as long as it has to be (M18)."""

from __future__ import annotations

from collections.abc import Sequence

from runtime.metrics import Month

from ..tables.cells import Cell, Column, TableRow
from ..tables.whole_table import WholeTable
from ..words import bar, figure

_BAR = 16


class Months(WholeTable):
    def __init__(self) -> None:
        titles = ("Enrolled", "Opened", "Clicked", "Replied", "Meetings", "Left")
        super().__init__(
            Column("Month", share=2, snug=True),
            *(Column(title, share=2, right=True, snug=True) for title in titles),
            Column("", _BAR, above=78),
            empty="No month to show yet.",
            opens=False,
            id="by-month",
        )

    def show_months(self, months: Sequence[Month], counts: bool) -> None:
        """Newest first; the unit is the enrollment, and the bar shows how many there were, of the most."""
        most = max((month.enrolled for month in months), default=0)
        self.show_rows([_row(month, most, counts) for month in reversed(months)], keep=True)


def _row(m: Month, most: int, counts: bool) -> TableRow:
    rates = (figure(f, counts) for f in (m.opened, m.clicked, m.replied, m.meetings, m.unsubscribed))
    return TableRow(m.month, (m.month, f"{m.enrolled:,}", *rates, Cell(bar(m.enrolled / most, _BAR), "bar")))
