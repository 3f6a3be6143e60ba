"""Writes records that are new straight into their table, with their rows of the ledger (decision 0022).

A key that is taken says that a record is not new, or has been imported before: then the piece is halved, in the order
of the file, and in the end the few rows around it go the way of the inbox.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace

from ..ids import stable_hash
from ..ledger import imported
from ..session import AlreadyThere, Session
from ..tables import loaded
from .columns import TABLE, Columns, Ready
from .csv_file import CsvRow
from .first_load import Keys
from .packing import Packed, unpacked
from .pieces import Making, Piece, Rows

AT_ONCE = 100_000  # rows of a transaction: each goes over the whole of the keys
_FEW = 2_000  # rows among which nobody looks for the one that is known
_INBOX = (
    "INSERT INTO segue_inbox (bucket, at, key, rank, kind, object, id, name, fields, payload, live, received_at)"
    " VALUES (0, :at, :key, 0, 'loaded', :object, 0, :load, :fields, '{}', FALSE, :now) ON CONFLICT DO NOTHING"
)


class AtOnce:
    """Writes pieces, each in a `part`: a transaction, or what is one within a larger one. `inbox` takes those rows
    that are not new, in the file's order."""

    def __init__(self, session: Session, columns: Columns, inbox: Callable[[Iterable[CsvRow]], None]) -> None:
        self.session, self.columns, self._inbox = session, columns, inbox
        self.part: Callable[[], AbstractContextManager[None]] = session.transaction
        self.load = stable_hash(f"load\x1f{columns.object}\x1f{columns.fields}")
        self.make = Making(session.dialect, self.load)
        self.keys: Keys | None = None

    def begin_first_load(self, keys: Keys) -> None:
        """Parts are savepoints from now on, in the order of the file where there are no keys to go by."""
        self.part, self.keys, self.make = self.session.savepoint, keys, replace(self.make, ordered=not keys.away)

    def write(self, piece: Piece, rows: Callable[[], Ready]) -> int:
        """Write a piece, all or none; how many rows went into the table. `rows`: those that it was made of, asked
        for where one of them is not new."""
        if self.keys is not None:
            self.keys.meet(piece.ids)
        try:
            with self.part():
                self._load(self.columns.object, ["bucket", "id", *self.columns.columns], piece.records)
                self._load(imported.name, ["bucket", "key", "digest"], piece.known)
                self._load(loaded.name, ["bucket", "load", "id", "at", "rank"], piece.loaded)
                self._note(piece.first)
        except AlreadyThere:
            return self._halved(rows())
        return len(piece)

    def _load(self, table: str, names: Sequence[str], rows: Rows) -> None:
        self.session.load(table, names, unpacked(rows) if isinstance(rows, Packed) else rows)

    def _halved(self, rows: Ready) -> int:
        count = len(rows[0])
        if count <= _FEW:
            self._inbox(rows[TABLE - 1])
            return 0
        halves = [column[: count // 2] for column in rows], [column[count // 2 :] for column in rows]
        return sum(self._again(half) for half in halves)

    def _again(self, half: Ready) -> int:
        return self.write(self.make(half), lambda: half)

    def _note(self, first: int) -> None:
        """Say that something was loaded, the first of it at that instant."""
        self.session.run(
            _INBOX, at=first, key=f"loaded.{self.load:x}", object=self.columns.object, load=str(self.load),
            fields=self.columns.fields, now=self.columns.setting.now,
        )  # fmt: skip
