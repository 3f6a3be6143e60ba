"""Cohorts by month of enrollment, as a table that is as long as it has to be (M18)."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content
from textual.widgets import Static

from runtime.metrics import Month

from ..words import bar, figure

_BAR = 16


class Months(Static):
    def show(self, months: Sequence[Month], counts: bool) -> None:
        """Newest first; the unit is the enrollment, and the bar shows how many there were, of the most."""
        if not months:
            self.update(Content.assemble((" No month to show yet.", "$muted")))
            return
        most = max(month.enrolled for month in months)
        titles = f" {'Month':<9}{'Enrolled':>10}{'Opened':>9}{'Clicked':>9}{'Replied':>9}{'Meetings':>10}{'Left':>9}"
        lines = [Content.assemble((titles, "$muted")), *(_line(month, most, counts) for month in reversed(months))]
        self.update(Content("\n").join(lines))


def _line(m: Month, most: int, counts: bool) -> Content:
    of = [figure(f, counts) for f in (m.opened, m.clicked, m.replied, m.meetings, m.unsubscribed)]
    words = f" {m.month:<9}{m.enrolled:>10,}{of[0]:>9}{of[1]:>9}{of[2]:>9}{of[3]:>10}{of[4]:>9}  "
    return Content.assemble(words, (bar(m.enrolled / most, _BAR), "$primary"))
