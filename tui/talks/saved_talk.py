"""One saved talk: what was answered, and its revisions; it may be edited, which makes one more."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from runtime.project.loading import Loaded
from runtime.reading.records import names_of
from runtime.store.session import Session
from runtime.talks.listing import revisions
from runtime.talks.notes import body
from runtime.talks.opening import reader
from runtime.talks.reviewing import Review, review_edit
from runtime.talks.saved_talks import Talk, answers_of, edit, sitting_of
from runtime.talks.sheets import Sheet, revised, texts_of

from ..frame.desk import Desk
from ..frame.desk_screen import DeskScreen
from ..frame.guarded import Taken
from ..frame.opening import open_record
from ..tables.cells import Cell, Column, TableRow
from ..tables.paged_table import PagedTable
from ..words import NONE, plural, when
from .form import UnkeptScreen


@dataclass(frozen=True, slots=True)
class _Page:
    """`words` of the note; `revisions`, the newest first; `texts`: its answers as somebody would type them."""

    talk: Talk
    record: str
    words: str
    revisions: tuple[Talk, ...]
    texts: Mapping[str, str]


class SavedTalkScreen(DeskScreen):
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("C", "change", "Change", tooltip="change answers: it makes a revision"),
        Binding("O", "record", "Record", tooltip="the record it is about"),
    ]
    heading = "Talk"

    def __init__(self, desk: Desk, loaded: Loaded, talk: Talk) -> None:
        super().__init__(desk)
        self.loaded, self.talk, self.newest = loaded, talk, talk
        self.page: _Page | None = None

    def body(self) -> ComposeResult:
        with VerticalScroll(id="talk-words"):
            yield Static(id="talk-said")
        yield PagedTable(
            Column("Revision", 8, right=True),
            Column("When", 16),
            Column("By", share=1),
            Column("Ended", share=1),
            empty="",
            id="revisions",
        )

    def arrive(self) -> None:
        self.query_one("#revisions", PagedTable).focus()

    def load(self) -> None:
        self.ask(self._read, self._show)

    def _read(self, session: Session) -> _Page:
        talk = self.talk
        at = sitting_of(session, self.loaded, talk)
        answers = answers_of(session, talk, at.talk)
        name = names_of(session, self.loaded.schema, talk.object, [talk.record_id])[talk.record_id]
        texts = texts_of(at, reader(session, self.loaded), answers)
        return _Page(talk, name, body(at, answers), tuple(revisions(session, self.newest)), texts)

    def _show(self, page: _Page) -> None:
        self.page = page
        self.head(f"{page.record}", f"{when(page.talk.at, self.desk.zone)}, by {page.talk.by_user or NONE}")
        title, *lines = page.words.splitlines()
        self.query_one("#talk-said", Static).update(Content("\n").join([Content.assemble((title, "bold")), *lines]))
        rows = [self._revision(one) for one in page.revisions]
        self.query_one("#revisions", PagedTable).show_rows(rows, keep=True)

    def _revision(self, one: Talk) -> TableRow:
        now = "" if self.page and one.id == self.page.talk.id else "dim"
        cells = (f"{one.revision}", when(one.at, self.desk.zone), one.by_user or NONE, one.outcome or NONE)
        return TableRow(one, tuple(Cell(text, now) for text in cells))

    def on_paged_table_opened(self, message: PagedTable.Opened) -> None:
        """An earlier revision, as it was."""
        if isinstance(message.row.key, Talk):
            self.talk = message.row.key
            self.load()

    # --- acts ---------------------------------------------------------------------------------------

    def takes(self, action: str) -> Taken | None:
        return Taken("talk", own=self.talk.by_user in (None, self.desk.user)) if action == "change" else None

    def action_record(self) -> None:
        open_record(self, self.talk.object, self.talk.record_id)

    def action_change(self) -> None:
        if self.page is not None:
            self.app.push_screen(EditScreen(self.desk, self.loaded, self.page.talk, self.page.texts))


class EditScreen(UnkeptScreen):
    """The same questions with the answers that were given."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "back", "Leave", key_display="Esc", tooltip="back to the talk as it is"),
    ]

    def __init__(self, desk: Desk, loaded: Loaded, talk: Talk, texts: Mapping[str, str]) -> None:
        conversation = loaded.program.conversations[talk.kind, talk.name]
        super().__init__(desk, loaded, conversation, talk.record_id, talk.contact_id, texts)
        self.saved_talk = talk

    def review(self, session: Session, form: Sheet) -> Review:
        return review_edit(self.loaded, self.sitting(session), self.saved_talk, form, self.before)

    def save(self, session: Session, form: Sheet) -> str:
        said = revised(form, self.before)
        saved = edit(self.loaded, self.sitting(session), self.saved_talk, said, form.outcome or None, self.desk.who)
        return f"Saved: {self.heading}, {self.whom}, revision {saved.revision}, {plural(len(said), 'answer')} changed"

    def saved(self, words: str) -> None:
        """Back to the list: what one came from is no longer the last revision."""
        self.app.pop_screen()
        super().saved(words)
