"""What a file declares, as a tree."""

from __future__ import annotations

from lsprotocol import types

from dsl.source import Source

from ..outline import Symbol, outline
from ..server import SegueServer
from .symbol_kinds import kind_of

FEATURE, OPTIONS = types.TEXT_DOCUMENT_DOCUMENT_SYMBOL, None


def answer(server: SegueServer, params: types.DocumentSymbolParams) -> list[types.DocumentSymbol] | None:
    found = server.source(params.text_document.uri, checked=False)
    if found is None:
        return None
    project, source = found
    return [_symbol(server, source, symbol) for symbol in outline(project, source)]


def _symbol(server: SegueServer, source: Source, symbol: Symbol) -> types.DocumentSymbol:
    return types.DocumentSymbol(
        symbol.name or "(without a name)",  # the protocol wants one
        kind_of(symbol.kind),
        server.range(source, symbol.span),
        server.range(source, symbol.name_span),
        detail=f"{symbol.kind} {symbol.detail}".strip(),
        children=[_symbol(server, source, part) for part in symbol.parts],
    )
