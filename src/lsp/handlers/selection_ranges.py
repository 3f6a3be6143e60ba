"""What a selection grows to."""

from __future__ import annotations

from lsprotocol import types

from dsl.source import Source, Span

from ..selecting import around
from ..server import SegueServer

FEATURE, OPTIONS = types.TEXT_DOCUMENT_SELECTION_RANGE, None


def answer(server: SegueServer, params: types.SelectionRangeParams) -> list[types.SelectionRange] | None:
    found = server.source(params.text_document.uri, checked=False)
    if found is None:
        return None
    project, source = found
    offsets = [server.offset(source, position) for position in params.positions]
    return [_chained(server, source, around(project, source, offset)) for offset in offsets]


def _chained(server: SegueServer, source: Source, spans: list[Span]) -> types.SelectionRange:
    """The narrowest, which knows the next."""
    *narrower, widest = spans
    made = types.SelectionRange(server.range(source, widest))
    for span in reversed(narrower):
        made = types.SelectionRange(server.range(source, span), made)
    return made
