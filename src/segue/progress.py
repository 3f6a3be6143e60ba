"""Progress on stderr: a bar on a terminal, else a line now and then, so that a log shows that it goes on."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

_LINE_EVERY = 5.0  # seconds between lines where there is no terminal
_DRAW_EVERY = 0.05
Step = Callable[[int, str], None]  # (how far of the total, what is being done)


@contextmanager
def progress(title: str) -> Iterator[Callable[[int], Step]]:
    """Gives a function that takes the total and gives the function to call with each step."""
    with _bar(title) if sys.stderr.isatty() else _lines(title) as begin:
        yield begin


@contextmanager
def _bar(title: str) -> Iterator[Callable[[int], Step]]:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    shown = Progress(*columns, console=Console(file=sys.stderr), transient=True)
    task = shown.add_task(title, total=None)
    drawn = 0.0

    def step(done: int, words: str) -> None:
        nonlocal drawn
        if time.monotonic() - drawn >= _DRAW_EVERY:
            drawn = time.monotonic()
            shown.update(task, completed=done, description=f"{title} {words}".rstrip())

    def begin(total: int) -> Step:
        shown.update(task, total=max(total, 1))
        shown.start()  # not before: what has no end (the real clock) has no bar
        return step

    try:
        yield begin
    finally:
        shown.stop()


@contextmanager
def _lines(title: str) -> Iterator[Callable[[int], Step]]:
    last, whole = time.monotonic(), 1

    def step(done: int, words: str) -> None:
        nonlocal last
        if time.monotonic() - last >= _LINE_EVERY:
            last = time.monotonic()
            print(f"{title} {words} {done / whole:.0%}".replace("  ", " "), file=sys.stderr, flush=True)

    def begin(total: int) -> Step:
        nonlocal whole
        whole = max(total, 1)
        return step

    yield begin
