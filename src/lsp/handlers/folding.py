"""What can be folded away."""

from __future__ import annotations

from lsprotocol import types

from runtime.project.layout import RULES

from ..folding import folds
from ..server import SegueServer

FEATURE, OPTIONS = types.TEXT_DOCUMENT_FOLDING_RANGE, None


def answer(server: SegueServer, params: types.FoldingRangeParams) -> list[types.FoldingRange] | None:
    found = server.source(params.text_document.uri, checked=False)
    if found is None or not found[1].name.endswith(RULES):
        return None
    answers = []
    for fold in folds(found[1]):
        where = server.range_of(found[1], fold.start, fold.end)
        kind = types.FoldingRangeKind.Comment if fold.comment else None
        last = where.end.line - (not fold.comment)  # the closing brace stays to be seen
        if last > where.start.line:
            answers.append(types.FoldingRange(where.start.line, last, kind=kind))
    return answers
