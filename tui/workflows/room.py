"""Every workflow: how often it ran, who is in it, how many reached the goal, how many stopped with an error."""

from __future__ import annotations

from collections.abc import Mapping

from textual.app import ComposeResult

from runtime.reading import DefinitionLine, definitions
from runtime.reading.ways import goals
from runtime.store.session import Session

from ..frame.desk_screen import DeskScreen
from ..tables.cells import Cell, Column, TableRow
from ..tables.paged_table import PagedTable
from ..words import NONE, plural
from .workflow import WorkflowScreen


class WorkflowsScreen(DeskScreen):
    heading = "Workflows"

    def body(self) -> ComposeResult:
        yield PagedTable(
            Column("Workflow", share=1, snug=True),
            Column("Runs", 9, right=True),
            Column("Inside", 8, right=True),
            Column("Paused", 8, right=True, above=90),
            Column("Finished", 9, right=True, above=60),
            Column("Goal", 8, right=True),
            Column("Errors", 8, right=True),
            empty="No workflow has run yet. `segue run` brings those of your rule files to life.",
            id="workflows",
        )

    def arrive(self) -> None:
        self.lines: list[DefinitionLine] | None = None  # not read yet
        self.goals: Mapping[int, int] | None = None
        self.query_one(PagedTable).focus()

    def load(self) -> None:
        self.ask(_lines, self._lines)

    def _lines(self, found: list[DefinitionLine]) -> None:
        self.lines = found
        self.head(self.heading, f"{plural(len(found), 'workflow')}, {plural(sum(_runs(found)), 'run')}")
        self.redraw()
        if found:
            self.work_out(goals, self._goals)  # it reads every run that ended: the list is there before

    def _goals(self, found: Mapping[int, int]) -> None:
        self.goals = found
        self.redraw()

    def redraw(self) -> None:
        if self.lines is None:
            return
        self.query_one(PagedTable).show_rows([self._row(line) for line in self.lines], keep=True)

    def _row(self, line: DefinitionLine) -> TableRow:
        name = line.label + ("  (no longer in the rules)" if line.vanished else "")
        errors = line.statuses.get("errored", 0)
        goal = f"{self.goals.get(line.id, 0):,}" if self.goals is not None else "…"
        return TableRow(
            line.name,
            (
                Cell(name, "dim" if line.vanished else ""),
                f"{line.enrollments:,}",
                f"{line.active:,}",
                _some(line.statuses.get("paused", 0), "warn"),
                f"{line.statuses.get('finished', 0):,}",
                Cell(goal, "good" if goal != "0" else "dim"),
                _some(errors, "bad"),
            ),
        )

    def on_paged_table_opened(self, message: PagedTable.Opened) -> None:
        line = next((line for line in self.lines or () if line.name == message.row.key), None)
        if line:
            self.app.push_screen(WorkflowScreen(self.desk, line.name, line.label))


def _lines(session: Session) -> list[DefinitionLine]:
    return definitions(session, "workflow")


def _runs(lines: list[DefinitionLine]) -> list[int]:
    return [line.enrollments for line in lines]


def _some(n: int, tone: str) -> Cell:
    return Cell(f"{n:,}", tone) if n else Cell(NONE, "dim")
