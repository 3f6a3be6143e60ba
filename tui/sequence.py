"""One sequence: its figures, how people move through its steps, and its enrollments by status (S45, 001.17-21)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import ClassVar, NamedTuple

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.widgets import Static

from runtime import commands
from runtime.commands import Asked
from runtime.metrics import Filters, FunnelStep, SequenceMetrics, sequence_metrics, step_funnel
from runtime.reading import Choice, EnrollmentKey, EnrollmentLine, count, day, definitions, page
from runtime.store.session import Session

from .confirm import ConfirmScreen
from .contact import ContactScreen
from .desk import Desk
from .desk_screen import DeskScreen
from .funnel import Funnel
from .paged_table import Cell, Column, PagedTable, TableRow
from .statuses import TONES, Statuses
from .tiles import Tiles, more_figures
from .words import NONE, plural, status

_FINAL = "An enrollment that has ended cannot be taken up again. Its figures stay."


class RowKey(NamedTuple):
    """What a row of the table stands for."""

    enrollment: EnrollmentKey
    contact_id: int


class SequenceScreen(DeskScreen):
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("p", "pause", "Pause"),
        Binding("r", "resume", "Resume"),
        Binding("u", "unenroll", "Unenroll"),
        Binding("o", "order", "Sort", show=False),
    ]

    def __init__(self, desk: Desk, name: str, label: str) -> None:
        super().__init__(desk)
        self.heading = label
        self.choice = Choice(name)
        self.metrics: SequenceMetrics | None = None
        self.steps: list[FunnelStep] = []

    def body(self) -> ComposeResult:
        yield Tiles(id="tiles")
        yield Static(id="more")
        with VerticalScroll(id="steps", can_focus=False):
            yield Funnel()
        with Horizontal(id="people"):
            yield Statuses(id="statuses")
            yield PagedTable(
                Column("Contact", share=3),
                Column("Company", share=3),
                Column("Enrolled on", 11),
                Column("Last step", share=3),
                Column("On", 10),
                Column("Status", 12),
                Column("Detail", share=2),
                empty="Nobody here.",
                selectable=True,
                id="enrollments",
            )

    def load(self) -> None:
        table = self.query_one("#enrollments", PagedTable)
        table.focus()
        name = self.choice.definition
        self._show_people()
        self.ask(lambda s: _statuses(s, name), self._counted_statuses)

    def _counted_statuses(self, found: dict[str, int]) -> None:
        """People are on the screen; what takes longer comes after them."""
        name = self.choice.definition
        self.query_one(Statuses).show(found)
        self.ask(lambda s: step_funnel(s, name), self._steps)
        self.ask(lambda s: sequence_metrics(s, Filters(sequences=(name,)))[0], self._figures)

    def redraw(self) -> None:
        if self.metrics:
            self._figures(self.metrics)
        self.query_one(Funnel).show(self.steps, self.desk.counts)

    def _figures(self, found: SequenceMetrics) -> None:
        self.metrics = found
        self.query_one(Tiles).show(found, self.desk.counts)
        self.query_one("#more", Static).update(" · ".join(more_figures(found, self.desk.counts)))

    def _steps(self, found: list[FunnelStep]) -> None:
        self.steps = found
        self.query_one(Funnel).show(found, self.desk.counts)

    # --- the table --------------------------------------------------------------------------------

    def _show_people(self) -> None:
        choice = self.choice
        self.ask(lambda s: (choice, count(s, choice)), self._counted)

    def _counted(self, found: tuple[Choice, int]) -> None:
        choice, total = found
        if choice == self.choice:  # else the cursor is on another status by now
            table = self.query_one("#enrollments", PagedTable)
            table.show(total, lambda offset, limit: self._page(choice, offset, limit))

    def _page(self, choice: Choice, offset: int, limit: int) -> list[TableRow]:
        return [self._row(line) for line in self.desk.ask(lambda s: page(s, choice, limit, offset))]

    def _row(self, line: EnrollmentLine) -> TableRow:
        zone = self.desk.zone
        return TableRow(
            RowKey(line.key, line.contact_id),
            (
                line.contact,
                Cell(line.company or NONE, "" if line.company else "dim"),
                day(line.enrolled_at, zone),
                line.last_step or Cell(NONE, "dim"),
                day(line.last_step_at, zone),
                Cell(status(line.status), TONES.get(line.status, "")),
                Cell(status(line.detail), "dim"),
            ),
        )

    def on_statuses_picked(self, message: Statuses.Picked) -> None:
        statuses = (message.status,) if message.status else ()
        if statuses != self.choice.statuses:
            self.choice = replace(self.choice, statuses=statuses)
            self._show_people()

    def on_paged_table_opened(self, message: PagedTable.Opened) -> None:
        key = message.row.key
        if isinstance(key, RowKey):
            self.app.push_screen(ContactScreen(self.desk, key.contact_id))

    def on_paged_table_chosen(self, message: PagedTable.Chosen) -> None:
        self.say(f"{plural(message.count, 'enrollment')} selected" if message.count else "", "$muted")

    def action_order(self) -> None:
        order = "last_step" if self.choice.order == "enrolled" else "enrolled"
        self.choice = replace(self.choice, order=order)
        self.say(f"Sorted by {'the last step' if order == 'last_step' else 'enrollment'}, newest first", "$muted")
        self._show_people()

    # --- acts -------------------------------------------------------------------------------------

    def action_pause(self) -> None:
        keys = self._chosen()
        self._ask_for("pause", keys, lambda s: commands.pause(s, keys, self.desk.who))

    def action_resume(self) -> None:
        keys = self._chosen()
        self._ask_for("resume", keys, lambda s: commands.resume(s, keys, self.desk.who))

    def action_unenroll(self) -> None:
        keys = self._chosen()
        if not keys:
            self._ask_for("unenroll", keys, lambda s: Asked(0))
            return

        def answered(yes: bool | None) -> None:
            if yes:
                self._ask_for("unenroll", keys, lambda s: commands.unenroll(s, keys, self.desk.who))

        self.app.push_screen(ConfirmScreen(f"Unenroll {plural(len(keys), 'enrollment')}?", _FINAL), answered)

    def _chosen(self) -> list[EnrollmentKey]:
        """What is selected, else the row under the cursor."""
        table = self.query_one("#enrollments", PagedTable)
        row = table.row_at(table.cursor)
        keys = list(table.chosen) or ([row.key] if row else [])
        return [key.enrollment for key in keys if isinstance(key, RowKey)]

    def _ask_for(self, act: str, keys: list[EnrollmentKey], do: Callable[[Session], Asked]) -> None:
        if not keys:
            self.say("Nobody is selected", "$muted")
            return
        self.ask(do, lambda asked: self._asked(act, asked))

    def _asked(self, act: str, asked: Asked) -> None:
        self.query_one("#enrollments", PagedTable).clear_chosen()
        over = f"; {plural(asked.ended, 'had', 'had')} ended already" if asked.ended else ""
        if not asked.asked:
            self.say(f"Nothing to {act}{over}", "$muted")
            return
        self.say(f"Asked to {act} {plural(asked.asked, 'enrollment')}; takes effect at the next tick{over}")


def _statuses(session: Session, name: str) -> dict[str, int]:
    return next((dict(line.statuses) for line in definitions(session) if line.name == name), {})
