"""What colleagues did by hand, the newest first; what their role did not allow too."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from runtime.reading import Pages
from runtime.reading.activity import Act, count_acts, page_of_acts

from ..frame.desk_screen import DeskScreen
from ..frame.opening import open_record
from ..tables.cells import Cell, Column, TableRow
from ..tables.paged_table import PagedTable
from ..words import plural, when


class ActivityScreen(DeskScreen):
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("m", "whose", "Whose", tooltip="everybody's or mine alone"),
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
        self.lines: dict[int, Act] = {}
        self.query_one(PagedTable).focus()

    def load(self) -> None:
        by = self.by
        self.ask(lambda s: count_acts(s, by), lambda total: self._counted(by, total))

    def _counted(self, by: str | None, total: int) -> None:
        if by != self.by:  # others are looked at by now
            return
        self.head(self.heading, f"{plural(total, 'act')} of {by or 'everybody'}")

        def fetch(after: tuple[object, ...] | None, back: bool, skip: int, limit: int) -> list[Act]:
            return self.desk.ask(lambda s: page_of_acts(s, by, limit, skip, after, back))

        pages = Pages(total, fetch, lambda act: (act.id,))
        rows = self.query_one(PagedTable)
        rows.show(total, lambda offset, limit: [self._row(act) for act in pages(offset, limit)], keep=True)

    def _row(self, act: Act) -> TableRow:
        self.lines[act.id] = act
        return TableRow(
            act.id,
            (
                Cell(when(act.at, self.desk.zone), "dim"),
                act.by_user,
                Cell(act.role, "dim"),
                act.act,
                Cell("refused" if act.refused else "", "bad"),
                act.of,
                act.name or "",
                Cell(act.words, "dim"),
            ),
        )

    def on_paged_table_opened(self, message: PagedTable.Opened) -> None:
        """The record the act was about."""
        act = self.lines.get(message.row.key) if isinstance(message.row.key, int) else None
        if act and act.record_id and act.object and act.object in self.desk.schema.objects:
            open_record(self, act.object, act.record_id)
        else:
            self.say("This act was about no single record", "$muted")

    def action_whose(self) -> None:
        self.by = self.desk.user if self.by is None else None
        self.load()
