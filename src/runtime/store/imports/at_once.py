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
from .columns import TABLE, Columns, Ready, in_order
from .csv_file import CsvRow

AT_ONCE = 100_000  # rows of a transaction: each goes over the whole of the keys
_FEW = 2_000  # rows among which nobody looks for the one that is known
_INBOX = (
    "INSERT INTO segue_inbox (bucket, at, key, rank, kind, object, id, name, fields, payload, live, received_at)"
    " VALUES (0, :at, :key, 0, 'loaded', :object, 0, :load, :fields, '{}', FALSE, :now) ON CONFLICT DO NOTHING"
)


@dataclass(frozen=True)
class Batch:
    """A piece of rows as the store takes them, column by column. `records`: bucket, id, line, instant and the columns
    of the object's table; `known`: bucket, key and digest of the ledger. Each in the order of its table's key."""

    records: Sequence[Sequence[Any]]
    known: Sequence[Sequence[Any]]

    @property
    def ats(self) -> Sequence[int]:
        return self.records[3]

    def __len__(self) -> int:
        return len(self.records[0])


def batch_of(ready: Ready) -> Batch:
    """A piece as `Columns` gives it."""
    ids, lines, ats, keys, digests = ready[: TABLE - 1]
    buckets = [id_ & 255 for id_ in ids]
    order = in_order(buckets, keys)
    known = [[column[i] for i in order] for column in (buckets, keys, digests)]
    return Batch([buckets, ids, lines, ats, *ready[TABLE:]], known)


class AtOnce:
    """Writes batches, each in a `part`: a transaction, or what is one within a larger one. `inbox` takes those rows
    that are not new, in the file's order."""

    def __init__(self, session: Session, columns: Columns, inbox: Callable[[Iterable[CsvRow]], None]) -> None:
        self.session, self.columns, self._inbox = session, columns, inbox
        self.part: Callable[[], AbstractContextManager[None]] = session.transaction
        self.load = stable_hash(f"load\x1f{columns.object}\x1f{columns.fields}")

    def write(self, batches: Sequence[Batch], rows: Callable[[], Ready]) -> int:
        """Write batches, all or none; how many rows went into the table. `rows`: those that they were made of, asked
        for where one of them is not new."""
        if not batches:
            return 0
        try:
            with self.part():
                for batch in batches:
                    self._load(batch)
                self._note(min(min(batch.ats) for batch in batches))
        except AlreadyThere:
            return self._halved(rows())
        return sum(map(len, batches))

    def _halved(self, rows: Ready) -> int:
        """Rows of one record stay in the file's order, as all of them do here that have the same id."""
        count = len(rows[0])
        if count <= _FEW:
            self._inbox(sorted(rows[TABLE - 1], key=lambda row: row.line))
            return 0
        halves = [column[: count // 2] for column in rows], [column[count // 2 :] for column in rows]
        return sum(self.write([batch_of(half)], lambda half=half: half) for half in halves)  # type: ignore[misc] # a default

    def _load(self, batch: Batch) -> None:
        buckets, ids, lines, ats, *values = batch.records
        self.session.load(self.columns.object, ["bucket", "id", *self.columns.columns], [buckets, ids, *values])
        self.session.load(imported.name, ["bucket", "key", "digest"], batch.known)
        loads = [self.load] * len(ids)
        self.session.load(loaded.name, ["bucket", "load", "id", "at", "rank"], [buckets, loads, ids, ats, lines])

    def _note(self, first: int) -> None:
        """Say that something was loaded, the first of it at that instant."""
        self.session.run(
            _INBOX, at=first, key=f"loaded.{self.load:x}", object=self.columns.object, load=str(self.load),
            fields=self.columns.fields, now=self.columns.setting.now,
        )  # fmt: skip
