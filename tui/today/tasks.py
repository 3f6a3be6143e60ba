"""What people have to do, the most urgent first: mine, those of nobody, everybody's. Done or skipped, a sequence that
waits for a task goes on at the next tick."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from runtime.reading import Pages, called
from runtime.reading.tasks import NOBODY, Task, count_tasks, page_of_tasks, place_of_task
from runtime.store import meta
from runtime.store.session import Session

from ..frame.desk import Desk
from ..frame.desk_screen import DeskScreen
from ..frame.opening import open_record
from ..tables.cells import Cell, Column, TableRow
from ..tables.paged_table import PagedTable
from ..words import NONE, plural, selected, when
from .task_table import TaskKey, TaskTable, to_do


class TasksScreen(DeskScreen):
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("m", "whose", "Whose", tooltip="mine, nobody's, everybody's"),
        Binding("v", "overdue", "Which", tooltip="those overdue alone, or all that are open"),
    ]
    heading = "Tasks"

    def __init__(self, desk: Desk, *whose: str, overdue: bool = False) -> None:
        """Mine at first, or those of another; `overdue`: these alone."""
        super().__init__(desk)
        self.whose: str | None = whose[0] if whose else desk.user
        self.overdue = overdue
        self.clock: int | None = None

    def body(self) -> ComposeResult:
        yield TaskTable(
            Column("Due", 18),
            Column("Task", share=4),
            Column("Contact", share=2),
            Column("Company", share=2, above=110),
            Column("Kind", 8, above=90),
            Column("For", 10, above=70),
            Column("Priority", 8, above=100),
            Column("Of", share=2, above=120),
            empty="Nothing to do.",
            selectable=True,
            id="tasks",
        )

    def arrive(self) -> None:
        self.query_one(PagedTable).focus()

    def load(self) -> None:
        asked = (self.whose, self.overdue)
        self.ask(lambda s: _counts(s, asked[0]), lambda found: self._counted(asked, *found))

    def _counted(self, asked: tuple[str | None, bool], clock: int | None, total: int, overdue: int) -> None:
        if asked != (self.whose, self.overdue):  # others are looked at by now
            return
        whose, late = asked[0], (clock or 0) if asked[1] else None
        self.clock = clock
        said = {None: "everybody's", NOBODY: "nobody's"}.get(whose, f"{whose}'s")
        self.head(self.heading, f"{said}: {plural(total, 'task')}, {overdue:,} overdue (!)")
        table = self.query_one(PagedTable)
        table.empty = "Nothing to do." if whose is None else f"Nothing of {said} to do; m shows others."
        if late is not None:
            total, table.empty = overdue, f"Nothing of {said} is overdue; v shows all that are open."

        def fetch(after: tuple[object, ...] | None, back: bool, skip: int, limit: int) -> list[Task]:
            schema = self.desk.schema
            return self.desk.ask(lambda s: called(s, schema, page_of_tasks(s, whose, limit, skip, after, back, late)))

        pages = Pages(total, fetch, place_of_task)
        table.show(total, lambda offset, limit: [self._row(task) for task in pages(offset, limit)], keep=True)

    def _row(self, task: Task) -> TableRow:
        late = task.due_at is not None and self.clock is not None and task.due_at < self.clock
        return TableRow(
            TaskKey(task.id, task.contact_id, task.object, task.assignee),
            (
                Cell(when(task.due_at, self.desk.zone) + " !" * late, "bad" if late else ""),
                to_do(task.title, task.awaits),
                task.contact,
                Cell(task.company or NONE, "dim"),
                task.kind,
                task.assignee or Cell("nobody", "warn"),
                Cell(task.priority or NONE, "warn" if task.priority == "high" else "dim"),
                Cell(task.definition, "dim"),
            ),
        )

    def on_paged_table_opened(self, message: PagedTable.Opened) -> None:
        if isinstance(message.row.key, TaskKey):
            open_record(self, message.row.key.object, message.row.key.contact_id)

    def action_whose(self) -> None:
        order = (self.desk.user, NOBODY, None)
        at = order.index(self.whose) if self.whose in order else -1  # another's
        self.whose = order[(at + 1) % len(order)]
        self.query_one(PagedTable).expect()
        self.load()

    def action_overdue(self) -> None:
        self.overdue = not self.overdue
        self.query_one(PagedTable).expect()
        self.load()

    def on_paged_table_chosen(self, message: PagedTable.Chosen) -> None:
        self.say(selected(message.count, "task", message.left_out), "$muted")


def _counts(session: Session, whose: str | None) -> tuple[int | None, int, int]:
    clock = meta.clock(session)
    return clock, count_tasks(session, whose), count_tasks(session, whose, clock or 0)
