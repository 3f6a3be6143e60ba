"""What one rule has found, page by page: each record, what is wrong with it, and its fix as old and new."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Static

from runtime.hygiene import Overview, Queue, QueueLine, keep_those, place_of
from runtime.reading import Pages
from runtime.store.session import Session

from ..dialogs.question import QuestionScreen
from ..frame.desk import Desk
from ..frame.opening import open_record
from ..tables.cells import Cell, Column, TableRow
from ..tables.paged_table import PagedTable
from ..words import NONE, plural, selected
from .acts import HygieneActsScreen


class QueueScreen(HygieneActsScreen):
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "ctrl+x", "fix_all", "Fix all", key_display="Ctrl+X", tooltip="fix all of this rule, after a look at it"
        ),
        Binding("K", "keep", "Keep", tooltip="they may stay as they are, until a value changes that the rule looks at"),
    ]

    def __init__(self, desk: Desk, rule: Overview) -> None:
        super().__init__(desk)
        self.rule = rule
        self.heading = rule.rule

    def body(self) -> ComposeResult:
        yield Static(Content(f"{self.rule.object}: {self.rule.condition}"), id="hygiene-rule")
        yield PagedTable(
            Column("Record", share=2),
            Column("Id", share=1, above=110),
            Column("What is wrong" if self.rule.kind == "review" else "Fix", share=4),
            empty="Nothing is found any more.",
            selectable=True,
            id="findings",
        )

    def arrive(self) -> None:
        self.query_one(PagedTable).focus()

    def load(self) -> None:
        self.ask(lambda s: Queue(s, self.loaded(), self.rule.rule).count(), self._counted)

    def _counted(self, total: int) -> None:
        self.head(self.heading, plural(total, "finding"))

        def fetch(after: tuple[object, ...] | None, back: bool, skip: int, limit: int) -> list[QueueLine]:
            return self.desk.ask(lambda s: Queue(s, self.loaded(), self.rule.rule).page(after, back, skip, limit))

        pages = Pages(total, fetch, place_of)
        table = self.query_one(PagedTable)
        table.show(total, lambda offset, limit: [_line(line) for line in pages(offset, limit)], keep=True)

    def after(self) -> None:
        self.query_one(PagedTable).clear_chosen()
        super().after()

    def on_paged_table_chosen(self, message: PagedTable.Chosen) -> None:
        self.say(selected(message.count, "finding", message.left_out), "$muted")

    # --- acts ---------------------------------------------------------------------------------------

    def on_paged_table_opened(self, message: PagedTable.Opened) -> None:
        if isinstance(message.row.key, int):
            open_record(self, self.rule.object, message.row.key)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Where there is no fix, none is offered."""
        if action in ("fix", "fix_all") and self.rule.kind == "review":
            return False
        return super().check_action(action, parameters)

    @property
    def _ids(self) -> list[int]:
        """The selected, else the one under the cursor."""
        table = self.query_one(PagedTable)
        row = table.row_at(table.cursor)
        keys = list(table.chosen) or ([row.key] if row is not None else [])
        return [key for key in keys if isinstance(key, int)]

    def action_fix(self) -> None:
        if ids := self._ids:
            self.ask_to_fix(self.rule.rule, ids)

    def action_fix_all(self) -> None:
        """Also what is out of sight, and more than can be selected."""
        self.ask_to_fix(self.rule.rule, None)

    def action_keep(self) -> None:
        if ids := self._ids:
            why = f"Why may {plural(len(ids), 'record')} stay as they are?"

            def keep(session: Session, words: str) -> list[int]:
                return keep_those(session, self.loaded(), self.rule.rule, ids, self.desk.who, words or None)

            asked = QuestionScreen(self, why, "It may stay empty.", keep, needed=False)
            self.app.push_screen(asked, self._kept)

    def _kept(self, kept: list[int] | None) -> None:
        if kept is not None:
            self.after()
            self.say(f"Looked at: {plural(len(kept), 'record')}; they stay as they are")


def _line(line: QueueLine) -> TableRow:
    if line.finding.kind == "review":
        told = Cell(line.words)
    elif line.waits:
        told = Cell("something is on its way to it: after the next tick", "dim")
    elif line.stuck:
        told = Cell("its fix does not help: a person has to look", "warn")
    else:
        told = Cell(", ".join(f"{name}: {old or NONE} → {new or NONE}" for name, old, new in line.values))
    return TableRow(line.finding.id, (line.name, Cell(line.finding.external_id, "dim"), told))
