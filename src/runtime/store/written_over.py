"""A store's file that somebody wrote over while a worker runs (`cp backup.db crm.db`): it is the same file, and the log
beside it belongs to what was there.

SQLite never notices: what it has read it keeps, and what its log holds it puts over the other pages. But a checkpoint
brings a file forward only, so one whose own clock (read past the log) has gone back, or that is no store or another
one, was written over. What cannot be told is a file that a checkpoint has gone through since.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path
from urllib.parse import quote

_TOLD = (
    "SELECT (SELECT value FROM segue_meta WHERE key = 'store_id'), (SELECT value FROM segue_meta WHERE key = 'clock')"
)
_NO_STORE = (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR)  # no database; no such table
_Written = tuple[int, int]  # when it was last written, ns, and its size
_Told = tuple[str, int | None]  # store_id and clock


class Watched:
    """The file at `path` as a worker finds it when it begins."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._written: _Written | None = None
        self._told: _Told | None = None
        self.is_written_over(_written(path))

    def is_written_over(self, written: _Written) -> bool:
        """Whether the file is behind what it was; it is read where it was written since the last look."""
        if written == self._written:
            return False
        try:
            told = _told(self.path)
        except sqlite3.Error as error:
            if error.sqlite_errorcode not in _NO_STORE:
                return False  # a checkpoint is under way: the next look tells
            self._written = written
            return self._told is not None
        if self._told is not None and (told[0] != self._told[0] or (told[1] or 0) < (self._told[1] or 0)):
            return True
        self._written, self._told = written, told
        return False


def _written(path: Path) -> _Written:
    found = path.stat()
    return found.st_mtime_ns, found.st_size


def _told(path: Path) -> _Told:
    """By SQLite: to open the file otherwise and close it again would take this process's locks on it away."""
    file = sqlite3.connect(f"file:{quote(str(path.absolute()))}?immutable=1", uri=True)
    try:
        store_id, clock = file.execute(_TOLD).fetchone()
    finally:
        file.close()
    return store_id, None if clock is None else int(clock)
