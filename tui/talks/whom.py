"""From a playbook to the record it is about, and to who is on the line; then it is run."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, Static

from dsl.program.conversations import PERSON, Conversation
from runtime.access.roles import refusal
from runtime.project.loading import Loaded
from runtime.reading.records import RecordKey
from runtime.store.session import Session
from runtime.talks.drafts import Draft
from runtime.talks.listing import Chosen
from runtime.talks.opening import Person, asks_who, named, on_record

from ..dialogs.dialog import Dialog
from ..frame.desk import Desk
from ..frame.desk_screen import DeskScreen
from ..records.room import RecordsScreen
from ..tables.cells import Column, TableRow
from ..tables.paged_table import PagedTable
from .saved import TalksScreen
from .talk import TalkScreen


class WhomScreen(RecordsScreen):
    """Which record a playbook is about; `l` shows what was said with one before."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("l", "talks", "Talks", tooltip="the talks saved about the record, with any playbook"),
    ]
    about_a_row = ("talks",)

    def __init__(self, desk: Desk, loaded: Loaded, talk: Conversation) -> None:
        super().__init__(desk)
        self.loaded, self.talk = loaded, talk
        self.object = talk.object
        self.heading = desk.schema.objects[talk.object].label or talk.object

    def arrive(self) -> None:
        self.query_one(Input).focus()

    def head(self, left: str, right: str = "") -> None:
        super().head(f"{self.talk.label or self.talk.name}: with whom?", right)

    def on_paged_table_opened(self, message: PagedTable.Opened) -> None:
        message.stop()
        message.prevent_default()
        if isinstance(message.row.key, RecordKey):
            open_talk(self, self.loaded, self.talk, message.row.key.id, instead=True)

    def action_talks(self) -> None:
        row = self.query_one(PagedTable).here
        if row is not None and isinstance(row.key, RecordKey):
            chosen = Chosen(None, self.object, row.key.id)
            self.app.push_screen(TalksScreen(self.desk, self.loaded, chosen, str(row.cells[0])))


class PersonScreen(Dialog[int]):
    """Who of a record's contacts is meant; 0: it is left open."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,q", "dismiss(0)", "Leave it", tooltip="leave it")]

    def __init__(self, question: str, people: list[Person]) -> None:
        super().__init__()
        self.question, self.people = question, people

    def compose(self) -> ComposeResult:
        with Vertical(id="people-asked"):
            yield Static(Content.assemble((self.question, "bold"), ("    Enter choose   Esc leave it", "$muted")))
            yield PagedTable(Column("Contact", share=1), empty="", id="people-there")

    def on_mount(self) -> None:
        table = self.query_one(PagedTable)
        table.show_rows([TableRow(one.id, (one.name,)) for one in self.people])
        table.focus()

    def on_paged_table_opened(self, message: PagedTable.Opened) -> None:
        if isinstance(message.row.key, int):
            self.dismiss(message.row.key)


def open_talk(screen: DeskScreen, loaded: Loaded, talk: Conversation, record: int, instead: bool = False) -> None:
    """Run a playbook about a record, on top of `screen` or instead of it; where it wants one and there are several,
    it is asked first who is on the line."""
    if not screen.desk.may("talk"):
        screen.say_error(refusal(screen.desk.who, "talk"))
        return

    def begin(person: int | None) -> None:
        form = TalkScreen(screen.desk, loaded, talk, record, person)
        if instead:
            screen.app.switch_screen(form)
        else:
            screen.app.push_screen(form)

    if asks_who(talk):
        ask_person(screen, talk.object, record, "Who is on the line?", begin)
    else:
        begin(record if talk.object == "contact" else None)


def ask_person(screen: DeskScreen, of: str, record: int, question: str, go: Callable[[int], None]) -> None:
    """Go on with the contact of a record, which may be one itself; where it has several, it is asked which."""

    def found(people: list[Person]) -> None:
        if len(people) == 1:
            go(people[0].id)
        elif people:
            screen.app.push_screen(PersonScreen(question, people), lambda person: go(person) if person else None)
        else:
            screen.say(f"This {of} has no contact to talk to: link one first", "$error")

    if of == PERSON:
        go(record)
    else:
        screen.ask(lambda s: on_record(s, of, record), found)


def resume(screen: DeskScreen, draft: Draft) -> None:
    """Take up what was put aside."""

    def opened(loaded: Loaded) -> None:
        talk = named(loaded, "playbook", draft.name)
        screen.app.push_screen(TalkScreen(screen.desk, loaded, talk, draft.record_id, draft.contact_id, draft))

    def known(_: Session) -> Loaded:
        loaded = screen.desk.rulebook().loaded()
        named(loaded, "playbook", draft.name)  # it may be there no longer: told in a sentence
        return loaded

    screen.ask(known, opened)
