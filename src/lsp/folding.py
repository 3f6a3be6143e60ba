"""What of a file can be folded away: blocks, lists, long texts, and comments that stand together."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from dsl.source import Source
from dsl.syntax.machine import machine
from dsl.syntax.nodes import Comment
from runtime.project.loading import table_file

_OPENS = {"LBRACE": "RBRACE", "LSQB": "RSQB", "LPAR": "RPAR"}


@dataclass(frozen=True, slots=True)
class Fold:
    """Offsets; `comment` says what it is."""

    start: int
    end: int
    comment: bool = False


def folds(source: Source) -> list[Fold]:
    """Those of more than one line."""
    read = machine(table_file()).lexer.read(source.name, source.text)
    found: list[Fold] = []
    opened: list[tuple[str, int]] = []
    for token in read.tokens:
        if token.type in _OPENS:
            opened.append((_OPENS[token.type], token.start))
        elif opened and token.type == opened[-1][0]:
            found.append(Fold(opened.pop()[1], token.end))
        elif token.type == "TEXT":
            found.append(Fold(token.start, token.end))
    found += _comments(source, read.comments)
    return [fold for fold in found if "\n" in source.text[fold.start : fold.end]]


def _comments(source: Source, comments: list[Comment]) -> Iterator[Fold]:
    own = [comment for comment in comments if comment.own_line]
    at = 0
    while at < len(own):
        last = at
        while last + 1 < len(own) and _follows(source, own[last], own[last + 1]):
            last += 1
        yield Fold(own[at].span.start, own[last].span.end, comment=True)
        at = last + 1


def _follows(source: Source, one: Comment, other: Comment) -> bool:
    return source.position(other.span.start)[0] == source.position(one.span.end)[0] + 1
