"""Columns as bytes, from one process to the other: numbers of a column in one piece, texts of all columns in one.

That takes a fifth of the time of lists written value by value. Rows are put in order as they are packed: the texts of a
row move as one, and neither they nor the rows are looked for all over the memory one value at a time.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

import orjson

_BETWEEN = "\0"  # no row of a file that can be read has one


@dataclass(frozen=True)
class Packed:
    """`texts`: the places of the columns that are in `text`, row by row; `others`: columns of their own, by place."""

    texts: Sequence[int]
    text: bytes
    others: Sequence[tuple[int, bytes | array[int]]]


def packed(columns: Sequence[Sequence[Any]], order: Sequence[int]) -> Packed:
    """Columns of None, booleans, numbers and texts, their rows in another order; `unpacked` gives equal values back."""
    texts = [place for place, column in enumerate(columns) if column and set(map(type, column)) == {str}]
    text = _rows([columns[place] for place in texts], order)
    if text is None:
        texts, text = [], ""
    others = [(place, _column(column, order)) for place, column in enumerate(columns) if place not in texts]
    return Packed(texts, text.encode(), others)


def unpacked(given: Packed) -> list[Sequence[Any]]:
    found: dict[int, Sequence[Any]] = {
        place: column.tolist() if isinstance(column, array) else orjson.loads(column) for place, column in given.others
    }
    cells = given.text.decode().split(_BETWEEN)
    for nr, place in enumerate(given.texts):
        found[place] = cells[nr :: len(given.texts)]
    return [found[place] for place in sorted(found)]


def _rows(columns: Sequence[Sequence[str]], order: Sequence[int]) -> str | None:
    """None where a text has what stands between them."""
    if not columns:
        return ""
    rows = list(map(_BETWEEN.join, zip(*columns, strict=True)))
    text = _BETWEEN.join(in_turn(rows, order))
    return text if text.count(_BETWEEN) == len(columns) * len(rows) - 1 else None


def _column(column: Sequence[Any], order: Sequence[int]) -> bytes | array[int]:
    ordered = in_turn(column, order)
    if set(map(type, column)) == {int}:
        try:
            return array("q", ordered)
        except OverflowError:
            pass
    return orjson.dumps(ordered)


def in_turn(column: Sequence[Any], order: Sequence[int]) -> Sequence[Any]:
    """The values of a column in another order."""
    return itemgetter(*order)(column) if len(order) > 1 else [column[i] for i in order]
