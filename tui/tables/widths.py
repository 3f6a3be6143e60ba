"""How wide the columns of a table are: fixed ones first, the others share what is left."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len

from .cells import Column, TableRow, text_of

GAP = "  "
_LEAST = 6  # cells of a column that shares
_TITLE = 10  # cells of a title that are kept where there is little room
_LONGEST = 200  # characters that a snug column looks at


class Widths:
    """Snug columns grow with what is read and never shrink under the eyes of who reads."""

    def __init__(self, columns: Sequence[Column]) -> None:
        self.columns = columns
        self._longest: dict[int, int] = {}  # cells of the longest text seen, of each snug column

    def forget(self) -> None:
        """There are other rows."""
        self._longest.clear()

    def fit(self, rows: Sequence[TableRow]) -> None:
        for i in (i for i, column in enumerate(self.columns) if column.snug):
            longest = max((cell_len(text_of(row.cells[i])[:_LONGEST]) for row in rows), default=0)
            self._longest[i] = max(self._longest.get(i, 0), longest)

    def of(self, room: int, table: int) -> list[int]:
        """The cells of each column, 0 where there is no room for it. `room` is what they and their gaps may take of a
        table of so many cells."""
        shown = [i for i, column in enumerate(self.columns) if column.above <= table]
        rest = max(room - sum(self.columns[i].width + len(GAP) for i in shown), 0)
        widths = [column.width if i in shown else 0 for i, column in enumerate(self.columns)]
        sharing = {i: self.columns[i].share for i in shown if self.columns[i].share}
        wants = self._wants([i for i in sharing if self.columns[i].snug], rest)
        rest = max(rest - _LEAST * len(wants), 0)
        for i in sorted(wants, key=lambda i: (wants[i] - _LEAST) / sharing[i]):  # who needs little leaves the rest
            more = min(rest * sharing[i] // sum(sharing.values()), wants[i] - _LEAST)
            widths[i], rest = _LEAST + more, rest - more
            del sharing[i]
        for i, share in sharing.items():
            widths[i] = max(rest * share // sum(sharing.values()), _LEAST)
        return widths

    def _wants(self, snug: Sequence[int], rest: int) -> dict[int, int]:
        """The cells that each snug column can make use of; where there are too few, titles give way first."""
        titles = {i: cell_len(self.columns[i].title) for i in snug}
        whole = {i: max(self._longest.get(i, 0), titles[i], _LEAST) for i in snug}
        if sum(whole.values()) <= rest:
            return whole
        return {i: max(self._longest.get(i, 0), min(titles[i], _TITLE), _LEAST) for i in snug}
