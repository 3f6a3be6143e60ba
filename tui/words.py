"""Figures and instants as the screens write them."""

from __future__ import annotations

from collections.abc import Sequence

from runtime.errors import SegueError, StoreBusy
from runtime.metrics import Figure
from runtime.reading import instant

NONE = "–"
_EIGHTHS = " ▏▎▍▌▋▊▉"


def figure(f: Figure, counts: bool) -> str:
    """A rate, or with `counts` how many; a dash where nobody could be counted (M17's toggle)."""
    if f.rate is None:
        return NONE
    return f"{f.count:,}" if counts else f"{f.rate:.1%}"


def other_halves(f: Figure, counts: bool) -> Sequence[str]:
    """The other half of a figure, with its base (M19), and shorter where there is no room for both."""
    if f.rate is None:
        return f"no {f.of}", "nobody yet", "none"
    base = short(f.base)
    if counts:
        return f"{f.rate:.1%} of {base}", f"{f.rate:.1%}"
    return f"{f.count:,} of {base}", f"{f.count:,}/{base}", f"of {base}"


def short(n: int) -> str:
    """A number in at most six characters: a tile has no room for more, and the exact base stands in the first."""
    if n < 10_000:
        return f"{n:,}"
    return f"{n / 1_000:.0f}k" if n < 1_000_000 else f"{n / 1_000_000:.1f}M"


def bar(fraction: float, width: int) -> str:
    """A bar of block characters, an eighth of a cell exact; something is never drawn as nothing."""
    if fraction <= 0:
        return ""
    eighths = max(1, round(min(fraction, 1.0) * width * 8))
    return "█" * (eighths // 8) + (_EIGHTHS[eighths % 8] if eighths % 8 else "")


def status(name: str) -> str:
    """`waiting_task` as people say it."""
    return name.replace("_", " ")


def plural(n: int, one: str, many: str = "") -> str:
    return f"{n:,} {one if n == 1 else many or one + 's'}"


def selected(count: int, one: str, left_out: bool) -> str:
    """What stands below a table in which rows are selected; "" where none is."""
    more = "; an act is for no more at once" if left_out else ""
    return f"{plural(count, one)} selected{more}" if count else ""


def trouble(error: Exception) -> str:
    """What failed and what to do, never a traceback. The address of a store stands as it is."""
    hint = "try again in a moment" if isinstance(error, StoreBusy) else getattr(error, "hint", "")
    words = str(error) if isinstance(error, SegueError) else f"the store could not be read: {_first_line(error)}"
    first = words[:1] if "/" in words.partition(" ")[0] else words[:1].upper()
    return f"{first}{words[1:]}{': ' + hint if hint else ''}"


def _first_line(error: Exception) -> str:
    return str(getattr(error, "orig", None) or error).splitlines()[0] if str(error) else type(error).__name__


def when(at: int | None, zone: str) -> str:
    return instant(at, zone) or NONE
