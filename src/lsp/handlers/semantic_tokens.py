"""What each word of a file is."""

from __future__ import annotations

from collections.abc import Iterable

from lsprotocol import types

from dsl.source import Source

from ..coloring import MODIFIERS, TYPES, Colored, colored
from ..server import SegueServer

_LEGEND = types.SemanticTokensLegend(TYPES, MODIFIERS)
FEATURE, OPTIONS = types.TEXT_DOCUMENT_SEMANTIC_TOKENS_FULL, _LEGEND
_NUMBERS = {name: number for number, name in enumerate(TYPES)}


def answer(server: SegueServer, params: types.SemanticTokensParams) -> types.SemanticTokens | None:
    found = server.source(params.text_document.uri)
    return packed(server, found[1], colored(*found)) if found else None


def packed(server: SegueServer, source: Source, parts: Iterable[Colored]) -> types.SemanticTokens:
    """Five numbers each: how many lines and columns further, how long, type, modifiers."""
    numbers: list[int] = []
    line = column = 0
    for part in parts:
        where = server.range_of(source, part.start, part.end)
        start = where.start
        further = start.character - (column if start.line == line else 0)
        length = where.end.character - start.character
        numbers += [start.line - line, further, length, _NUMBERS[part.type], int(part.declares)]
        line, column = start.line, start.character
    return types.SemanticTokens(numbers)
