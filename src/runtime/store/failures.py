"""What a database says when the world fails it, in words of ours. Everything else (a constraint, bad SQL) is a bug
and stays the exception it is."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

from sqlalchemy import Engine, event
from sqlalchemy.engine import ExceptionContext

from ..errors import LeaseLost, SegueError, StoreBusy, StoreError

_SQLITE = {
    sqlite3.SQLITE_BUSY: (StoreBusy, "{store} is locked by another process", "wait until it ends, then run again"),
    sqlite3.SQLITE_LOCKED: (StoreBusy, "{store} is locked by another process", "wait until it ends, then run again"),
    sqlite3.SQLITE_READONLY: (StoreError, "{store} is read-only", "give yourself the right to write it and its folder"),
    sqlite3.SQLITE_PERM: (StoreError, "{store} may not be opened", "give yourself the right to read and write it"),
    sqlite3.SQLITE_CANTOPEN: (StoreError, "{store} cannot be opened", "may you read and write it, and its folder?"),
    sqlite3.SQLITE_NOTADB: (StoreError, "{store} is not a database", "give the store another name, or move that file"),
    sqlite3.SQLITE_CORRUPT: (StoreError, "{store} is damaged", "put a backup in its place"),
    sqlite3.SQLITE_FULL: (
        StoreError,
        "the disk of {store} is full; nothing of this step was written",
        "free some space, then run again: it goes on where it stopped",
    ),
    sqlite3.SQLITE_IOERR: (
        StoreError,
        "the disk of {store} failed: {words}; nothing of this step was written",
        "see to the disk, then run again: it goes on where it stopped",
    ),
}
_ROOM = 65_536  # bytes: what a log of SQLite's needs to begin
# SQLSTATE by its first five or two characters.
_POSTGRES = {
    "55P03": (StoreBusy, "{store} is locked by another process", "wait until it ends, then run again"),
    "40P01": (StoreBusy, "{store} is busy: two processes waited for each other", "run again"),
    "40001": (StoreBusy, "{store} is busy: another process changed the same rows", "run again"),
    "25P03": (
        LeaseLost,
        "this worker lost its lease of {store}: it stood still in the middle of a transaction, which was undone",
        "run again: it goes on where it stopped",
    ),
    "25006": (StoreError, "{store} is read-only", "connect to the primary server"),
    "42501": (StoreError, "{store}: {words}", "ask for the right to do this"),
    "53100": _SQLITE[sqlite3.SQLITE_FULL],
    "53": (StoreError, "{store} is out of resources: {words}", "try again later"),
    "3D": (StoreError, "there is no database {store}", "create it with `createdb`"),
    "28": (StoreError, "{store} does not let you in: {words}", "check user and password in the store's address"),
    "57": (StoreBusy, "{store} ended the connection: {words}", "run again: it goes on where it stopped"),
    "08": (StoreBusy, "{store} lost the connection", "run again: it goes on where it stopped"),
}


def speak_plainly(engine: Engine, store: str) -> None:
    """Make every failure of the engine's connections a SegueError where the world is to blame."""
    engine.update_execution_options(store=store)  # for sessions that ask the driver themselves

    @event.listens_for(engine, "handle_error")
    def replace(context: ExceptionContext) -> None:
        failure = spoken(context.original_exception, store)
        if failure:
            raise failure from context.original_exception


def spoken(error: BaseException | None, store: str) -> SegueError | None:
    """The error in our words, or None for what must be a bug."""
    if isinstance(error, SegueError):
        return error
    if isinstance(error, sqlite3.Error):
        found = _SQLITE.get(getattr(error, "sqlite_errorcode", 0) & 0xFF)
    else:
        found = _of_postgres(error)
    if not found:
        return None
    if found is _SQLITE[sqlite3.SQLITE_IOERR] and _is_full(Path(store).parent):
        found = _SQLITE[sqlite3.SQLITE_FULL]
    kind, message, hint = found
    words = str(error).split("\n")[0].removeprefix("connection failed: ")
    return kind(message.format(store=store, words=words), hint)


def _is_full(folder: Path) -> bool:
    """SQLite calls it an I/O error when its log finds no room."""
    try:
        return shutil.disk_usage(folder).free < _ROOM
    except OSError:
        return False


def _of_postgres(error: BaseException | None) -> tuple[type[StoreError], str, str] | None:
    import psycopg  # only where a PostgreSQL failed: it takes 40 ms to load

    if not isinstance(error, psycopg.Error):
        return None
    state = error.sqlstate or ""
    if found := _POSTGRES.get(state) or _POSTGRES.get(state[:2]):
        return found
    if isinstance(error, psycopg.OperationalError) and not state:
        if "authentication failed" in str(error) or "no password supplied" in str(error):
            return _POSTGRES["28"]
        if "does not exist" in str(error) and "database" in str(error):
            return _POSTGRES["3D"]
        if "closed" in str(error) or "connection is lost" in str(error):
            return _POSTGRES["08"]
        return StoreError, "{store} cannot be reached: {words}", "is the server running, is its address right?"
    return None
