"""Offsets of a text as an editor counts them: lines from 0, columns in units of UTF-16, or what was agreed on."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable
from functools import lru_cache

Units = Callable[[str], int]  # how many units a piece of text has: pygls' codec knows
Position = tuple[int, int]  # line, column in units
_LINE_END = re.compile(r"\r\n|\n|\r")


class Lines:
    """One text. Lines end as the protocol says: by LF, CR LF or CR alone, and by nothing else."""

    def __init__(self, text: str) -> None:
        self._text = text
        ends = [(m.start(), m.end()) for m in _LINE_END.finditer(text)]
        self._starts = [0, *(after for _, after in ends)]
        self._ends = [*(before for before, _ in ends), len(text)]

    def position(self, offset: int, units: Units) -> Position:
        """Where a character is; an offset outside the text means its nearest end."""
        offset = max(0, min(offset, len(self._text)))
        line = bisect_right(self._starts, offset) - 1
        return line, units(self._text[self._starts[line] : min(offset, self._ends[line])])

    def offset(self, line: int, column: int, units: Units) -> int:
        """The character there; a place outside means the nearest one, one within a character the start of it."""
        if line < 0 or line >= len(self._starts):
            return 0 if line < 0 else len(self._text)
        start, end = self._starts[line], self._ends[line]
        if column <= 0:
            return start
        if units(self._text[start:end]) == end - start:
            return min(start + column, end)
        taken = 0
        for at in range(start, end):
            taken += units(self._text[at])
            if taken > column:
                return at
        return end

    @property
    def count(self) -> int:
        return len(self._starts)


@lru_cache(maxsize=256)
def lines_of(text: str) -> Lines:
    """The lines of a text, kept for the next request."""
    return Lines(text)
