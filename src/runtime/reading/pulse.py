"""Whether anything was written to a store since one last looked: what a screen asks once a second. It reads no table.

A store that is a file may vanish or be put back from a copy while it is open. Connections would go on with the file
that nobody sees any more, so who looks is told, and what is written into it would be lost. A newer program may have
brought it to a format that this one does not know: then nothing is asked of it either.
"""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import make_url

from ..errors import SegueError, StoreError
from ..store.session import Session
from ..store.store import Store


class Pulse:
    """Keeps one connection to itself; `close` gives it back. For one thread at a time."""

    def __init__(self, store: Store) -> None:
        self._store = store
        url = make_url(store.url)
        named = url.database if url.get_backend_name() == "sqlite" and url.database != ":memory:" else None
        self._file = Path(named).absolute() if named else None
        self._known = self._identity()
        self._session: Session | None = None
        self._last: object = None
        self._strange: SegueError | None = None  # what the store is now, where that is none of ours

    def there(self) -> None:
        """Raises StoreError where the file is not the one that was opened, or has become another program's, so that
        nothing is asked of it."""
        if self._known is None or self._identity() != self._known:
            raise StoreError(
                f"the store {self._store.name} is not there any more",
                "nothing can be read or asked for until it is back; then this goes on by itself",
            )
        if self._strange is not None:
            raise self._strange.with_traceback(None)

    def beat(self) -> bool:
        """Whether anything was written since the last time, by anybody; at first True. A file that is back is opened
        anew. Raises StoreError."""
        now = self._identity()
        if now != self._known:
            self.close()
            self._store.close()
            self._known, self._strange = now, None
        if self._known is None:
            self.there()
        try:
            moved = self._moved()
            if moved:
                self._look()
            return moved
        except Exception:
            self.close()
            raise

    def _look(self) -> None:
        try:
            self._store.check_format()
        except SegueError as error:
            self._strange = error
            raise
        self._strange = None

    def _moved(self) -> bool:
        if self._session is None:
            self._session = self._store.session()
            self._last = None
        before, self._last = self._last, self._session.one(_BEAT[self._session.dialect])
        return bool(before != self._last)

    def close(self) -> None:
        session, self._session = self._session, None
        if session is not None:
            session.close()

    def _identity(self) -> tuple[int, int] | None:
        """Which file it is, None where there is none; of another store always the same."""
        if self._file is None:
            return 0, 0
        try:
            found = self._file.stat()
        except OSError:
            return None
        return found.st_dev, found.st_ino


# Of SQLite a number that moves when another connection commits; of PostgreSQL the next number of a transaction that
# writes, in this or another database of the cluster.
_BEAT = {"sqlite": "PRAGMA data_version", "postgresql": "SELECT pg_snapshot_xmax(pg_current_snapshot())::text"}
