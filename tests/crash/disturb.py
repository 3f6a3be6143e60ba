"""Runs that are disturbed again and again, and the undisturbed one they must equal."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from random import Random
from typing import Literal

from runtime.errors import SegueError
from runtime.store.store import Store
from tests.processes import PROCESSES
from tests.runtime.channels.sinks import Sink

from . import child
from .figures import Result, differences, result, verified
from .rules import END, program
from .world import Reader, Receiver, Server

Mail = Literal["maildir", "read", "smtp"]  # a Maildir; one that a mail program empties meanwhile; a mail server
Disturbance = Literal["worker", "server", "backend"]
MEMORY = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
FAILED = 3  # exit code of a worker that the world failed, and that said so
_STUCK = 900  # seconds


@dataclass
class Run:
    """One store with its receivers, from its making to its end. `kills` counts what was done to it."""

    job: child.Job
    receiver: Receiver
    sink: Sink
    server: Server | None = None
    reader: Reader | None = None
    kills: dict[Disturbance, int] = field(default_factory=dict)

    def kill(self, delay: float, how: Disturbance) -> bool:
        """Let a worker work for `delay` seconds, then end it or its server; whether it was still at work."""
        here, there = PROCESSES.Pipe()
        process = PROCESSES.Process(target=entry, args=(self.job, there))
        process.start()
        there.close()
        with contextlib.suppress(EOFError):
            here.recv()
        process.join(delay)
        if alive := process.is_alive():
            self._strike(process.pid or 0, how)
            if how != "worker":
                process.join(delay)  # it goes on by itself, until it is killed after all
                if process.is_alive():
                    os.kill(process.pid or 0, signal.SIGKILL)
        process.join(_STUCK)
        assert process.exitcode in (0, FAILED, -signal.SIGKILL), f"the worker ended with {process.exitcode}"
        if alive:
            self.kills[how] = self.kills.get(how, 0) + 1
        return alive or process.exitcode != 0

    def _strike(self, pid: int, how: Disturbance) -> None:
        match how:
            case "worker":
                os.kill(pid, signal.SIGKILL)
            case "server":
                assert self.server is not None
                self.server.crash()
            case "backend":
                assert self.server is not None
                self.server.kill_backend()

    def finish(self) -> Result:
        """Undisturbed to the end; what came of it all."""
        process = PROCESSES.Process(target=entry, args=(self.job, None))
        process.start()
        process.join(_STUCK)
        assert process.exitcode == 0, f"the worker ended with {process.exitcode}"
        return self.result()

    def result(self) -> Result:
        with Store.open(self.job.url) as store:
            verified(store, program(self.job.people))
            return result(store, self._received(store), self.receiver, told=isinstance(self.job.mail, Path))

    def _received(self, store: Store) -> list[bytes]:
        if self.reader is not None:
            self.reader.close()
            return self.reader.received()
        if not isinstance(self.job.mail, Path):
            return [text for _, _, text in self.sink.mails]
        assert not list((self.job.mail / "tmp").iterdir())
        with store.session() as session:
            assert not session.one("SELECT count(*) FROM segue_outbox WHERE state = 'unknown' AND kind = 'email'")
        return [file.read_bytes() for name in ("new", "cur") for file in (self.job.mail / name).iterdir()]


def entry(job: child.Job, ready: object) -> None:
    """The worker's process: what the world does to it has words, all else a traceback and another exit code."""
    try:
        child.work(job, ready)
    except SegueError as error:
        print(f"the worker ended: {error.message}", flush=True)
        os._exit(FAILED)


@contextlib.contextmanager
def new(people: int, mail: Mail = "maildir", server: Server | None = None, end: int = END) -> Iterator[Run]:
    """A new store, in memory where there is such a place: processes are killed here, not machines."""
    folder = Path(tempfile.mkdtemp(prefix="segue-crash-", dir=MEMORY))
    receiver, sink, reader = Receiver(), Sink(), None
    url = server.database() if server is not None else f"sqlite:///{folder}/crm.db"
    try:
        with sink.running():
            to = sink.port if mail == "smtp" else folder / "mail"
            job = child.Job(url, folder, people, receiver.url, to, end, patient=server is not None)
            child.create(job)
            reader = Reader(folder / "mail", str(folder)) if mail == "read" else None
            yield Run(job, receiver, sink, server, reader)
    finally:
        if reader is not None:
            reader.close()
        receiver.close()
        if server is not None:
            server.forget()
        shutil.rmtree(folder, ignore_errors=True)


@lru_cache
def undisturbed(people: int, end: int = END) -> Result:
    """On SQLite with a Maildir; every other store and channel must come to the same."""
    with new(people, end=end) as run:
        return run.finish()


def disturbed(
    people: int,
    seed: str,
    kills: int,
    mean: float,
    *,
    mail: Mail = "maildir",
    server: Server | None = None,
    ways: tuple[Disturbance, ...] = ("worker",),
    end: int = END,
    told: Callable[[str], object] = lambda line: None,
) -> dict[Disturbance, int]:
    """Disturb a run at random moments, `mean` seconds apart, and the next one where it has ended, until there were
    so many. Each must come to what the undisturbed one came to. How many there were, by their kind."""
    wanted = undisturbed(people, end)
    total: dict[Disturbance, int] = {}
    rng, done = Random(seed), 0
    while done < kills:
        with new(people, mail, server, end) as run:
            began = time.monotonic()
            while done < kills and run.kill(rng.random() * 2 * mean, rng.choice(ways)):
                done = sum(total.values()) + sum(run.kills.values())
            came = run.finish()
            found = differences(came, wanted)
            assert end != END or not came.inside, f"{came.inside} enrollments have not ended"
            assert not found, "\n".join([f"after {run.kills} of seed {seed}:", *found])
            total = {way: total.get(way, 0) + run.kills.get(way, 0) for way in (*total, *run.kills)}
            took = time.monotonic() - began
            told(
                f"{done} of {kills}: the same figures after {run.kills}; {came.figures['enrollments'].total():,}"
                f" enrollments, {came.mails.total():,} mails, none twice, none lost; {run.receiver.again} calls came"
                f" again under their key; {took:.0f} s"
            )
    return total
