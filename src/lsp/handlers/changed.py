"""An open file has another text; the whole of it comes with each change."""

from __future__ import annotations

from lsprotocol import types

from ..server import SegueServer

FEATURE, OPTIONS = types.TEXT_DOCUMENT_DID_CHANGE, None


def answer(server: SegueServer, params: types.DidChangeTextDocumentParams) -> None:
    if params.content_changes:
        server.projects.change(params.text_document.uri, params.content_changes[-1].text)
        server.publisher.soon()
