"""A first load: one transaction, without the indexes of the table, which are made at its end (decision 0022).

To keep two indexes up row by row costs more than all else that is written, to make them from the finished table a
third as much. On SQLite readers go on with the old state meanwhile, and whoever wants to write waits. On PostgreSQL
readers of the table wait too: so it is done for an empty one only, and not for longer than a minute or two.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

from ...errors import InvalidInput
from ..ledger import imported
from ..names import quoted
from ..session import Session
from ..tables import loaded

SMALLEST = 2_000_000  # bytes of a file: below, indexes are quick enough to keep up
LARGEST_LOCKED = 200_000_000  # bytes: about two million records, for which a table of PostgreSQL is locked
MOST = 1_000  # bytes of the file for each row that the table has: then the file brings about ten times as many
_SORTERS = 2  # threads that sort an index
_SORTED = 4 * 1024  # KiB of them that a thread sorts while the next are gathered: SQLite takes as many as it has cache
_CACHED = 256 * 1024  # KiB of SQLite's pages: each part goes over all keys of the ledger, which are not read again then


_INDEXES = {
    "sqlite": "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = :table AND sql IS NOT NULL",
    "postgresql": "SELECT c.relname, pg_get_indexdef(c.oid) FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid"
    " WHERE i.indrelid = CAST(quote_ident(:table) AS regclass) AND NOT i.indisunique",
}
_KEY = (
    "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint"
    " WHERE conrelid = CAST(:table AS regclass) AND contype = 'p'"
)


def suits(session: Session, table: str, size: int) -> bool:
    """Whether a file of `size` bytes brings much more than the table holds."""
    few = size // MOST
    if session.dialect == "postgresql":
        few, size = 0, size if size <= LARGEST_LOCKED else 0
    if size < SMALLEST:
        return False
    rows = f"SELECT 1 FROM {quoted(table)} LIMIT {few + 1}"
    return int(session.one(f"SELECT count(*) FROM ({rows}) found")) <= few


class Keys:
    """The keys of empty tables on PostgreSQL, dropped until a row comes that they are asked about: the inbox looks
    into the ledger by its key, a record that comes twice is found by them."""

    def __init__(self, session: Session, tables: Sequence[str]) -> None:
        self._session, self._tables = session, tables
        self._made: list[str] = []
        self._ids: set[int] = set()

    @property
    def away(self) -> bool:
        """Whether none of the tables has its key."""
        return len(self._made) == len(self._tables)

    def drop(self) -> None:
        for table in map(quoted, self._tables):
            self._session.run(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE")
            if self._session.one(f"SELECT 1 FROM {table} LIMIT 1") is None:
                ((name, made),) = self._session.run(_KEY, table=table)
                self._session.run(f"ALTER TABLE {table} DROP CONSTRAINT {quoted(name)}")
                self._made.append(f"ALTER TABLE {table} ADD CONSTRAINT {quoted(name)} {made}")

    def bring_back(self) -> None:
        while self._made:
            self._session.run(self._made.pop())

    def meet(self, ids: Iterable[int]) -> None:
        """Records that are written next: where one was written before, the keys have to find it."""
        if not self._made:
            return
        known, more = len(self._ids), list(ids)
        self._ids.update(more)
        if len(self._ids) < known + len(more):
            self.bring_back()


@contextmanager
def first_load(session: Session, table: str) -> Iterator[Keys]:
    """All that is written within it is there together, or nothing of it. What came before the place where a file is
    damaged stays."""
    with session.transaction():
        indexes = session.run(_INDEXES[session.dialect], table=table)
        for name, _ in indexes:
            session.run(f"DROP INDEX {quoted(name)}")
        keys, damaged = Keys(session, (table, imported.name, loaded.name)), None
        if session.dialect == "postgresql":
            keys.drop()
        try:
            with _cached(session, _CACHED):
                yield keys
        except InvalidInput as error:
            damaged = error
        keys.bring_back()
        if session.dialect == "sqlite":
            session.run(f"PRAGMA threads = {_SORTERS}")
        with _cached(session, _SORTED):
            for _, made in indexes:
                session.run(made)
    if damaged is not None:
        raise damaged


@contextmanager
def _cached(session: Session, size: int) -> Iterator[None]:
    if session.dialect != "sqlite":
        yield
        return
    usual = session.one("PRAGMA cache_size")
    session.run(f"PRAGMA cache_size = -{size}")
    try:
        yield
    finally:
        session.run(f"PRAGMA cache_size = {usual}")
