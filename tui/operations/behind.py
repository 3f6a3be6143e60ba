"""Whose enrollments are due, late, or stopped with an error, by definition; Enter opens them."""

from __future__ import annotations

import time

from textual.app import ComposeResult

from runtime.reading.behind import Behind, behind
from runtime.reading.values import lasting
from runtime.store.session import Session

from ..frame.tab_body import TabBody
from ..sequences.sequence import SequenceScreen
from ..sequences.statuses import ERRORED
from ..tables.cells import Cell, Column, TableRow
from ..tables.paged_table import PagedTable
from ..words import NONE, plural
from ..workflows.workflow import WorkflowScreen


class BehindTab(TabBody):
    def compose(self) -> ComposeResult:
        yield PagedTable(
            Column("Of", share=3),
            Column("Due", 9, right=True),
            Column("Late", 9, right=True),
            Column("Oldest", 14, above=60),
            Column("Errors", 8, right=True),
            Column("Why", share=4, above=90),
            empty="Nothing is due, and nothing stopped with an error.",
            id="behind-table",
        )

    def arrive(self) -> None:
        self.query_one(PagedTable).focus()

    def load(self) -> None:
        self.work_out(self._look, lambda found: self._show(*found))

    def _look(self, session: Session) -> tuple[int, list[Behind]]:
        return behind(session, time.time_ns() // 1_000)

    def _show(self, now: int, found: list[Behind]) -> None:
        errors = sum(one.errored for one in found)
        self.of.head(self.of.heading, f"{sum(one.late for one in found):,} late, {plural(errors, 'error')}")
        self.query_one(PagedTable).show_rows([_row(one, now) for one in found], keep=True)

    def on_paged_table_opened(self, message: PagedTable.Opened) -> None:
        """Those that stopped with an error, where some did, else all of it."""
        match message.row.key:
            case ("sequence", str(name), errored):
                status = ERRORED if errored else ""
                self.app.push_screen(SequenceScreen(self.desk, name, name, "enrollments", status))
            case ("workflow", str(name), _):
                self.app.push_screen(WorkflowScreen(self.desk, name, name))
            case (kind, name, _):
                self.of.say(f"`segue enrollments` shows those of the {kind} {name}", "$muted")


def _row(one: Behind, now: int) -> TableRow:
    oldest = f"{lasting(max(now - one.oldest_at, 0))} ago" if one.oldest_at is not None else NONE
    cells = (
        f"{one.kind} {one.name}",
        f"{one.due:,}",
        Cell(f"{one.late:,}", "bad") if one.late else Cell(NONE, "dim"),
        Cell(oldest, "dim"),
        Cell(f"{one.errored:,}", "bad") if one.errored else Cell(NONE, "dim"),
        Cell(one.words, "dim"),
    )
    return TableRow((one.kind, one.name, bool(one.errored)), cells)
