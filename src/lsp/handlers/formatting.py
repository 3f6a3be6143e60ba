"""The whole file in its one layout; a file with mistakes stays as it is."""

from __future__ import annotations

from lsprotocol import types

from dsl.format import format_source
from runtime.project.layout import RULES
from runtime.project.loading import table_file

from ..server import SegueServer

FEATURE, OPTIONS = types.TEXT_DOCUMENT_FORMATTING, None


def answer(server: SegueServer, params: types.DocumentFormattingParams) -> list[types.TextEdit] | None:
    found = server.source(params.text_document.uri, checked=False)
    if found is None or not found[1].name.endswith(RULES):
        return None
    source = found[1]
    edits = format_source(source, table_file()).edits
    return [types.TextEdit(server.range(source, edit.span), edit.text) for edit in edits]
