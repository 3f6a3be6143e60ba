"""How many there are of everything that moves, in one glance; on Home they count while a worker runs."""

from __future__ import annotations

from textual.content import Content
from textual.widgets import Static

from runtime.reading.attention import Attention

from ..words import status

_INSIDE = ("pending", "active", "waiting_task", "paused")


class Counters(Static):
    """Three lines of `name number`; what does not fit a line goes to the next."""

    def show(self, found: Attention) -> None:
        inside = sum(found.statuses.get(name, 0) for name in _INSIDE)
        people = [("contacts", found.contacts), ("enrolled now", inside), ("open tasks", found.tasks)]
        statuses = [(status(name), found.statuses[name]) for name in _INSIDE if found.statuses.get(name)]
        waiting = [(lag.phase, lag.waiting) for lag in found.lags]
        mails = [(f"mail {state}", n) for state, n in found.mails.items()]
        lines = [_line("People", people), _line("Enrollments", statuses), _line("To do by now", waiting + mails)]
        self.update(Content("\n").join(lines))


def _line(title: str, counts: list[tuple[str, int]]) -> Content:
    line = Content.assemble((f"{title:<14}", "$muted"))
    for name, n in counts or [("none", 0)]:
        line += Content.assemble((f"{n:,}", "bold $primary" if n else "$muted"), (f" {name}   ", "$muted"))
    return line
