"""The passes over the files of a workspace on two processors, where there is enough to do.

The second process is a copy of this one (fork): it needs nothing sent, and sends back what a later run would be given.
Whatever goes wrong there, this process does all by itself.
"""

from __future__ import annotations

import gc
import os
import threading
from collections.abc import Iterable, Mapping
from typing import IO, Any

from dsl.keeping import Unreadable, packed, unpacked
from dsl.workspace import Workspace

ENOUGH = 400_000  # characters of rules: below, a second process costs more than it does


def judge_on_two(workspace: Workspace, sizes: Mapping[str, int]) -> None:
    """Has both passes made over all files of a fresh workspace, if that is worth a second process. `sizes` of its
    files, in characters."""
    if sum(sizes.values()) < ENOUGH or not _may_fork():
        return
    ours, theirs = _halves(sizes)
    to_us, from_them = os.pipe(), os.pipe()
    gc.freeze()  # so that the copy shares what there is
    child = os.fork()
    if child == 0:
        _work(workspace, theirs, to_us[1], from_them[0], (to_us[0], from_them[1]))
    os.close(to_us[1])
    os.close(from_them[0])
    try:
        with os.fdopen(to_us[0], "rb") as inward, os.fdopen(from_them[1], "wb") as outward:
            exchange = _Exchange(inward, outward)
            workspace.judge(ours, exchange.second)
            workspace.adopt(exchange.receive())
    except (OSError, EOFError, Unreadable):
        pass  # what is not judged yet is judged by `check`
    finally:
        gc.unfreeze()
        os.waitpid(child, 0)


def _may_fork() -> bool:
    return hasattr(os, "fork") and threading.active_count() == 1 and len(os.sched_getaffinity(0)) > 1


def _halves(sizes: Mapping[str, int]) -> tuple[list[str], list[str]]:
    """Two shares of about the same size, each in the order of the files."""
    shares: tuple[list[str], list[str]] = [], []
    loads = [0, 0]
    for name in sorted(sizes, key=lambda name: -sizes[name]):
        lighter = loads.index(min(loads))
        loads[lighter] += sizes[name]
        shares[lighter].append(name)
    return sorted(shares[0]), sorted(shares[1])


def _work(workspace: Workspace, names: Iterable[str], out: int, into: int, others: Iterable[int]) -> None:
    """The second process: never returns, says nothing; the first one notices if it ends early."""
    try:
        for end in others:
            os.close(end)
        with os.fdopen(into, "rb") as inward, os.fdopen(out, "wb") as outward:
            exchange = _Exchange(inward, outward)
            exchange.send(workspace.judge(names, exchange.first))
    finally:
        os._exit(0)


class _Exchange:
    """What the two processes tell each other: each message its length and its bytes."""

    def __init__(self, inward: IO[bytes], outward: IO[bytes]) -> None:
        self._inward, self._outward = inward, outward

    def first(self, own: dict[str, Any]) -> dict[str, Any]:
        """Speaks, then listens."""
        self.send(own)
        return own | self.receive()

    def second(self, own: dict[str, Any]) -> dict[str, Any]:
        """Listens, then speaks."""
        other = self.receive()
        self.send(own)
        return own | other

    def send(self, value: object) -> None:
        content = packed(value)
        self._outward.write(len(content).to_bytes(8, "big") + content)
        self._outward.flush()

    def receive(self) -> dict[str, Any]:
        size = int.from_bytes(self._inward.read(8), "big")
        content = self._inward.read(size)
        if not size or len(content) < size:
            raise EOFError
        value: dict[str, Any] = unpacked(content)
        return value
