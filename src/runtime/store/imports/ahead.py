"""Reads a file, checks its rows and puts them in order in two more processes, while this one writes the store.

They are copies of this one (fork) that read the file anew. Each makes every other part of it and sends it through a
pipe: it waits until the part before was taken. Whatever goes wrong there, this process reads the file itself, from
where it is: it words what is wrong with it.
"""

from __future__ import annotations

import os
import pickle
import signal
from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from itertools import chain, count, cycle
from typing import IO, Any

from ...errors import InvalidInput
from . import at_once
from .columns import Columns, Ready, Typed
from .csv_file import CsvFile, CsvRow
from .pieces import Making, Piece

ENOUGH = 2_000_000  # bytes of a file: below, more processes cost more than they do
READERS = 2  # other processes: with the writer, one more than most small machines have processors for, as some wait
_FIRST = 10_000  # rows of the first part, twice as many in each that follows: there is soon something to write


@dataclass(frozen=True)
class Part:
    """A part of the file: what may be written at once, the rows that were `left` for the inbox, where the file was
    `read` to, in bytes. `rows` gives those that the piece was made of."""

    piece: Piece | None
    left: list[CsvRow]
    read: int
    rows: Callable[[], Ready]


def parts(file: CsvFile, columns: Columns, make: Making) -> Generator[Part, None, None]:
    """All parts of a file that nobody has read from yet. Raises InvalidInput where it cannot be read on."""
    blocks = _Blocks(file, columns)
    if file.size >= ENOUGH and may_fork():
        taken = 0
        for head in _told(file, columns, make):
            if head["end"]:
                return
            left = [CsvRow(*row) for row in head["left"]]
            yield Part(head["piece"], left, head["read"], partial(blocks.ready, taken, head["blocks"]))
            taken += head["blocks"]
        blocks.pass_over(taken)
    for typed, _ in _gathered(blocks):
        yield _part(make, typed, file.read)


def may_fork() -> bool:
    return hasattr(os, "fork") and len(os.sched_getaffinity(0)) > 1


class _Blocks:
    """The blocks of a file, counted: another process that reads it finds the same ones."""

    def __init__(self, file: CsvFile, columns: Columns) -> None:
        self._file, self._blocks, self._columns, self.taken = file, file.blocks(), columns, 0

    def take(self, rows: int, into: list[Typed] | None) -> None:
        """Blocks of so many rows together, or all that are left. Where nothing takes them they are passed over."""
        while rows > 0 and (found := self._next(into)):
            rows -= found

    def pass_over(self, until: int) -> None:
        while self.taken < until and self._next(None):
            pass

    def ready(self, first: int, number: int) -> Ready:
        """The rows of so many blocks that may be written at once."""
        self.pass_over(first)
        pieces: list[Typed] = []
        for _ in range(number):
            self._next(pieces)
        return _joined(pieces).ready

    def _next(self, into: list[Typed] | None) -> int:
        """How many rows the next block has; 0 where there is none."""
        rows = self._file.pass_over() if into is None else 0
        if not rows:
            block = next(self._blocks, [])
            rows = len(block)
            if block and into is not None:
                into.append(self._columns(block))
        self.taken += bool(rows)
        return rows


def _joined(pieces: list[Typed]) -> Typed:
    columns = zip(*(piece.ready for piece in pieces if piece.ready), strict=True)
    return Typed([list(chain.from_iterable(some)) for some in columns], [row for piece in pieces for row in piece.left])


def _part(make: Making, typed: Typed, read: int) -> Part:
    return Part(_made(make, typed), typed.left, read, lambda: typed.ready)


def _made(make: Making, typed: Typed) -> Piece | None:
    return make(typed.ready) if typed.ready else None


def _gathered(blocks: _Blocks, of: int = 1, turn: int = 0) -> Iterator[tuple[Typed, int]]:
    """Rows worth a transaction, and how many blocks they are; of so many parts the one whose `turn` it is. Where the
    file cannot be read on, what came before."""
    worth, damaged = min(_FIRST, at_once.AT_ONCE), None
    for number in count():
        began, pieces = blocks.taken, list[Typed]()
        try:
            blocks.take(worth, pieces if number % of == turn else None)
        except InvalidInput as error:
            damaged = error
        if pieces:
            yield _joined(pieces), blocks.taken - began
        if damaged is not None:
            raise damaged
        if blocks.taken == began:
            return
        worth = min(2 * worth, at_once.AT_ONCE)


# --- the other processes ----------------------------------------------------------------------


def _told(file: CsvFile, columns: Columns, make: Making) -> Iterator[dict[str, Any]]:
    """What the other processes make of the file, in its order, as far as they come."""
    with ExitStack() as stack:
        readers = [stack.enter_context(_reader(file, columns, make, turn)) for turn in range(READERS)]
        with suppress(EOFError):
            for inward in cycle(readers):
                yield pickle.loads(_received(inward))


@contextmanager
def _reader(file: CsvFile, columns: Columns, make: Making, turn: int) -> Iterator[IO[bytes]]:
    """A process, by the pipe that it tells its parts through."""
    to_us, from_them = os.pipe()
    child = os.fork()
    if child == 0:
        _work(file, columns, make, turn, from_them)
    os.close(from_them)
    try:
        with os.fdopen(to_us, "rb") as inward:
            yield inward
    finally:
        with suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)  # where it still works nobody waits for it
        os.waitpid(child, 0)


def _received(inward: IO[bytes]) -> bytes:
    size = int.from_bytes(inward.read(8), "big")
    content = inward.read(size)
    if not size or len(content) < size:
        raise EOFError
    return content


def _work(file: CsvFile, columns: Columns, make: Making, turn: int, out: int) -> None:
    """Another process: never returns, says nothing. It keeps nothing open that is the first one's, so that no lock
    outlives that."""
    try:
        os.closerange(3, out)
        os.closerange(out + 1, os.sysconf("SC_OPEN_MAX"))
        with os.fdopen(out, "wb") as outward:
            again = CsvFile(file.path, file.form)
            for typed, blocks in _gathered(_Blocks(again, columns), READERS, turn):
                left = [tuple(row) for row in typed.left]
                head = {"end": False, "left": left, "blocks": blocks, "read": again.read}
                _send(outward, head | {"piece": _made(make, typed)})
            _send(outward, {"end": True})
    finally:
        os._exit(0)


def _send(outward: IO[bytes], head: dict[str, Any]) -> None:
    content = pickle.dumps(head, protocol=pickle.HIGHEST_PROTOCOL)
    outward.write(len(content).to_bytes(8, "big") + content)
    outward.flush()
