"""The last thing before the terminal: whatever a contact calls itself, it moves no cursor and colours nothing."""

from __future__ import annotations

import re

from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

# Control characters, and those that turn the direction of writing. They take no cell, so none moves without them.
_SIGNS = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]")


class Harmless(LineFilter):
    """Takes out of every line what a terminal would obey instead of showing it."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        if all(segment.text.isprintable() for segment in segments):
            return segments
        return [
            segment if segment.control else Segment(_SIGNS.sub("", segment.text), segment.style) for segment in segments
        ]
