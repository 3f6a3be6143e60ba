"""What the databases' planners know of the tables. With old figures one statement took 23 s that takes 0.1 s with new
ones, so they are gathered after everything that changes a store in bulk."""

from __future__ import annotations

from .session import Session

BULK = 10_000  # rows taken in, from which on it is worth it; figures of a small store are worse than none
_LOOKED_AT = 2_000  # entries of each index on SQLite: a moment, however large the store


def analyse(session: Session) -> None:
    """Count anew, of every table by a sample. Outside of transactions."""
    if session.dialect == "sqlite":
        session.connection.exec_driver_sql(f"PRAGMA analysis_limit = {_LOOKED_AT}")
    session.connection.exec_driver_sql("ANALYZE")
