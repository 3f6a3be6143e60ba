"""How many are in each segment now, for whoever cannot wait: an editor that shows it while somebody types."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Mapping
from pathlib import Path

from dsl.schema.model import Project

_SQL = """
    SELECT s.name, count(m.id) FROM segue_segment s
    LEFT JOIN segue_membership m ON m.segment_id = s.id AND m.left_at IS NULL
    WHERE s.kind IN ('segment', 'static') AND s.vanished_at IS NULL GROUP BY s.id, s.name
"""
_STEPS = 10_000  # of the database's own, between two looks at the clock


def segment_counts(root: Path, project: Project, patience: float = 0.1) -> Mapping[str, int]:
    """Members by segment, read from a store in a file: it is not made, not locked, and left alone after `patience`
    seconds. Nothing where there is no store, it is busy or too large; a server elsewhere is not asked at all."""
    kind, slashes, path = project.store.partition(":///")
    file = root / path
    if kind != "sqlite" or not slashes or "$" in path or not file.is_file():
        return {}
    try:
        connection = sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True, timeout=patience)
    except sqlite3.Error:
        return {}
    deadline = time.monotonic() + patience
    connection.set_progress_handler(lambda: time.monotonic() > deadline, _STEPS)
    try:
        return dict(connection.execute(_SQL).fetchall())
    except sqlite3.Error:  # no store of ours, busy, or not counted in time
        return {}
    finally:
        connection.close()
