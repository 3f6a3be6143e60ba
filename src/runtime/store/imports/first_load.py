"""A first load: one transaction, without the indexes of the table, which are made at its end (decision 0022).

To keep two indexes up row by row costs more than all else that is written, to make them from the finished table a
third as much. On SQLite readers go on with the old state meanwhile, and whoever wants to write waits. On PostgreSQL
readers of the table wait too: so it is done for an empty one only, and not for longer than a minute or two.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from ...errors import InvalidInput
from ..names import quoted
from ..session import Session

SMALLEST = 2_000_000  # bytes of a file: below, indexes are quick enough to keep up
LARGEST_LOCKED = 200_000_000  # bytes: about two million records, for which a table of PostgreSQL is locked
MOST = 1_000  # bytes of the file for each row that the table has: then the file brings about ten times as many
_SORTERS = 2  # threads that sort an index
_CACHED = 256 * 1024  # KiB of SQLite's pages: each part goes over all keys of the ledger, which are not read again then


_INDEXES = {
    "sqlite": "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = :table AND sql IS NOT NULL",
    "postgresql": "SELECT c.relname, pg_get_indexdef(c.oid) FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid"
    " WHERE i.indrelid = CAST(quote_ident(:table) AS regclass) AND NOT i.indisunique",
}


def suits(session: Session, table: str, size: int) -> bool:
    """Whether a file of `size` bytes brings much more than the table holds."""
    few = size // MOST
    if session.dialect == "postgresql":
        few, size = 0, size if size <= LARGEST_LOCKED else 0
    if size < SMALLEST:
        return False
    rows = f"SELECT 1 FROM {quoted(table)} LIMIT {few + 1}"
    return int(session.one(f"SELECT count(*) FROM ({rows}) found")) <= few


@contextmanager
def first_load(session: Session, table: str) -> Iterator[None]:
    """All that is written within it is there together, or nothing of it. What came before the place where a file is
    damaged stays."""
    with session.transaction():
        indexes = session.run(_INDEXES[session.dialect], table=table)
        for name, _ in indexes:
            session.run(f"DROP INDEX {quoted(name)}")
        damaged = None
        try:
            with _much_cached(session):
                yield
        except InvalidInput as error:
            damaged = error
        if session.dialect == "sqlite":
            session.run(f"PRAGMA threads = {_SORTERS}")
        for _, made in indexes:
            session.run(made)
    if damaged is not None:
        raise damaged


@contextmanager
def _much_cached(session: Session) -> Iterator[None]:
    if session.dialect != "sqlite":
        yield
        return
    usual = session.one("PRAGMA cache_size")
    session.run(f"PRAGMA cache_size = -{_CACHED}")
    try:
        yield
    finally:
        session.run(f"PRAGMA cache_size = {usual}")
