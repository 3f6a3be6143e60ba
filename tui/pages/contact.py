"""One contact: who they are with their scores, and in tabs all that happened, what they are enrolled in, what is to be
done, what is linked."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from textual.app import ComposeResult
from textual.content import Content

from runtime.errors import SegueError
from runtime.reading import Contact, Enrolled, contact, enrollments_of
from runtime.reading.scores import scores_of
from runtime.reading.worded import worded
from runtime.store import meta
from runtime.store.session import Session

from ..frame.desk import Desk
from ..frame.tab_body import TabBody
from ..sequences.enrollment_table import EnrolledKey, EnrollmentTable
from ..sequences.statuses import stands
from ..tables.cells import Cell, Column, TableRow
from ..words import NONE, status, when
from .properties import Properties, told
from .record import RecordScreen, Words
from .record_tabs import Happened, LinkedTo, OpenTasks, RecordTab


class Known(NamedTuple):
    person: Contact | None
    words: Words
    enrollments: list[Enrolled]
    scores: Mapping[str, float | None]


class ContactScreen(RecordScreen):
    def __init__(self, desk: Desk, contact_id: int) -> None:
        super().__init__(desk, "contact", contact_id)

    def tabs(self) -> Sequence[tuple[str, TabBody]]:
        of, id_, desk = self.object, self.record_id, self.desk
        return (
            ("Activity", Happened(desk, of, id_)),
            ("Enrolled", EnrolledIn(desk, of, id_)),
            ("Tasks", OpenTasks(desk, id_)),
            ("Linked", LinkedTo(desk, of, id_)),
        )

    def look(self) -> None:
        self.ask(self._look, self._person)

    def _look(self, session: Session) -> Known:
        """The scores of rules that hold: without them the rest is shown."""
        schema = self.desk.schema
        person = contact(session, self.record_id, schema)
        words = worded(session, schema, "contact", person.properties, self.desk.zone) if person else ()
        enrollments = enrollments_of(session, self.record_id)
        try:
            program = self.desk.rulebook().loaded().program
        except SegueError:
            return Known(person, words, enrollments, {})
        now = meta.clock(session) or time.time_ns() // 1_000
        return Known(person, words, enrollments, scores_of(session, program, "contact", self.record_id, now))

    def _person(self, found: Known) -> None:
        person, enrollments = found.person, found.enrollments
        self.record_name = person.name if person else f"#{self.record_id}"
        self.head(self.record_name, (person.company or "") if person else "deleted")
        gone = Content.assemble(("This contact was deleted; what happened stays.", "$muted"))
        known = told(found.words) if person else [gone]
        self.query_one(Properties).show([*known, Content(""), *_scores(found.scores), *self._enrollments(enrollments)])

    def _enrollments(self, enrollments: list[Enrolled]) -> list[Content]:
        if not enrollments:
            return [Content.assemble(("Never enrolled in anything.", "$muted"))]
        title = Content.assemble(("Enrolled in", "$muted"))
        return [title, *(self._enrolled(e) for e in enrollments)]

    def _enrolled(self, e: Enrolled) -> Content:
        since = when(e.enrolled_at, self.desk.zone)
        return Content.assemble(f"  {e.definition}\n", (f"  {_how(e).text} · {since}", "$muted"))


class EnrolledIn(RecordTab):
    """Every sequence and workflow they were ever in, the last first."""

    def compose(self) -> ComposeResult:
        yield EnrollmentTable(
            Column("In", share=3),
            Column("Status", share=2),
            Column("Since", 16),
            Column("Last step", share=2, above=70),
            empty="Never enrolled in anything.",
            selectable=True,
            opens=False,
            id="enrolled-in",
        )

    def load(self) -> None:
        self.ask(lambda s: enrollments_of(s, self.record_id), self._show)

    def _show(self, found: list[Enrolled]) -> None:
        self.table.show_rows([self._row(e) for e in found], keep=True)

    def _row(self, e: Enrolled) -> TableRow:
        key = EnrolledKey(e.key, self.record_id)
        cells = (
            f"{e.kind} {e.definition}",
            _how(e),
            Cell(when(e.enrolled_at, self.desk.zone), "dim"),
            e.last_step or Cell(NONE, "dim"),
        )
        return TableRow(key, cells)


def _how(e: Enrolled) -> Cell:
    return stands(e.status, e.awaits, f", {status(e.reason)}" if e.reason else "")


def _scores(scores: Mapping[str, float | None]) -> list[Content]:
    if not scores:
        return []
    lines = [
        Content.assemble(f"  {status(name)} ", (NONE if value is None else f"{value:g}", "bold"))
        for name, value in scores.items()
    ]
    return [Content.assemble(("Scores", "$muted")), *lines, Content("")]
