"""Problems as SARIF 2.1.0, as GitHub's code scanning reads it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import quote

from ..source import Span
from .code import Code
from .diagnostic import Diagnostic, Fix, FixKind, Label, Severity
from .regions import Places, fingerprints

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}


def render_sarif(
    diagnostics: Sequence[Diagnostic], places: Places, codes: Mapping[str, Code], version: str, category: str = ""
) -> str:
    """One run. Two runs over one tree need different categories; without one it is made of the project's folder."""
    used = sorted({d.code for d in diagnostics})
    numbers = {name: index for index, name in enumerate(used)}
    marks = fingerprints(diagnostics, places.sources)
    run = {
        "tool": {"driver": _driver([codes[name] for name in used], version)},
        "automationDetails": {"id": f"{category or _category(places)}/"},
        "columnKind": "unicodeCodePoints",
        "results": [_result(d, numbers[d.code], mark, places) for d, mark in zip(diagnostics, marks, strict=True)],
    }
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, ensure_ascii=False, indent=2)


def _category(places: Places) -> str:
    return f"segue/{places.path('')}".removesuffix("/.")


def _driver(codes: Iterable[Code], version: str) -> dict[str, Any]:
    return {"name": "Segue", "version": version, "semanticVersion": version, "rules": [_rule(c) for c in codes]}


def _rule(code: Code) -> dict[str, Any]:
    return {
        "id": code.name,
        "name": code.name.title().replace("-", ""),
        "shortDescription": {"text": _sentence(code.title)},
        "fullDescription": {"text": _sentence(code.why)},
        "help": {"text": f"{_sentence(code.title)}\n\n{code.why}", "markdown": f"**{code.title}**\n\n{code.why}"},
        "defaultConfiguration": {"level": _LEVELS[code.severity]},
        "properties": {"tags": ["segue", code.alias]},
    }


def _sentence(text: str) -> str:
    return text if text.endswith((".", "!", "?")) else f"{text}."


def _result(diagnostic: Diagnostic, rule: int, fingerprint: str, places: Places) -> dict[str, Any]:
    said = [diagnostic.message, diagnostic.label.text, f"Help: {diagnostic.help}" if diagnostic.help else ""]
    result: dict[str, Any] = {
        "ruleId": diagnostic.code,
        "ruleIndex": rule,
        "level": _LEVELS[diagnostic.severity],
        "message": {"text": "\n".join(part for part in said if part)},
        "locations": [_location(diagnostic.label.span, places)],
        "partialFingerprints": {"primaryLocationLineHash": fingerprint},
    }
    if diagnostic.others:
        result["relatedLocations"] = [_related(n, label, places) for n, label in enumerate(diagnostic.others, 1)]
    if diagnostic.fix is not None and diagnostic.fix.kind is not FixKind.DISPLAY:
        result["fixes"] = [_fix(diagnostic, diagnostic.fix, places)]
    return result


def _related(number: int, label: Label, places: Places) -> dict[str, Any]:
    return {"id": number, **_location(label.span, places), "message": {"text": label.text or "see also here"}}


def _location(span: Span, places: Places) -> dict[str, Any]:
    return {"physicalLocation": {"artifactLocation": _artifact(span, places), "region": _region(span, places)}}


def _artifact(span: Span, places: Places) -> dict[str, Any]:
    return {"uri": quote(places.path(span.file), safe="/", errors="surrogateescape")}


def _region(span: Span, places: Places) -> dict[str, int]:
    """All four numbers: the default of the end is not what it seems."""
    region = places.region(span)
    return {
        "startLine": region.line,
        "startColumn": region.column,
        "endLine": region.end_line,
        "endColumn": region.end_column,
    }


def _fix(diagnostic: Diagnostic, fix: Fix, places: Places) -> dict[str, Any]:
    """The edits by file, as SARIF wants them."""
    files: dict[str, list[dict[str, Any]]] = {}
    artifacts = {edit.span.file: _artifact(edit.span, places) for edit in fix.edits}
    for edit in fix.edits:
        change = {"deletedRegion": _region(edit.span, places), "insertedContent": {"text": edit.text}}
        files.setdefault(edit.span.file, []).append(change)
    changes = [{"artifactLocation": artifacts[file], "replacements": made} for file, made in files.items()]
    return {"description": {"text": diagnostic.help or diagnostic.message}, "artifactChanges": changes}
