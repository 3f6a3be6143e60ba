"""One contact: who they are, what they are enrolled in, and all that happened, newest first."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import ClassVar, NamedTuple

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from runtime.errors import SegueError
from runtime.reading import Contact, Enrolled, Moment, contact, enrollments_of, shown, timeline, timeline_length
from runtime.reading.scores import scores_of
from runtime.reading.timeline import SOURCES
from runtime.store import meta
from runtime.store.session import Session

from .desk import Desk
from .desk_screen import DeskScreen
from .paged_table import Cell, Column, PagedTable, TableRow
from .why import WhyScreen
from .words import NONE, status, when

_TONES = {"event": "good", "step": "", "task": "warn", "note": "warn", "change": "dim"}


class Known(NamedTuple):
    person: Contact | None
    enrollments: list[Enrolled]
    scores: Mapping[str, float | None]


class ContactScreen(DeskScreen):
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("w", "why", "Why", tooltip="why they are in a sequence, workflow or segment, or are not"),
        Binding("v", "kind", "What", tooltip="all that happened, or events, steps, tasks, notes or changes alone"),
    ]
    heading = "Contact"

    def __init__(self, desk: Desk, contact_id: int) -> None:
        super().__init__(desk)
        self.contact_id = contact_id
        self.person_name = f"#{contact_id}"
        self.sources: tuple[str, ...] = SOURCES  # of what the timeline shows

    def body(self) -> ComposeResult:
        with Horizontal():
            with VerticalScroll(id="person"):
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

    def arrive(self) -> None:
        self.query_one(PagedTable).focus()

    def load(self) -> None:
        self.ask(self._look, self._person)
        self._tell()

    def _tell(self, keep: bool = True) -> None:
        sources = self.sources
        self.ask(
            lambda s: timeline_length(s, self.contact_id, self.desk.schema, sources),
            lambda total: self._counted(sources, total, keep),
        )

    def _counted(self, sources: tuple[str, ...], total: int, keep: bool) -> None:
        if sources == self.sources:  # else something else is looked at by now
            table = self.query_one(PagedTable)
            table.empty = "Nothing has happened yet." if sources == SOURCES else f"No {sources[0]}; v shows others."
            table.show(total, lambda offset, limit: self._page(sources, offset, limit), keep)

    def action_kind(self) -> None:
        order: list[tuple[str, ...]] = [SOURCES, *((one,) for one in SOURCES)]
        self.sources = order[(order.index(self.sources) + 1) % len(order)]
        told = "all that happened" if self.sources == SOURCES else f"{self.sources[0]}s alone"
        self.say(f"The timeline shows {told}", "$muted")
        self._tell(keep=False)

    def _page(self, sources: tuple[str, ...], offset: int, limit: int) -> list[TableRow]:
        desk = self.desk
        moments = desk.ask(lambda s: timeline(s, self.contact_id, desk.schema, limit, offset, sources))
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

    def _look(self, session: Session) -> Known:
        """The scores of rules that hold: without them the rest is shown."""
        person, enrollments = (
            contact(session, self.contact_id, self.desk.schema),
            enrollments_of(session, self.contact_id),
        )
        try:
            program = self.desk.rulebook().loaded().program
        except SegueError:
            return Known(person, enrollments, {})
        now = meta.clock(session) or time.time_ns() // 1_000
        return Known(person, enrollments, scores_of(session, program, "contact", self.contact_id, now))

    def _person(self, found: Known) -> None:
        person, enrollments = found.person, found.enrollments
        self.person_name = person.name if person else self.person_name
        self.head(self.person_name, (person.company or "") if person else "deleted")
        lines = [*self._properties(person), Content(""), *_scores(found.scores), *self._enrollments(enrollments)]
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


def _scores(scores: Mapping[str, float | None]) -> list[Content]:
    if not scores:
        return []
    lines = [
        Content.assemble(f"  {status(name)} ", (NONE if value is None else f"{value:g}", "bold"))
        for name, value in scores.items()
    ]
    return [Content.assemble(("Scores", "$muted")), *lines, Content("")]
