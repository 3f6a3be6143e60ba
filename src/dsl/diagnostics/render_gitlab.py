"""Problems as GitLab's code quality report (a subset of the Code Climate format)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from .diagnostic import Diagnostic, Severity
from .regions import Places, fingerprints

_SEVERITIES = {Severity.ERROR: "major", Severity.WARNING: "minor", Severity.INFO: "info"}


def render_gitlab(diagnostics: Sequence[Diagnostic], places: Places) -> str:
    """A JSON list; GitLab compares the fingerprints of two branches to tell what is new."""
    marks = fingerprints(diagnostics, places.sources)
    told = [_issue(d, mark, places) for d, mark in zip(diagnostics, marks, strict=True)]
    return json.dumps(told, ensure_ascii=False, indent=2)


def _issue(diagnostic: Diagnostic, fingerprint: str, places: Places) -> dict[str, Any]:
    region = places.region(diagnostic.label.span)
    said = f"{diagnostic.message}; {diagnostic.help}" if diagnostic.help else diagnostic.message
    return {
        "description": said,
        "check_name": diagnostic.code,
        "fingerprint": fingerprint,
        "severity": _SEVERITIES[diagnostic.severity],
        "location": {"path": region.path, "lines": {"begin": region.line, "end": region.end_line}},
    }
