"""An outline: lines with lines below them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..values import dataclass


@dataclass(frozen=True, slots=True)
class Line:
    """`parts` stand below it, one step further in."""

    text: str
    parts: tuple[Line, ...] = ()


def bulleted(lines: Iterable[Line], indent: str = "") -> Iterator[str]:
    """`- text`, with what belongs to it two spaces further in."""
    for line in lines:
        yield f"{indent}- {line.text}"
        yield from bulleted(line.parts, f"{indent}  ")
