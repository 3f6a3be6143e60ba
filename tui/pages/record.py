"""One record of any object: its properties at the left, and in tabs what is linked to it, what happened, its tasks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.widgets import TabbedContent, TabPane

from dsl.program.conversations import PERSON
from dsl.schema.model import Property
from runtime.project.loading import Loaded
from runtime.reading.records import Linked, RecordPage, record_page
from runtime.reading.worded import worded
from runtime.store.session import Session
from runtime.talks.notes import to_notes
from runtime.writing.notes import Noted

from ..frame.desk import Desk
from ..frame.guarded import Taken
from ..frame.opening import open_record
from ..frame.tab_body import TabBody
from ..frame.tabbed_screen import TabbedScreen
from ..segments.why import WhyScreen
from ..tables.paged_table import PagedTable
from ..talks.about import TalksAboutScreen
from ..talks.inviting import fill_in_from, invite_from
from .note import NoteScreen
from .properties import Properties, told
from .record_tabs import Happened, LinkedTo, OpenTasks

Words = tuple[tuple[Property, str], ...]
_TAKEN = {"note": Taken("note"), "invite": Taken("survey"), "fill_in": Taken("form")}


class RecordScreen(TabbedScreen):
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("n", "note", "New note", tooltip="write a note on it"),
        Binding("l", "talks", "Talks", tooltip="the talks saved about it, and a new one"),
        Binding("i", "invite", "Invite", tooltip="invite its contact to a survey"),
        Binding("F", "fill_in", "Form", tooltip="fill in a form for its contact"),
        Binding("w", "why", "Why", tooltip="why it is in a sequence, workflow or segment, or is not"),
    ]

    def __init__(self, desk: Desk, of: str, id: int) -> None:
        super().__init__(desk)
        self.object, self.record_id = of, id
        self.heading = desk.schema.objects[of].label or of
        self.record_name = f"#{id}"

    def body(self) -> ComposeResult:
        with Horizontal():
            with VerticalScroll(id="person"):
                yield Properties(id="properties")
            with TabbedContent():
                for title, tab in self.tabs():
                    with TabPane(title):
                        yield tab

    def tabs(self) -> Sequence[tuple[str, TabBody]]:
        """In their order; the first is open."""
        of, id_ = self.object, self.record_id
        return (
            ("Linked", LinkedTo(self.desk, of, id_)),
            ("Activity", Happened(self.desk, of, id_)),
            ("Tasks", OpenTasks(self.desk, id_)),
        )

    def load(self) -> None:
        self.look()
        super().load()

    def look(self) -> None:
        """Read what stands at the left."""
        self.ask(self._read_properties, self._show)

    def _read_properties(self, session: Session) -> tuple[RecordPage, Words] | None:
        found = record_page(session, self.desk.schema, self.object, self.record_id)
        if found is None:
            return None
        return found, worded(session, self.desk.schema, self.object, found.properties, self.desk.zone)

    def _show(self, found: tuple[RecordPage, Words] | None) -> None:
        properties = self.query_one(Properties)
        if found is None:
            self.head(f"{self.heading} #{self.record_id}", "deleted")
            properties.show([Content.assemble((f"This {self.object} was deleted; what happened stays.", "$muted"))])
            return
        record, words = found
        self.record_name = record.name
        self.head(record.name, f"{self.heading.lower()} {record.external_id}")
        properties.show(told(words))

    def on_paged_table_opened(self, message: PagedTable.Opened) -> None:
        if isinstance(message.row.key, Linked):
            open_record(self, message.row.key.object, message.row.key.id)

    def takes(self, action: str) -> Taken | None:
        return _TAKEN.get(action) or super().takes(action)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Where the schema ties no notes to it, none is offered, and no survey where it has no contact."""
        if action == "note" and to_notes(self.desk.schema, self.object) is None:
            return False
        if action in ("invite", "fill_in") and not self._has_contact:
            return False
        return super().check_action(action, parameters)

    def action_note(self) -> None:
        if self.desk.settings is None:
            self.say("A note cannot be written without the project: open the app with `segue tui`", "$error")
            return
        form = NoteScreen(self, self.desk.settings, self.object, self.record_id, self.record_name)
        self.app.push_screen(form, self._noted)

    def _noted(self, noted: Noted | None) -> None:
        if noted is not None:
            lacking = f"; a talk by phone belongs to its {' and '.join(noted.lacking)}" if noted.lacking else ""
            tone = "$warning" if lacking else "$success"
            self.say(f"Asked for a note on {self.record_name}; takes effect at the next tick{lacking}", tone)

    def action_talks(self) -> None:
        def known(loaded: Loaded) -> None:
            screen = TalksAboutScreen(self.desk, loaded, self.object, self.record_id, self.record_name)
            self.app.push_screen(screen)

        self.ask(lambda _: self.desk.rulebook().loaded(), known)

    @property
    def _has_contact(self) -> bool:
        ties = self.desk.schema.objects[self.object].associations.values()
        return self.object == PERSON or any(tie.target == PERSON for tie in ties)

    def action_invite(self) -> None:
        invite_from(self, self.object, self.record_id)

    def action_fill_in(self) -> None:
        fill_in_from(self, self.object, self.record_id)

    def action_why(self) -> None:
        self.app.push_screen(WhyScreen(self.desk, self.object, self.record_id, self.record_name))
