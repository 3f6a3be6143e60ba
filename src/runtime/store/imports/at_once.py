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
from .columns import AHEAD, Columns
from .csv_file import CsvRow

AT_ONCE = 100_000  # rows of a transaction: each goes over the whole of the keys
_FEW = 2_000  # rows among which nobody looks for the one that is known
_INBOX = (
    "INSERT INTO segue_inbox (bucket, at, key, rank, kind, object, id, name, fields, payload, live, received_at)"
    " VALUES (0, :at, :key, 0, 'loaded', :object, 0, :load, :fields, '{}', FALSE, :now) ON CONFLICT DO NOTHING"
)
Rows = list[tuple[Any, ...]]


@dataclass(frozen=True)
class Batch:
    """Rows as the store takes them, column by column. `records`: bucket, id, line, instant and the columns of the
    object's table; `known`: bucket, key and digest of the ledger. Each in the order of its table's key."""

    records: Sequence[Sequence[Any]]
    known: Sequence[Sequence[Any]]

    def __len__(self) -> int:
        return len(self.records[0]) if self.records else 0


def batch_of(rows: Rows) -> Batch:
    """Rows as `Columns` gives them, put in order."""
    if not rows:
        return Batch((), ())
    buckets, ids, lines, ats, identities, digests, _, *values = zip(*sorted(rows), strict=True)
    known = sorted(zip([id_ & 255 for id_ in ids], identities, digests, strict=True))
    return Batch([buckets, ids, lines, ats, *values], list(zip(*known, strict=True)))


class AtOnce:
    """Writes batches, each in a `part`: a transaction, or what is one within a larger one. `inbox` takes those rows
    that are not new, in the file's order."""

    def __init__(self, session: Session, columns: Columns, inbox: Callable[[Iterable[CsvRow]], None]) -> None:
        self.session, self.columns, self._inbox = session, columns, inbox
        self.part: Callable[[], AbstractContextManager[None]] = session.transaction
        self.load = stable_hash(f"load\x1f{columns.object}\x1f{columns.fields}")

    def write(self, batch: Batch, rows: Callable[[], Rows]) -> int:
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

    def _halved(self, rows: Rows) -> int:
        if len(rows) <= _FEW:
            self._inbox(row[AHEAD - 1] for row in rows)
            return 0
        half = len(rows) // 2
        return sum(self.write(batch_of(some), lambda some=some: some) for some in (rows[:half], rows[half:]))  # type: ignore[misc] # a default

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
