"""One line of text that an act needs, asked for."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar, TypeVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, Static

from runtime.store.session import Session

from ..frame.desk_screen import DeskScreen
from .saving import SavingScreen

T = TypeVar("T")


class QuestionScreen(SavingScreen[T]):
    """`do` takes what was written. `needed`: nothing written is nothing asked for."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss(None)", "Leave it", tooltip="leave it")]

    def __init__(
        self, page: DeskScreen, question: str, note: str, do: Callable[[Session, str], T], needed: bool = True
    ) -> None:
        super().__init__(page)
        self.question, self.note, self.do, self.needed = question, note, do, needed

    def compose(self) -> ComposeResult:
        with Vertical(id="dialog"):
            yield Static(Content.assemble((self.question, "bold")))
            yield Static(Content.assemble((self.note, "$muted")))
            answer = Input(id="answer", compact=True)
            answer.cursor_blink = False  # calm
            yield answer
            refused = Static(id="refused")
            refused.display = False
            yield refused

    def on_input_submitted(self, event: Input.Submitted) -> None:
        text = event.value.strip()
        if text or not self.needed:
            self.save(lambda session: self.do(session, text))
        else:
            self.dismiss(None)
