"""How many took which way at each block of a workflow."""

from __future__ import annotations

from textual.app import ComposeResult

from runtime.reading import DefinitionLine, definitions
from runtime.reading.ways import Way, goals, ways
from runtime.store.session import Session

from ..frame.desk import Desk
from ..frame.tab_body import TabBody
from ..tables.cells import Cell, Column, TableRow
from ..tables.paged_table import PagedTable
from ..words import bar, plural

_BAR = 20
_TONES = {"yes": "good", "no": "warn", "not in time": "warn"}


class Ways(TabBody):
    def __init__(self, desk: Desk, name: str) -> None:
        super().__init__(desk)
        self.name_ = name

    def compose(self) -> ComposeResult:
        yield PagedTable(
            Column("Step", share=3, snug=True),
            Column("Came of it", 16),
            Column("How many", 9, right=True),
            Column("", 6, right=True),
            Column("", _BAR, above=100),
            empty="Nobody has come to a step yet.",
            opens=False,
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
        sums: dict[tuple[str, bool], int] = {}
        for way in found:
            sums[way.label, way.old] = sums.get((way.label, way.old), 0) + way.count
        rows, last = [], None
        for way in found:
            rows.append(_row(way, sums[way.label, way.old], way.label == last))
            last = way.label
        self.query_one(PagedTable).show_rows(rows, keep=True)


def _row(way: Way, all_: int, again: bool) -> TableRow:
    """Its label once, where several ways follow each other; shares of all that came there."""
    label = way.label + ("  (older version)" if way.old else "")
    share = way.count / all_ if all_ else 0
    return TableRow(
        (way.label, way.way, way.old),
        (
            Cell(label, "dim" if again or way.old else ""),
            Cell(way.way.replace("_", " "), _TONES.get(way.way, "") if way.branches else "dim"),
            f"{way.count:,}",
            Cell(f"{share:.0%}" if way.branches else "", "dim"),
            Cell(bar(share, _BAR) if way.branches else "", "bar"),
        ),
    )
