"""Where the outside data lies; for tests and oracles alike."""

from __future__ import annotations

import os
from pathlib import Path

ROOT = Path(__file__).parents[2]


def data_folder(*names: str) -> Path | None:
    """SEGUE_DATA, else ../shared/data beside the clone; None where it is not there."""
    base = Path(os.environ.get("SEGUE_DATA") or ROOT.parent / "shared" / "data")
    folder = base.joinpath(*names)
    return folder if folder.exists() else None
