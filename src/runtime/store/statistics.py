"""What the databases' planners know of the tables. With old figures one statement took 23 s that takes 0.1 s with new
ones, so they are gathered after everything that changes a store in bulk."""

from __future__ import annotations

from .session import Session

BULK = 10_000  # rows taken in, from which on it is worth it; figures of a small store are worse than none
_LOOKED_AT = 2_000  # entries of each index on SQLite: a moment, however large the store


def known(session: Session) -> int:
    """How many rows the database takes itself to have, by when it last counted."""
    ask = session.connection.exec_driver_sql
    if session.dialect == "postgresql":
        sql = "SELECT CAST(coalesce(sum(greatest(reltuples, 0)), 0) AS BIGINT) FROM pg_class WHERE relkind = 'r'"
    elif ask("SELECT 1 FROM sqlite_master WHERE name = 'sqlite_stat1'").first() is None:
        return 0
    else:
        tables = "SELECT max(CAST(stat AS INTEGER)) AS n FROM main.sqlite_stat1 GROUP BY tbl"
        sql = f"SELECT coalesce(sum(n), 0) FROM ({tables})"
    return int(ask(sql).scalar_one())


def analyse(session: Session) -> None:
    """Count anew, of every table by a sample. Outside of transactions."""
    if session.dialect == "sqlite":
        session.connection.exec_driver_sql(f"PRAGMA analysis_limit = {_LOOKED_AT}")
    session.connection.exec_driver_sql("ANALYZE")
