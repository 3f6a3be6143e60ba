"""Saved talks, the newest first: of one playbook, or of one record."""

from __future__ import annotations

from textual.app import ComposeResult

from runtime.project.loading import Loaded
from runtime.reading import Pages
from runtime.talks.listing import Chosen, TalkLine, count_talks, page_of_talks, place_of_talk
from runtime.talks.saved_talks import Talk

from ..frame.desk import Desk
from ..frame.desk_screen import DeskScreen
from ..tables.cells import Cell, Column, TableRow
from ..tables.paged_table import PagedTable
from ..words import NONE, plural, when
from .saved_talk import SavedTalkScreen


class TalksScreen(DeskScreen):
    def __init__(self, desk: Desk, loaded: Loaded, chosen: Chosen, title: str) -> None:
        """`title`: what they are talks of."""
        super().__init__(desk)
        self.loaded, self.chosen = loaded, chosen
        self.heading = f"Talks: {title}"

    def body(self) -> ComposeResult:
        yield PagedTable(
            Column("When", 16),
            Column("About", share=3),
            Column("On the line", share=2, above=90),
            Column("Playbook", share=2, above=70),
            Column("Ended", share=2),
            Column("By", 10, above=60),
            Column("Revision", 8, right=True, above=80),
            empty="No talk is saved yet.",
            id="talks",
        )

    def arrive(self) -> None:
        self.query_one(PagedTable).focus()

    def load(self) -> None:
        self.ask(lambda s: count_talks(s, self.chosen), self._counted)

    def _counted(self, total: int) -> None:
        self.head(self.heading, plural(total, "talk"))

        def fetch(after: tuple[object, ...] | None, back: bool, skip: int, limit: int) -> list[TalkLine]:
            return self.desk.ask(lambda s: page_of_talks(s, self.desk.schema, self.chosen, limit, skip, after, back))

        pages = Pages(total, fetch, place_of_talk)
        table = self.query_one(PagedTable)
        table.show(total, lambda offset, limit: [self._row(line) for line in pages(offset, limit)], keep=True)

    def _row(self, line: TalkLine) -> TableRow:
        talk = line.talk
        known = self.loaded.program.conversations.get(("playbook", talk.name))
        cells = (
            Cell(when(talk.at, self.desk.zone), "dim"),
            line.record,
            line.person or Cell(NONE, "dim"),
            (known.label if known is not None else "") or talk.name,
            talk.outcome or Cell(NONE, "dim"),
            Cell(talk.by_user or NONE, "dim"),
            f"{talk.revision}" if talk.revision > 1 else Cell("1", "dim"),
        )
        return TableRow(talk, cells)

    def on_paged_table_opened(self, message: PagedTable.Opened) -> None:
        if isinstance(message.row.key, Talk):
            self.app.push_screen(SavedTalkScreen(self.desk, self.loaded, message.row.key))
