"""A text of several lines. A shortcut alone on its line becomes its snippet at Enter, to be edited then (P6)."""

from __future__ import annotations

from textual import events
from textual.message import Message
from textual.widgets import TextArea

_MARKS = ("#", "\uff03")


class LongText(TextArea):
    """The screen answers `Called` with `put`."""

    class Called(Message):
        """Enter behind what may be a shortcut."""

        def __init__(self, area: LongText, row: int, line: str) -> None:
            super().__init__()
            self.area, self.row, self.line = area, row, line

    def __init__(self, text: str = "", id: str | None = None) -> None:
        super().__init__(text, compact=True, classes="long", id=id)
        self.cursor_blink = False  # calm

    def on_key(self, event: events.Key) -> None:
        row, _ = self.cursor_location
        line = self.document.get_line(row)
        if event.key == "enter" and line.strip().startswith(_MARKS) and len(line.split()) == 1:
            event.stop()
            event.prevent_default()
            self.post_message(self.Called(self, row, line))

    def put(self, row: int, line: str, words: str) -> None:
        """`words` for the line, if it is still there, and the cursor below."""
        if row < self.document.line_count and self.document.get_line(row) == line:
            end = self.replace(f"{words}\n", (row, 0), (row, len(line))).end_location
            self.move_cursor(end)
