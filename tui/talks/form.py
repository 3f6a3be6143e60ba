"""A playbook as a form: what to say and all questions one under the other. Answers are looked at while they are typed;
questions come and go with them, and nothing that was typed is lost."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from dsl.program.conversations import Ask, Conversation
from dsl.schema.model import Kind, Type
from runtime.project.loading import Loaded
from runtime.reading.records import names_of
from runtime.store.session import Session
from runtime.talks.opening import reader, sitting
from runtime.talks.questions import OUTCOME, Sitting, reads_outcome
from runtime.talks.reviewing import Review
from runtime.talks.sheets import Sheet, Spoken, places, sheet
from runtime.writing.snippets import expanded

from ..dialogs.confirm import ConfirmScreen
from ..dialogs.long_text import LongText
from ..frame.desk import Desk
from ..frame.desk_screen import DeskScreen
from ..words import plural
from .question import QuestionField
from .review import ReviewScreen


class Questions(VerticalScroll, can_focus=False, inherit_bindings=False):
    """Scrolled by pages: the arrows go from question to question."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("pageup", "page_up", "Page up", show=False, tooltip="one page up"),
        Binding("pagedown", "page_down", "Page down", show=False, tooltip="one page down"),
    ]


class FormScreen(DeskScreen):
    """Subclasses say what a review shows and what saving does."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "save", "Save", tooltip="look at what saving does, then save"),
        Binding("down", "step(1)", "Next", show=False, tooltip="the next question; so do Enter and Tab"),
        Binding("up", "step(-1)", "Before", show=False, tooltip="the question before; so does Shift+Tab"),
    ]
    keeps = True  # where nothing is typed, what the record holds is the answer

    def __init__(
        self, desk: Desk, loaded: Loaded, talk: Conversation, record: int, person: int | None, typed: Mapping[str, str]
    ) -> None:
        super().__init__(desk)
        self.loaded, self.talk, self.record, self.person = loaded, talk, record, person
        self.heading = talk.label or talk.name
        self.typed = dict(typed)  # a new one each time: other threads read it
        self.tried = False
        self.form: Sheet | None = None
        self.whom = ""

    def body(self) -> ComposeResult:
        ending = QuestionField(OUTCOME, Type(Kind.CHOICE, self.talk.outcomes), False, self.typed.get(OUTCOME, ""))
        self.ending, self.places = ending, [self._place(item) for item in places(self.talk)]
        fields = [one for one in self.places if isinstance(one, QuestionField)]
        first = bool(self.talk.outcomes) and reads_outcome(self.talk)
        self.fields = [ending, *fields] if first else [*fields, ending]
        with Questions(id="form"):
            if first:
                yield ending
            yield from self.places
            if not first:
                yield ending

    def _place(self, item: object) -> QuestionField | Static:
        if isinstance(item, Ask):
            return QuestionField(item.name, item.type, item.long, self.typed.get(item.name, ""))
        spoken = Static(classes="spoken")
        spoken.display = False
        return spoken

    # --- the answers so far -------------------------------------------------------------------------

    def sitting(self, session: Session) -> Sitting:
        return sitting(session, self.loaded, self.talk, self.record, self.person)

    def load(self) -> None:
        self.ask(self._sheet, lambda found: self._show(*found))

    def _sheet(self, session: Session) -> tuple[Mapping[str, str], Sheet, str]:
        typed = self.typed
        found = sheet(self.sitting(session), reader(session, self.loaded), typed, self.keeps)
        return typed, found, self.whom or self._names(session)

    def _names(self, session: Session) -> str:
        schema = self.loaded.schema
        named = names_of(session, schema, self.talk.object, [self.record])[self.record]
        if self.person in (None, self.record):
            return named
        return f"{named}, {names_of(session, schema, 'contact', [self.person])[self.person]} on the line"

    def _show(self, typed: Mapping[str, str], found: Sheet, whom: str) -> None:
        if typed is not self.typed:  # more was typed since, and is being looked at
            return
        arriving = self.form is None
        self.form, self.whom = found, whom
        for place, part in enumerate(self.places):
            line = found.lines.get(place)
            if isinstance(part, QuestionField):
                part.show(None if line is None or isinstance(line, Spoken) else line, self.tried)
            else:
                part.display = isinstance(line, Spoken)
                part.update(Content(line.text) if isinstance(line, Spoken) else "")
        self.ending.show(found.ending, self.tried)
        left = len(found.open)
        self.head(self.heading, f"{whom} · {plural(left, 'answer') + ' needed' if left else 'may be saved'}")
        if arriving:
            self.call_after_refresh(self._begin)

    def _begin(self) -> None:
        """At the first question that nothing was typed for."""
        shown = [field for field in self.fields if field.display]
        for field in [field for field in shown if not field.text.strip()] or shown[:1]:
            field.field.focus()
            return

    @on(QuestionField.Typed)
    def retype(self) -> None:
        now = self.typed | {field.asked: field.text for field in self.fields}
        if now != self.typed and (any(now.values()) or self.typed):
            self.typed = now
            self.load()

    @on(LongText.Called)
    def call_up(self, event: LongText.Called) -> None:
        """A snippet for a line that is a shortcut (P6)."""
        who, put = self.desk.who, event.area.put
        self.ask(
            lambda s: expanded(s, self.loaded, event.line, "note", self.person, who),
            lambda words: put(event.row, event.line, words),
        )

    # --- from question to question ------------------------------------------------------------------

    @on(QuestionField.Done)
    def go_on(self, event: QuestionField.Done) -> None:
        shown = [field for field in self.fields if field.display]
        if event.field is shown[-1]:
            self.action_save()
        else:
            self.action_step(1)

    def action_step(self, by: int) -> None:
        if by > 0:
            self.focus_next()
        else:
            self.focus_previous()

    # --- saving -------------------------------------------------------------------------------------

    def action_save(self) -> None:
        """First what it would do is shown; what keeps it from being saved is told at its place."""
        self.ask(self._reviewed, self._look)

    def _reviewed(self, session: Session) -> tuple[tuple[Mapping[str, str], Sheet, str], Review | None]:
        found = self._sheet(session)
        return found, None if found[1].open else self.review(session, found[1])

    def _look(self, found: tuple[tuple[Mapping[str, str], Sheet, str], Review | None]) -> None:
        now, review = found
        form = now[1]
        self.tried = True
        self._show(*now)
        if review is None:
            self.say(f"Not saved yet: {plural(len(form.open), 'answer')} needed or wrong", "$warning")
            next(field for field in self.fields if field.asked in form.open).field.focus()
            return

        def answered(yes: bool | None) -> None:
            if yes:
                self.ask(lambda s: self.save(s, form), self.saved)

        self.app.push_screen(ReviewScreen(f"{self.heading}: {self.whom}", review), answered)

    def review(self, session: Session, form: Sheet) -> Review:
        raise NotImplementedError

    def save(self, session: Session, form: Sheet) -> str:
        """Do it; the words about it."""
        raise NotImplementedError

    def saved(self, words: str) -> None:
        """Back to where one came from."""
        self.app.pop_screen()
        below = self.app.screen
        if isinstance(below, DeskScreen):
            below.load()
            below.say(words)


class UnkeptScreen(FormScreen):
    """A form without drafts. `before`: the answers it began with."""

    keeps = False

    def __init__(
        self, desk: Desk, loaded: Loaded, talk: Conversation, record: int, person: int | None, typed: Mapping[str, str]
    ) -> None:
        super().__init__(desk, loaded, talk, record, person, typed)
        self.before = dict(typed)
        self._given_up = False

    def action_back(self) -> None:
        if not self.keep_first(self._back):
            self._back()

    def _back(self) -> None:
        self.app.pop_screen()

    def keep_first(self, go: Callable[[], None]) -> bool:
        """There is no draft of it: who leaves is asked."""
        if self._given_up or {n: t for n, t in self.typed.items() if t} == {n: t for n, t in self.before.items() if t}:
            return False

        def answered(yes: bool | None) -> None:
            if yes:
                self._given_up = True
                go()

        self.app.push_screen(ConfirmScreen("Leave without saving?", "What you changed is lost."), answered)
        return True
