"""What all screens share: a line on top, the rooms at the left, a line for what was said, and questions asked in
threads."""

from __future__ import annotations

import io
from collections.abc import Callable
from time import monotonic
from typing import ClassVar, TypeVar

from textual import events, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Static

from runtime.errors import StoreError
from runtime.store.session import Session

from ..tables.csv_file import written
from ..tables.paged_table import PagedTable
from ..words import trouble
from .delivering import deliver
from .desk import Desk
from .guarded import Guarded
from .keys import Keys
from .sidebar import Sidebar
from .working_out import LeftAlone, WorkingOut

T = TypeVar("T")
_NARROW, _WIDE = 40, 120  # cells: below the one nothing can be read, from the other on the rooms have a place
_LOW = 10  # rows
_RESTS = 4  # a screen that took a second to read rests so many seconds before it is read again


class DeskScreen(Guarded, Screen[None]):
    """Subclasses say what is on them (`body`), load it (`load`) and draw it anew (`redraw`) when `t` is pressed.

    `load` runs at first and whenever the store has changed: it keeps cursors and leaves the focus alone (`arrive`
    places it, once)."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("q,escape", "back", "Back", key_display="q", tooltip="back; from the first screen, out"),
        Binding("f5", "reload", "Read again", show=False),
        Binding("e", "table", "Export", show=False, tooltip="the table as CSV, whole, into this folder"),
        Binding("E", "picture", "Picture", show=False, tooltip="the screen as SVG, into this folder"),
    ]
    heading = ""
    has_rates = False  # whether it shows what `t` turns into counts
    about_a_row: ClassVar[tuple[str, ...]] = ()  # its actions that are about the row under the cursor and are no acts
    room = ""  # the name of the room this screen is, "" for one that is opened from another

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self._asked_at = self._answered_at = monotonic()
        self._unanswered = 0
        self._read_to = desk.moves  # how far it has read
        self._working_out = WorkingOut()
        self._was_focused: Widget | None = None

    def compose(self) -> ComposeResult:
        self._shown_in = self.app  # a screen that was left no longer finds it, and is still answered
        yield Static(id="top")
        with Horizontal(id="middle"):
            yield Sidebar(self.desk.rooms, self.room)
            with Vertical(id="body"):
                yield from self.body()
        yield Static(id="said")
        yield Keys()
        yield Static("Too narrow to show anything: make the terminal wider.", id="narrow")

    def body(self) -> ComposeResult:
        raise NotImplementedError

    def load(self) -> None:
        raise NotImplementedError

    def arrive(self) -> None:
        """Place the focus."""

    def redraw(self) -> None:
        """Draw what is known again."""

    def on_mount(self) -> None:
        self._fold(self.app.size.width, self.app.size.height)
        self.head(self.heading)
        self.arrive()
        self.load()

    def on_resize(self, event: events.Resize) -> None:
        self._fold(event.size.width, event.size.height)
        self.redraw()

    def _fold(self, width: int, height: int) -> None:
        """What does not fit is folded away; what cannot be read at all is said in a sentence."""
        narrow = width < _NARROW or height < _LOW
        if narrow and not self.has_class("narrow"):
            self._was_focused = self.focused  # what is folded away loses the focus
        elif not narrow and self.has_class("narrow"):
            self.call_after_refresh(self._focus_again)
        self.set_class(narrow, "narrow")
        self.set_class(width >= _WIDE, "wide")
        self.set_class(width < 100, "small")

    def _focus_again(self) -> None:
        if self.focused is None and self._was_focused is not None and self._was_focused.is_attached:
            self.set_focus(self._was_focused)

    # --- live --------------------------------------------------------------------------------------

    def store_changed(self) -> bool:
        """Somebody wrote: read again. False where it is too early: the last reading is still under way, or was so slow
        that it shall rest."""
        took = self._answered_at - self._asked_at
        if self._unanswered or monotonic() - self._answered_at < _RESTS * took:
            return False
        self._asked_at = monotonic()
        self._read_on()
        return True

    def _read_on(self) -> None:
        self._read_to = self.desk.moves
        self.load()

    def keep_first(self, go: Callable[[], None]) -> bool:
        """Whether something was typed here that is to be kept before one leaves; then `go` is called once it is."""
        return False

    # --- words -------------------------------------------------------------------------------------

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
        self.say(trouble(error), "$error")

    # --- files --------------------------------------------------------------------------------------

    def action_table(self) -> None:
        """The table that has the focus, else the first one in sight."""
        focused = self.focused if isinstance(self.focused, PagedTable) else None
        table = focused or next((t for t in self.query(PagedTable) if t.region.height), None)
        if table is None:
            self.say("There is no table here", "$muted")
            return
        self.say("Writing the table ..", "$muted")
        self._write(table)

    @work(thread=True, exit_on_error=False)
    def _write(self, table: PagedTable) -> None:
        try:
            file = written(table)
        except Exception as error:  # the screen says it in a sentence and lives on
            self.app.call_from_thread(self.say_error, error)
        else:
            self.app.call_from_thread(deliver, self.app, file, f"{self.heading} {table.id}", "csv")

    def action_picture(self) -> None:
        deliver(self.app, io.StringIO(self.app.export_screenshot(title=f"Segue · {self.heading}")), self.heading, "svg")

    # --- questions ---------------------------------------------------------------------------------

    def ask(
        self,
        question: Callable[[Session], T],
        answer: Callable[[T], None],
        failed: Callable[[Exception], None] | None = None,
    ) -> None:
        """Put a question to the store in a thread and give the answer to the screen, if it is still there. `failed`
        takes what went wrong; without it that is said in a sentence."""
        self._unanswered += 1
        self._ask(lambda: self.desk.ask(question), answer, failed or self.say_error)

    def ask_to(
        self,
        do: Callable[[Session], T],
        done: Callable[[T], None],
        failed: Callable[[Exception], None] | None = None,
    ) -> None:
        """`ask` for something to be done. Where the store is lost, that is still known when it is back."""

        def refused(error: Exception) -> None:
            self.desk.lost_an_act |= isinstance(error, StoreError)
            (failed or self.say_error)(error)

        self.ask(do, done, refused)

    def work_out(self, question: Callable[[Session], T], answer: Callable[[T], None]) -> None:
        """`ask` for figures that take their time: broken off when the screen is left or covered by another. No act is
        asked for so."""
        self._unanswered += 1
        working_out = self._working_out
        self._ask(lambda: self.desk.work_out(question, working_out), answer, self.say_error)

    @property
    def asking(self) -> bool:
        """Whether an answer is still to come."""
        return self._unanswered > 0

    def on_unmount(self) -> None:
        self._working_out.break_off()

    def on_screen_suspend(self) -> None:
        """A question laid over the screen leaves it at work; another screen has the machine."""
        if self._unanswered and isinstance(self.app.screen, DeskScreen):
            self._working_out.break_off()

    def on_screen_resume(self) -> None:
        """What was broken off is begun again, and what was written meanwhile is read."""
        over = self._working_out.over
        if over:
            self._working_out = WorkingOut()
        if over or self._read_to != self.desk.moves:
            self._read_on()

    @work(thread=True, exit_on_error=False)
    def _ask(self, put: Callable[[], T], answer: Callable[[T], None], failed: Callable[[Exception], None]) -> None:
        try:
            found = put()
        except LeftAlone:
            self._shown_in.call_from_thread(self._let_go)
        except Exception as error:  # whatever it is: the screen says it in a sentence and lives on
            self._shown_in.call_from_thread(self._answered, failed, error)
        else:
            self._shown_in.call_from_thread(self._answered, answer, found)

    def _let_go(self) -> None:
        self._unanswered -= 1

    def _answered(self, do: Callable[[T], None], what: T) -> None:
        """Who left before an act was refused hears of it where they are. A screen that is being taken away has lost its
        parts before it is gone itself."""
        self._unanswered -= 1
        self._answered_at = monotonic()
        if self.is_attached and not self._pruning:
            do(what)
        elif isinstance(what, Exception) and isinstance(self._shown_in.screen, DeskScreen):
            self._shown_in.screen.say_error(what)

    def on_paged_table_failed(self, message: PagedTable.Failed) -> None:
        self.say_error(message.error)

    def action_back(self) -> None:
        """One screen back; from a room to the first one, from there out."""
        if len(self.app.screen_stack) > 2:
            self.app.pop_screen()
        elif self.desk.rooms and self.room != self.desk.rooms[0].name:
            self.post_message(Sidebar.Gone(self.desk.rooms[0].name))
        else:
            self.app.exit()

    def action_reload(self) -> None:
        self.say("")
        self.load()
