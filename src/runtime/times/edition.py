"""Which edition of the time-zone data the clocks go by."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path

from whenever import get_tzpath


def edition() -> str:
    """`2026f` of the machine's own data where it has some, else the version of the package `tzdata`."""
    for folder in map(Path, get_tzpath()):
        for name in ("tzdata.zi", "+VERSION"):
            if (folder / name).is_file():
                with (folder / name).open() as text:
                    return text.readline().removeprefix("# version").strip()
        if (folder / "UTC").exists():
            break  # data without a word about its edition
    return version("tzdata")
