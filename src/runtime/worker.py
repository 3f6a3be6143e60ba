"""One worker at a time: who runs the engine on a store holds a lock that dies with its process, `kill -9` too."""

from __future__ import annotations

import fcntl
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import make_url

from .errors import StoreBusy, StoreError
from .store.store import Store

_KEY = 7_306_085_694  # of the PostgreSQL advisory lock: "segue" in spirit, no meaning


@contextmanager
def only_worker(store: Store) -> Iterator[None]:
    """Hold the store's lock. Raises StoreBusy while another process does."""
    if store.dialect == "postgresql":
        with _postgres(store):
            yield
        return
    path = make_url(store.url).database
    if not path or path == ":memory:":
        yield
        return
    with _file(Path(f"{path}.worker"), store.name):
        yield


def worker_of(store: Store) -> str | None:
    """Who works on a SQLite store now, in words; None where nobody does."""
    path = make_url(store.url).database
    lock = Path(f"{path}.worker")
    if store.dialect != "sqlite" or not path or not lock.exists():
        return None
    try:
        with lock.open() as file:
            if _taken(file.fileno()):
                return _owner(lock)
            fcntl.flock(file, fcntl.LOCK_UN)
    except OSError:
        return None
    return None


@contextmanager
def _file(path: Path, name: str) -> Iterator[None]:
    try:
        file = path.open("a+")
    except OSError as error:
        raise StoreError(f"{path} cannot be written: {error.strerror}", "may you write in that folder?") from error
    with file:
        if _taken(file.fileno()):
            raise StoreBusy(f"another worker runs on {name}: {_owner(path)}", "end it first, or let it do the work")
        file.truncate(0)
        file.write(f"process {os.getpid()} on {socket.gethostname()}")
        file.flush()
        yield
        file.truncate(0)


def _taken(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    return False


def _owner(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace").strip() or "an unknown process"


@contextmanager
def _postgres(store: Store) -> Iterator[None]:
    with store.session() as session:
        if not session.one("SELECT pg_try_advisory_lock(:key)", key=_KEY):
            raise StoreBusy(f"another worker runs on {store.name}", "end it first, or let it do the work")
        session.commit()
        try:
            yield
        finally:
            session.one("SELECT pg_advisory_unlock(:key)", key=_KEY)
            session.commit()
