"""What tables and columns are called. One place, so that nobody guesses."""

from __future__ import annotations

import unicodedata

# Chinese characters, kana and hangul, by the codes of their letters: who writes a name in them has the family's first
# (decision 0043).
_FAMILY_FIRST = ((0x2E80, 0x9FFF), (0xAC00, 0xD7AF), (0xF900, 0xFAFF), (0xFF66, 0xFFDC), (0x20000, 0x3FFFF))


def quoted(name: str) -> str:
    """A name as SQL writes it, on both databases; it may be any Unicode word."""
    return '"' + name.replace('"', '""') + '"'


def event_table(kind: str) -> str:
    return f"event_{kind}"


def link_table(owner: str, association: str) -> str:
    """One direction of an association: rows (bucket, id, to_bucket, to_id, at) from `owner`."""
    return f"link_{owner}_{association}"


def folded_column(property_name: str) -> str:
    """The column beside a text property that comparisons read (X31)."""
    return f"{property_name}__n"


def begins_with(column: str, parameter: str) -> str:
    """SQL of whether the text `column`, kept folded, begins with what `:parameter` holds, folded too (X31)."""
    return f"substr({column}, 1, length(:{parameter})) = :{parameter}"


def folded(text: str) -> str:
    """Text as comparisons see it: width and case ignored, the same on both databases (X31)."""
    return unicodedata.normalize("NFKC", text).casefold()


def both_names(first: str, last: str) -> str:
    """SQL of a whole name, out of the SQL of its two parts, in the order of its script; a blank where both are missing.
    SQLite knows `ascii` from `patterns`."""
    given, family, letter = f"coalesce({first}, '')", f"coalesce({last}, '')", f"ascii({last})"
    scripts = " OR ".join(f"{letter} BETWEEN {low} AND {high}" for low, high in _FAMILY_FIRST)
    turned = f"{letter} >= {_FAMILY_FIRST[0][0]} AND ({scripts})"  # letters of the West are asked once
    return f"CASE WHEN {turned} THEN {family} || ' ' || {given} ELSE {given} || ' ' || {family} END"


def given_name(name: str) -> str:
    """The given one of a whole name as its owner writes it; a name of one word is that word."""
    words = name.split(maxsplit=1)
    if not words:
        return ""
    family_first = any(low <= ord(words[0][0]) <= high for low, high in _FAMILY_FIRST)
    return words[-1] if family_first else words[0]
