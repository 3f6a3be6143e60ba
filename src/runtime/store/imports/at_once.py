"""Writes records that are new straight into their table, with their rows of the ledger (decision 0022).

A key that is taken says that a record is not new, or has been imported before: then the batch is halved, in the order
of the file, and in the end the few rows around it go the way of the inbox.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
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


class AtOnce:
    """Collects rows until a transaction is worth it. `inbox` takes those that are not new, in the file's order."""

    def __init__(self, session: Session, columns: Columns, inbox: Callable[[Iterable[CsvRow]], None]) -> None:
        self.session, self.columns, self._inbox = session, columns, inbox
        self.load = stable_hash(f"load\x1f{columns.object}\x1f{columns.fields}")
        self.waiting: Rows = []

    def add(self, rows: Rows) -> None:
        self.waiting += rows

    @property
    def full(self) -> bool:
        return len(self.waiting) >= AT_ONCE

    def write(self) -> int:
        """Write what was collected; how many rows went into the table."""
        rows, self.waiting = self.waiting, []
        return self._write(rows) if rows else 0

    def _write(self, rows: Rows) -> int:
        try:
            with self.session.transaction():
                self._load(sorted(rows))
        except AlreadyThere:
            if len(rows) <= _FEW:
                self._inbox(row[AHEAD - 1] for row in rows)
                return 0
            half = len(rows) // 2
            return self._write(rows[:half]) + self._write(rows[half:])
        return len(rows)

    def _load(self, rows: Rows) -> None:
        buckets, ids, lines, ats, identities, digests, _, *values = zip(*rows, strict=True)
        columns = ["bucket", "id", *self.columns.columns]
        self.session.load(self.columns.object, columns, zip(buckets, ids, *values, strict=True))
        known = sorted(zip((i & 255 for i in ids), identities, digests, strict=True))
        self.session.load(imported.name, ["bucket", "key", "digest"], known)
        loads = [self.load] * len(rows)
        self.session.load(
            loaded.name, ["bucket", "load", "id", "at", "rank"], zip(buckets, loads, ids, ats, lines, strict=True)
        )
        self.session.run(
            _INBOX, at=min(ats), key=f"loaded.{self.load:x}", object=self.columns.object, load=str(self.load),
            fields=self.columns.fields, now=self.columns.setting.now,
        )  # fmt: skip
