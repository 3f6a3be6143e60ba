"""Lines of a drawing: pieces of text, each with what it is, and how they are cut to a width."""

from __future__ import annotations

from typing import NamedTuple

from dsl.diagnostics.columns import shown, width


class Piece(NamedTuple):
    """`role`: head, label, value, bar, line (of further series line2, line3 ..), axis, target, reached, missing, or ""
    for what is between."""

    text: str
    role: str


Line = tuple[Piece, ...]


def text_of(line: Line) -> str:
    """As it is printed without colour."""
    return "".join(piece.text for piece in line).rstrip()


def cut(text: str, columns: int, fill: bool = False) -> str:
    """At most so many columns wide, with `…` where something is left out; `fill`: exactly so wide."""
    text = shown(text)
    if width(text) > columns:
        kept = ""
        for c in text:
            if width(kept + c) > columns - 1:
                break
            kept += c
        text = kept + "…" if columns > 0 else ""
    return text + " " * (columns - width(text)) if fill else text


def fitted(line: Line, columns: int) -> Line:
    """The line, cut at the end where it would be wider."""
    pieces, left = [], columns
    for piece in line:
        if width(piece.text) > left:
            pieces.append(Piece(cut(piece.text, left), piece.role))
            break
        pieces.append(piece)
        left -= width(piece.text)
    return tuple(pieces)
