"""The statuses of a sequence's enrollments with their counts; the table shows the one under the cursor (001.19)."""

from __future__ import annotations

from collections.abc import Mapping

from textual.content import Content
from textual.message import Message
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from .words import status

_ORDER = ("pending", "active", "waiting_task", "paused", "errored", "finished", "unenrolled")
_EVERY = "all"
TONES = {"active": "good", "waiting_task": "warn", "paused": "warn", "errored": "bad", "unenrolled": "dim"}


class Statuses(OptionList):
    class Picked(Message):
        """`status` is "" for all."""

        def __init__(self, status: str) -> None:
            super().__init__()
            self.status = status

    def show(self, counts: Mapping[str, int]) -> None:
        """All, then each status there is, in the order of an enrollment's life; the cursor stays where it was."""
        before = self.highlighted or 0
        total = [(_EVERY, sum(counts.values()))]
        present = [(name, counts[name]) for name in (*_ORDER, *sorted(set(counts) - set(_ORDER))) if counts.get(name)]
        self.clear_options()
        self.add_options(Option(_line(name, n), id=name) for name, n in total + present)
        self.highlighted = min(before, self.option_count - 1)

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        event.stop()
        name = event.option.id or _EVERY
        self.post_message(self.Picked("" if name == _EVERY else name))


def _line(name: str, n: int) -> Content:
    return Content.assemble(f"{status(name):<13}", (f"{n:>7,}", "$muted"))
