"""What a store knows of itself: its format and schema, its clock, and how far its worker has come (`segue_meta`)."""

from __future__ import annotations

from .session import Session

REWRITTEN = "rewritten"  # "yes" where values were written by no fact: the next run judges all conditions anew
BY_CLOCK = "by_clock"  # the next instant (µs) that the rules alone bring, "" for none: readers do not work it out


def read(session: Session, key: str) -> str | None:
    """What is noted under a key; None where nothing is."""
    found = session.one("SELECT value FROM segue_meta WHERE key = :key", key=key)
    return None if found is None else str(found)


def write(session: Session, key: str, value: str) -> None:
    """Note a value, in place of an older one."""
    session.run(
        "INSERT INTO segue_meta (key, value) VALUES (:key, :value)"
        " ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        key=key,
        value=value,
    )


def clock(session: Session) -> int | None:
    """The instant (µs) the store has been worked up to; None before the first run."""
    found = read(session, "clock")
    return None if found is None else int(found)


def tables(session: Session, prefix: str) -> frozenset[str]:
    """The tables that begin with `prefix`: a project that does not extend the standard may lack some."""
    catalogue = (
        "SELECT name FROM sqlite_master WHERE type = 'table' AND substr(name, 1, length(:prefix)) = :prefix"
        if session.dialect == "sqlite"
        else "SELECT relname FROM pg_class WHERE relkind = 'r' AND pg_table_is_visible(oid)"
        " AND starts_with(relname, :prefix)"
    )
    return frozenset(row[0] for row in session.run(catalogue, prefix=prefix))
