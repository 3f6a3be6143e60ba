"""That what a worker has committed lasts: it is on disk before the next thing is done (decision 0029).

SQLite waits for its log at each commit (`synchronous = FULL`) and for the name of a new log, but says nothing where
that name could not be brought to the disk; PostgreSQL waits unless it was told not to.
"""

from __future__ import annotations

import os
from pathlib import Path

from sqlalchemy import make_url

from ..errors import StoreError
from .session import Session
from .store import Store


def make_lasting(store: Store, session: Session) -> None:
    """For a session that has just committed, and all it commits from now on. Raises StoreError where the disk does."""
    if session.dialect == "postgresql":
        if session.one("SELECT current_setting('synchronous_commit')") == "off":
            session.run("SET synchronous_commit = on")
        return
    path = make_url(store.url).database
    if path and path != ":memory:":
        _sync(Path(path).absolute().parent, store.name)


def _sync(folder: Path, name: str) -> None:
    try:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
    except OSError as error:
        raise StoreError(f"the disk of {name} failed: {error.strerror}", "see to the disk, then run again") from error
