"""The steps of a sequence as its author wrote them, each line with its figures beside it; opened, a step
shows who stands there (001.17)."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult

from runtime.metrics import Filters, FunnelStep, step_funnel
from runtime.operators.reporting import Asked
from runtime.project.loading import load
from runtime.reading.written import Written, WrittenLine, written
from runtime.store.session import Session

from ..frame.desk import Desk
from ..frame.tab_body import TabBody
from ..tables.cells import Cell, Column, TableRow
from ..tables.paged_table import PagedTable
from .at_step import StepOpened


class Steps(TabBody):
    def __init__(self, desk: Desk, name: str) -> None:
        super().__init__(desk)
        self.name_ = name
        self.found: tuple[Written | None, list[FunnelStep]] | None = None

    def compose(self) -> ComposeResult:
        yield PagedTable(
            Column("Line", 4, right=True, above=60),
            Column("As it is written", share=1, snug=True),
            Column("Reached", 7, right=True),
            Column("Done", 7, right=True),
            Column("Skipped", 7, right=True, above=90),
            Column("Waiting", 7, right=True),
            Column("Left", 7, right=True),
            empty="…",
            id="written",
        )

    def arrive(self) -> None:
        self.query_one(PagedTable).focus()

    def load(self) -> None:
        self.ask(self._look, self._show)

    def _look(self, session: Session) -> tuple[Written | None, list[FunnelStep]]:
        funnel = step_funnel(session, self.name_, Filters())
        settings = self.desk.settings
        text = written(load(settings.root), "sequence", self.name_, funnel) if settings else None
        return text, funnel

    def _show(self, found: tuple[Written | None, list[FunnelStep]]) -> None:
        self.found = found
        self.redraw()

    def redraw(self) -> None:
        if self.found is None:
            return
        most = max((step.reached for step in self.found[1]), default=0)
        table = self.query_one(PagedTable)
        table.empty = "No rule file has this sequence any more, and nobody was in it."
        table.show_rows([self._row(line, most) for line in self._lines], keep=True)

    @property
    def _lines(self) -> Sequence[WrittenLine]:
        text, funnel = self.found or (None, [])
        return text.lines if text else [WrittenLine(i, step.label, step) for i, step in enumerate(funnel, 1)]

    def on_paged_table_opened(self, message: PagedTable.Opened) -> None:
        step = next((line.step for line in self._lines if line.nr == message.row.key), None)
        if step:
            self.post_message(StepOpened(step.label, step.places, Filters(), Asked()))

    def _row(self, line: WrittenLine, most: int) -> TableRow:
        step = line.step
        tone = "" if step else "dim"
        numbers = (step.reached, step.executed, step.skipped, step.waiting, step.left) if step else (0,) * 5
        shown = [self._number(n, most) for n in numbers]
        tones = ("", "good", "dim", "warn", "bad")
        cells = [Cell(text, one) for text, one in zip(shown, tones, strict=True)]
        return TableRow(line.nr, (Cell(str(line.nr), "dim"), Cell(line.text, tone), *cells))

    def _number(self, n: int, most: int) -> str:
        if not n or not most:
            return ""
        return f"{n:,}" if self.desk.counts else f"{n / most:.1%}"
