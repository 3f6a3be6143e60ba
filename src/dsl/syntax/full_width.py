"""Full-width punctuation outside quotes: typed by habit on a Japanese keyboard, meant as its narrow twin."""

from __future__ import annotations

import re

from ..diagnostics.diagnostic import Diagnostic
from . import wording

# U+FF01..FF5E mirror ASCII; letters stay, they are words. The rest are the twins outside that range.
_NARROW = {chr(ord(c) + 0xFEE0): c for c in '!"#%()+,-.0123456789:<=>[]_{}'}
_NARROW |= {"、": ",", "。": ".", "“": '"', "”": '"', "「": '"', "」": '"'}
_WIDE = re.compile("[" + "".join(map(re.escape, _NARROW)) + "]")
_QUOTES = "“”「」＂"
_PARTS = re.compile(
    rf'(?P<keep>"""[\s\S]*?(?:"""|\Z)|"(?:[^"\\\n]|\\[^\n])*"?|#[^\n]*)|[{_QUOTES}][^"{_QUOTES}\n]*["{_QUOTES}]|{_WIDE.pattern}'
)


def replaced(file: str, text: str) -> tuple[str, list[Diagnostic]]:
    """The text with narrow punctuation, of the same length, and one finding for each line that had any."""
    if text.isascii() or not _WIDE.search(text):
        return text, []
    places: list[int] = []
    for part in _PARTS.finditer(text):
        if part["keep"] is None:
            ends = {part.start(), part.end() - 1}
            places.extend(sorted(i for i in ends if text[i] in _NARROW))
    narrow = list(text)
    for place in places:
        narrow[place] = _NARROW[text[place]]
    return "".join(narrow), [wording.full_width(file, line, text[line[0][0]]) for line in _lines(text, places)]


def _lines(text: str, places: list[int]) -> list[list[tuple[int, str]]]:
    """The places with what should stand there, line by line."""
    lines: list[list[tuple[int, str]]] = []
    for place in places:
        if not lines or "\n" in text[lines[-1][-1][0] : place]:
            lines.append([])
        lines[-1].append((place, _NARROW[text[place]]))
    return lines
