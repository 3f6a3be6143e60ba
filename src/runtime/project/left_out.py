"""What a project says and the engine does not run, told before a run."""

from __future__ import annotations

from pathlib import Path

from ..errors import SegueError
from .loading import Loaded, load
from .unrun import LeftOut


def not_run_yet(loaded: Loaded) -> list[str]:
    """What the project says and this version does not do, in words: what is left out, and settings without effect."""
    return [f"{_place(loaded, one)}{one.words}" for one in loaded.left_out]


def not_run_in(root: Path) -> list[str]:
    """The same for a project whose rules may be broken or unreadable: then nothing is said of them."""
    try:
        return not_run_yet(load(root))
    except SegueError:
        return []


def _place(loaded: Loaded, one: LeftOut) -> str:
    source = loaded.sources.get(one.span.file)
    return f"{one.span.file}:{source.position(one.span.start)[0]}: " if source is not None else ""
