"""The process that is disturbed: it takes a store and its channels through weeks of virtual time, and goes on where
the one before it stopped."""

from __future__ import annotations

import pickle
import time
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

from runtime.channels.base import Channel
from runtime.channels.http import HttpChannel
from runtime.channels.maildir import MaildirChannel
from runtime.channels.smtp import SmtpChannel, SmtpSettings
from runtime.channels.switchboard import Switchboard
from runtime.engine.tick import Engine
from runtime.errors import SegueError, StoreError
from runtime.store import inbox
from runtime.store.session import Session
from runtime.store.store import Store

from .rules import CHUNK, END, START, answers, program, told

_STORE_ID = "crashtest"  # part of every key: so runs can be compared
_FED = "crash_fed"  # how many portions have reached the store


@dataclass(frozen=True)
class Job:
    """`folder`: where what the outside world says is kept. `mail`: a Maildir, or the port of a mail server on loopback.
    `patient`: goes on by itself when the store's server
    is gone for a moment, as the worker on the real clock does."""

    url: str
    folder: Path
    people: int
    hooks: str
    mail: Path | int
    end: int = END
    patient: bool = False


def create(job: Job) -> None:
    with Store.create(job.url, program(job.people).schema) as store, store.session() as session:
        session.run("UPDATE segue_meta SET value = :id WHERE key = 'store_id'", id=_STORE_ID)
    for number, rows in enumerate(told(job.people)):
        _portion(job, number).write_bytes(pickle.dumps(rows))


def _portion(job: Job, number: int) -> Path:
    return job.folder / f"told{number}"


def channel(job: Job) -> Channel:
    mail: Channel
    if isinstance(job.mail, int):
        mail = SmtpChannel(SmtpSettings("127.0.0.1", job.mail, "none"))
    else:
        mail = MaildirChannel(job.mail)
    urls = {"ERP": f"{job.hooks}/erp", "TEAM": f"{job.hooks}/slack"}
    return Switchboard(mail, HttpChannel({("webhook", "erp"): "ERP", ("slack", "team"): "TEAM"}, urls))


def work(job: Job, ready: Connection | None = None) -> None:
    """To the end. Raises SegueError where the world fails it."""
    with Store.open(job.url) as store:
        sender = channel(job)
        engine = Engine(store, program(job.people), sender)
        if ready is not None:
            ready.send("ready")
        while not _worked(job, store, engine):
            pass
        engine.close()
        sender.close()


def _worked(job: Job, store: Store, engine: Engine) -> bool:
    """Whether the end was reached."""
    try:
        _through(job, store, engine)
    except StoreError:
        if not job.patient:
            raise
        _again(engine)
        return False
    return True


def _again(engine: Engine) -> None:
    deadline = time.monotonic() + 60
    while True:
        try:
            if engine.session.lost:
                engine.close()
                engine.open()
            return
        except SegueError:
            assert time.monotonic() < deadline, "the server does not come back"
            time.sleep(0.1)


def _through(job: Job, store: Store, engine: Engine) -> None:
    _fed(store, 0, job)
    engine.go_live(START)
    while (clock := engine.clock or START) < job.end:
        number = (clock - START) // CHUNK
        if (clock - START) % CHUNK == 0:
            _fed(store, number, job)
        engine.run(min(START + (number + 1) * CHUNK, job.end))


def _fed(store: Store, number: int, job: Job) -> None:
    """One portion of what the outside world says, in one transaction with the note that it has come."""
    with store.session() as session, session.transaction():
        if number >= _count(session):
            inbox.put(session, pickle.loads(_portion(job, number).read_bytes()))
            inbox.put(session, answers(session, number, job.people))
            session.run(
                "INSERT INTO segue_meta (key, value) VALUES (:key, :n) ON CONFLICT (key) DO UPDATE SET value ="
                " excluded.value",
                key=_FED,
                n=str(number + 1),
            )


def _count(session: Session) -> int:
    return int(session.one("SELECT value FROM segue_meta WHERE key = :key", key=_FED) or 0)
