"""How many took which way at each block of a workflow, and who waits there; opened, a step shows its people."""

from __future__ import annotations

from collections import Counter

from textual.app import ComposeResult

from runtime.metrics import Filters, Place
from runtime.operators.reporting import Asked
from runtime.reading import DefinitionLine, definitions
from runtime.reading.ways import Way, goals, ways
from runtime.store.session import Session

from ..frame.desk import Desk
from ..frame.tab_body import TabBody
from ..sequences.at_step import StepOpened
from ..tables.cells import Cell, Column, TableRow
from ..tables.paged_table import PagedTable
from ..words import NONE, bar, plural

_BAR = 20
_TONES = {"yes": "good", "no": "warn", "not in time": "warn"}


class Ways(TabBody):
    def __init__(self, desk: Desk, name: str) -> None:
        super().__init__(desk)
        self.name_ = name
        self.found: list[Way] = []

    def compose(self) -> ComposeResult:
        yield PagedTable(
            Column("Step", share=3, snug=True),
            Column("Came of it", 16),
            Column("How many", 9, right=True),
            Column("", 6, right=True),
            Column("", _BAR, above=110),
            Column("Waiting", 7, right=True),
            Column("Errors", 7, right=True, above=90),
            empty="Nobody has come to a step yet.",
            id="taken",
        )

    def arrive(self) -> None:
        self.query_one(PagedTable).focus()

    def load(self) -> None:
        self.work_out(lambda s: ways(s, self.name_), self._show)
        self.work_out(self._ends, self._told)

    def _ends(self, session: Session) -> tuple[DefinitionLine | None, int]:
        line = next((line for line in definitions(session, "workflow") if line.name == self.name_), None)
        return line, goals(session).get(line.id, 0) if line else 0

    def _told(self, found: tuple[DefinitionLine | None, int]) -> None:
        """How it ended for those who ran through it, on the line on top."""
        line, reached = found
        if line:
            errors = line.statuses.get("errored", 0)
            ends = f"{plural(line.enrollments, 'run')} · {reached:,} reached the goal · {plural(errors, 'error')}"
            self.of.head(self.of.heading, ends)

    def _show(self, found: list[Way]) -> None:
        self.found = found
        sums = Counter[tuple[Place, ...]]()
        for way in found:
            sums[way.places] += way.count
        before = [None, *found]
        rows = [
            _row(way, sums[way.places], bool(b and b.places == way.places))
            for b, way in zip(before, found, strict=False)
        ]
        self.query_one(PagedTable).show_rows(rows, keep=True)

    def on_paged_table_opened(self, message: PagedTable.Opened) -> None:
        way = next(way for way in self.found if _key(way) == message.row.key)
        self.post_message(StepOpened(way.label, way.places, Filters(), Asked()))


def _row(way: Way, all_: int, again: bool) -> TableRow:
    """Its label once, where several ways follow each other; shares of all that came there."""
    label = way.label + ("  (older version)" if way.old else "")
    share = way.count / all_ if all_ else 0
    return TableRow(
        _key(way),
        (
            Cell(label, "dim" if again or way.old else ""),
            Cell(way.way.replace("_", " "), _TONES.get(way.way, "") if way.branches else "dim"),
            f"{way.count:,}" if way.way else Cell(NONE, "dim"),
            Cell(f"{share:.0%}" if way.branches else "", "dim"),
            Cell(bar(share, _BAR) if way.branches else "", "bar"),
            Cell(f"{way.waiting:,}" if way.waiting else "", "warn"),
            Cell(f"{way.errored:,}" if way.errored else "", "bad"),
        ),
    )


def _key(way: Way) -> tuple[str, int, str]:
    return way.label, way.nr, way.way
