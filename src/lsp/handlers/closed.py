"""A file was closed: what is on the disk holds again."""

from __future__ import annotations

from lsprotocol import types

from ..server import SegueServer

FEATURE, OPTIONS = types.TEXT_DOCUMENT_DID_CLOSE, None


def answer(server: SegueServer, params: types.DidCloseTextDocumentParams) -> None:
    server.projects.change(params.text_document.uri, None)
    server.publisher.soon()
