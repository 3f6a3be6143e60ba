"""One deal, one ticket: the stages it went through and where it may go, with the acts of the board (P8)."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from runtime.errors import InvalidInput, UnknownName
from runtime.pipelines.page import Page, page
from runtime.project.loading import Settings
from runtime.reading.values import lasting
from runtime.store import meta
from runtime.store.session import Session

from ..frame.tab_body import TabBody
from ..pipelines.card import Picked, stage_label
from ..pipelines.card_acts import CardActs
from ..tables.cells import Cell, Column, TableRow
from ..tables.paged_table import PagedTable
from ..words import NONE, when
from .record import RecordScreen
from .record_tabs import RecordTab


class CardPage(CardActs, RecordScreen):
    card: Page | None = None

    def tabs(self) -> Sequence[tuple[str, TabBody]]:
        return (("Stages", Stages(self.desk, self.object, self.record_id)), *super().tabs())

    def load(self) -> None:
        super().load()
        self.ask(self._read, self._known)

    def _read(self, session: Session) -> Page | None:
        settings = self.desk.settings
        return _page_if_there(session, settings, self.object, self.record_id) if settings is not None else None

    def _known(self, found: Page | None) -> None:
        self.card = found

    def meant(self) -> list[Picked]:
        if self.card is None:
            return []
        c = self.card
        return [Picked(c.id, c.external_id, c.name, c.pipeline, c.stands, c.owner)]

    @property
    def begins_in(self) -> str | None:
        return self.card.pipeline if self.card else None


class Stages(RecordTab):
    def compose(self) -> ComposeResult:
        yield Static(id="place")
        yield PagedTable(
            Column("Stage", share=1),
            Column("For", 16),
            Column("Since", 16),
            Column("Until", 16, above=80),
            empty="It stands in no stage.",
            opens=False,
            id="stays",
        )

    def load(self) -> None:
        self.ask(self._read, self._show)

    def _read(self, session: Session) -> tuple[Page | None, int | None]:
        if self.desk.settings is None:
            raise InvalidInput("its stages are not known without the project", "open the app with `segue tui`")
        return _page_if_there(session, self.desk.settings, self.object, self.record_id), meta.clock(session)

    def _show(self, found: tuple[Page | None, int | None]) -> None:
        card, clock = found
        if card is None:
            self.query_one("#place", Static).update("")
            self.table.show_rows([])
            return
        self.query_one("#place", Static).update(Content("\n").join(self._place(card)))
        rows = []
        for nr, stay in enumerate(card.stays):
            until = stay.until if stay.until is not None else clock
            cells = (
                self._label(card, stay.stage),
                lasting(max(until - stay.since, 0)) if until is not None else NONE,
                Cell(when(stay.since, self.desk.zone), "dim"),
                Cell(when(stay.until, self.desk.zone) if stay.until is not None else "still", "dim"),
            )
            rows.append(TableRow(nr, cells))
        self.table.show_rows(rows, keep=True)

    def _place(self, card: Page) -> list[Content]:
        """Where it stands, where it may go, what waits, which moves were lost, what it should be tied to."""
        ways = ", ".join(self._way(card, stage) for stage in card.may_go_to) or "no other stage"
        known = self.desk.schema.pipelines.get((self.object, card.pipeline or ""))
        lines = [
            Content.assemble(
                (known.label if known else NONE, "bold $accent"), "  ", (self._label(card, card.stage), "bold")
            ),
            Content.assemble(("may go to ", "$muted"), ways),
        ]
        if card.stands != card.stage:
            lines.append(Content.assemble((f"asked to go to {self._label(card, card.stands)}", "$success")))
        elif card.waiting:
            lines.append(Content.assemble((f"{card.waiting} asked for and not done yet", "$success")))
        for lost in card.lost:
            to, stood = self._label(card, lost.to), self._label(card, lost.stood)
            words = (
                f"{lost.by} wanted it in {to} at {when(lost.at, self.desk.zone)}: not done, it stood in {stood} by then"
            )
            lines.append(Content.assemble((words, "$warning")))
        lacking = [tie.association for tie in card.ties if tie.lacking]
        if lacking:
            lines.append(Content.assemble((f"tied to no {', '.join(lacking)}, which the schema asks for", "$warning")))
        return lines

    def _way(self, card: Page, stage: str) -> str:
        """A stage, and what the card lacks for it."""
        lacking = card.lacking.get(stage)
        return self._label(card, stage) + (f" (not without {', '.join(lacking)})" if lacking else "")

    def _label(self, card: Page, stage: str | None) -> str:
        return stage_label(self.desk.schema, self.object, card.pipeline, stage) or NONE


def _page_if_there(session: Session, settings: Settings, of: str, id_: int) -> Page | None:
    """None where it was deleted meanwhile."""
    try:
        return page(session, settings, of, f"#{id_}")
    except UnknownName:
        return None
