"""What holds and is not written, shown between the words."""

from __future__ import annotations

from lsprotocol import types

from ..hints import hints
from ..server import SegueServer

FEATURE, OPTIONS = types.TEXT_DOCUMENT_INLAY_HINT, None


def answer(server: SegueServer, params: types.InlayHintParams) -> list[types.InlayHint] | None:
    found = server.source(params.text_document.uri)
    if found is None:
        return None
    project, source = found
    span = server.span(source, params.range)
    return [
        types.InlayHint(
            server.range_of(source, hint.offset, hint.offset).start, hint.words, tooltip=hint.why, padding_left=True
        )
        for hint in hints(project, source, span.start, span.end)
    ]
