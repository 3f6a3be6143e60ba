"""Figures that a screen is having worked out. Who leaves it does not wait for them: they are broken off, so that what
is asked for next has the machine."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock, Thread

from runtime.store.session import Session


class LeftAlone(Exception):  # noqa: N818 # no failure: nobody waits for the answer any more
    """The screen was left, or covered, before its question was answered."""


class WorkingOut:
    """The sessions on which figures are worked out now. Acts are never among them: they are done to their end."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._sessions: set[Session] = set()
        self._over = False

    @contextmanager
    def on(self, session: Session) -> Iterator[None]:
        """While a question is put. Raises LeftAlone where it is over already, or was broken off meanwhile."""
        with self._lock:
            if self._over:
                raise LeftAlone
            self._sessions.add(session)
        try:
            yield
        except Exception as error:
            if self._over:
                raise LeftAlone from error
            raise
        finally:
            with self._lock:  # not given back while it is being broken off: another's statement would fail
                self._sessions.discard(session)

    @property
    def over(self) -> bool:
        return self._over

    def break_off(self) -> None:
        """End what runs and let nothing begin. Returns at once: a server may be slow to hear of it."""
        with self._lock:
            self._over = True
            if self._sessions:
                Thread(target=self._end, daemon=True).start()

    def _end(self) -> None:
        with self._lock:
            for session in self._sessions:
                session.break_off()
