"""A note on a record: the six fields of the template, and words of one's own (P7)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Input, Static

from runtime.project.loading import Settings
from runtime.store.session import Session
from runtime.talks.notes import to_notes
from runtime.writing import notes
from runtime.writing.notes import Noted
from runtime.writing.snippets import expanded

from ..dialogs.long_text import LongText
from ..dialogs.saving import SavingScreen
from ..frame.desk_screen import DeskScreen

_DEAL = "deal"


class NoteScreen(SavingScreen[Noted]):
    """`page`: of the record."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss(None)", "Leave it", tooltip="write nothing"),
        Binding("ctrl+s", "save", "Save", tooltip="write the note"),
    ]

    def __init__(self, page: DeskScreen, settings: Settings, of: str, record: int, name: str) -> None:
        super().__init__(page)
        self.settings, self.object, self.record, self.record_name = settings, of, record, name

    def compose(self) -> ComposeResult:
        with VerticalScroll(id="filter", classes="form", can_focus=False):
            keys = ("\nTab next   Ctrl+S save   Esc leave it", "$muted")
            yield Static(Content.assemble((f"Note on {self.record_name}", "bold"), keys))
            yield Static(id="refused")
            for name, label in notes.labels(self.settings).items():
                yield from _line(label, name)
            if self.object != _DEAL and to_notes(self.settings.schema, _DEAL):
                yield from _line("Deal", _DEAL, "which deal it is about: its id or external id")
            words = (
                "Words of your own",
                ("  #suc alone on a line, Enter: its snippet", "$muted"),
            )
            yield Static(Content.assemble(*words), classes="field")
            yield LongText(id="words")

    def on_mount(self) -> None:
        self.query(Input).first().focus()
        self.call_after_refresh(self.query_one("#filter").scroll_home, animate=False)

    @on(Input.Submitted)
    def go_on(self) -> None:
        self.focus_next()

    @property
    def _contact(self) -> int | None:
        return self.record if self.object == "contact" else None

    @on(LongText.Called)
    def call_up(self, event: LongText.Called) -> None:
        def fill(session: Session) -> str:
            loaded = self.page.desk.rulebook().loaded()
            return expanded(session, loaded, event.line, "note", self._contact, self.page.desk.who)

        self.page.ask(fill, lambda words: event.area.put(event.row, event.line, words), self.refuse)

    def action_save(self) -> None:
        written = {field.id or "": field.value for field in self.query(Input) if field.value.strip()}
        words, deal = self.query_one(LongText).text, written.pop(_DEAL, "")

        def write(session: Session) -> Noted:
            desk = self.page.desk
            ties = notes.ties_of(session, self.settings, [(_DEAL, deal.strip())] if deal else [])
            loaded = desk.rulebook().loaded()
            return notes.add(session, loaded, self.object, self.record, desk.who, written, words, ties)

        self.save(write)


def _line(label: str, name: str, note: str = "") -> Iterator[Static | Input]:
    yield Static(Content.assemble(label, (f"  {note}", "$muted")), classes="field")
    field = Input(id=name, compact=True)
    field.cursor_blink = False  # calm
    yield field
