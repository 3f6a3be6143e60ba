"""The tabs that the page of any record has: what is linked to it, what happened, what is to be done."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from runtime.reading import Moment, timeline, timeline_length
from runtime.reading.companies import OpenTask, tasks_about
from runtime.reading.records import Linked, RecordPage, record_page
from runtime.reading.timeline import SOURCES

from ..frame.desk import Desk
from ..frame.tab_body import TabBody
from ..tables.cells import Cell, Column, TableRow
from ..tables.paged_table import PagedTable
from ..today.task_table import TaskKey, TaskTable, to_do
from ..words import status, when

_TONES = {"event": "good", "step": "", "task": "warn", "note": "warn", "change": "dim"}
_NOTHING = "Nothing has happened yet."


class RecordTab(TabBody):
    def __init__(self, desk: Desk, of: str, id_: int) -> None:
        super().__init__(desk)
        self.object, self.record_id = of, id_

    @property
    def table(self) -> PagedTable:
        return self.query_one(PagedTable)

    def arrive(self) -> None:
        self.table.focus()


class LinkedTo(RecordTab):
    def compose(self) -> ComposeResult:
        columns = Column("Linked to", share=3), Column("As", share=1)
        yield PagedTable(*columns, empty="Nothing is linked to it.", id="linked")

    def load(self) -> None:
        self.ask(lambda s: record_page(s, self.desk.schema, self.object, self.record_id), self._show)

    def _show(self, found: RecordPage | None) -> None:
        self.table.show_rows([_linked(one) for one in found.linked] if found else [], keep=True)


class Happened(RecordTab):
    """Events, steps, tasks done, notes and properties that changed, the newest first; all of them or one sort."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("v", "kind", "Which", tooltip="all that happened, or events, steps, tasks, notes or changes alone"),
    ]
    sources: tuple[str, ...] = SOURCES

    def compose(self) -> ComposeResult:
        columns = Column("When", 16), Column("What", 18), Column("In", 18, above=70), Column("", share=1)
        yield PagedTable(*columns, empty=_NOTHING, opens=False, id="happened")

    def load(self) -> None:
        self._tell()

    def _tell(self, keep: bool = True) -> None:
        of, id_, schema, sources = self.object, self.record_id, self.desk.schema, self.sources
        self.ask(
            lambda s: timeline_length(s, id_, schema, sources, about=of),
            lambda total: self._counted(sources, total, keep),
        )

    def _counted(self, sources: tuple[str, ...], total: int, keep: bool) -> None:
        if sources == self.sources:  # else something else is looked at by now
            self.table.empty = _NOTHING if sources == SOURCES else f"No {sources[0]}; v shows others."
            self.table.show(total, lambda offset, limit: self._page(sources, offset, limit), keep)

    def _page(self, sources: tuple[str, ...], offset: int, limit: int) -> list[TableRow]:
        of, id_, desk = self.object, self.record_id, self.desk
        moments = desk.ask(lambda s: timeline(s, id_, desk.schema, limit, offset, sources, about=of))
        return [_moment(i, moment, desk.zone) for i, moment in enumerate(moments, offset)]

    def action_kind(self) -> None:
        order: list[tuple[str, ...]] = [SOURCES, *((one,) for one in SOURCES)]
        self.sources = order[(order.index(self.sources) + 1) % len(order)]
        told = "all that happened" if self.sources == SOURCES else f"{self.sources[0]}s alone"
        self.of.say(f"The timeline shows {told}", "$muted")
        self._tell(keep=False)


class OpenTasks(TabBody):
    def __init__(self, desk: Desk, id_: int) -> None:
        super().__init__(desk)
        self.record_id = id_

    def compose(self) -> ComposeResult:
        yield TaskTable(
            Column("Due", 16),
            Column("Task", share=3),
            Column("Kind", 6, above=60),
            Column("Whose", share=1),
            Column("From", share=2, above=80),
            empty="Nothing is to be done about it.",
            opens=False,
            selectable=True,
            id="to-do",
        )

    def arrive(self) -> None:
        self.query_one(PagedTable).focus()

    def load(self) -> None:
        self.ask(lambda s: tasks_about(s, self.record_id), self._show)

    def _show(self, found: list[OpenTask]) -> None:
        self.query_one(PagedTable).show_rows([self._row(task) for task in found], keep=True)

    def _row(self, task: OpenTask) -> TableRow:
        due, whose = Cell(when(task.due_at, self.desk.zone)), task.assignee or Cell("nobody", "warn")
        cells = (due, to_do(task.title, task.awaits), task.kind, whose, Cell(task.definition, "dim"))
        return TableRow(TaskKey(task.id, task.contact_id, assignee=task.assignee), cells)


def _linked(one: Linked) -> TableRow:
    return TableRow(one, (one.name, Cell(one.association.replace("_", " "), "dim")))


def _moment(nr: int, moment: Moment, zone: str) -> TableRow:
    name = {"change": f"{moment.name} changed", "task": f"task {moment.name}"}.get(moment.source, moment.name)
    cells = (
        Cell(when(moment.at, zone), "dim"),
        Cell(status(name), _TONES[moment.source]),
        Cell(moment.of or "", "dim"),
        moment.words,
    )
    return TableRow(nr, cells)
