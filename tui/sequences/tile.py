"""One figure large, its name above it, and below it what it is of, as long as there is room for (M19)."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content
from textual.widgets import Static


class Tile(Static):
    def __init__(self, title: str) -> None:
        super().__init__(classes="tile")
        self._title, self._figure, self._tone = title, "…", "$muted"
        self._below: Sequence[str] = ("",)

    def show(self, figure: str, tone: str, below: Sequence[str]) -> None:
        """`below`: ways to say it, the longest first."""
        self._figure, self._tone, self._below = figure, f"bold {tone}", below
        self._write()

    def on_resize(self) -> None:
        self._write()

    def _write(self) -> None:
        room = self.content_size.width
        below = next((text for text in self._below if len(text) <= room), self._below[-1])
        lines = (self._title, "$muted"), "\n", (self._figure, self._tone), "\n", (below, "$muted")
        self.update(Content.assemble(*lines), layout=False)
