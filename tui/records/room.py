"""The records of one object: a list of all, and those that are looked for."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Input

from dsl.schema.model import Property
from runtime.reading import Pages, shown
from runtime.reading.records import (
    SORTED,
    RecordKey,
    RecordLine,
    columns_of,
    count_records,
    page_by_name,
    page_of_records,
    records_named,
)
from runtime.store.session import Session

from ..frame.desk import Desk
from ..frame.desk_screen import DeskScreen
from ..frame.opening import open_record
from ..tables.cells import Cell, Column, TableRow
from ..tables.paged_table import PagedTable
from ..words import NONE

_ROOM = 17  # cells that a column needs about


class RecordsScreen(DeskScreen):
    """Subclasses say of which object."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f", "find", "Filter", tooltip="find by the beginning of a name, an address or a domain"),
    ]
    object = ""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.wanted = ""

    def body(self) -> ComposeResult:
        yield Input(placeholder="Find: a name, an address or its beginning; Enter", id="find", compact=True)
        yield PagedTable(
            Column(self.heading, share=1, snug=True),
            *(
                Column(p.label or p.name, share=1 if i else 2, snug=True, above=_ROOM * (i + 2))
                for i, p in enumerate(self._columns)
            ),
            empty="There are none.",
            id="records",
        )

    @property
    def _columns(self) -> tuple[Property, ...]:
        return columns_of(self.desk.schema.objects[self.object])

    def arrive(self) -> None:
        self.query_one(PagedTable).focus()

    def load(self) -> None:
        wanted = self.wanted
        self.ask(lambda s: self._find(s, wanted), lambda found: self._found(wanted, *found))

    def _find(self, session: Session, wanted: str) -> tuple[int, list[RecordLine] | None]:
        """How many; where one was named exactly, that one."""
        schema = self.desk.schema
        if wanted and (named := records_named(session, schema, self.object, wanted)):
            return len(named), named
        return count_records(session, schema, self.object, wanted), None

    def _found(self, wanted: str, total: int, lines: list[RecordLine] | None) -> None:
        if wanted != self.wanted:  # something else is looked for by now
            return
        table = self.query_one(PagedTable)
        table.empty = f"Nothing begins with “{wanted}”." if wanted else "There are none."
        order = "" if lines is not None else f", by {'name' if total <= SORTED else 'id'}"
        self.head(self.heading, f"{total:,}" + (f" found for “{wanted}”" if wanted else "") + order)
        if lines is not None:
            table.show_rows([self._row(line) for line in lines], keep=True)
            return
        if total <= SORTED:
            table.show(total, lambda offset, limit: self._by_name(wanted, offset, limit), keep=True)
            return

        def fetch(after: tuple[object, ...] | None, back: bool, skip: int, limit: int) -> list[RecordLine]:
            schema = self.desk.schema
            return self.desk.ask(lambda s: page_of_records(s, schema, self.object, wanted, limit, skip, after, back))

        pages = Pages(total, fetch, lambda line: tuple(line.key))
        table.show(total, lambda offset, limit: [self._row(line) for line in pages(offset, limit)], keep=True)

    def _by_name(self, wanted: str, offset: int, limit: int) -> list[TableRow]:
        of, schema = self.object, self.desk.schema
        return [self._row(one) for one in self.desk.ask(lambda s: page_by_name(s, schema, of, wanted, limit, offset))]

    def _row(self, line: RecordLine) -> TableRow:
        texts = (shown(value, p.type, self.desk.zone) for p, value in zip(self._columns, line.values, strict=True))
        return TableRow(line.key, (line.name, *(Cell(text or NONE, "" if text else "dim") for text in texts)))

    @on(Input.Submitted)
    def look(self, event: Input.Submitted) -> None:
        self.wanted = event.value.strip()
        table = self.query_one(PagedTable)
        table.expect()
        table.focus()
        self.load()

    def action_find(self) -> None:
        self.query_one(Input).focus()

    def on_paged_table_opened(self, message: PagedTable.Opened) -> None:
        if isinstance(message.row.key, RecordKey):
            open_record(self, self.object, message.row.key.id)
