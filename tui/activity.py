"""What colleagues did by hand, the newest first; what their role did not allow too."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from runtime.reading import Pages
from runtime.reading.activity import Doing, count_doings, page_of_doings

from .desk_screen import DeskScreen
from .opening import open_record
from .paged_table import Cell, Column, PagedTable, TableRow
from .words import plural, when


class ActivityScreen(DeskScreen):
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("v", "whose", "Whose", tooltip="everybody's or mine alone"),
    ]
    heading = "Activity"
    by: str | None = None

    def body(self) -> ComposeResult:
        yield PagedTable(
            Column("When", 16),
            Column("Who", 12),
            Column("Role", 8, above=90),
            Column("Did", 10),
            Column("", 7, above=60),
            Column("To", share=1, above=76),
            Column("Of", share=1),
            Column("", share=2, above=110),
            empty="Nobody has done anything by hand yet.",
            id="doings",
        )

    def arrive(self) -> None:
        self.lines: dict[int, Doing] = {}
        self.query_one(PagedTable).focus()

    def load(self) -> None:
        by = self.by
        self.ask(lambda s: count_doings(s, by), lambda total: self._counted(by, total))

    def _counted(self, by: str | None, total: int) -> None:
        if by != self.by:  # others are looked at by now
            return
        self.head(self.heading, f"{plural(total, 'act')} of {by or 'everybody'}")

        def fetch(after: tuple[object, ...] | None, back: bool, skip: int, limit: int) -> list[Doing]:
            return self.desk.ask(lambda s: page_of_doings(s, by, limit, skip, after, back))

        pages = Pages(total, fetch, lambda doing: (doing.id,))
        rows = self.query_one(PagedTable)
        rows.show(total, lambda offset, limit: [self._row(doing) for doing in pages(offset, limit)], keep=True)

    def _row(self, doing: Doing) -> TableRow:
        self.lines[doing.id] = doing
        return TableRow(
            doing.id,
            (
                Cell(when(doing.at, self.desk.zone), "dim"),
                doing.by_user,
                Cell(doing.role, "dim"),
                doing.act,
                Cell("refused" if doing.refused else "", "bad"),
                f"{doing.object} #{doing.record_id}" if doing.record_id else doing.object or "",
                doing.name or "",
                Cell(doing.detail, "dim"),
            ),
        )

    def on_paged_table_opened(self, message: PagedTable.Opened) -> None:
        """The record the act was about."""
        doing = self.lines.get(message.row.key) if isinstance(message.row.key, int) else None
        if doing and doing.record_id and doing.object and doing.object in self.desk.schema.objects:
            open_record(self, doing.object, doing.record_id)
        else:
            self.say("This act was about no single record", "$muted")

    def action_whose(self) -> None:
        self.by = self.desk.user if self.by is None else None
        self.load()
