"""A first load on SQLite: one transaction, without the indexes of the table, which are made at its end (decision 0022).

To keep two indexes up row by row costs more than all else that is written, to make them from the finished table half
as much. Readers go on with the old state meanwhile; whoever wants to write waits. PostgreSQL keeps its indexes: to drop
one would lock readers out.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from ...errors import InvalidInput
from ..names import quoted
from ..session import Session

SMALLEST = 2_000_000  # bytes of a file: below, indexes are quick enough to keep up
MOST = 1_000  # bytes of the file for each row that the table has: then the file brings about ten times as many
_SORTERS = 2  # threads that sort an index


def suits(session: Session, table: str, size: int) -> bool:
    """Whether a file of `size` bytes brings much more than the table holds."""
    if session.dialect != "sqlite" or size < SMALLEST:
        return False
    few = size // MOST
    rows = f"SELECT 1 FROM {quoted(table)} LIMIT {few + 1}"
    return int(session.one(f"SELECT count(*) FROM ({rows})")) <= few


@contextmanager
def first_load(session: Session, table: str) -> Iterator[None]:
    """All that is written within it is there together, or nothing of it. What came before the place where a file is
    damaged stays."""
    with session.transaction():
        indexes = session.run(
            "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = :table AND sql IS NOT NULL",
            table=table,
        )
        for name, _ in indexes:
            session.run(f"DROP INDEX {quoted(name)}")
        damaged = None
        try:
            yield
        except InvalidInput as error:
            damaged = error
        session.run(f"PRAGMA threads = {_SORTERS}")
        for _, made in indexes:
            session.run(made)
    if damaged is not None:
        raise damaged
