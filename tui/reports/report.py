"""One report, large: what it counts in English, its figures as a chart and as a table (P14)."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from dsl.english.lines import Line, bulleted
from dsl.english.reports import of_report
from dsl.program.definitions import Program
from runtime.operators.reporting import Asked
from runtime.reports import Result
from runtime.reports.counting import counted, parts_of_all
from runtime.reports.drawing import drawn
from runtime.reports.wording import as_csv, figure_words, key_words

from ..frame.delivering import deliver
from ..frame.desk import Desk
from ..tables.cells import Cell, Column, TableRow
from ..tables.paged_table import PagedTable
from ..words import plural, when
from .report_desk import ReportDesk
from .report_tile import in_words, shown, styled

_DRAWN = 1_000  # rows of a chart; the table has all
_FIGURE = 8  # cells of a column of figures at least
_SAID = 6  # lines of English above the figures


class ReportScreen(ReportDesk):
    """`asked`: of whom, as the dashboard it was opened from has chosen."""

    def __init__(self, desk: Desk, name: str, asked: Asked | None = None) -> None:
        super().__init__(desk)
        self.name_ = self.heading = name
        self.asked = asked or self.asked
        self.found: Result | Exception | None = None
        self.as_table: bool | None = None  # None: as the rule says

    def body(self) -> ComposeResult:
        yield self.filters()
        yield Static(id="counts-what")
        with VerticalScroll(id="chart"):
            yield Static(id="drawing")
        yield PagedTable(empty="Nothing to show.", opens=False, id="report-table")

    def load(self) -> None:
        self.tell_filters()
        self.ask(lambda _: self.desk.rulebook().loaded().program, self._known)

    def _known(self, program: Program) -> None:
        report = program.reports.get(self.name_)
        if report is not None:
            self.heading = report.label or report.name
            self.query_one("#counts-what", Static).update(_english(of_report(report)))
            if self.as_table is None:
                self.as_table = report.show == "table"
        asked = self.asked
        self.work_out(self.question(self.name_), lambda found: self._found(found) if asked == self.asked else None)

    def _found(self, found: Result | Exception) -> None:
        self.found = found
        if isinstance(found, Result):
            self.head(self.heading, f"{plural(len(found.rows), 'row')} · as of {when(found.as_of, self.desk.zone)}")
        else:
            self.head(self.heading)
        self.redraw()

    def redraw(self) -> None:
        if self.found is None:
            return
        as_table = bool(self.as_table) and isinstance(self.found, Result)
        table, chart = self.query_one(PagedTable), self.query_one("#chart")
        table.display, chart.display = as_table, not as_table
        if isinstance(self.found, Exception):
            self.query_one("#drawing", Static).update(Content.assemble((in_words(self.found), "$error")))
        elif as_table:
            _fill(table, counted(self.found) if self.desk.counts else self.found)
        else:
            self.query_one("#drawing", Static).update(self._chart(self.found))
        if self.focused is None or not self.focused.display:
            (table if as_table else chart).focus()

    def _chart(self, result: Result) -> Content:
        wide, high = max(self.app.size.width - 22, 20), max(self.app.size.height - 18, 6)
        if self.app.size.width < 120:  # the rooms are folded away
            wide += 18
        lines = [styled(line) for line in drawn(shown(result, False, self.desk.counts, _DRAWN), wide, min(high, 24))]
        if len(result.rows) > _DRAWN:
            rest = f"and {len(result.rows) - _DRAWN:,} rows more; b shows all as a table"
            lines.append(Content.assemble((rest, "$muted")))
        return Content("\n").join(lines)

    # --- keys --------------------------------------------------------------------------------------

    def action_chart(self) -> None:
        self.as_table = not self.as_table
        self.redraw()

    def action_table(self) -> None:
        """The figures as CSV: for a program, not as they are shown."""
        if isinstance(self.found, Result):
            deliver(self.app, io.StringIO(as_csv(self.found)), self.name_, "csv")
        else:
            self.say("There is no table here", "$muted")


def _english(lines: Iterable[Line]) -> Content:
    said = list(bulleted(lines))
    more = [f"  and {plural(len(said) - _SAID + 1, 'line')} more"] if len(said) > _SAID else []
    return Content("\n").join(Content.assemble((line, "$muted")) for line in [*said[: _SAID - bool(more)], *more])


def _fill(table: PagedTable, result: Result) -> None:
    """Columns as the report has them; beside what adds up, its share of all."""
    parts = parts_of_all(result)
    rows = _rows(result, parts)
    first, *others = _figures(result)
    table.columns = (
        *(Column(column.name, share=1, snug=True) for column in result.groups),
        first,
        *([Column("of all", 7, right=True, above=50)] if parts else []),
        *others,
    )
    table.show_rows(rows, keep=True)


def _figures(result: Result) -> list[Column]:
    """As wide as the longest figure: one that is cut off is a wrong one."""
    columns = []
    for i, column in enumerate(result.measures):
        longest = max(
            (cell_len(figure_words(column, row.cells[i].value, result.zone)) for row in result.rows), default=0
        )
        columns.append(Column(column.name, max(cell_len(column.name), longest, _FIGURE), right=True))
    return columns


def _rows(result: Result, parts: Sequence[str]) -> list[TableRow]:
    rows = []
    for i, row in enumerate(result.rows):
        keys = [
            Cell(key_words(c, key, result.zone), "dim" if key is None else "")
            for c, key in zip(result.groups, row.keys, strict=True)
        ]
        figures = [figure_words(c, cell.value, result.zone) for c, cell in zip(result.measures, row.cells, strict=True)]
        share = [Cell(parts[i], "dim")] if parts else []
        rows.append(TableRow(row.keys, (*keys, *figures[:1], *share, *figures[1:])))
    return rows
