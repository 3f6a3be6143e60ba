"""One report of a dashboard, drawn as wide as its tile; what is wrong with it is said in it."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from runtime.errors import SegueError
from runtime.reports import Result
from runtime.reports.counting import counted
from runtime.reports.drawing import Line, cut, drawn

_LINES = 13  # of a drawing in a tile; what is longer is seen when it is opened
_ROWS = 200  # more are never drawn in a tile
_STYLES = {
    "head": "$muted", "bar": "$primary", "line": "$primary", "axis": "$quiet", "target": "$quiet", "missing": "$muted",
    "line2": "$success", "line3": "$warning", "line4": "$accent", "line5": "$error", "line6": "$muted",
    "reached": "$success", "value": "", "label": "", "": "",
}  # fmt: skip


class ReportTile(Static, can_focus=True):
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "open", "Open", tooltip="open the report large"),
        Binding("up", "screen.step(0, -1)", "Up", show=False, tooltip="the tile above"),
        Binding("down", "screen.step(0, 1)", "Down", show=False, tooltip="the tile below"),
        Binding("left", "screen.step(-1, 0)", "Left", show=False, tooltip="the tile to the left"),
        Binding("right", "screen.step(1, 0)", "Right", show=False, tooltip="the tile to the right"),
    ]

    class Opened(Message):
        def __init__(self, report: str) -> None:
            super().__init__()
            self.report = report

    def __init__(self, report: str, label: str) -> None:
        super().__init__(classes="report-tile")
        self.report, self.label = report, label
        self.found: Result | Exception | None = None
        self.as_table = self.counts = False

    def show(self, found: Result | Exception) -> None:
        self.found = found
        self.draw()

    def draw(self) -> None:
        """What is known again, in the room there is."""
        wide = max(self.content_size.width, 20)
        mark = "▸ " if self.has_focus else "  "
        title = Content.assemble((mark, "bold $primary"), (cut(self.label, wide - 2), "bold"))
        self.update(Content("\n").join([title, *self._body(wide)]))

    def _body(self, wide: int) -> list[Content]:
        match self.found:
            case None:
                return [Content.assemble(("  …", "$muted"))]
            case Result() as result:
                lines = drawn(shown(result, self.as_table, self.counts), wide - 2, 8)
                more = len(lines) - _LINES
                if more > 0:
                    lines = lines[: _LINES - 1]
                body = [Content.assemble("  ", styled(line)) for line in lines]
                return [*body, Content.assemble((f"  and {more + 1:,} lines more", "$muted"))] if more > 0 else body
            case error:
                return [Content.assemble(("  " + in_words(error), "$error"))]

    def on_resize(self) -> None:
        self.draw()

    def on_focus(self) -> None:
        self.draw()

    def on_blur(self) -> None:
        self.draw()

    def on_click(self, event: events.Click) -> None:
        if event.chain == 2:
            self.action_open()

    def action_open(self) -> None:
        self.post_message(self.Opened(self.report))


def shown(result: Result, as_table: bool, counts: bool, most: int = _ROWS) -> Result:
    """The report as it is to be drawn."""
    result = counted(result) if counts else result
    return replace(result, show="table" if as_table else result.show, rows=result.rows[:most])


def styled(line: Line) -> Content:
    return Content.assemble(*((piece.text, _STYLES.get(piece.role, "")) for piece in line))


def in_words(error: Exception) -> str:
    """What failed and what to do, never a traceback."""
    if not isinstance(error, SegueError):
        return f"the store could not be read: {str(error) or type(error).__name__}".splitlines()[0]
    hint = getattr(error, "hint", "")
    return f"{error}{': ' + hint if hint else ''}"
