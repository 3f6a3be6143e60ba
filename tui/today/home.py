"""The first screen: what needs someone now, and how things go while a worker runs."""

from __future__ import annotations

import time
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Static

from runtime.reading import instant
from runtime.reading.attention import Attention, Concern, Need, attention
from runtime.reading.values import lasting
from runtime.store.session import Session

from ..frame.desk import Desk
from ..frame.desk_screen import DeskScreen
from ..frame.sidebar import Sidebar
from ..sequences.sequence import SequenceScreen
from ..tables.cells import Cell, Column, TableRow
from ..tables.paged_table import PagedTable
from ..workflows.workflow import WorkflowScreen
from .counters import Counters
from .notices import NoticesScreen
from .tasks import TasksScreen

_ROOMS = {
    Concern.UNKNOWN: "operations",
    Concern.LATE: "operations",
    Concern.NOBODY: "operations",
    Concern.LOOP: "workflows",
    Concern.ERRORED: "workflows",
}
_SCREENS = {"sequence": (SequenceScreen, "enrollments"), "workflow": (WorkflowScreen, "runs")}
_TONES = {Concern.UNKNOWN: "bad", Concern.ERRORED: "bad", Concern.LOOP: "bad"}


class HomeScreen(DeskScreen):
    BINDINGS: ClassVar[list[BindingType]] = [Binding("N", "notices", "Notices", tooltip="what rules told people")]
    heading = "Home"

    def body(self) -> ComposeResult:
        yield Counters(id="counters")
        yield Static(Content.assemble(("What needs someone now", "bold")), id="needs-title")
        yield PagedTable(
            Column("What", 18),
            Column("How many", 8, right=True),
            Column("Of", share=1, snug=True),
            Column("Since", 16, above=100),
            Column("What to do", share=1, above=60, snug=True),
            empty="Nothing needs anybody.",
            id="needs",
        )

    def arrive(self) -> None:
        self.query_one(PagedTable).focus()

    def load(self) -> None:
        self.ask(self._look, self._show)

    def _look(self, session: Session) -> Attention:
        return attention(self.desk.store, session, time.time_ns() // 1_000, self.desk.zone)

    def _show(self, found: Attention) -> None:
        zone = self.desk.zone
        works = f"worker {found.worker}" if found.worker else "no worker runs"
        as_of = f"as of {instant(found.clock, zone)}" if found.clock is not None else "never run yet"
        self.head(self.heading, f"{as_of} · {works}")
        self.query_one(Counters).show(found)
        self.query_one(PagedTable).show_rows([self._row(need, found.now) for need in found.needs], keep=True)

    def _row(self, need: Need, now: int) -> TableRow:
        since = f"{lasting(now - need.since)} ago" if need.since is not None and need.since < now else ""
        tone = _TONES.get(need.concern, "warn")
        what = Cell(need.concern.value, tone)
        return TableRow(need, (what, f"{need.count:,}", _of(need), Cell(since, "dim"), Cell(_advice(need), "dim")))

    def action_notices(self) -> None:
        self.app.push_screen(NoticesScreen(self.desk))

    def on_paged_table_opened(self, message: PagedTable.Opened) -> None:
        need = message.row.key
        if isinstance(need, Need):
            self._open(need, self.desk)

    def _open(self, need: Need, desk: Desk) -> None:
        """Where it is put right: with the tasks of who is late, in the definition itself, else the room."""
        kind, _, name = need.of.partition(" ")
        if need.concern in (Concern.OVERDUE, Concern.REMINDED):
            self.app.push_screen(TasksScreen(desk, need.of, overdue=need.concern is Concern.OVERDUE))
        elif need.concern in (Concern.ERRORED, Concern.LOOP) and kind in _SCREENS:
            status = "errored" if need.concern is Concern.ERRORED else ""
            screen, tab = _SCREENS[kind]
            self.app.push_screen(screen(desk, name, name, tab, status))
        elif room := desk.room(_ROOMS.get(need.concern, "")):
            self.post_message(Sidebar.Gone(room.name))
        else:
            self.say(_advice(need), "$muted")


def _of(need: Need) -> str:
    match need.concern:
        case Concern.UNKNOWN:
            return "mails and calls"
        case Concern.OVERDUE | Concern.REMINDED:
            return need.of or "nobody's"
        case Concern.NOBODY:
            return "nothing moves on"
    return need.of


def _advice(need: Need) -> str:
    """What Enter on it leads to, in so few words that they are read whole in 80 columns."""
    match need.concern:
        case Concern.UNKNOWN:
            return "say whether they arrived"
        case Concern.ERRORED:
            return "see why they stopped"
        case Concern.LOOP:
            return "mend it: people come in again and again"
        case Concern.LATE:
            return "the worker has not come to it"
        case Concern.OVERDUE:
            return "complete or skip them"
        case Concern.REMINDED:
            return "they are due soon"
    return "start one: `segue run`"
