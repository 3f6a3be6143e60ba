"""What is laid over a screen and gives something back."""

from __future__ import annotations

import re
from typing import TypeVar

from rich.cells import cell_len
from textual import events
from textual.await_complete import AwaitComplete
from textual.screen import ModalScreen
from textual.widgets import Static

T = TypeVar("T")
_NAMED = re.compile(r"(?:^|(?<=\s))(Enter|Esc|Ctrl\+S|Tab|y|n) \S+(?: \S+)*")  # a key and what it does
_KEYS = {"Enter": "enter", "Esc": "escape", "Ctrl+S": "ctrl+s", "Tab": "tab"}


class Dialog(ModalScreen[T]):
    """Closes once: a second key, or a second click, that was on its way already would close the screen below. The keys
    that are named on it may be clicked; a click beside it leaves it, where nothing was typed that would be lost."""

    def dismiss(self, result: T | None = None) -> AwaitComplete:
        return super().dismiss(result) if self.is_active else AwaitComplete()

    def on_click(self, event: events.Click) -> None:
        key = None
        if event.widget is self and not self.query("Input, TextArea"):
            key = "escape"
        elif isinstance(event.widget, Static):
            key = self.named_at(_line(event.widget, event.y), event.x)
        if key is not None:
            pressed = events.Key(key, key if len(key) == 1 else None)
            self.app.post_message(pressed.set_sender(self.app))  # what a screen sends does not come back to it

    def named_at(self, line: str, x: int) -> str | None:
        """The key whose name, or what it does, stands in that cell of a line."""
        for found in _NAMED.finditer(line):
            if cell_len(line[: found.start()]) <= x < cell_len(line[: found.end()]):
                return _KEYS.get(found[1], found[1])
        return None


def _line(of: Static, y: int) -> str:
    return "".join(segment.text for segment in of.render_line(y))
