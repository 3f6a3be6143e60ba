"""What rules told people, the newest first: me, nobody, everybody."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from runtime.reading import Pages, called
from runtime.reading.notices import Notice, count_notices, page_of_notices, place_of_notice
from runtime.reading.tasks import NOBODY

from ..frame.desk import Desk
from ..frame.desk_screen import DeskScreen
from ..frame.opening import open_record
from ..tables.cells import Cell, Column, TableRow
from ..tables.paged_table import PagedTable
from ..words import plural, when


class NoticesScreen(DeskScreen):
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("m", "whose", "Whose", tooltip="mine, nobody's, everybody's"),
    ]
    heading = "Notices"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.whose: str | None = desk.user

    def body(self) -> ComposeResult:
        yield PagedTable(
            Column("At", 16),
            Column("Words", share=4),
            Column("About", share=2, above=70),
            Column("For", 10, above=90),
            Column("Of", share=2, above=110),
            empty="No rule has told anybody anything.",
            id="notices",
        )

    def arrive(self) -> None:
        self.query_one(PagedTable).focus()

    def load(self) -> None:
        whose = self.whose
        self.ask(lambda s: count_notices(s, whose), lambda total: self._counted(whose, total))

    def _counted(self, whose: str | None, total: int) -> None:
        if whose != self.whose:  # others are looked at by now
            return
        said = {None: "everybody's", NOBODY: "nobody's"}.get(whose, f"{whose}'s")
        self.head(self.heading, f"{said}: {plural(total, 'notice')}")
        table = self.query_one(PagedTable)
        table.empty = "No rule has told anybody anything." if whose is None else f"None are {said}; m shows others."

        def fetch(after: tuple[object, ...] | None, back: bool, skip: int, limit: int) -> list[Notice]:
            schema = self.desk.schema
            return self.desk.ask(lambda s: called(s, schema, page_of_notices(s, whose, limit, skip, after, back)))

        pages = Pages(total, fetch, place_of_notice)
        table.show(total, lambda offset, limit: [self._row(notice) for notice in pages(offset, limit)], keep=True)

    def _row(self, notice: Notice) -> TableRow:
        return TableRow(
            notice,
            (
                when(notice.at, self.desk.zone),
                notice.words,
                notice.contact,
                notice.user or Cell("nobody", "warn"),
                Cell(notice.definition, "dim"),
            ),
        )

    def on_paged_table_opened(self, message: PagedTable.Opened) -> None:
        if isinstance(message.row.key, Notice):
            open_record(self, message.row.key.object, message.row.key.contact_id)

    def action_whose(self) -> None:
        order = (self.desk.user, NOBODY, None)
        self.whose = order[(order.index(self.whose) + 1) % len(order)]
        self.query_one(PagedTable).expect()
        self.load()
