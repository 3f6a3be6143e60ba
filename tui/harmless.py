"""The last thing before the terminal: whatever a contact calls itself, it moves no cursor and colours nothing."""

from __future__ import annotations

import re
from functools import lru_cache

from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

# Control characters, and those that turn the direction of writing. They take no cell, so none moves without them.
_SIGNS = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]")


class Harmless(LineFilter):
    """Takes out of every line what a terminal would obey instead of showing it.

    `first` is a filter that goes before it, in one go: every filter by itself makes each line that is drawn anew."""

    def __init__(self, first: LineFilter | None) -> None:
        super().__init__()
        self._first = first

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        if self._first is not None:
            segments = self._first.apply(segments, background)
        if all(segment.text.isprintable() for segment in segments):
            return segments
        return [
            segment if segment.control else Segment(_SIGNS.sub("", segment.text), segment.style) for segment in segments
        ]


harmless_after = lru_cache(maxsize=4)(Harmless)  # the same each time: lines are kept by the filter that made them
