"""A part of a file as the store takes it: the rows of its three tables, each in the order of that table's key.

It is made where the part is read, in another process for a large file, so that the one that writes has little else
to do: on PostgreSQL it hands on what COPY reads, on SQLite it makes values of packed columns.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import repeat
from typing import Any

from ..copying import copy_lines
from .columns import TABLE, Ready
from .packing import Packed, in_turn, packed

Rows = Packed | bytes  # for SQLite; for PostgreSQL


@dataclass(frozen=True)
class Piece:
    """`ids` of the records, in any order, and the `first` of their instants; rows of the object's table (bucket, id,
    what `Columns` names), of the ledger (bucket, key, digest), of segue_loaded (bucket, load, id, at, rank)."""

    ids: array[int]
    first: int
    records: Rows
    known: Rows
    loaded: Rows

    def __len__(self) -> int:
        return len(self.ids)


@dataclass(frozen=True)
class Making:
    """Makes pieces of what `Columns` makes of a file. `load`: their number. `ordered`: whether there are keys to go by,
    else rows stay as they are in the file."""

    dialect: str
    load: int
    ordered: bool = True

    def __call__(self, ready: Ready) -> Piece:
        ids, lines, ats, keys, digests = ready[: TABLE - 1]
        buckets = [id_ & 255 for id_ in ids]
        rows = self._rows(buckets, ids)
        records = rows([buckets, ids, *ready[TABLE:]])
        loaded = rows([buckets, list(repeat(self.load, len(ids))), ids, ats, lines])
        return Piece(array("q", ids), min(ats), records, self._rows(buckets, keys)([buckets, keys, digests]), loaded)

    def _rows(self, buckets: Sequence[int], hashes: Sequence[int]) -> Callable[[Sequence[Sequence[Any]]], Rows]:
        order = in_order(buckets, hashes) if self.ordered else range(len(hashes))
        return partial(_copied if self.dialect == "postgresql" else packed, order=order)


def in_order(buckets: Sequence[int], hashes: Sequence[int]) -> list[int]:
    """The places of ids or keys in the order of their buckets, and there of their first 22 bits: numbers that small
    are sorted quicker, and it is for the sake of speed alone that rows are in order."""
    keys = [bucket << 22 | hash_ >> 41 for bucket, hash_ in zip(buckets, hashes, strict=True)]
    return sorted(range(len(keys)), key=keys.__getitem__)


def _copied(columns: Sequence[Sequence[Any]], order: Sequence[int]) -> bytes:
    lines = copy_lines(columns)
    return "".join(lines if isinstance(order, range) else in_turn(lines, order)).encode()
