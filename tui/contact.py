"""One contact: who they are, what they are enrolled in, and all that happened, newest first."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from dsl.schema.model import Schema
from runtime.reading import Contact, Enrolled, Moment, contact, enrollments_of, shown, timeline, timeline_length
from runtime.store.session import Session

from .desk import Desk
from .desk_screen import DeskScreen
from .paged_table import Cell, Column, PagedTable, TableRow
from .why import WhyScreen
from .words import status, when

_TONES = {"event": "good", "step": "", "task": "warn", "note": "warn", "change": "dim"}


class ContactScreen(DeskScreen):
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("w", "why", "Why", tooltip="why they are in a sequence, workflow or segment, or are not"),
    ]
    heading = "Contact"

    def __init__(self, desk: Desk, contact_id: int) -> None:
        super().__init__(desk)
        self.contact_id = contact_id
        self.person_name = f"#{contact_id}"

    def body(self) -> ComposeResult:
        with Horizontal():
            with VerticalScroll(id="person", can_focus=False):
                yield Static(id="properties")
            yield PagedTable(
                Column("When", 16),
                Column("What", 18),
                Column("In", 18, above=70),
                Column("", share=1),
                empty="Nothing has happened yet.",
                opens=False,
                id="timeline",
            )

    def load(self) -> None:
        self.query_one(PagedTable).focus()
        self.ask(lambda s: _person(s, self.contact_id, self.desk.schema), self._person)
        self.ask(lambda s: timeline_length(s, self.contact_id, self.desk.schema), self._counted)

    def _counted(self, total: int) -> None:
        self.query_one(PagedTable).show(total, self._page, keep=True)

    def _page(self, offset: int, limit: int) -> list[TableRow]:
        desk = self.desk
        moments = desk.ask(lambda s: timeline(s, self.contact_id, desk.schema, limit, offset))
        return [self._row(i, moment) for i, moment in enumerate(moments, offset)]

    def _row(self, i: int, moment: Moment) -> TableRow:
        name = {"change": f"{moment.name} changed", "task": f"task {moment.name}"}.get(moment.source, moment.name)
        cells = (
            Cell(when(moment.at, self.desk.zone), "dim"),
            Cell(status(name), _TONES[moment.source]),
            Cell(moment.of or "", "dim"),
            moment.words,
        )
        return TableRow(i, cells)

    def _person(self, found: tuple[Contact | None, list[Enrolled]]) -> None:
        person, enrollments = found
        self.person_name = person.name if person else self.person_name
        self.head(self.person_name, (person.company or "") if person else "deleted")
        lines = [*self._properties(person), Content(""), *self._enrollments(enrollments)]
        self.query_one("#properties", Static).update(Content("\n").join(lines))

    def action_why(self) -> None:
        self.app.push_screen(WhyScreen(self.desk, "contact", self.contact_id, self.person_name))

    def _properties(self, person: Contact | None) -> list[Content]:
        if person is None:
            return [Content.assemble(("This contact was deleted; what happened stays.", "$muted"))]
        known = [(p, value) for p, value in person.properties if value is not None]
        return [
            Content.assemble((f"{p.label or p.name}\n", "$muted"), f"  {shown(value, p.type, self.desk.zone)}")
            for p, value in known
        ]

    def _enrollments(self, enrollments: list[Enrolled]) -> list[Content]:
        if not enrollments:
            return [Content.assemble(("Never enrolled in anything.", "$muted"))]
        title = Content.assemble(("Enrolled in", "$muted"))
        return [title, *(self._enrolled(e) for e in enrollments)]

    def _enrolled(self, e: Enrolled) -> Content:
        how = status(e.status) + (f", {status(e.reason)}" if e.reason else "")
        since = when(e.enrolled_at, self.desk.zone)
        return Content.assemble(f"  {e.definition}\n", (f"  {how} · {since}", "$muted"))


def _person(session: Session, id_: int, schema: Schema) -> tuple[Contact | None, list[Enrolled]]:
    return contact(session, id_, schema), enrollments_of(session, id_)
