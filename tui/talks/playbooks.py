"""The playbooks of the project, and what one has put aside of them."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Static

from runtime.project.loading import Loaded
from runtime.reading.records import names_of
from runtime.store.session import Session
from runtime.talks.drafts import Draft, draft, drafts, let_go
from runtime.talks.listing import Chosen, Playbook, playbooks
from runtime.talks.opening import named

from ..dialogs.confirm import ConfirmScreen
from ..frame.desk_screen import DeskScreen
from ..frame.guarded import Taken
from ..tables.cells import Cell, Column, TableRow
from ..tables.paged_table import PagedTable
from ..words import NONE, plural, when
from .saved import TalksScreen
from .whom import WhomScreen, resume

Found = tuple[Loaded, list[Playbook], list[tuple[Draft, str]]]


class PlaybooksScreen(DeskScreen):
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("l", "talks", "Talks", tooltip="the talks saved with the playbook"),
        Binding("D", "drop", "Let go", tooltip="let the draft go"),
    ]
    heading = "Playbooks"
    about_a_row = ("talks",)

    def body(self) -> ComposeResult:
        yield PagedTable(
            Column("Playbook", share=3),
            Column("For", 10),
            Column("Questions", 9, right=True, above=100),
            Column("Talks", 7, right=True),
            Column("Edited", 6, right=True, above=70),
            Column("Last", 16, above=70),
            Column("My drafts", 9, right=True),
            Column("Name", share=2, above=110),
            empty="The rule files have no playbook.",
            id="playbooks",
        )
        yield Static("My drafts", classes="part")
        yield PagedTable(
            Column("Playbook", share=2),
            Column("With", share=2),
            Column("Answers", 7, right=True),
            Column("Put aside", 16),
            empty="Nothing is put aside.",
            id="drafts",
        )

    def arrive(self) -> None:
        self.loaded: Loaded | None = None
        self.query_one("#playbooks", PagedTable).focus()

    def load(self) -> None:
        self.ask(self._find, self._show)

    def _find(self, session: Session) -> Found:
        loaded = self.desk.rulebook().loaded()
        mine = drafts(session, self.desk.user)
        of = {of: [d.record_id for d in mine if d.object == of] for of in {d.object for d in mine}}
        names = {of: names_of(session, loaded.schema, of, ids) for of, ids in of.items()}
        return loaded, playbooks(session, loaded, self.desk.user), [(d, names[d.object][d.record_id]) for d in mine]

    def _show(self, found: Found) -> None:
        self.loaded, known, mine = found
        self.head(self.heading, f"{len(known):,}")
        labels = {one.name: one.label for one in known}
        self.query_one("#playbooks", PagedTable).show_rows([self._playbook(one) for one in known], keep=True)
        rows = [self._draft(one, labels.get(one.name, one.name), name) for one, name in mine]
        self.query_one("#drafts", PagedTable).show_rows(rows, keep=True)

    def _playbook(self, one: Playbook) -> TableRow:
        cells = (
            one.label,
            one.object,
            f"{one.questions}",
            f"{one.talks:,}",
            f"{one.revisions:,}",
            Cell(when(one.last, self.desk.zone), "dim"),
            Cell(f"{one.drafts}", "warn") if one.drafts else Cell(NONE, "dim"),
            Cell(one.name, "dim"),
        )
        return TableRow(one.name, cells)

    def _draft(self, one: Draft, label: str, whom: str) -> TableRow:
        at = Cell(when(one.at, self.desk.zone), "dim")
        return TableRow(one.id, (label, whom, f"{len(one.answers)}", at))

    # --- acts ---------------------------------------------------------------------------------------

    def on_paged_table_opened(self, message: PagedTable.Opened) -> None:
        """A playbook is run, a draft taken up; what the role does not allow is told."""
        if refused := self.refused("drop"):
            self.say_error(refused)
            return
        match message.row.key:
            case str(name) if self.loaded is not None:
                talk = named(self.loaded, "playbook", name)
                self.app.push_screen(WhomScreen(self.desk, self.loaded, talk))
            case int(id_):
                self.ask(lambda s: draft(s, str(id_), self.desk.who), lambda found: resume(self, found))

    def takes(self, action: str) -> Taken | None:
        return Taken("talk") if action == "drop" else None

    def action_talks(self) -> None:
        row = self._row("playbooks")
        if row is not None and self.loaded is not None:
            name = str(row.key)
            label = self.loaded.program.conversations["playbook", name].label or name
            self.app.push_screen(TalksScreen(self.desk, self.loaded, Chosen(name), label))

    def action_drop(self) -> None:
        row = self._row("drafts")
        if row is None:
            self.say("Nothing is put aside", "$muted")
            return
        label, whom, count = (str(cell) for cell in row.cells[:3])

        def answered(yes: bool | None) -> None:
            if yes:
                self.ask_to(lambda s: let_go(s, str(row.key), self.desk.who), lambda _: self._dropped(label))

        what = f"{plural(int(count), 'answer')} {'are' if count != '1' else 'is'} lost."
        self.app.push_screen(ConfirmScreen(f"Let the draft of {label}, {whom}, go?", what), answered)

    def _dropped(self, label: str) -> None:
        self.say(f"Let go: the draft of {label}")
        self.load()

    def _row(self, table: str) -> TableRow | None:
        shown = self.query_one(f"#{table}", PagedTable)
        return shown.row_at(shown.cursor)
