"""Declarations and the comments between them, one under the other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from ..source import Span
from ..syntax import nodes as n
from ..values import dataclass


@dataclass(frozen=True, slots=True)
class Printed:
    """One declaration in its layout, the place it was written at, and the comments before it."""

    text: str
    span: Span
    comments: Sequence[n.Comment]

    @property
    def tall(self) -> bool:
        return "\n" in self.text


@dataclass(frozen=True, slots=True)
class _Piece:
    text: str
    span: Span
    beside: bool = False  # a comment on the line of what stands before it


def joined(source: str, declarations: Sequence[Printed], last: Sequence[n.Comment]) -> str:
    """The text of a file. One blank line around a declaration of several lines; elsewhere where the author had any."""
    out: list[str] = []
    end, above = 0, False  # where what is printed ended in the source; whether it was a declaration of several lines
    for declaration in declarations:
        gap = [*_pieces(declaration.comments), _Piece(declaration.text, declaration.span)]
        out += _gap(source, end, gap, bool(out) and (above or declaration.tall))
        end, above = declaration.span.end, declaration.tall
    out += _gap(source, end, list(_pieces(last)), False)
    return "".join(out).lstrip("\n") + ("\n" if out else "")


def _pieces(comments: Iterable[n.Comment]) -> Iterator[_Piece]:
    return (_Piece(comment.text, comment.span, not comment.own_line) for comment in comments)


def _gap(source: str, end: int, pieces: Sequence[_Piece], demanded: bool) -> Iterator[str]:
    """The pieces, each with what sets it off from the one before. `demanded`: one blank line at least."""
    ends = [end, *(piece.span.end for piece in pieces)]
    blank = [source.count("\n", e, p.span.start) > 1 for e, p in zip(ends, pieces, strict=False)]
    demanded = demanded and not any(blank)
    for piece, apart in zip(pieces, blank, strict=True):
        if piece.beside:
            yield f"  {piece.text}"
        else:
            yield ("\n\n" if apart or demanded else "\n") + piece.text
            demanded = False
