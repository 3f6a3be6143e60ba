"""The statuses of a sequence's enrollments with their counts; the table shows the one under the cursor (001.19)."""

from __future__ import annotations

from collections.abc import Mapping

from textual.content import Content
from textual.message import Message
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from ..tables.cells import Cell
from ..words import status

ORDER = ("pending", "active", "waiting_task", "paused", "errored", "finished", "unenrolled")
ERRORED = "errored"
_EVERY = "all"
TONES = {"active": "good", "waiting_task": "warn", "paused": "warn", "errored": "bad", "unenrolled": "dim"}


def stands(name: str, awaits: str, more: str = "") -> Cell:
    """How an enrollment stands, or what the next tick makes of it, where somebody asked for that."""
    return Cell(awaits, "warn") if awaits else Cell(status(name) + more, TONES.get(name, ""))


class Statuses(OptionList):
    class Picked(Message):
        """`status` is "" for all."""

        def __init__(self, status: str) -> None:
            super().__init__()
            self.status = status

    def show(self, counts: Mapping[str, int], picked: str = "") -> None:
        """All, then each status there is, in the order of an enrollment's life; the cursor is at `picked`."""
        total = [(_EVERY, sum(counts.values()))]
        named = [name for name in (*ORDER, *sorted(set(counts) - set(ORDER))) if counts.get(name) or name == picked]
        present = [(name, counts.get(name, 0)) for name in named]
        lines = [(_line(name, n), name) for name, n in total + present]
        if [name for _, name in lines] == [option.id for option in self.options]:
            for line, name in lines:
                self.replace_option_prompt(name, line)
            return
        self.set_options(Option(line, id=name) for line, name in lines)
        self.highlighted = next(i for i, (_, name) in enumerate(lines) if name == (picked or _EVERY))

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        event.stop()
        name = event.option.id or _EVERY
        self.post_message(self.Picked("" if name == _EVERY else name))


def _line(name: str, n: int) -> Content:
    return Content.assemble(f"{status(name):<13}", (f"{n:>7,}", "$muted"))
