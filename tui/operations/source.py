"""One rule file as it is written, its problems beside their lines."""

from __future__ import annotations

from textual.app import ComposeResult

from runtime.project.rulebook import Problem, Rules

from ..frame.desk import Desk
from ..frame.desk_screen import DeskScreen
from ..tables.cells import Cell, Column, TableRow
from ..tables.paged_table import PagedTable
from ..words import plural


class SourceScreen(DeskScreen):
    """With the cursor on `line`, from 1."""

    def __init__(self, desk: Desk, file: str, line: int = 1) -> None:
        super().__init__(desk)
        self.file, self.line = file, line
        self.heading = file

    def body(self) -> ComposeResult:
        yield PagedTable(
            Column("", 5, right=True), Column("", share=1), empty="Nothing is in it.", opens=False, id="source"
        )

    def arrive(self) -> None:
        self.query_one(PagedTable).focus()

    def load(self) -> None:
        self.ask(lambda _: self._read(), lambda found: self._show(*found))

    def _read(self) -> tuple[tuple[str, ...], Rules]:
        book = self.desk.rulebook()
        return book.text(self.file), book.rules()

    def _show(self, lines: tuple[str, ...], rules: Rules) -> None:
        mine = [problem for problem in rules.problems if problem.file == self.file]
        self.head(self.file, plural(len(mine), "problem") if mine else plural(len(lines), "line"))
        table, before = self.query_one(PagedTable), self.query_one(PagedTable).total
        table.show_rows(list(_rows(lines, mine)), keep=True)
        if not before:
            table.cursor = next((i for i, row in enumerate(_rows(lines, mine)) if row.key == self.line), 0)


def _rows(lines: tuple[str, ...], problems: list[Problem]) -> list[TableRow]:
    """What is wrong with a line stands below it."""
    found = []
    for nr, line in enumerate(lines, 1):
        here = [problem for problem in problems if problem.line == nr]
        worst = "bad" if any(p.severity == "error" for p in here) else "warn" if here else ""
        found.append(TableRow(nr, (Cell(f"{nr}", "dim"), Cell(line.expandtabs(4), worst))))
        for problem in here:
            words = f"{' ' * (problem.column - 1)}^ {problem.message}"
            found.append(TableRow((nr, problem.column, problem.code), ("", Cell(words, worst))))
    return found
