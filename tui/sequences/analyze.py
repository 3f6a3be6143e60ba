"""Across all sequences: the figures of those the filters choose, the sequences side by side, who engaged most, and what
became of each month's people (001.22-33)."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Static, TabbedContent, TabPane

from runtime.metrics import (
    EngagedContact,
    Month,
    Overview,
    SequenceMetrics,
    most_engaged,
    overview,
)
from runtime.reading import DefinitionLine, day, definitions

from ..dialogs.filtered import Filtered
from ..dialogs.filtering import FilterScreen, asked_first, in_words
from ..frame.desk import Desk
from ..frame.desk_screen import DeskScreen
from ..frame.opening import open_record
from ..tables.cells import Cell, Column, TableRow
from ..tables.paged_table import PagedTable
from ..words import NONE, bar, figure, status
from .sequence import SequenceScreen
from .tiles import Tiles

_BAR = 12


class AnalyzeScreen(DeskScreen, Filtered):
    heading = "Analyze"
    has_rates = True
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f", "filter", "Filter", tooltip="choose whose figures: sequence, company, status, enrolled by, dates"),
        Binding("m", "me", "Whose", tooltip="those I enrolled, or everybody"),
        Binding("left_square_bracket", "tab(-1)", "Tabs", key_display="[ ]", tooltip="the tab before"),
        Binding("right_square_bracket", "tab(1)", "Next tab", show=False, tooltip="the next tab"),
    ]

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.asked = asked_first(desk)
        self.labels: dict[str, str] = {}
        self.total: SequenceMetrics | None = None
        self.metrics: list[SequenceMetrics] = []
        self.months: list[Month] = []

    def body(self) -> ComposeResult:
        yield Static(id="filters")
        yield Tiles(id="tiles")
        with TabbedContent():
            with TabPane("Sequences", id="of-sequences"):
                yield PagedTable(*_SEQUENCE, empty="No sequence has run yet.", id="compared")
            with TabPane("Most engaged", id="of-contacts"):
                yield PagedTable(*_ENGAGED, empty="Nobody has opened or clicked anything yet.", id="engaged")
            with TabPane("By month", id="of-months"):
                yield PagedTable(*_MONTH, empty="No month to show yet.", opens=False, id="months")
            with TabPane("Totals", id="of-totals"):
                yield PagedTable(*_TOTALS, empty="No sequence has run yet.", opens=False, id="totals")

    def arrive(self) -> None:
        self.query_one(f"#{self.query_one(TabbedContent).active}", TabPane).query_one(PagedTable).focus()

    def load(self) -> None:
        """Two questions side by side, each on a connection of its own; the first has all that one look can tell. The
        first time the sequences are there before their figures."""
        self.query_one("#filters", Static).update(in_words(self.asked, self.desk.user))
        if self.total is None:
            self.ask(definitions, self._lines)
        self.ask_of_those(lambda s, f: overview(s, f, self.desk.zone), self._overview)
        self.ask_of_those(most_engaged, self._engaged)

    def _lines(self, found: list[DefinitionLine]) -> None:
        self.labels = {line.name: line.label for line in found}
        if self.total is None:
            only = self.asked.sequences or tuple(self.labels)
            shown = [_awaited(line, self.desk.zone) for line in found if line.name in only]
            self.query_one("#compared", PagedTable).show_rows(shown, keep=True)

    def _overview(self, found: Overview) -> None:
        self.total, self.metrics, self.months = found.total, found.sequences, found.months
        self.labels |= {one.name: one.label for one in found.sequences}
        self.redraw()

    def _engaged(self, found: list[EngagedContact]) -> None:
        self.query_one("#engaged", PagedTable).show_rows([_engaged(one) for one in found], keep=True)

    def redraw(self) -> None:
        counts = self.desk.counts
        if self.total is None:
            return
        self.query_one(Tiles).show(self.total, counts)
        compared = [_compared(one, counts, self.desk.zone) for one in self.metrics]
        self.query_one("#compared", PagedTable).show_rows(compared, keep=True)
        self.query_one("#months", PagedTable).show_rows([_month(m, counts) for m in reversed(self.months)], keep=True)
        most = max((one.enrollments for one in self.metrics), default=0)
        self.query_one("#totals", PagedTable).show_rows([_total(one, most) for one in self.metrics], keep=True)

    # --- keys --------------------------------------------------------------------------------------

    def form(self) -> FilterScreen:
        return FilterScreen(self.asked, self.desk, sequences=True)

    def action_tab(self, by: int) -> None:
        tabs = self.query_one(TabbedContent)
        names = [pane.id or "" for pane in tabs.query(TabPane)]
        tabs.active = names[(names.index(tabs.active) + by) % len(names)]
        self.arrive()

    def on_paged_table_opened(self, message: PagedTable.Opened) -> None:
        key = message.row.key
        if message.table.id == "engaged" and isinstance(key, int):
            open_record(self, "contact", key)
        elif isinstance(key, str) and key in self.labels:
            self.app.push_screen(SequenceScreen(self.desk, key, self.labels[key]))


_SEQUENCE = (
    Column("Sequence", share=1, snug=True),
    Column("Created", 10, above=90),
    Column("Enrolled", 9, right=True),
    Column("Opens", 8, right=True),
    Column("Clicks", 8, right=True, above=70),
    Column("Replies", 8, right=True),
    Column("Meetings", 8, right=True),
    Column("No reply", 8, right=True, above=80),
)
_ENGAGED = (
    Column("Contact", share=3),
    Column("Company", share=2, above=80),
    Column("Sequence", share=2, above=110),
    Column("Status", 12, above=70),
    Column("Last step", share=2, above=110),
    Column("Next step", share=3),
    Column("Mails", 5, right=True, above=60),
    Column("Opens", 5, right=True),
    Column("Clicks", 6, right=True),
)
_MONTH = (
    Column("Month", share=1, snug=True),
    Column("Enrolled", 9, right=True),
    Column("Opened", 8, right=True),
    Column("Clicked", 8, right=True),
    Column("Replied", 8, right=True),
    Column("Meetings", 8, right=True),
    Column("Unsubscribed", 12, right=True, above=70),
)
_TOTALS = (
    Column("Sequence", share=1, snug=True),
    Column("Enrollments", 11, right=True),
    Column("", _BAR, above=70),
    Column("Opened", 8, right=True),
    Column("Clicked", 8, right=True),
    Column("Replied", 8, right=True),
    Column("Meetings", 8, right=True),
)


def _awaited(line: DefinitionLine, zone: str) -> TableRow:
    """A sequence whose figures are still being worked out."""
    figures = [Cell("…", "dim")] * (len(_SEQUENCE) - 2)
    return TableRow(line.name, (line.label, Cell(day(line.activated_at, zone), "dim"), *figures))


def _compared(one: SequenceMetrics, counts: bool, zone: str) -> TableRow:
    rates = [figure(f, counts) for f in (one.opened, one.clicked, one.replied, one.meetings, one.no_reply)]
    return TableRow(one.name, (one.label, Cell(day(one.created_at, zone), "dim"), f"{one.enrolled:,}", *rates))


def _engaged(one: EngagedContact) -> TableRow:
    ahead = Cell(one.next_step) if one.next_step else Cell(status(one.status), "dim")
    told = (Cell(one.company or NONE, "dim"), Cell(one.sequence, "dim"), status(one.status), one.last_step or NONE)
    return TableRow(one.id, (one.name, *told, ahead, f"{one.emails_sent:,}", f"{one.opens:,}", f"{one.clicks:,}"))


def _month(m: Month, counts: bool) -> TableRow:
    rates = (figure(f, counts) for f in (m.opened, m.clicked, m.replied, m.meetings, m.unsubscribed))
    return TableRow(m.month, (m.month, f"{m.enrolled:,}", *rates))


def _total(one: SequenceMetrics, most: int) -> TableRow:
    """How many, never a share: this report adds up."""
    counted = (f"{f.count:,}" for f in (one.opened, one.clicked, one.replied, one.meetings))
    drawn = Cell(bar(one.enrollments / most if most else 0, _BAR), "bar")
    return TableRow(one.name, (one.label, f"{one.enrollments:,}", drawn, *counted))
