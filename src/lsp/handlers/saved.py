"""A file was saved: findings are told at once."""

from __future__ import annotations

from lsprotocol import types

from ..server import SegueServer

FEATURE, OPTIONS = types.TEXT_DOCUMENT_DID_SAVE, types.SaveOptions(include_text=False)


def answer(server: SegueServer, params: types.DidSaveTextDocumentParams) -> None:
    server.publisher.now()
