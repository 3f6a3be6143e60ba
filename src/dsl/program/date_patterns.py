"""How the filters `date` and `time` may write: a style, a pattern of CLDR, or one of strftime, told by its `%` (X36).

What no pattern can be is refused here, before it runs: at run time it would stop the worker in the middle of its mails.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

STYLES = ("short", "medium", "long", "full")
# What Liquid's authors write in `date`, as CLDR says it.
_STRFTIME = {
    "%Y": "yyyy", "%y": "yy", "%m": "MM", "%-m": "M", "%B": "MMMM", "%b": "MMM", "%d": "dd", "%-d": "d", "%e": "d",
    "%A": "EEEE", "%a": "EEE", "%H": "HH", "%-H": "H", "%I": "hh", "%-I": "h", "%M": "mm", "%S": "ss", "%p": "a",
    "%j": "D", "%%": "'%'",
}  # fmt: skip
# How often each letter may stand in a row; a letter that is not here is text.
_ANY = range(1, 100)
_OF_DAYS = {
    "G": range(1, 6), "y": _ANY, "Y": _ANY, "u": _ANY, "Q": range(1, 6), "q": range(1, 6), "M": range(1, 6),
    "L": range(1, 6), "w": range(1, 3), "W": range(1, 2), "d": range(1, 3), "D": range(1, 4), "F": range(1, 2),
    "g": range(0), "E": range(1, 7), "e": range(1, 7), "c": (1, 3, 4, 5, 6),
}  # fmt: skip
_OF_CLOCKS = {
    "a": range(1, 6), "b": range(1, 6), "B": range(1, 6), "h": range(1, 3), "H": range(1, 3), "K": range(1, 3),
    "k": range(1, 3), "m": range(1, 3), "s": range(1, 3), "S": _ANY, "A": _ANY, "z": range(1, 5), "Z": range(1, 6),
    "O": (1, 4), "v": (1, 4), "V": range(1, 5), "x": range(1, 6), "X": range(1, 6),
}  # fmt: skip


def in_cldr(style: str) -> str:
    """The pattern as CLDR writes it; a style stays one."""
    if "%" not in style:
        return style
    return "".join(_STRFTIME.get(piece) or _quoted(piece) for piece in re.split(r"(%-?[A-Za-z%])", style))


def misread(style: str, with_clock: bool) -> str | None:
    """The first letters that no date has, or no date without a clock; None where the pattern can be read."""
    if style in STYLES:
        return None
    known = _OF_DAYS | _OF_CLOCKS
    for run in _letters(in_cldr(style)):
        if run[0] in known and len(run) not in (known if with_clock else _OF_DAYS).get(run[0], ()):
            return run
    return None


def _letters(pattern: str) -> Iterator[str]:
    """Runs of one letter outside quotes."""
    return (found.group() for found in re.finditer(r"([A-Za-z])\1*", re.sub(r"'[^']*'?", " ", pattern)))


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'" if any(c.isalpha() or c == "'" for c in text) else text
