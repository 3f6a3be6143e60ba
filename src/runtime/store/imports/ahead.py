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
from itertools import chain, cycle, islice
from typing import IO, Any

from ...errors import InvalidInput
from . import at_once
from .at_once import Batch, batch_of
from .columns import Columns, Ready
from .csv_file import CsvFile, CsvRow
from .packing import Packed, packed, unpacked

ENOUGH = 2_000_000  # bytes of a file: below, more processes cost more than they do
READERS = 2  # other processes: with the writer, one more than most small machines have processors for, as some wait
_FIRST = 10_000  # rows of the first part, twice as many in each that follows: there is soon something to write


@dataclass(frozen=True)
class Part:
    """A part of the file: batches, the rows that were `left` for the inbox, where the file was `read` to, in bytes.
    `rows` gives those that the batches were made of."""

    batches: list[Batch]
    left: list[CsvRow]
    read: int
    rows: Callable[[], Ready]


def parts(file: CsvFile, columns: Columns) -> Generator[Part, None, None]:
    """All parts of a file that nobody has read from yet. Raises InvalidInput where it cannot be read on."""
    blocks, taken = _Blocks(file), 0
    if file.size >= ENOUGH and may_fork():
        for head, batches in _told(file, columns):
            if head["end"]:
                return
            left = [CsvRow(*row) for row in head["left"]]
            yield Part(batches, left, head["read"], partial(blocks.typed, columns, taken, head["blocks"]))
            taken += head["blocks"]
    blocks.skip_to(taken)
    for rows, _ in _gathered(blocks):
        typed = columns(rows)
        batches = list(map(batch_of, typed.ready))
        yield Part(batches, typed.left, file.read, partial(_joined, typed.ready))


def may_fork() -> bool:
    return hasattr(os, "fork") and len(os.sched_getaffinity(0)) > 1


class _Blocks:
    """The blocks of a file, counted: another process that reads it finds the same ones."""

    def __init__(self, file: CsvFile) -> None:
        self._blocks, self._taken = file.blocks(), 0

    def __iter__(self) -> Iterator[list[CsvRow]]:
        for block in self._blocks:
            self._taken += 1
            yield block

    def skip_to(self, number: int) -> None:
        for _ in islice(self, number - self._taken):
            pass

    def typed(self, columns: Columns, first: int, count: int) -> Ready:
        """The rows of `count` blocks that may be written at once."""
        self.skip_to(first)
        return _joined(columns(list(chain.from_iterable(islice(self, count)))).ready)


def _joined(pieces: list[Ready]) -> Ready:
    return [list(chain.from_iterable(column)) for column in zip(*pieces, strict=True)]


def _gathered(blocks: _Blocks) -> Iterator[tuple[list[CsvRow], int]]:
    """Rows worth a transaction, and how many blocks they are. Where the file cannot be read on, what came before."""
    rows: list[CsvRow] = []
    count, worth, damaged = 0, min(_FIRST, at_once.AT_ONCE), None
    try:
        for block in blocks:
            rows += block
            count += 1
            if len(rows) >= worth:
                yield rows, count
                rows, count, worth = [], 0, min(2 * worth, at_once.AT_ONCE)
    except InvalidInput as error:
        damaged = error
    if count:
        yield rows, count
    if damaged is not None:
        raise damaged


# --- the other processes ----------------------------------------------------------------------


def _told(file: CsvFile, columns: Columns) -> Iterator[tuple[dict[str, Any], list[Batch]]]:
    """What the other processes make of the file, in its order, as far as they come."""
    with ExitStack() as stack:
        readers = [stack.enter_context(_reader(file, columns, turn)) for turn in range(READERS)]
        with suppress(EOFError):
            for inward in cycle(readers):
                head = pickle.loads(_received(inward))
                yield head, [Batch(*(list(map(unpacked, some)) for some in batch)) for batch in head["batches"]]


@contextmanager
def _reader(file: CsvFile, columns: Columns, turn: int) -> Iterator[IO[bytes]]:
    """A process, by the pipe that it tells its parts through."""
    to_us, from_them = os.pipe()
    child = os.fork()
    if child == 0:
        _work(file, columns, turn, from_them)
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


def _work(file: CsvFile, columns: Columns, turn: int, out: int) -> None:
    """Another process: never returns, says nothing. It keeps nothing open that is the first one's, so that no lock
    outlives that."""
    try:
        os.closerange(3, out)
        os.closerange(out + 1, os.sysconf("SC_OPEN_MAX"))
        with os.fdopen(out, "wb") as outward:
            again = CsvFile(file.path, file.form)
            for number, (rows, count) in enumerate(_gathered(_Blocks(again))):
                if number % READERS == turn:
                    typed = columns(rows)
                    left = [tuple(row) for row in typed.left]
                    head = {"end": False, "left": left, "blocks": count, "read": again.read}
                    _send(outward, head | {"batches": [_packed(batch_of(ready)) for ready in typed.ready]})
            _send(outward, {"end": True, "batches": []})
    finally:
        os._exit(0)


def _packed(batch: Batch) -> list[list[Packed]]:
    return [list(map(packed, some)) for some in (batch.records, batch.known)]


def _send(outward: IO[bytes], head: dict[str, Any]) -> None:
    content = pickle.dumps(head, protocol=pickle.HIGHEST_PROTOCOL)
    outward.write(len(content).to_bytes(8, "big") + content)
    outward.flush()
