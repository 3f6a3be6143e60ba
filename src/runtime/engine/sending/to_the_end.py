"""Messages on their way are answered for before the process ends: a signal in between is heard afterwards."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

_ENDING = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


@contextmanager
def to_the_end() -> Iterator[None]:
    """Who is told to end in here ends when the block does; told twice, at once. A signal that nobody hears stays so.
    Outside the main thread signals are not ours."""
    told: list[int] = []
    before = {number: signal.getsignal(number) for number in _ENDING}
    mine = threading.current_thread() is threading.main_thread()
    ours = [number for number in _ENDING if mine and before[number] not in (signal.SIG_IGN, None)]

    def as_before() -> None:
        for number in ours:
            signal.signal(number, before[number])

    def later(number: int, frame: FrameType | None) -> None:
        told.append(number)
        as_before()

    try:
        for number in ours:
            signal.signal(number, later)
        yield
    finally:
        as_before()
        if told:
            signal.raise_signal(told[0])
