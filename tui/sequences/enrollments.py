"""The enrollments of a sequence or workflow by status: who, since when, how far; select, pause, resume, unenroll,
enroll more (S41, S45, 001.18-21)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Static

from runtime.errors import InvalidInput
from runtime.metrics import Filters
from runtime.operators import acts
from runtime.operators.acts import AskedToEnroll
from runtime.operators.reporting import Asked
from runtime.project.loading import load
from runtime.reading import (
    Choice,
    EnrollmentLine,
    Pages,
    awaiting,
    by_status,
    called,
    count,
    day,
    definitions,
    page,
    place,
)
from runtime.store.session import Session

from ..dialogs.filtered import Filtered
from ..dialogs.filtering import FilterScreen, in_words
from ..dialogs.question import QuestionScreen
from ..frame.desk import Desk
from ..frame.guarded import Guarded, Taken
from ..frame.opening import open_record
from ..frame.tab_body import TabBody
from ..tables.cells import Cell, Column, TableRow
from ..tables.paged_table import PAGE, PagedTable
from ..words import NONE, plural, selected, status
from .at_step import StepOpened
from .enrollment_table import EnrolledKey, EnrollmentTable
from .statuses import Statuses, stands

_WHOM = "E-mail addresses, ids or external ids, with commas between them. Who may enter is judged at the next tick."


class Enrollments(Guarded, TabBody, Filtered):
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("n", "enroll", "New enrollments", tooltip="enroll more people"),
        Binding("f", "filter", "Filter", tooltip="choose whom: company, status, enrolled by, dates"),
        Binding("m", "me", "Whose", show=False, tooltip="those I enrolled, or everybody"),
        Binding("v", "step", "Which", tooltip="those at the step they were opened from, or all again"),
        Binding("o", "order", "Sort", show=False, tooltip="sort by enrollment or by last step"),
    ]

    def __init__(self, desk: Desk, name: str, status: str = "", kind: str = "sequence") -> None:
        super().__init__(desk)
        self.choice = Choice(name, kind, statuses=(status,) if status else ())
        self.asked = Asked()
        self.opened: StepOpened | None = None  # the step it was last asked for

    def compose(self) -> ComposeResult:
        yield Static(id="whom")
        with Horizontal(id="people"):
            yield Statuses(id="statuses")
            yield EnrollmentTable(
                Column("Contact", share=3),
                Column("Company", share=3, above=70),
                Column("Enrolled on", 11),
                Column("Last step", share=3, above=90),
                Column("On", 10, above=50),
                Column("Status", 12),
                Column("Detail", share=2, above=80),
                empty="Nobody here.",
                selectable=True,
                id="enrolled",
            )

    @property
    def table(self) -> PagedTable:
        return self.query_one(PagedTable)

    def arrive(self) -> None:
        self.table.focus()

    def load(self) -> None:
        choice = self.choice
        self._show_people(keep=True)
        self.ask(lambda s: _statuses(s, choice), lambda found: self._statuses(choice, found))

    def show_step(self, opened: StepOpened) -> None:
        """Those who stand at a step, of whom its figures were."""
        self.opened, self.asked = opened, opened.asked
        self._choose(replace(self.choice, statuses=(), places=opened.places, among=opened.whom))
        self.load()

    def action_step(self) -> None:
        if self.choice.places:
            self.asked = Asked()
            self._choose(replace(self.choice, statuses=(), places=(), among=Filters()))
            self.load()
        elif self.opened:
            self.show_step(self.opened)

    def form(self) -> FilterScreen:
        return FilterScreen(self.asked, self.desk, title="Whom to show")

    def chose(self, filters: Filters) -> None:
        self._choose(replace(self.choice, among=filters))
        self.load()

    def _choose(self, choice: Choice) -> None:
        """Others than before: until they are counted, nobody knows whom a key is about."""
        self.choice = choice
        self.table.expect()
        self.query_one(Statuses).clear_options()
        line = self.query_one("#whom", Static)
        line.display = bool(choice.places) or choice.among != Filters()
        whom = in_words(self.asked, self.desk.user)
        if choice.places and self.opened:
            whom = Content.assemble(("at the step ", "$muted"), (self.opened.label, "bold $accent"), " · ", whom)
        line.update(whom)
        self.refresh_bindings()

    def _statuses(self, choice: Choice, found: dict[str, int]) -> None:
        if (choice.places, choice.among) != (self.choice.places, self.choice.among):
            return
        self.query_one(Statuses).show(found, self.choice.statuses[0] if self.choice.statuses else "")

    def _show_people(self, keep: bool = False) -> None:
        choice = self.choice
        self.ask(lambda s: (choice, count(s, choice)), lambda found: self._counted(*found, keep))

    def _counted(self, choice: Choice, total: int, keep: bool) -> None:
        if choice == self.choice:  # else the cursor is on another status by now
            self._list(choice, total, keep)

    def _list(self, choice: Choice, total: int, keep: bool = False, first: Sequence[EnrollmentLine] = ()) -> None:
        """`first`: the lines of the first page, where they are here already."""

        def fetch(after: tuple[object, ...] | None, back: bool, skip: int, limit: int) -> list[EnrollmentLine]:
            return self.desk.ask(lambda s: self._lines(s, page(s, choice, limit, skip, after, back)))

        pages = Pages(total, fetch, lambda line: place(choice, line))
        if first:
            pages.known.update({0: place(choice, first[0]), len(first) - 1: place(choice, first[-1])})

        def load(offset: int, limit: int) -> list[TableRow]:
            lines = first[:limit] if first and offset == 0 else pages(offset, limit)
            return [self._row(line) for line in lines]

        self.table.show(total, load, keep)

    def _lines(self, session: Session, found: Sequence[EnrollmentLine]) -> list[EnrollmentLine]:
        return awaiting(session, called(session, self.desk.schema, found))

    def _row(self, line: EnrollmentLine) -> TableRow:
        zone = self.desk.zone
        return TableRow(
            EnrolledKey(line.key, line.contact_id, line.object),
            (
                line.contact,
                Cell(line.company or NONE, "" if line.company else "dim"),
                day(line.enrolled_at, zone),
                line.last_step or Cell(NONE, "dim"),
                day(line.last_step_at, zone),
                stands(line.status, line.awaits),
                Cell(status(line.detail), "dim"),
            ),
        )

    def on_statuses_picked(self, message: Statuses.Picked) -> None:
        statuses = (message.status,) if message.status else ()
        if statuses != self.choice.statuses:
            self.choice = replace(self.choice, statuses=statuses)
            self.table.expect()
            self._show_people()

    def on_paged_table_opened(self, message: PagedTable.Opened) -> None:
        key = message.row.key
        if isinstance(key, EnrolledKey):
            open_record(self, key.object, key.contact_id)

    def on_paged_table_chosen(self, message: PagedTable.Chosen) -> None:
        self.of.say(selected(message.count, "enrollment", message.left_out), "$muted")

    def action_order(self) -> None:
        """The list stays as it is, and of use, until the sorted one is there: of a million that takes a second."""
        order = "last_step" if self.choice.order == "enrolled" else "enrolled"
        choice = self.choice = replace(self.choice, order=order)
        words = "the last step" if order == "last_step" else "enrollment"
        self.of.say(f"Sorting by {words} ..", "$muted")

        def found(total: int, first: Sequence[EnrollmentLine]) -> None:
            if choice == self.choice:
                self._list(choice, total, first=first)
                self.of.say(f"Sorted by {words}, newest first", "$muted")

        def question(session: Session) -> tuple[int, list[EnrollmentLine]]:
            return count(session, choice), self._lines(session, page(session, choice, PAGE, 0))

        self.ask(question, lambda answer: found(*answer))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return super().check_action(action, parameters) if action != "step" else self.opened is not None

    # --- acts -------------------------------------------------------------------------------------

    def takes(self, action: str) -> Taken | None:
        return Taken("enroll", own=self.choice.kind == "sequence") if action == "enroll" else None

    def action_enroll(self) -> None:
        self.app.push_screen(QuestionScreen(self.of, "Whom to enroll?", _WHOM, self._enroll), self._enrolled)

    def _enroll(self, session: Session, answer: str) -> AskedToEnroll:
        """The rules are read now: they tell what the definition enrolls."""
        whom = [text.strip() for text in answer.split(",") if text.strip()]
        settings = self.desk.settings
        if settings is None:
            raise InvalidInput("nobody can be enrolled without the project's rules", "open the app with `segue tui`")
        name = f"{self.choice.kind} {self.choice.definition}"
        return acts.enroll(session, load(settings.root), whom, name, self.desk.user)

    def _enrolled(self, asked: AskedToEnroll | None) -> None:
        if asked is not None:
            self.of.say(f"Asked to enroll {plural(len(asked.records), 'contact')}; takes effect at the next tick")


def _statuses(session: Session, of: Choice) -> dict[str, int]:
    if of.places or of.among != Filters():
        return by_status(session, of)
    lines = definitions(session, of.kind)
    return next((dict(line.statuses) for line in lines if line.name == of.definition), {})
