"""The tabs that the page of any record has: what is linked to it, what happened, what is to be done."""

from __future__ import annotations

from textual.app import ComposeResult

from runtime.reading import Moment, timeline, timeline_length
from runtime.reading.companies import OpenTask, tasks_about
from runtime.reading.records import Linked, RecordPage, record_page

from .desk import Desk
from .paged_table import Cell, Column, PagedTable, TableRow
from .tab_body import TabBody
from .words import status, when

_TONES = {"event": "good", "step": "", "task": "warn", "note": "warn", "change": "dim"}


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
    """Events, steps, tasks done, notes and properties that changed, the newest first."""

    def compose(self) -> ComposeResult:
        columns = Column("When", 16), Column("What", 18), Column("In", 18, above=70), Column("", share=1)
        yield PagedTable(*columns, empty="Nothing has happened yet.", opens=False, id="happened")

    def load(self) -> None:
        self.ask(lambda s: timeline_length(s, self.record_id, self.desk.schema, about=self.object), self._counted)

    def _counted(self, total: int) -> None:
        self.table.show(total, self._page, keep=True)

    def _page(self, offset: int, limit: int) -> list[TableRow]:
        of, id_, desk = self.object, self.record_id, self.desk
        moments = desk.ask(lambda s: timeline(s, id_, desk.schema, limit, offset, about=of))
        return [_moment(i, moment, desk.zone) for i, moment in enumerate(moments, offset)]


class OpenTasks(TabBody):
    def __init__(self, desk: Desk, id_: int) -> None:
        super().__init__(desk)
        self.record_id = id_

    def compose(self) -> ComposeResult:
        yield PagedTable(
            Column("Due", 16),
            Column("Task", share=3),
            Column("Kind", 6, above=60),
            Column("Whose", share=1),
            Column("From", share=2, above=80),
            empty="Nothing is to be done about it.",
            opens=False,
            id="to-do",
        )

    def arrive(self) -> None:
        self.query_one(PagedTable).focus()

    def load(self) -> None:
        self.ask(lambda s: tasks_about(s, self.record_id), self._show)

    def _show(self, found: list[OpenTask]) -> None:
        rows = [self._row(i, task) for i, task in enumerate(found)]
        self.query_one(PagedTable).show_rows(rows, keep=True)

    def _row(self, nr: int, task: OpenTask) -> TableRow:
        due, whose = Cell(when(task.due_at, self.desk.zone)), task.assignee or Cell("nobody", "warn")
        return TableRow(nr, (due, task.title, task.kind, whose, Cell(task.definition, "dim")))


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
