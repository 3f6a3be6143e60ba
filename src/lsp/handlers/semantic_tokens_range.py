"""What each word of a part of a file is."""

from __future__ import annotations

from lsprotocol import types

from ..coloring import MODIFIERS, TYPES, colored
from ..server import SegueServer
from .semantic_tokens import packed

FEATURE = types.TEXT_DOCUMENT_SEMANTIC_TOKENS_RANGE
OPTIONS = types.SemanticTokensLegend(TYPES, MODIFIERS)


def answer(server: SegueServer, params: types.SemanticTokensRangeParams) -> types.SemanticTokens | None:
    found = server.source(params.text_document.uri)
    if found is None:
        return None
    span = server.span(found[1], params.range)
    return packed(server, found[1], colored(*found, span.start, span.end))
