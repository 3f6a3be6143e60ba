"""Who is in a segment, and why."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from runtime.operators import arguments
from runtime.reading import Pages
from runtime.reading.members import InSegment, count_members, number_of, page_of_members
from runtime.reading.records import RecordKey
from runtime.store.session import Session

from ..dialogs.question import QuestionScreen
from ..frame.desk import Desk
from ..frame.opening import open_record
from ..frame.tab_body import TabBody
from ..tables.cells import Cell, Column, TableRow
from ..tables.paged_table import PagedTable
from ..words import plural, when
from .why import WhyScreen

_WHOM = "An e-mail address, an id or an external id."


class Members(TabBody):
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("w", "why", "Why", tooltip="why this one is in it, and in or out of everything else"),
        Binding("W", "why_not", "Why not", tooltip="why somebody else is in it or not"),
    ]
    about_a_row = ("why",)

    def __init__(self, desk: Desk, name: str, of: str) -> None:
        super().__init__(desk)
        self.name_, self.object = name, of

    def compose(self) -> ComposeResult:
        yield PagedTable(
            Column("Member", share=3),
            Column("External id", share=2, above=60),
            Column("Since", 16),
            empty="Nobody is in it.",
            id="members-table",
        )

    def arrive(self) -> None:
        self.query_one(PagedTable).focus()

    def load(self) -> None:
        self.ask(self._count, lambda found: self._counted(*found))

    def _count(self, session: Session) -> tuple[int, int]:
        number = number_of(session, self.name_)
        return (number, count_members(session, number)) if number is not None else (-1, 0)

    def _counted(self, number: int, total: int) -> None:
        schema = self.desk.schema

        def fetch(after: tuple[object, ...] | None, back: bool, skip: int, limit: int) -> list[InSegment]:
            return self.desk.ask(lambda s: page_of_members(s, schema, number, self.object, limit, skip, after, back))

        pages = Pages(total, fetch, lambda one: tuple(one.key))
        self.of.head(self.of.heading, plural(total, "member"))
        self.query_one(PagedTable).show(
            total, lambda offset, limit: [self._row(one) for one in pages(offset, limit)], keep=True
        )

    def _row(self, one: InSegment) -> TableRow:
        return TableRow(one.key, (one.name, Cell(one.external_id, "dim"), when(one.since, self.desk.zone)))

    def on_paged_table_opened(self, message: PagedTable.Opened) -> None:
        if isinstance(message.row.key, RecordKey):
            open_record(self.of, self.object, message.row.key.id)

    def action_why_not(self) -> None:
        self.app.push_screen(QuestionScreen(self.of, "About whom?", _WHOM, self._whom), self._why)

    def _whom(self, session: Session, answer: str) -> tuple[int, str]:
        return arguments.record(session, self.desk.schema, self.object, answer), answer

    def _why(self, found: tuple[int, str] | None) -> None:
        if found is not None:
            self.app.push_screen(WhyScreen(self.desk, self.object, *found, f"segment {self.name_}"))

    def action_why(self) -> None:
        row = self.query_one(PagedTable).here
        if row and isinstance(row.key, RecordKey):
            named = f"segment {self.name_}"
            self.app.push_screen(WhyScreen(self.desk, self.object, row.key.id, str(row.cells[0]), named))
