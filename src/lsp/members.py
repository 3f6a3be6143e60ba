"""How many are in a segment now, as far as that is known at once."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from pathlib import Path

from .project import Project

Members = Callable[[str], int | None]
_FRESH = 10.0  # seconds for which a number is told again
_known: dict[tuple[Path, str], tuple[float, Mapping[str, int]]] = {}


def nobody_knows(segment: str) -> int | None:
    """Where there is no store."""
    return None


def members_of(project: Project) -> Members:
    """Answers by segment; None where there is no store at hand, it is busy, or it does not know the segment."""
    return nobody_knows if project.loose else lambda segment: _counts(project).get(segment)


def _counts(project: Project) -> Mapping[str, int]:
    from runtime.project.counting import segment_counts

    settings = project.workspace.names.project
    key = project.root, settings.store
    known = _known.get(key)
    if known is None or time.monotonic() - known[0] > _FRESH:
        known = _known[key] = time.monotonic(), segment_counts(project.root, settings)
    return known[1]
