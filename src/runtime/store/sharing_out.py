"""Many questions to a store, shared out to several sessions, each in a thread of its own: a database works while
Python waits for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import CancelledError, ThreadPoolExecutor
from contextlib import contextmanager
from queue import SimpleQueue
from threading import Event
from time import sleep
from typing import Concatenate, ParamSpec, TypeVar

from .session import Session

P = ParamSpec("P")
T = TypeVar("T")

_AGAIN = 0.05  # seconds until those who work still are told once more to end: one may just have begun a statement


class Sharing:
    """Who asks and who answers; nobody else uses the sessions meanwhile."""

    def __init__(self, sessions: Sequence[Session], threads: ThreadPoolExecutor) -> None:
        self._sessions, self._threads = sessions, threads
        self._free: SimpleQueue[Session] = SimpleQueue()
        self._over = Event()
        for session in sessions:
            self._free.put(session)

    def ask(self, question: Callable[Concatenate[Session, P], T], *about: P.args, **more: P.kwargs) -> Callable[[], T]:
        """`question(session, ..)` on the first session that is free. What is returned waits for the answer."""

        def answered() -> T:
            session = self._free.get()
            try:
                if self._over.is_set():
                    raise CancelledError
                return question(session, *about, **more)
            finally:
                self._free.put(session)

        return self._threads.submit(answered).result

    def break_off(self) -> None:
        """End what runs, and let nothing more begin. INVARIANT: who holds a session has either seen that it is over,
        or is told to end for as long as it holds it."""
        self._over.set()
        self._threads.shutdown(wait=False, cancel_futures=True)
        while self._free.qsize() < len(self._sessions):
            for session in self._sessions:
                session.break_off()
            sleep(_AGAIN)


@contextmanager
def shared_out(sessions: Sequence[Session]) -> Iterator[Sharing]:
    """An answer that fails, or a Ctrl-C while one is waited for, ends the others at once."""
    with ThreadPoolExecutor(len(sessions), thread_name_prefix="reader") as threads:
        sharing = Sharing(sessions, threads)
        try:
            yield sharing
        except BaseException:
            sharing.break_off()
            raise
