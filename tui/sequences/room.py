"""The Manage table: every sequence with its rates, so that one sees which earn replies and meetings (001.2, S4)."""

from __future__ import annotations

from collections.abc import Mapping

from textual.app import ComposeResult

from runtime.metrics import Figure, SequenceRates, sequence_rates
from runtime.reading import DefinitionLine, day, definitions
from runtime.store import meta
from runtime.store.session import Session

from ..frame.desk_screen import DeskScreen
from ..tables.cells import Cell, Column, TableRow
from ..tables.paged_table import PagedTable
from ..words import bar, figure, plural, when
from .sequence import SequenceScreen

_BAR = 10


class SequencesScreen(DeskScreen):
    heading = "Sequences"
    has_rates = True
    lines: list[DefinitionLine] | None  # None: not read yet
    rates: Mapping[str, SequenceRates]

    def body(self) -> ComposeResult:
        self.lines, self.rates = None, {}
        yield PagedTable(
            Column("Sequence", share=1, snug=True),
            Column("Created", 10, above=100),
            Column("Enrolled", 9, right=True),
            Column("Opened", 8, right=True, above=110),
            Column("Clicked", 8, right=True, above=110),
            Column("Replied", 8, right=True),
            Column("", _BAR, above=100),
            Column("Meetings", 8, right=True),
            Column("Active", 8, right=True),
            Column("Ended", 8, right=True, above=70),
            empty="No sequence has run yet. `segue run` brings those of your rule files to life.",
            id="sequences",
        )

    def arrive(self) -> None:
        self.query_one(PagedTable).focus()

    def load(self) -> None:
        self.ask(_lines, self._lines)

    def _lines(self, found: tuple[list[DefinitionLine], int | None]) -> None:
        self.lines, clock = found
        self.head(self.heading, f"{self._used(self.lines)} · as of {when(clock, self.desk.zone)}")
        self.redraw()
        if self.lines:
            self.work_out(sequence_rates, self._rates)  # figures follow: the list is there at once

    def _used(self, lines: list[DefinitionLine]) -> str:
        """How many there are, of how many there may be (S4)."""
        used = sum(not line.vanished for line in lines)
        limit = self.desk.settings.project.limits.max_sequences if self.desk.settings else None
        many = f"{used:,} of {plural(limit, 'sequence')} used" if limit is not None else plural(used, "sequence")
        return f"{many}, {plural(sum(line.enrollments for line in lines), 'enrollment')}"

    def _rates(self, found: list[SequenceRates]) -> None:
        self.rates = {rates.name: rates for rates in found}
        self.redraw()

    def redraw(self) -> None:
        if self.lines is None:
            return
        best = max((r.replied.rate or 0 for r in self.rates.values()), default=0)
        self.query_one(PagedTable).show_rows([self._row(line, best) for line in self.lines], keep=True)

    def _row(self, line: DefinitionLine, best: float) -> TableRow:
        rates = self.rates.get(line.name)
        name = line.label + ("  (no longer in the rules)" if line.vanished else "")
        replied = rates.replied.rate or 0 if rates else 0
        return TableRow(
            line.name,
            (
                Cell(name, "dim" if line.vanished else ""),
                Cell(day(line.activated_at, self.desk.zone), "dim"),
                f"{rates.enrolled:,}" if rates else f"{line.enrollments:,}",
                self._cell(rates.opened if rates else None),
                self._cell(rates.clicked if rates else None),
                self._cell(rates.replied if rates else None),
                Cell(bar(replied / best if best else 0, _BAR), "bar"),
                self._cell(rates.meetings if rates else None),
                f"{line.active:,}",
                f"{line.ended:,}",
            ),
        )

    def _cell(self, of: Figure | None) -> Cell:
        return Cell(figure(of, self.desk.counts)) if of else Cell("…", "dim")

    def on_paged_table_opened(self, message: PagedTable.Opened) -> None:
        line = next((line for line in self.lines or () if line.name == message.row.key), None)
        if line:
            self.app.push_screen(SequenceScreen(self.desk, line.name, line.label))


def _lines(session: Session) -> tuple[list[DefinitionLine], int | None]:
    return definitions(session), meta.clock(session)
