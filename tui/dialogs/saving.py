"""A form laid over a page, whose text is worth something: it stays until what it asks for is done."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from textual.content import Content
from textual.widgets import Static

from runtime.store.session import Session

from ..frame.desk_screen import DeskScreen
from ..words import trouble
from .dialog import Dialog

T = TypeVar("T")


class SavingScreen(Dialog[T | None]):
    """Asks through `page`. What is refused is said in its `#refused`, and nothing that was typed is lost; gives back
    what came of it, None where it was left."""

    def __init__(self, page: DeskScreen) -> None:
        super().__init__()
        self.page = page
        self._saving = False

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Nobody leaves while it is being done: what came of it would be told to nobody."""
        return not (self._saving and action == "dismiss")

    def save(self, do: Callable[[Session], T]) -> None:
        """Once: a second Enter while the first is under way would do it twice."""
        if not self._saving:
            self._saving = True
            self.page.ask(do, self._saved, self.refuse)

    def _saved(self, found: T) -> None:
        self._saving = False
        self.dismiss(found)

    def refuse(self, error: Exception) -> None:
        self._saving = False
        refused = self.query_one("#refused", Static)
        refused.update(Content.assemble((trouble(error), "$error")))
        refused.display = True
        refused.scroll_visible(animate=False)
