"""Who may write which part of the store, until when, and whether that time is over."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from runtime.reading.values import lasting
from runtime.store.leases import Held, held
from runtime.store.session import Session

from ..frame.tab_body import TabBody
from ..tables.cells import Cell, Column, TableRow
from ..tables.paged_table import PagedTable
from ..words import NONE, plural, when

_WORDS = {"held": "in time", "late": "its time is over", "dead": "its worker is gone", "free": "nobody's"}
_TONES = {"held": "good", "late": "bad", "dead": "warn", "free": "dim"}


class Leases(TabBody):
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("v", "each", "Which", tooltip="one line for each bucket, or for those together that are alike"),
    ]
    each = False

    def compose(self) -> ComposeResult:
        yield PagedTable(
            Column("Buckets", 10),
            Column("Worker", share=1),
            Column("Since", 16, above=70),
            Column("Until", 16),
            Column("", 18),
            empty="Nobody has ever worked on this store.",
            opens=False,
            id="leases-table",
        )

    def arrive(self) -> None:
        self.query_one(PagedTable).focus()

    def load(self) -> None:
        each = self.each
        self.ask(lambda s: self._look(s, each), lambda found: self._show(*found))

    def _look(self, session: Session, each: bool) -> tuple[int, list[Held]]:
        return held(self.desk.store, session, each)

    def _show(self, now: int, found: list[Held]) -> None:
        taken = sum(one.last - one.first + 1 for one in found if one.state in ("held", "late"))
        self.of.head(self.of.heading, f"{plural(taken, 'lease')} held")
        self.query_one(PagedTable).show_rows([self._row(one, now) for one in found], keep=True)

    def _row(self, one: Held, now: int) -> TableRow:
        zone, words = self.desk.zone, _WORDS[one.state]
        left = f", {lasting(one.until - now)} left" if one.state == "held" and one.until is not None else ""
        cells = (
            f"{one.first}" if one.first == one.last else f"{one.first} – {one.last}",
            one.worker or Cell(NONE, "dim"),
            Cell(when(one.since, zone), "dim"),
            when(one.until, zone),
            Cell(f"{words}{left}", _TONES[one.state]),
        )
        return TableRow((one.first, one.last), cells)

    def action_each(self) -> None:
        self.each = not self.each
        self.load()
