"""Another name, everywhere."""

from __future__ import annotations

from lsprotocol import types

from ..renaming import Impossible, renamed
from ..server import Refused, SegueServer

FEATURE, OPTIONS = types.TEXT_DOCUMENT_RENAME, types.RenameOptions(prepare_provider=True)


def answer(server: SegueServer, params: types.RenameParams) -> types.WorkspaceEdit | None:
    place = server.place(params.text_document.uri, params.position)
    if place is None:
        return None
    try:
        edits = renamed(place.project, place.source, place.offset, params.new_name)
    except Impossible as reason:
        raise Refused(str(reason)) from None
    return server.workspace_edit(place.project, edits)
