"""The declarations that touch the lines chosen, in their one layout."""

from __future__ import annotations

from lsprotocol import types

from dsl.format import format_range
from runtime.project.layout import RULES
from runtime.project.loading import table_file

from ..server import SegueServer

FEATURE, OPTIONS = types.TEXT_DOCUMENT_RANGE_FORMATTING, None


def answer(server: SegueServer, params: types.DocumentRangeFormattingParams) -> list[types.TextEdit] | None:
    found = server.source(params.text_document.uri, checked=False)
    if found is None or not found[1].name.endswith(RULES):
        return None
    source = found[1]
    span = server.span(source, params.range)
    first, last = source.position(span.start)[0], source.position(max(span.start, span.end - 1))[0]
    edits = format_range(source, first, last, table_file()).edits
    return [types.TextEdit(server.range(source, edit.span), edit.text) for edit in edits]
