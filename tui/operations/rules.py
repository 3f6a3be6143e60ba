"""The rule files and what is wrong with them, looked at again whenever one is saved; Enter jumps to the place."""

from __future__ import annotations

from textual.app import ComposeResult

from runtime.project.rulebook import Problem, RuleFile, Rules

from ..frame.desk_screen import DeskScreen
from ..tables.cells import Cell, Column, TableRow
from ..tables.paged_table import PagedTable
from ..words import NONE, plural
from .source import SourceScreen

_LOOK = 1.0  # seconds between two looks at the files
_TONES = {"error": "bad", "warning": "warn"}


class RulesScreen(DeskScreen):
    heading = "Rules"

    def body(self) -> ComposeResult:
        yield PagedTable(
            Column("File", share=1),
            Column("Lines", 7, right=True),
            Column("Errors", 7, right=True),
            Column("Remarks", 8, right=True),
            empty="There are no rule files.",
            id="files",
        )
        yield PagedTable(
            Column("", 7),
            Column("Where", share=2),
            Column("Problem", share=5),
            Column("Code", share=2, above=100),
            empty="No problem in any file.",
            id="problems",
        )

    def arrive(self) -> None:
        self.rules: Rules | None = None
        self.query_one("#files", PagedTable).focus()
        self.set_interval(_LOOK, self.load)

    def load(self) -> None:
        """Where nothing was saved, only the stamps of the files are read."""
        if not self._unanswered:
            self.ask(lambda _: self.desk.rulebook().rules(), self._show)

    def _show(self, found: Rules) -> None:
        if found is self.rules:
            return
        self.rules = found
        errors = sum(file.errors for file in found.files)
        remarks = sum(file.remarks for file in found.files)
        said = f"{plural(errors, 'error')}, {plural(remarks, 'remark')}" if found.problems else "no problems"
        self.head(self.heading, f"{plural(len(found.files), 'file')} · {said}")
        self.query_one("#files", PagedTable).show_rows([_file(file) for file in found.files], keep=True)
        self.query_one("#problems", PagedTable).show_rows([_problem(one) for one in found.problems], keep=True)

    def on_paged_table_opened(self, message: PagedTable.Opened) -> None:
        match message.row.key:
            case Problem(file=file, line=line):
                self.app.push_screen(SourceScreen(self.desk, file, line))
            case str(file):
                self.app.push_screen(SourceScreen(self.desk, file))


def _file(file: RuleFile) -> TableRow:
    errors = Cell(f"{file.errors:,}", "bad") if file.errors else Cell(NONE, "dim")
    remarks = Cell(f"{file.remarks:,}", "warn") if file.remarks else Cell(NONE, "dim")
    return TableRow(file.name, (file.name, f"{file.lines:,}", errors, remarks))


def _problem(one: Problem) -> TableRow:
    words = f"{one.message}: {one.help}" if one.help else one.message
    place = Cell(f"{one.file}:{one.line}", "dim")
    return TableRow(one, (Cell(one.severity, _TONES.get(one.severity, "dim")), place, words, Cell(one.code, "dim")))
