"""Shown instead of everything else when the store cannot be opened: what is wrong and what to do, in two sentences."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Footer, Static

from runtime.errors import SegueError


class UnopenedScreen(Screen[None]):
    BINDINGS: ClassVar[list[BindingType]] = [Binding("q,escape", "app.quit", "Quit", key_display="q")]

    def __init__(self, error: SegueError) -> None:
        super().__init__()
        self.error = error

    def compose(self) -> ComposeResult:
        words = f"{self.error.message[:1].upper()}{self.error.message[1:]}."
        hint = f"{self.error.hint[:1].upper()}{self.error.hint[1:]}." if self.error.hint else ""
        yield Static(Content.assemble((words, "bold $error"), "\n\n", (hint, "$muted")), id="unopened")
        yield Footer(show_command_palette=False)
