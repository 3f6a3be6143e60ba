"""A file was opened: from now on its editor says what is in it."""

from __future__ import annotations

from lsprotocol import types

from ..server import SegueServer

FEATURE, OPTIONS = types.TEXT_DOCUMENT_DID_OPEN, None


def answer(server: SegueServer, params: types.DidOpenTextDocumentParams) -> None:
    server.projects.change(params.text_document.uri, params.text_document.text)
    server.publisher.soon()
