"""Writes records that are new straight into their table, with their rows of the ledger (decision 0022).

A key that is taken says that a record is not new, or has been imported before: then the batch is halved, in the order
of the file, and in the end the few rows around it go the way of the inbox.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

from ..ids import stable_hash
from ..ledger import imported
from ..session import AlreadyThere, Session
from ..tables import loaded
from .columns import TABLE, Columns, Ready
from .csv_file import CsvRow

AT_ONCE = 100_000  # rows of a transaction: each goes over the whole of the keys
_FEW = 2_000  # rows among which nobody looks for the one that is known
_INBOX = (
    "INSERT INTO segue_inbox (bucket, at, key, rank, kind, object, id, name, fields, payload, live, received_at)"
    " VALUES (0, :at, :key, 0, 'loaded', :object, 0, :load, :fields, '{}', FALSE, :now) ON CONFLICT DO NOTHING"
)


@dataclass(frozen=True)
class Batch:
    """Rows as the store takes them, column by column. `records`: bucket, id, line, instant and the columns of the
    object's table; `known`: bucket, key and digest of the ledger. Each in the order of its table's key."""

    records: Sequence[Sequence[Any]]
    known: Sequence[Sequence[Any]]

    def __len__(self) -> int:
        return len(self.records[0]) if self.records else 0


def batch_of(ready: Ready) -> Batch:
    """Rows as `Columns` gives them, put in order."""
    if not ready:
        return Batch((), ())
    ids, lines, ats, keys, digests = ready[: TABLE - 1]
    buckets = [id_ & 255 for id_ in ids]
    return Batch(
        _sorted([buckets, ids, lines, ats, *ready[TABLE:]]),
        _sorted([buckets, keys, digests]),
    )


def _sorted(columns: Sequence[Sequence[Any]]) -> list[list[Any]]:
    """The rows in the order of their first two columns, a bucket and a hash of 63 bits."""
    keys = [bucket << 63 | hash_ for bucket, hash_ in zip(columns[0], columns[1], strict=True)]
    order = sorted(range(len(keys)), key=keys.__getitem__)
    return [list(map(column.__getitem__, order)) for column in columns]


class AtOnce:
    """Writes batches, each in a `part`: a transaction, or what is one within a larger one. `inbox` takes those rows
    that are not new, in the file's order."""

    def __init__(self, session: Session, columns: Columns, inbox: Callable[[Iterable[CsvRow]], None]) -> None:
        self.session, self.columns, self._inbox = session, columns, inbox
        self.part: Callable[[], AbstractContextManager[None]] = session.transaction
        self.load = stable_hash(f"load\x1f{columns.object}\x1f{columns.fields}")

    def write(self, batch: Batch, rows: Callable[[], Ready]) -> int:
        """Write a batch; how many rows went into the table. `rows`: those that it was made of, asked for where one
        of them is not new."""
        if not batch:
            return 0
        try:
            with self.part():
                self._load(batch)
        except AlreadyThere:
            return self._halved(rows())
        return len(batch)

    def _halved(self, rows: Ready) -> int:
        count = len(rows[0])
        if count <= _FEW:
            self._inbox(rows[TABLE - 1])
            return 0
        halves = [column[: count // 2] for column in rows], [column[count // 2 :] for column in rows]
        return sum(self.write(batch_of(half), lambda half=half: half) for half in halves)  # type: ignore[misc] # a default

    def _load(self, batch: Batch) -> None:
        buckets, ids, lines, ats, *values = batch.records
        self.session.load(self.columns.object, ["bucket", "id", *self.columns.columns], [buckets, ids, *values])
        self.session.load(imported.name, ["bucket", "key", "digest"], batch.known)
        loads = [self.load] * len(ids)
        self.session.load(loaded.name, ["bucket", "load", "id", "at", "rank"], [buckets, loads, ids, ats, lines])
        self.session.run(
            _INBOX, at=min(ats), key=f"loaded.{self.load:x}", object=self.columns.object, load=str(self.load),
            fields=self.columns.fields, now=self.columns.setting.now,
        )  # fmt: skip
