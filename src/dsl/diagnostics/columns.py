"""How wide text is on a terminal: Japanese glyphs take two columns, tabs four, combining marks none."""

from __future__ import annotations

import unicodedata

TAB = "    "
_INVISIBLE = ("Mn", "Me", "Cf")


def shown(text: str) -> str:
    """The text as it may be printed: tabs as spaces, control and direction characters as a mark.

    A rule file must not be able to move the cursor or colour the terminal of the one who checks it.
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(_shown_character(c) for c in text)


def width(text: str) -> int:
    """Columns that `shown(text)` takes."""
    if text.isascii() and text.isprintable():
        return len(text)
    return sum(_width(c) for c in shown(text))


def _shown_character(c: str) -> str:
    if c == "\t":
        return TAB
    # Joiners stand inside emoji and some scripts; every other format or control character is made visible.
    if unicodedata.category(c) in ("Cc", "Cf", "Cs", "Zl", "Zp") and c not in "\u200c\u200d":
        return "\ufffd"
    return c


def _width(c: str) -> int:
    if unicodedata.category(c) in _INVISIBLE:
        return 0
    return 2 if unicodedata.east_asian_width(c) in "WF" else 1
