"""The places of one file that name the same."""

from __future__ import annotations

from lsprotocol import types

from ..names import named_at, uses_in
from ..server import SegueServer

FEATURE, OPTIONS = types.TEXT_DOCUMENT_DOCUMENT_HIGHLIGHT, None


def answer(server: SegueServer, params: types.DocumentHighlightParams) -> list[types.DocumentHighlight] | None:
    place = server.place(params.text_document.uri, params.position)
    if place is None:
        return None
    things = {use.thing for use in named_at(place.project, place.source.name, place.offset)}
    spans = dict.fromkeys(use.span for use in uses_in(place.project, place.source.name) if use.thing in things)
    return [types.DocumentHighlight(server.range(place.source, span)) for span in spans]
