"""Texts that are kept in files and compared with what is said now: cases, snapshots of messages, pages that are made.

`SEGUE_WRITE_CASES=1` writes them anew. Read the difference before you commit it."""

from __future__ import annotations

import os
from pathlib import Path


def kept(path: Path, said: str) -> str:
    """What is kept in a file, or '' where there is none yet. `said`: what is written there first, if that is asked."""
    if os.environ.get("SEGUE_WRITE_CASES"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(said, encoding="utf-8")
    return path.read_text(encoding="utf-8") if path.is_file() else ""
