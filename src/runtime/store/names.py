"""What tables and columns are called. One place, so that nobody guesses."""

from __future__ import annotations

import unicodedata


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
