"""What tables are made of: their columns, rows and cells."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from typing import NamedTuple

from rich.cells import cell_len, set_cell_size

from dsl.diagnostics.columns import shown

_LONG = 8  # characters of a text that can stand in one cell, with all that is put on and under them


class Column(NamedTuple):
    """`width` cells, or a `share` of what the fixed ones leave; with `snug` what its rows take, where all of them find
    room, else what the others do not need. `above`: only in a table of at least so many cells."""

    title: str
    width: int = 0
    share: int = 0
    right: bool = False
    above: int = 0
    snug: bool = False


class Cell(NamedTuple):
    """A text in one of the table's tones: good | warn | bad | dim | bar, "" for plain."""

    text: str
    tone: str = ""


@dataclass(frozen=True)
class TableRow:
    key: Hashable
    cells: tuple[Cell | str, ...]


def text_of(cell: Cell | str) -> str:
    return cell.text if isinstance(cell, Cell) else cell


def fitted(text: str, width: int, right: bool = False) -> str:
    """`text` in exactly `width` cells; a wide character takes two, what does not fit ends in `…`. A break of the line
    and other signs that are none of a text stand as a mark; of a book only the beginning is looked at."""
    text = shown(text if len(text) <= _LONG * width else text[: _LONG * width])
    length = cell_len(text)
    if length > width:
        return set_cell_size(set_cell_size(text, width - 1).rstrip() + "…", width)
    return " " * (width - length) + text if right else text + " " * (width - length)
