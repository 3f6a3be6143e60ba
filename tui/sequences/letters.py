"""What each template earns, as a table that is as long as it has to be (M17)."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content
from textual.widgets import Static

from runtime.metrics import TemplatePerformance

from ..tables.cells import fitted
from ..words import bar, figure

_NAME, _BAR = 24, 16


class Letters(Static):
    def show(self, found: Sequence[TemplatePerformance], counts: bool) -> None:
        """Its unit is the mail, not the contact; the bar shows the share that was replied to, of the best."""
        if not found:
            self.update(Content.assemble((" No mail has been sent yet.", "$muted")))
            return
        best = max(one.replied.rate or 0 for one in found)
        titles = f" {'Template':<{_NAME}}{'Sent':>9}{'Opened':>9}{'Clicked':>9}{'Replied':>9}{'Meetings':>10}"
        self.update(
            Content("\n").join([Content.assemble((titles, "$muted")), *(_line(one, best, counts) for one in found)])
        )


def _line(one: TemplatePerformance, best: float, counts: bool) -> Content:
    of = [figure(f, counts) for f in (one.opened, one.clicked, one.replied, one.meetings)]
    drawn = bar((one.replied.rate or 0) / best if best else 0, _BAR)
    return Content.assemble(
        f" {fitted(one.template, _NAME)}{one.sent:>9,}{of[0]:>9}{of[1]:>9}{of[2]:>9}{of[3]:>10}  ", (drawn, "$primary")
    )
