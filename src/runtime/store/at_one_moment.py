"""Several sessions that see a store as it is at one moment, also beside a running worker: what is asked of everybody
can then be shared out to the processors (`sharing_out.py`).

On PostgreSQL one transaction lends its snapshot to the others. SQLite has no such thing, but tells a connection
whether others have committed since it last looked: where nobody has between a look before all transactions began and
one after, all of them see the same. Nothing is locked, so a worker is not held up, nor waited for.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager

from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import StaticPool

from ..errors import SegueError
from .session import Session, connect

_MOST = 8  # sessions at a time: a server has others to serve
_TRIES = 100  # to begin between two commits, which takes a tenth of a millisecond
_SNAPSHOT = "SELECT pg_export_snapshot()"


@contextmanager
def at_one_moment(session: Session) -> Iterator[tuple[Session, ...]]:
    """The session, and others beside it up to one for each processor, each in a transaction that only reads and is
    undone at the end. The session is alone in memory, where there is one connection, and where the others cannot be
    had: a server has no room for them, or somebody commits all the time. Raises what the session itself meets."""
    with ExitStack() as stack:
        stack.callback(session.rollback)
        _begin(session)
        others = _others(session, stack)
        if others and not _join(session, others):
            others = []
            session.rollback()
            _begin(session)
        yield (session, *others)


def _begin(session: Session) -> None:
    if session.dialect == "sqlite":
        session.run("BEGIN")
        session.run("SELECT 1 FROM sqlite_schema LIMIT 1")  # only a look at the file says which moment it sees
    else:
        session.run("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")


def _others(session: Session, stack: ExitStack) -> list[Session]:
    engine, found = session.connection.engine, list[Session]()
    if isinstance(engine.pool, StaticPool):
        return found
    while len(found) + 1 < min(len(os.sched_getaffinity(0)), _MOST):
        try:
            found.append(stack.enter_context(connect(engine)))
        except SegueError:
            break
    return found


def _join(session: Session, others: Sequence[Session]) -> bool:
    """Whether the others see what the session sees."""
    try:
        if session.dialect == "sqlite":
            return any(_undisturbed(session, others) for _ in range(_TRIES))
        snapshot = session.one(_SNAPSHOT)
        for other in others:
            _begin(other)
            other.run("SET TRANSACTION SNAPSHOT :snapshot", snapshot=snapshot)
    except (SegueError, DBAPIError):  # the second: the address leads to several servers, say
        return False
    return True


def _undisturbed(session: Session, others: Sequence[Session]) -> bool:
    """Begin all anew, and whether nobody has committed meanwhile."""
    for one in (session, *others):
        one.rollback()
    before = session.one("PRAGMA data_version")
    for one in (*others, session):
        _begin(one)
    return bool(session.one("PRAGMA data_version") == before)
