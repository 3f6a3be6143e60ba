"""The dashboards and reports of the project, as its rules have them now; Enter opens one (P14)."""

from __future__ import annotations

from textual.app import ComposeResult

from dsl.program.definitions import Program

from ..frame.desk_screen import DeskScreen
from ..tables.cells import Cell, Column, TableRow
from ..tables.paged_table import PagedTable
from ..words import plural
from .dashboard import DashboardScreen
from .report import ReportScreen


class ReportsScreen(DeskScreen):
    heading = "Reports"

    def body(self) -> ComposeResult:
        yield PagedTable(
            Column("", 9),
            Column("Title", share=3, snug=True),
            Column("Name", share=2, above=70, snug=True),
            Column("Of", share=2, snug=True),
            Column("Shown as", 8, above=60),
            empty="The rule files have none. Write `report NAME of deal { measure: count  by: owner }`.",
            id="reports",
        )

    def arrive(self) -> None:
        self.query_one(PagedTable).focus()

    def load(self) -> None:
        self.ask(lambda _: self.desk.rulebook().loaded().program, self._show)

    def _show(self, program: Program) -> None:
        """Dashboards first, both in the order of the rules."""
        rows = [
            TableRow(
                ("dashboard", one.name),
                (Cell("dashboard", "bar"), one.label or one.name, Cell(one.name, "dim"), ", ".join(one.reports), ""),
            )
            for one in program.dashboards.values()
        ]
        rows += [
            TableRow(
                ("report", one.name),
                (
                    "report",
                    one.label or one.name,
                    Cell(one.name, "dim"),
                    one.object.replace("_", " "),
                    Cell(one.show, "dim"),
                ),
            )
            for one in program.reports.values()
        ]
        self.head(
            self.heading, f"{plural(len(program.dashboards), 'dashboard')}, {plural(len(program.reports), 'report')}"
        )
        self.query_one(PagedTable).show_rows(rows, keep=True)

    def on_paged_table_opened(self, message: PagedTable.Opened) -> None:
        match message.row.key:
            case ("dashboard", str(name)):
                self.app.push_screen(DashboardScreen(self.desk, name))
            case ("report", str(name)):
                self.app.push_screen(ReportScreen(self.desk, name))
