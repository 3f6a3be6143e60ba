"""Whether what is under the cursor can be renamed, and which characters its name has."""

from __future__ import annotations

from lsprotocol import types

from ..renaming import Impossible, bare, renamable
from ..server import Refused, SegueServer

FEATURE, OPTIONS = types.TEXT_DOCUMENT_PREPARE_RENAME, None


def answer(server: SegueServer, params: types.PrepareRenameParams) -> types.PrepareRenamePlaceholder | None:
    place = server.place(params.text_document.uri, params.position)
    if place is None:
        return None
    try:
        use = renamable(place.project, place.source, place.offset)
    except Impossible as reason:
        raise Refused(str(reason)) from None
    return types.PrepareRenamePlaceholder(server.range(place.source, use.span), bare(use.thing))
