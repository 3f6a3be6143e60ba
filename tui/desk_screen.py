"""What all screens share: a line on top, a line for what was said, and questions asked in threads."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar, TypeVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Footer, Static

from runtime.errors import SegueError
from runtime.store.session import Session

from .desk import Desk
from .paged_table import PagedTable

T = TypeVar("T")


class DeskScreen(Screen[None]):
    """Subclasses say what is on them (`body`), load it (`load`) and draw it anew (`redraw`) when `t` is pressed."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("q,escape", "back", "Back", key_display="q"),
        Binding("f5", "reload", "Read again", show=False),
    ]
    heading = ""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk

    def compose(self) -> ComposeResult:
        yield Static(id="top")
        yield from self.body()
        yield Static(id="said")
        yield Footer(show_command_palette=False)

    def body(self) -> ComposeResult:
        raise NotImplementedError

    def load(self) -> None:
        raise NotImplementedError

    def redraw(self) -> None:
        """Draw what is known again."""

    def on_mount(self) -> None:
        self.head(self.heading)
        self.load()

    def head(self, left: str, right: str = "") -> None:
        """The line on top: where one is, and a word on it at the right."""
        line = Content.assemble(("Segue", "bold $primary"), f"  {self.desk.title}", ("  ›  ", "$muted"), (left, "bold"))
        if right:
            line += Content.assemble(("   " + right, "$muted"))
        self.query_one("#top", Static).update(line)

    def say(self, words: str, tone: str = "$success") -> None:
        """One sentence above the keys; it stays until the next."""
        self.query_one("#said", Static).update(Content.assemble((f" {words}", tone)))

    def say_error(self, error: Exception) -> None:
        """What failed and what to do, never a traceback."""
        hint = getattr(error, "hint", "")
        words = str(error) if isinstance(error, SegueError) else f"the store could not be read: {_first_line(error)}"
        self.say(f"{words[:1].upper()}{words[1:]}{': ' + hint if hint else ''}", "$error")

    @work(thread=True, exit_on_error=False)
    def ask(self, question: Callable[[Session], T], answer: Callable[[T], None]) -> None:
        """Put a question to the store in a thread and give the answer to the screen, if it is still there."""
        try:
            found = self.desk.ask(question)
        except Exception as error:  # whatever it is: the screen says it in a sentence and lives on
            self.app.call_from_thread(self._if_here, self.say_error, error)
        else:
            self.app.call_from_thread(self._if_here, answer, found)

    def _if_here(self, do: Callable[[T], None], what: T) -> None:
        if self.is_attached:
            do(what)

    def on_paged_table_failed(self, message: PagedTable.Failed) -> None:
        self.say_error(message.error)

    def action_back(self) -> None:
        """One screen back; from the first one, out."""
        if len(self.app.screen_stack) > 2:
            self.app.pop_screen()
        else:
            self.app.exit()

    def action_reload(self) -> None:
        self.say("")
        self.load()


def _first_line(error: Exception) -> str:
    return str(getattr(error, "orig", None) or error).splitlines()[0] if str(error) else type(error).__name__
