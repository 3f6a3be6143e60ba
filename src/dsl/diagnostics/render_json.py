"""Problems as JSON, for tools. Lines and columns count from 1, in characters; the end is one past the last."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from ..source import Source, Span
from .diagnostic import Diagnostic, Fix, Label
from .order import in_order


def render_json(diagnostics: Iterable[Diagnostic], sources: Mapping[str, Source]) -> str:
    """A JSON list with one object per problem, by file and position."""
    return json.dumps([as_json(d, sources) for d in in_order(diagnostics)], ensure_ascii=False, indent=2)


def as_json(diagnostic: Diagnostic, sources: Mapping[str, Source]) -> dict[str, Any]:
    """One problem as plain values: path, line, column, end_line, end_column, code, severity, message, help, fix .."""
    return {
        **_place(diagnostic.label.span, sources),
        "code": diagnostic.code,
        "severity": diagnostic.severity.value,
        "message": diagnostic.message,
        "label": diagnostic.label.text,
        "help": diagnostic.help,
        "note": diagnostic.note,
        "related": [_related(label, sources) for label in diagnostic.others],
        "fix": _fix(diagnostic.fix, sources),
    }


def _place(span: Span, sources: Mapping[str, Source]) -> dict[str, Any]:
    source = sources.get(span.file)
    if source is None:
        return {"path": span.file, "line": None, "column": None, "end_line": None, "end_column": None}
    line, column = source.position(span.start)
    end_line, end_column = source.position(span.end)
    return {"path": span.file, "line": line, "column": column, "end_line": end_line, "end_column": end_column}


def _related(label: Label, sources: Mapping[str, Source]) -> dict[str, Any]:
    return {**_place(label.span, sources), "message": label.text}


def _fix(fix: Fix | None, sources: Mapping[str, Source]) -> dict[str, Any] | None:
    if fix is None:
        return None
    edits = [{**_place(edit.span, sources), "text": edit.text} for edit in fix.edits]
    return {"kind": fix.kind.value, "edits": edits}
