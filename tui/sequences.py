"""The first screen: every sequence with its rates, so that one sees which earn replies and meetings (001.2)."""

from __future__ import annotations

from collections.abc import Mapping

from textual.app import ComposeResult

from runtime.metrics import Figure, Month, SequenceRates, monthly, most_engaged, sequence_rates
from runtime.reading import DefinitionLine, definitions
from runtime.store.session import Session

from .contact import ContactScreen
from .desk_screen import DeskScreen
from .overview import Overview
from .paged_table import Cell, Column, PagedTable, TableRow
from .sequence import SequenceScreen
from .words import bar, figure, plural, when

_BAR = 10


class SequencesScreen(DeskScreen):
    heading = "Sequences"

    def body(self) -> ComposeResult:
        yield PagedTable(
            Column("Sequence", share=1),
            Column("Enrolled", 9, right=True),
            Column("Opened", 8, right=True),
            Column("Clicked", 8, right=True),
            Column("Replied", 8, right=True),
            Column("", _BAR),
            Column("Meetings", 8, right=True),
            Column("Active", 8, right=True),
            Column("Ended", 8, right=True),
            empty="No sequence has run yet. `segue run` brings those of your rule files to life.",
            id="sequences",
        )
        yield Overview(id="overview")

    def load(self) -> None:
        self.lines: list[DefinitionLine] = []
        self.rates: Mapping[str, SequenceRates] = {}
        self.months: list[Month] = []
        self.ask(_lines, self._lines)

    def _lines(self, found: tuple[list[DefinitionLine], int | None]) -> None:
        self.lines, clock = found
        enrollments = sum(line.enrollments for line in self.lines)
        here = f"{plural(len(self.lines), 'sequence')}, {plural(enrollments, 'enrollment')}"
        self.head(self.heading, f"{here} · as of {when(clock, self.desk.zone)}")
        self.redraw()
        if self.lines:
            self.ask(sequence_rates, self._rates)  # figures follow: the list is there at once

    def _rates(self, found: list[SequenceRates]) -> None:
        self.rates = {rates.name: rates for rates in found}
        self.redraw()
        self.ask(lambda s: monthly(s, zone=self.desk.zone), self._months)
        self.ask(most_engaged, self.query_one(Overview).show_engaged)

    def _months(self, found: list[Month]) -> None:
        self.months = found
        self.query_one(Overview).show_months(found, self.desk.counts)

    def redraw(self) -> None:
        best = max((r.replied.rate or 0 for r in self.rates.values()), default=0)
        self.query_one(Overview).show_months(self.months, self.desk.counts)
        self.query_one("#sequences", PagedTable).show_rows([self._row(line, best) for line in self.lines], keep=True)

    def _row(self, line: DefinitionLine, best: float) -> TableRow:
        rates = self.rates.get(line.name)
        name = line.label + ("  (no longer in the rules)" if line.vanished else "")
        replied = rates.replied.rate or 0 if rates else 0
        return TableRow(
            line.name,
            (
                Cell(name, "dim" if line.vanished else ""),
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
        if message.table.id == "engaged" and isinstance(message.row.key, int):
            self.app.push_screen(ContactScreen(self.desk, message.row.key))
            return
        line = next((line for line in self.lines if line.name == message.row.key), None)
        if line:
            self.app.push_screen(SequenceScreen(self.desk, line.name, line.label))


def _lines(session: Session) -> tuple[list[DefinitionLine], int | None]:
    clock = session.one("SELECT value FROM segue_meta WHERE key = 'clock'")
    return definitions(session), int(clock) if clock is not None else None
