"""Asks once more before an act that cannot be taken back."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from .dialog import Dialog


class ConfirmScreen(Dialog[bool]):
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y,enter", "answer(True)", "Yes"),
        Binding("n,escape,q", "answer(False)", "No"),
    ]

    def __init__(self, question: str, note: str) -> None:
        super().__init__()
        self.question, self.note = question, note

    def compose(self) -> ComposeResult:
        keys = Content.assemble(("y", "bold $primary"), " yes    ", ("n", "bold $primary"), " no")
        with Vertical(id="dialog"):
            yield Static(Content.assemble((self.question, "bold")))
            yield Static(Content.assemble((self.note, "$muted")))
            yield Static(keys)

    def action_answer(self, answer: bool) -> None:
        self.dismiss(answer)
