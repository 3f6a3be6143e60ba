"""One record of any object: its properties, what is linked to it, and how it changed."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from runtime.reading import shown
from runtime.reading.records import Change, Linked, RecordPage, record_page

from .contact import ContactScreen
from .desk import Desk
from .desk_screen import DeskScreen
from .paged_table import Cell, Column, PagedTable, TableRow
from .why import WhyScreen
from .words import NONE, when


class RecordScreen(DeskScreen):
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("w", "why", "Why", tooltip="why it is in a workflow or segment, or is not"),
    ]

    def __init__(self, desk: Desk, of: str, id: int) -> None:
        super().__init__(desk)
        self.object, self.record_id = of, id
        self.heading = desk.schema.objects[of].label or of
        self.record_name = f"#{id}"

    def body(self) -> ComposeResult:
        with Horizontal():
            with VerticalScroll(id="person", can_focus=False):
                yield Static(id="properties")
            with Vertical():
                yield PagedTable(
                    Column("Linked to", share=3), Column("As", share=1), empty="Nothing is linked to it.", id="linked"
                )
                yield PagedTable(
                    Column("When", 16),
                    Column("What", 18),
                    Column("", share=1),
                    Column("By", share=1, above=70),
                    empty="It never changed.",
                    opens=False,
                    id="changes",
                )

    def arrive(self) -> None:
        self.query_one("#linked", PagedTable).focus()

    def load(self) -> None:
        self.ask(lambda s: record_page(s, self.desk.schema, self.object, self.record_id), self._show)

    def _show(self, found: RecordPage | None) -> None:
        if found is None:
            self.head(f"{self.heading} #{self.record_id}", "deleted")
            return
        self.record_name = found.name
        self.head(found.name, f"{self.heading.lower()} {found.external_id}")
        known = [(p, value) for p, value in found.properties if value is not None]
        lines = [
            Content.assemble((f"{p.label or p.name}\n", "$muted"), f"  {shown(value, p.type, self.desk.zone)}")
            for p, value in known
        ]
        self.query_one("#properties", Static).update(Content("\n").join(lines))
        self.query_one("#linked", PagedTable).show_rows([_linked(one) for one in found.linked], keep=True)
        rows = [self._change(i, change) for i, change in enumerate(found.changes)]
        self.query_one("#changes", PagedTable).show_rows(rows, keep=True)

    def _change(self, nr: int, change: Change) -> TableRow:
        words = f"{_said(change.old)} → {_said(change.new)}"
        at = Cell(when(change.at, self.desk.zone), "dim")
        return TableRow(nr, (at, change.property, words, Cell(change.cause or "", "dim")))

    def on_paged_table_opened(self, message: PagedTable.Opened) -> None:
        if isinstance(message.row.key, Linked):
            open_record(self, message.row.key.object, message.row.key.id)

    def action_why(self) -> None:
        self.app.push_screen(WhyScreen(self.desk, self.object, self.record_id, self.record_name))


def open_record(screen: DeskScreen, of: str, id_: int) -> None:
    """The page of a record: a contact has one of its own."""
    page = ContactScreen(screen.desk, id_) if of == "contact" else RecordScreen(screen.desk, of, id_)
    screen.app.push_screen(page)


def _linked(one: Linked) -> TableRow:
    return TableRow(one, (one.name, Cell(one.association.replace("_", " "), "dim")))


def _said(value: str | None) -> str:
    return NONE if value is None else value
