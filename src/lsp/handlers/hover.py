"""What is under the cursor, in words."""

from __future__ import annotations

from lsprotocol import types

from ..hovering import hover
from ..members import members_of
from ..server import SegueServer

FEATURE, OPTIONS = types.TEXT_DOCUMENT_HOVER, None


def answer(server: SegueServer, params: types.HoverParams) -> types.Hover | None:
    place = server.place(params.text_document.uri, params.position)
    if place is None:
        return None
    told = hover(place.project, place.source, place.offset, members_of(place.project))
    if told is None:
        return None
    content = types.MarkupContent(types.MarkupKind.Markdown, told.text)
    return types.Hover(content, server.range(place.source, told.span))
