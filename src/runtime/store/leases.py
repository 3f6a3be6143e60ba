"""Who may write a store: one lease per bucket (architecture, engine point 3; decision 0015).

A worker takes the leases of all buckets when it begins: its name, a token higher than any before, an end. Each of its
transactions begins by locking these rows FOR SHARE. A takeover raises the token: so it waits for a transaction under
way, and who slept through it finds its rows gone before it has written anything.

A holder lives as long as its session (PostgreSQL: an advisory lock) or its process (SQLite: a lock on a file beside
the store). The lease of a dead one is taken at once, that of a living one when its time is over.
"""

from __future__ import annotations

import fcntl
import os
import socket
import time
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import IO

from sqlalchemy import make_url

from ..errors import LeaseLost, SegueError, StoreBusy, StoreError
from ..times import zones
from .lasting import make_lasting
from .session import Session
from .store import Store
from .written_over import Watched

BUCKETS = 256
LENGTH = 300  # seconds
_RENEWED_AFTER = 60.0  # seconds; a worker on the real clock begins a transaction each minute
_IDLE = 120  # seconds a transaction may stand still on PostgreSQL before the server ends it: well under LENGTH
_ASKED_AGAIN = 5  # times
_KEY = 1_936_025_461  # of the advisory locks, with the token: the letters of "segu", no meaning
_NOW = {
    "sqlite": "CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER) * 1000",
    "postgresql": "CAST(extract(epoch FROM clock_timestamp()) * 1000000 AS BIGINT)",
}


@dataclass(slots=True)
class Lease:
    """All buckets of one store, held by one session under one token."""

    session: Session
    store: str
    token: int
    file: IO[str] | None = None
    place: Path | None = None  # where the store lies, `number` the file that lay there when it began
    number: tuple[int, int] | None = None
    content: Watched | None = None
    renewed: float = field(default_factory=time.monotonic)
    spoilt: bool = False  # its file was written over: whatever is said to it now makes it worse

    @property
    def owner(self) -> str:
        """This worker in rows it has claimed; no two are ever called the same."""
        return f"worker {self.token}"

    def check(self) -> None:
        """What every transaction of the worker begins with. Raises LeaseLost where the buckets are another's, and where
        another file lies in the store's place, or was copied into it: what is written to the old one nobody would ever
        read."""
        if self.place is not None and self.content is not None:
            self._refuse_another_file(self.place, self.content)
        renew = time.monotonic() - self.renewed > _RENEWED_AFTER
        if renew:
            found = self.session.count(_renew(self.session), {"token": self.token})
        else:
            found = self.session.one(_mine(self.session), token=self.token)
        if found < BUCKETS:
            raise LeaseLost(
                f"this worker lost its lease of {self.store}: another one took it while this one stood still",
                "what it had committed stands, nothing else was written; the other worker goes on",
            )
        if renew:
            self.renewed = time.monotonic()

    def _refuse_another_file(self, place: Path, content: Watched) -> None:
        found = _stat(place)
        if found is None or (found.st_dev, found.st_ino) != self.number:
            raise LeaseLost(
                f"{self.store} is gone, or another file was put in its place, while this worker ran",
                "nothing was written since; start the worker again on the file that is to count",
            )
        if content.is_written_over((found.st_mtime_ns, found.st_size)):
            self.spoilt = True
            raise LeaseLost(
                f"{self.store} was written over while this worker ran: it holds less than it did",
                f"its log still belongs to what was there: end all that has it open, remove {place.name}-wal and"
                f" {place.name}-shm, and put the backup there once more",
            )

    def release(self) -> None:
        """Give the buckets back. What cannot be said any more (the session is gone) the next worker sees by itself."""
        self.session.guard = None
        if self.session.connection.closed:
            return
        if not self.spoilt:
            self._give_back()
        if self.file is not None:
            self.file.close()

    def _give_back(self) -> None:
        try:
            self.session.rollback()
            self.session.run("UPDATE segue_lease SET owner = NULL WHERE token = :token", token=self.token)
            if self.session.dialect == "postgresql":
                self.session.run("SELECT pg_advisory_unlock(:key, :token)", key=_KEY, token=self.token)
                self.session.run("RESET idle_in_transaction_session_timeout")
        except SegueError:
            pass


def take(store: Store, session: Session) -> Lease:
    """The leases of all buckets for `session`, whose transactions begin with `check` from now on.

    Raises StoreBusy while another worker lives and its time is not over. Waits for a transaction of one whose is."""
    _refuse(store, session)
    file = _lock(store, session)
    try:
        with session.transaction():
            session.run(_ROWS)
            if session.dialect == "postgresql":
                session.run("SELECT bucket FROM segue_lease ORDER BY bucket FOR UPDATE")
                _refuse(store, session)  # two may have come at once
            token = int(session.one("SELECT max(token) + 1 FROM segue_lease"))
            if session.dialect == "postgresql":
                session.run("SELECT pg_advisory_lock(:key, :token)", key=_KEY, token=token)
                session.run(f"SET idle_in_transaction_session_timeout = '{_IDLE}s'")
            who = f"process {os.getpid()} on {socket.gethostname()}"
            session.run(_take(session), who=who, token=token)
        make_lasting(store, session)
    except BaseException:
        if file is not None:
            file.close()
        raise
    place = _path(store)
    lease = Lease(session, store.name, token, file, place)
    if place is not None:
        there = place.stat()
        lease.number, lease.content = (there.st_dev, there.st_ino), Watched(place)
    session.guard = lease.check
    return lease


def holder(store: Store, session: Session, zone: str = "UTC") -> str | None:
    """Who works on the store now, and since when on the zone's clock, in words; None where nobody does."""
    rows = session.run("SELECT owner, token, since FROM segue_lease WHERE owner IS NOT NULL LIMIT 1")
    if not rows or not _alive(store, session, int(rows[0][1])):
        return None
    owner, _, since = rows[0]
    return f"{owner}, since {zones.to_datetime(since, zone):%Y-%m-%d %H:%M} {zone}"


def refuse_beside_worker(store: Store, session: Session) -> None:
    """Raises StoreBusy while a worker lives, also one of an older Segue, whose leases did not say since when."""
    for owner, token in session.run("SELECT DISTINCT owner, token FROM segue_lease WHERE owner IS NOT NULL"):
        if _alive(store, session, int(token)):
            raise StoreBusy(f"a worker runs on {store.name}: {owner}", "end it first, and start it again afterwards")


@dataclass(frozen=True, slots=True)
class Held:
    """The leases of the buckets `first` to `last`, which one worker took at once. `worker` in words, None: nobody's;
    `since` and `until` of the first of them, µs by the database's clock. `state`: held | late (its time is over: on
    PostgreSQL anybody may take it) | dead (its worker is gone) | free."""

    first: int
    last: int
    worker: str | None
    since: int | None
    until: int | None
    state: str


def held(store: Store, session: Session, each: bool = False) -> tuple[int, list[Held]]:
    """The database's present instant, µs, and all leases by bucket; `each`: every bucket by itself."""
    now = int(session.one(f"SELECT {_NOW[session.dialect]}"))
    rows = session.run("SELECT bucket, owner, since, until, token FROM segue_lease ORDER BY bucket")
    alive = {token: _alive(store, session, int(token)) for token in {row[4] for row in rows if row[1] is not None}}
    found: list[Held] = []
    before: object = None
    for bucket, owner, since, until, token in rows:
        state = "free" if owner is None else "dead" if not alive[token] else "late" if until < now else "held"
        if not each and found and before == (token, state):
            found[-1] = replace(found[-1], last=bucket)
        else:
            since, until = (since, until) if owner is not None else (None, None)
            found.append(Held(bucket, bucket, owner, since, until, state))
        before = (token, state)
    return now, found


def _refuse(store: Store, session: Session) -> None:
    found = holder(store, session)
    over = session.dialect == "postgresql" and session.one(
        f"SELECT 1 FROM segue_lease WHERE until < {_NOW['postgresql']} LIMIT 1"
    )
    if found is not None and not over:
        raise _busy(store, found)


def _busy(store: Store, found: str) -> StoreBusy:
    return StoreBusy(
        f"another worker runs on {store.name}: {found}",
        "end it first, or let it do the work: imports and what you ask for by hand reach it through the store",
    )


# --- the life of a holder ---------------------------------------------------------------------


def _alive(store: Store, session: Session, token: int) -> bool:
    if session.dialect == "postgresql":
        return session.one(_LOCKED, key=_KEY, token=token) is not None
    path = _lock_path(store)
    if path is None or not path.exists():
        return False
    try:
        with path.open() as file:
            return not _locks(file)
    except OSError:
        return False


def _lock(store: Store, session: Session) -> IO[str] | None:
    """The locked file beside a store on SQLite; None for one in memory, which is this process's own."""
    path = _lock_path(store)
    if path is None:
        return None
    try:
        file = path.open("a")
    except OSError as error:
        raise StoreError(f"{path} cannot be written: {error.strerror}", "may you write in that folder?") from error
    for _ in range(_ASKED_AGAIN):
        if _locks(file):
            return file
        time.sleep(0.02)  # somebody may only be asking whether a worker lives
    file.close()
    raise _busy(store, holder(store, session) or "it has begun just now")


def _locks(file: IO[str]) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _lock_path(store: Store) -> Path | None:
    path = _path(store)
    return Path(f"{path}.worker") if path is not None else None


def _path(store: Store) -> Path | None:
    """The file of a store on SQLite."""
    path = make_url(store.url).database
    return Path(path) if store.dialect == "sqlite" and path and path != ":memory:" else None


def _stat(path: Path) -> os.stat_result | None:
    """None where there is no such file."""
    try:
        return path.stat()
    except OSError:
        return None


# --- statements -------------------------------------------------------------------------------


def _mine(session: Session) -> str:
    """How many there are; on PostgreSQL each is locked, in the order of the buckets."""
    mine = "SELECT bucket FROM segue_lease WHERE token = :token AND owner IS NOT NULL"
    locked = f"{mine} ORDER BY bucket FOR SHARE" if session.dialect == "postgresql" else mine
    return f"SELECT count(*) FROM ({locked}) mine"


def _renew(session: Session) -> str:
    return (
        f"UPDATE segue_lease SET until = {_NOW[session.dialect]} + {LENGTH * 1_000_000}"
        " WHERE token = :token AND owner IS NOT NULL"
    )


def _take(session: Session) -> str:
    now = _NOW[session.dialect]
    return f"UPDATE segue_lease SET owner = :who, token = :token, since = {now}, until = {now} + {LENGTH * 1_000_000}"


_ROWS = (
    "WITH RECURSIVE every (bucket) AS (SELECT 0 UNION ALL SELECT bucket + 1 FROM every WHERE bucket < 255)"
    " INSERT INTO segue_lease (bucket, token) SELECT bucket, 0 FROM every WHERE TRUE ON CONFLICT DO NOTHING"
)
_LOCKED = (
    "SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND classid = CAST(:key AS OID) AND objid = CAST(:token AS OID)"
    " AND granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
)
