"""What each template earns, as a table that is as long as it has to be (M17)."""

from __future__ import annotations

from collections.abc import Sequence

from runtime.metrics import TemplatePerformance

from ..tables.cells import Cell, Column, TableRow
from ..tables.whole_table import WholeTable
from ..words import bar, figure

_BAR = 16


class Letters(WholeTable):
    def __init__(self) -> None:
        titles = ("Sent", "Opened", "Clicked", "Replied", "Meetings")
        super().__init__(
            Column("Template", share=4, snug=True),
            *(Column(title, share=2, right=True, snug=True) for title in titles),
            Column("", _BAR, above=78),
            empty="No mail has been sent yet.",
            opens=False,
            id="letters",
        )

    def show_letters(self, found: Sequence[TemplatePerformance], counts: bool) -> None:
        """Its unit is the mail, not the contact; the bar shows the share that was replied to, of the best."""
        best = max((one.replied.rate or 0 for one in found), default=0)
        self.show_rows([_row(one, best, counts) for one in found], keep=True)


def _row(one: TemplatePerformance, best: float, counts: bool) -> TableRow:
    rates = (figure(f, counts) for f in (one.opened, one.clicked, one.replied, one.meetings))
    drawn = Cell(bar((one.replied.rate or 0) / best if best else 0, _BAR), "bar")
    return TableRow(one.template, (one.template, f"{one.sent:,}", *rates, drawn))
