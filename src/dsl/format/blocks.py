"""Block texts: their lines moved to where they belong, what they say unchanged."""

from __future__ import annotations

from ..syntax.text import value_of

_QUOTES = '"""'


def reindented(raw: str, indent: int) -> str:
    """A block text of several lines with its content and closing quotes at `indent`. It stays as it is where that
    would change its value: a first line beside the opening quotes may be less far in than the others."""
    first, *rest = raw[3:-3].split("\n")
    common = min((len(line) - len(line.lstrip()) for line in rest if line.strip()), default=0)
    lines = [line[common:] if line.strip() else "" for line in rest]
    if first.strip():
        lines.insert(0, first)
    if lines[-1] == "":
        lines.pop()
    margin = " " * indent
    moved = "\n".join([_QUOTES, *(margin + line if line else "" for line in lines), margin + _QUOTES])
    return moved if value_of(moved) == value_of(raw) else raw
