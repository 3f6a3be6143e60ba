"""One company: its people, deals and tickets, who of them is enrolled in what, and what they did last."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from textual.app import ComposeResult

from dsl.schema.model import Association
from runtime.pipelines.cards import Card, Which, cards, count, currency_of
from runtime.reading import Pages
from runtime.reading.companies import (
    EnrolledThere,
    Heard,
    count_enrolled_there,
    enrolled_there,
    heard_of,
    place_there,
)
from runtime.reading.values import money

from ..frame.desk import Desk
from ..frame.opening import open_record
from ..frame.tab_body import TabBody
from ..pipelines.card import Picked, picked, stage_label
from ..sequences.enrollment_table import EnrolledKey, EnrollmentTable
from ..sequences.statuses import stands
from ..tables.cells import Cell, Column, TableRow
from ..tables.paged_table import PagedTable
from ..words import NONE, status, when
from .record import RecordScreen
from .record_tabs import Happened, LinkedTo, OpenTasks, RecordTab


class CompanyScreen(RecordScreen):
    def tabs(self) -> Sequence[tuple[str, TabBody]]:
        of, id_, desk = self.object, self.record_id, self.desk
        tied = [(a.target.capitalize() + "s", TiedCards(desk, a, id_)) for a in _pipelined(desk)]
        return (
            ("Linked", LinkedTo(desk, of, id_)),
            *tied,
            ("Enrolled", EnrolledHere(desk, of, id_)),
            ("People did", PeopleDid(desk, of, id_)),
            ("Activity", Happened(desk, of, id_)),
            ("Tasks", OpenTasks(desk, id_)),
        )


def _pipelined(desk: Desk) -> Iterator[Association]:
    """From the deals, tickets .. to their company."""
    for of in dict.fromkeys(p.object for p in desk.schema.pipelines.values()):
        for association in desk.schema.objects[of].associations.values():
            if association.target == "company":
                yield desk.schema.objects["company"].associations[association.inverse]


class TiedCards(TabBody):
    """`by`: the association from the company to them."""

    def __init__(self, desk: Desk, by: Association, company: int) -> None:
        super().__init__(desk)
        self.by, self.company = by, company
        self.which = Which(linked=(by.inverse, company))

    def compose(self) -> ComposeResult:
        yield PagedTable(
            Column("Name", share=3),
            Column("Stage", share=2),
            Column("Owner", share=1),
            Column("Worth", 16, right=True, above=70),
            empty="There are none.",
        )

    def arrive(self) -> None:
        self.query_one(PagedTable).focus()

    def load(self) -> None:
        self.ask(lambda s: count(s, self.desk.schema, self.by.target, self.which), self._counted)

    def _counted(self, total: int) -> None:
        def fetch(after: tuple[object, ...] | None, back: bool, skip: int, limit: int) -> list[Card]:
            of, schema = self.by.target, self.desk.schema
            return self.desk.ask(lambda s: cards(s, schema, of, self.which, after, limit, back, skip))

        pages: Pages[Card] = Pages(total, fetch, lambda card: card.key)
        table = self.query_one(PagedTable)
        table.show(total, lambda offset, limit: [self._row(card) for card in pages(offset, limit)], keep=True)

    def _row(self, card: Card) -> TableRow:
        schema, of = self.desk.schema, self.by.target
        currency = currency_of(schema, of)
        worth = money(card.amount, currency) if card.amount is not None and currency else ""
        stage = stage_label(schema, of, card.pipeline, card.stage)
        return TableRow(picked(card), (card.name, stage or NONE, card.owner or Cell("nobody", "dim"), worth))

    def on_paged_table_opened(self, message: PagedTable.Opened) -> None:
        if isinstance(message.row.key, Picked):
            open_record(self, self.by.target, message.row.key.id)


class EnrolledHere(RecordTab):
    """The enrollments of its people, and its own."""

    def compose(self) -> ComposeResult:
        yield EnrollmentTable(
            Column("Who", share=2),
            Column("In", share=3),
            Column("Status", 12),
            Column("Since", 16, above=70),
            Column("Last step", share=2, above=90),
            empty="Nobody there was ever enrolled.",
            selectable=True,
            id="enrolled-here",
        )

    def load(self) -> None:
        self.ask(lambda s: count_enrolled_there(s, self.desk.schema, self.record_id), self._counted)

    def _counted(self, total: int) -> None:
        def fetch(after: tuple[object, ...] | None, back: bool, skip: int, limit: int) -> list[EnrolledThere]:
            id_, schema = self.record_id, self.desk.schema
            return self.desk.ask(lambda s: enrolled_there(s, schema, id_, limit, skip, after, back))

        pages: Pages[EnrolledThere] = Pages(total, fetch, place_there)
        self.table.show(total, lambda offset, limit: [self._row(line) for line in pages(offset, limit)], keep=True)

    def _row(self, line: EnrolledThere) -> TableRow:
        return TableRow(
            EnrolledKey(line.key, line.contact_id),
            (
                line.name,
                line.definition,
                stands(line.status, line.awaits),
                Cell(when(line.enrolled_at, self.desk.zone), "dim"),
                line.last_step or Cell(NONE, "dim"),
            ),
        )

    def on_paged_table_opened(self, message: PagedTable.Opened) -> None:
        match message.row.key:
            case EnrolledKey(_, contact) if contact != self.record_id:
                open_record(self, "contact", contact)


class PeopleDid(RecordTab):
    """The last events of its people."""

    def compose(self) -> ComposeResult:
        columns = Column("When", 16), Column("Who", share=2), Column("What", share=2)
        yield PagedTable(*columns, empty="Nobody there did anything yet.", id="people-did")

    def load(self) -> None:
        self.ask(lambda s: heard_of(s, self.desk.schema, self.record_id), self._show)

    def _show(self, found: list[Heard]) -> None:
        rows = [
            TableRow((nr, one.contact_id), (Cell(when(one.at, self.desk.zone), "dim"), one.name, status(one.event)))
            for nr, one in enumerate(found)
        ]
        self.table.show_rows(rows, keep=True)

    def on_paged_table_opened(self, message: PagedTable.Opened) -> None:
        match message.row.key:
            case (_, int(contact)):
                open_record(self, "contact", contact)
