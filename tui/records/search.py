"""Find a contact by address, name, id or external id."""

from __future__ import annotations

from textual import on
from textual.app import ComposeResult
from textual.widgets import Input

from runtime.reading import Found, search

from ..frame.desk_screen import DeskScreen
from ..frame.opening import open_record
from ..tables.cells import Cell, Column, TableRow
from ..tables.paged_table import PagedTable
from ..words import NONE


class SearchScreen(DeskScreen):
    heading = "Search"

    def body(self) -> ComposeResult:
        yield Input(placeholder="An address, a name or its beginning, an id; then Enter", id="wanted")
        yield PagedTable(
            Column("Contact", share=1, snug=True),
            Column("Address", share=2, snug=True),
            Column("Company", share=1, snug=True),
            empty="",
            id="found",
        )

    def arrive(self) -> None:
        self.query_one(Input).focus()

    def load(self) -> None:
        """What was found stands until something else is looked for."""

    @on(Input.Submitted)
    def look(self, event: Input.Submitted) -> None:
        wanted = event.value.strip()
        if wanted:
            self.ask(lambda s: search(s, wanted), lambda found: self._show(wanted, found))

    def _show(self, wanted: str, found: list[Found]) -> None:
        table = self.query_one(PagedTable)
        table.empty = f"No contact's address or name begins with “{wanted}”."
        table.show_rows([_row(one) for one in found])
        if found:
            table.focus()

    def on_paged_table_opened(self, message: PagedTable.Opened) -> None:
        if isinstance(message.row.key, int):
            open_record(self, "contact", message.row.key)


def _row(one: Found) -> TableRow:
    return TableRow(one.id, (one.name, one.email or NONE, Cell(one.company or NONE, "dim")))
