"""One worker writes: who was taken over writes nothing any more, even when it wakes in the middle (engine, point 3)."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sqlite3
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest

from dsl.schema.model import Retention
from runtime.channels.base import Result
from runtime.channels.maildir import MaildirChannel
from runtime.channels.memory import MemoryChannel
from runtime.engine.tick import Engine
from runtime.errors import LeaseLost, StoreBusy
from runtime.service.vacuuming import vacuum
from runtime.store import inbox, leases
from runtime.store.ids import record_id
from runtime.store.store import Store
from runtime.store.worker import worker_of
from tests.runtime.engine import crash_child, stopped_child
from tests.runtime.engine.harness import World, compiled

pytestmark = pytest.mark.timeout(60)
RULES = """
sequence x { when: plan = trial  sender: rep  send intro  wait 1 day  task call "Call" without waiting  send case }
workflow w of contact { when: viewed_page  again: always  set visits = 7 }
"""
WRITTEN = ("segue_enrollment", "segue_step", "segue_outbox", "segue_inbox", "segue_task", "segue_meta", "contact")


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A store with its tables that several processes may open."""
    if request.param == "postgres":
        return str(request.getfixturevalue("emptied_url"))
    address = f"sqlite:///{tmp_path}/crm.db"
    Store.create(address, compiled(RULES).schema).close()
    return address


@pytest.fixture
def world(url: str) -> Iterator[World]:
    """Ten people in a journey, in the middle of it."""
    made = World(RULES, url, ready=True)
    for i in range(10):
        made.contact(f"c{i}", at="03-02 10:00", plan="trial")
    made.run_to("03-02 12:00")
    yield made
    made.close()


def test_a_dry_vacuum_only_reads_so_it_may_be_done_beside_a_worker(world: World) -> None:
    keeps = replace(world.program.project, retention=Retention(events=(30, "days")))
    program = replace(world.program, project=keeps)
    with world.store.session() as writer, writer.transaction():
        writer.run("UPDATE segue_meta SET value = value")
        assert [one.rows for one in vacuum(world.store, program, dry_run=True) if one.what == "purchased"] == [0]
    with pytest.raises(StoreBusy, match="another worker runs on"):
        vacuum(world.store, program)


def test_a_second_worker_refuses_and_says_who_works_since_when(world: World) -> None:
    with pytest.raises(StoreBusy, match=f"another worker runs on .*: process {os.getpid()} on .*, since 20") as told:
        _another(world)
    assert "end it first, or let it do the work" in told.value.hint
    assert str(worker_of(world.store)).startswith(f"process {os.getpid()} on ")
    world.run_to("03-05 12:00")  # it was not disturbed
    assert len(world.channel.sent) == 20


def test_of_workers_that_come_at_the_same_instant_one_works(url: str) -> None:
    """Each on a store of its own, as processes have."""
    program, together = compiled(RULES), threading.Barrier(4)
    came: list[Engine | StoreBusy] = []

    def come() -> None:
        store = Store.open(url)
        together.wait()
        try:
            came.append(Engine(store, program, MemoryChannel()))
        except StoreBusy as busy:
            came.append(busy)
            store.close()

    threads = [threading.Thread(target=come) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    working = [one for one in came if isinstance(one, Engine)]
    assert len(came) == 4 and len(working) == 1
    for one in working:
        one.session.begin()  # its lease holds
        one.session.rollback()
        one.close()
        one.store.close()


def test_a_worker_that_ends_leaves_the_store_at_once(world: World) -> None:
    world.engine.close()
    assert worker_of(world.store) is None
    world.restart().run_to("03-05 12:00")
    assert len(world.channel.sent) == 20


def test_a_worker_whose_session_breaks_leaves_the_store_at_once(world: World) -> None:
    _break(world)
    assert worker_of(world.store) is None
    other = _another(world)
    try:
        other.go_live(world.start)
        other.run(world.micros("03-05 12:00"))
    finally:
        other.close()
    assert len(world.channel.sent) == 20


@pytest.mark.parametrize("then", ["put back", "deleted"])
def test_a_worker_whose_file_was_replaced_writes_nothing_and_no_mail_leaves(tmp_path: Path, then: str) -> None:
    """What it wrote into the old file nobody would ever read, and the new one would send the same mails again."""
    file = tmp_path / "crm.db"
    world = World(RULES, f"sqlite:///{file}").contact("ann", at="03-02 10:00", plan="trial").run_to("03-02 08:00")
    backup = tmp_path / "backup.db"
    with sqlite3.connect(file) as one, sqlite3.connect(backup) as other:
        one.backup(other)
    if then == "put back":
        backup.rename(file)
    else:
        file.unlink()
    with pytest.raises(LeaseLost, match=r"crm\.db is gone, or another file was put in its place") as caught:
        world.run_to("03-05 12:00")
    assert caught.value.hint.startswith("nothing was written since; start the worker again")
    assert not world.channel.sent
    world.close()
    if then == "put back":
        world = World(RULES, f"sqlite:///{file}", ready=True).run_to("03-05 12:00")
        assert len(world.channel.sent) == 2
        world.close()


@pytest.mark.parametrize("with_", ["an older state", "another store", "no store"])
def test_a_worker_whose_file_was_written_over_ends_at_its_next_tick(tmp_path: Path, with_: str) -> None:
    """`cp backup.db crm.db` beside a worker: same file, and its log belongs to what was there."""
    file, backup = tmp_path / "crm.db", tmp_path / "backup.db"
    world = World(RULES, f"sqlite:///{file}").contact("ann", at="03-02 10:00", plan="trial").run_to("03-02 08:00")
    with closing(sqlite3.connect(file)) as one, closing(sqlite3.connect(backup)) as other:
        one.backup(other)
    world.run_to("03-02 09:00")
    with closing(sqlite3.connect(file)) as one:
        one.execute("PRAGMA wal_checkpoint(PASSIVE)")
    world.run_to("03-02 09:10")  # no harm: the log alone was written into the file
    if with_ == "another store":
        with closing(sqlite3.connect(backup, isolation_level=None)) as other:
            other.execute("UPDATE segue_meta SET value = 'x' WHERE key = 'store_id'")
            other.execute("UPDATE segue_meta SET value = '9000000000000000' WHERE key = 'clock'")
    file.write_bytes(backup.read_bytes() if with_ != "no store" else b"a letter\n" * 5000)
    with pytest.raises(LeaseLost, match=r"crm\.db was written over while this worker ran") as caught:
        world.run_to("03-05 12:00")
    assert "remove crm.db-wal and crm.db-shm, and put the backup there once more" in caught.value.hint
    assert not world.channel.sent
    world.engine.close()
    world.store.close()
    for beside in ("-wal", "-shm"):
        file.with_name(file.name + beside).unlink(missing_ok=True)
    if with_ == "an older state":
        file.write_bytes(backup.read_bytes())
        world = World(RULES, f"sqlite:///{file}", ready=True).run_to("03-05 12:00")
        assert len(world.channel.sent) == 2
        world.close()


def test_leases_are_told_with_their_worker_and_time(world: World) -> None:
    with world.store.session() as session:
        now, (one,) = leases.held(world.store, session)
        assert (one.first, one.last, one.state) == (0, 255, "held") and one.since is not None and one.until is not None
        assert one.since <= now < one.until and str(one.worker).startswith(f"process {os.getpid()} on ")
        assert len(leases.held(world.store, session, each=True)[1]) == 256
        with session.transaction():
            session.run("UPDATE segue_lease SET until = since WHERE bucket = 7")
            session.run("UPDATE segue_lease SET owner = NULL WHERE bucket = 9")
        _, told = leases.held(world.store, session)
        assert [(one.first, one.last, one.state) for one in told] == [
            (0, 6, "held"), (7, 7, "late"), (8, 8, "held"), (9, 9, "free"), (10, 255, "held"),
        ]  # fmt: skip
    _break(world)
    with world.store.session() as session:
        assert {one.state for one in leases.held(world.store, session)[1]} == {"dead", "free"}


def test_each_worker_has_a_higher_token(world: World) -> None:
    first = world.engine.lease.token
    second = world.restart().engine.lease.token
    assert second == first + 1
    with world.store.session() as session:
        assert session.run("SELECT token, count(*) FROM segue_lease GROUP BY token") == [(second, 256)]


def test_a_worker_taken_over_between_transactions_writes_nothing(world: World) -> None:
    other = _taken_over(world)
    other.go_live(world.start)
    with world.store.session() as session, session.transaction():
        inbox.put(session, [inbox.event_row("viewed_page", 1, "e", {"path": "/"}, at=world.now + 1)])
    before = _written(world.store)
    for attempt in (
        lambda: world.engine.tick(world.micros("03-05 12:00")),
        lambda: world.engine.run(world.micros("03-05 12:00")),
        lambda: world.engine.go_live(world.start),
    ):
        with pytest.raises(LeaseLost, match="another one took it while this one stood still"):
            attempt()
    assert _written(world.store) == before and len(world.channel.sent) == 10
    other.run(world.micros("03-05 12:00"))
    other.close()
    assert len(world.channel.sent) == 20


def test_a_worker_taken_over_while_its_mail_leaves_settles_nothing_and_no_mail_goes_twice(url: str) -> None:
    channel = _Pausing()
    world = World(RULES, url, ready=True, channel=channel)
    for i in range(10):
        world.contact(f"c{i}", at="03-02 10:00", plan="trial")
    others: list[Engine] = []

    def pause() -> None:
        others.append(_taken_over(world))
        others[0].go_live(world.start)
        others[0].run(world.micros("03-02 12:00"))
        channel.before = _written(world.store)

    channel.pause = pause
    with pytest.raises(LeaseLost):
        world.run_to("03-05 12:00")
    assert _written(world.store) == channel.before and len(channel.published) == 10
    others[0].run(world.micros("03-05 12:00"))
    others[0].close()
    assert len(channel.published) == 20 == len(set(channel.published))
    with world.store.session() as session:
        assert session.run("SELECT state, count(*) FROM segue_outbox GROUP BY state") == [("sent", 20)]
    world.close()


@pytest.mark.postgres
def test_a_takeover_waits_for_the_transaction_under_way(emptied_url: str) -> None:
    world = World(RULES, emptied_url, ready=True).run_to("03-02 12:00")
    _expire(world.store)
    world.engine.session.begin()
    taken: list[Engine] = []
    taking = threading.Thread(target=lambda: taken.append(_another(world)))
    taking.start()
    _until(lambda: _waits(world.store))
    world.engine.session.run("UPDATE segue_meta SET value = 'mine' WHERE key = 'working'")
    assert not taken
    world.engine.session.commit()
    taking.join(60)
    assert len(taken) == 1
    with pytest.raises(LeaseLost):
        world.engine.session.begin()
    assert not world.engine.session._in_transaction()
    taken[0].close()
    world.close()


@pytest.mark.postgres
def test_a_lease_is_renewed_by_working(emptied_url: str) -> None:
    world = World(RULES, emptied_url, ready=True).run_to("03-02 12:00")
    _expire(world.store)
    world.engine.lease.renewed -= 2 * leases._RENEWED_AFTER
    world.contact("late", at="03-02 13:00", plan="trial").run_to("03-02 14:00")
    with pytest.raises(StoreBusy):
        _another(world)
    world.close()


@pytest.mark.postgres
def test_a_transaction_that_stands_still_is_ended_by_the_server(emptied_url: str) -> None:
    world = World(RULES, emptied_url, ready=True).run_to("03-02 12:00")
    session = world.engine.session
    assert session.one("SHOW idle_in_transaction_session_timeout") == "2min"
    session.run("SET idle_in_transaction_session_timeout = '50ms'")
    session.begin()
    session.run("UPDATE segue_meta SET value = 'mine' WHERE key = 'clock'")
    time.sleep(0.3)
    with pytest.raises(LeaseLost, match="stood still in the middle of a transaction"):
        session.run("SELECT 1")
    assert world.store.get("clock") != "mine"
    world.close()


@pytest.mark.postgres
@pytest.mark.parametrize("delay", [0.05, 0.3])
def test_a_process_stopped_and_taken_over_wakes_and_writes_nothing(
    emptied_url: str, tmp_path: Path, delay: float
) -> None:
    """SIGSTOP, takeover, the whole journey, SIGCONT: all mails once, nothing written by the one that woke."""
    store = Store.open(emptied_url)
    with store.session() as session, session.transaction():
        inbox.put(session, crash_child.rows())
    processes = multiprocessing.get_context("spawn")
    here, there = processes.Pipe()
    child = processes.Process(target=stopped_child.work, args=(emptied_url, tmp_path / "mail", there))
    child.start()
    there.close()  # so that a child that dies is heard
    try:
        assert here.recv() == "live"
        time.sleep(delay)
        os.kill(child.pid or 0, signal.SIGSTOP)
        _expire(store)
        engine = Engine(store, compiled(crash_child.RULES), MaildirChannel(tmp_path / "mail"))
        engine.go_live(crash_child.at(crash_child.START))
        engine.run(crash_child.at(stopped_child.END))
        before, mails = _written(store), _files(tmp_path / "mail")
        os.kill(child.pid or 0, signal.SIGCONT)
        assert " lost " in here.recv()  # its lease, or in the middle of a transaction its session
        child.join(30)
    finally:
        child.kill()
    assert _written(store) == before and _files(tmp_path / "mail") == mails
    with store.session() as session:
        sent = {key for (key,) in session.run("SELECT key FROM segue_outbox WHERE state = 'sent'")}
        assert session.one("SELECT count(*) FROM segue_outbox WHERE settled_at IS NULL") == 0
    assert sent == mails
    engine.close()
    store.close()


class _Pausing(MemoryChannel):
    """Calls `pause` once, when the first messages have left and nobody knows yet."""

    def __init__(self) -> None:
        super().__init__()
        self.pause: Callable[[], None] | None = None
        self.published: list[str] = []
        self.before: Mapping[str, Counter[object]] = {}

    def publish(self, keys: Sequence[str]) -> Mapping[str, Result]:
        self.published += [key for key in keys if key not in self.sent]
        results = super().publish(keys)
        pause, self.pause = self.pause, None
        if pause is not None:
            pause()
        return results


def test_trap_a_worker_that_was_taken_over_frees_nothing_when_it_ends(world: World) -> None:
    """A lock freed by one who no longer owns it: the store stays the other one's."""
    other = _taken_over(world)
    other.go_live(world.start)
    world.engine.close()
    held = worker_of(world.store)
    assert held is not None
    with pytest.raises(StoreBusy):
        _another(world)
    other.run(world.micros("03-05 12:00"))
    other.close()
    assert worker_of(world.store) is None
    world.restart()


def test_trap_rows_that_are_locked_are_waited_for_and_not_skipped(emptied_url: str) -> None:
    """Whoever skips what another holds for a moment sends it again later, or never."""
    world = World(RULES, emptied_url, ready=True)
    for i in range(5):
        world.contact(f"c{i}", at="03-02 10:00", plan="trial")
    world.run_to("03-02 12:00")
    with world.store.session() as session:
        session.begin()
        session.run("SELECT 1 FROM segue_enrollment WHERE contact_id = :id FOR UPDATE", id=record_id("contact", "c3"))
        working = threading.Thread(target=world.run_to, args=("03-04 12:00",))
        working.start()
        working.join(0.5)
        assert working.is_alive() and len(world.channel.sent) == 5, "nobody goes on without c3"
        session.rollback()
        working.join(20)
    assert all(len(world.mails(f"c{i}")) == 2 for i in range(5)) and len(world.channel.sent) == 10
    world.close()


def _another(world: World) -> Engine:
    return Engine(world.store, world.program, world.channel)


def _taken_over(world: World) -> Engine:
    """Another worker, which found the lease of the first one over (PostgreSQL) or its lock file gone (SQLite)."""
    if world.store.dialect == "sqlite":
        Path(world.store.url.removeprefix("sqlite:///") + ".worker").unlink()
    else:
        _expire(world.store)
    return _another(world)


def _expire(store: Store) -> None:
    with store.session() as session, session.transaction():
        session.run("UPDATE segue_lease SET until = 0")


def _break(world: World) -> None:
    """As if the worker's process had been killed."""
    lease = world.engine.lease
    if lease.file is not None:
        lease.file.close()
        return
    pid = world.engine.session.one("SELECT pg_backend_pid()")
    with world.store.session() as session:
        session.run("SELECT pg_terminate_backend(:pid, 5000)", pid=pid)


def _written(store: Store) -> dict[str, Counter[object]]:
    """Every row of what a worker writes."""
    with store.session() as session:
        return {table: Counter(session.run(f"SELECT * FROM {table}")) for table in WRITTEN}


def _files(folder: Path) -> set[str]:
    return {file.name for part in ("new", "cur", "tmp") for file in (folder / part).iterdir()}


def _waits(store: Store) -> bool:
    with psycopg.connect(store.url.replace("+psycopg", "")) as other:
        found = other.execute("SELECT count(*) FROM pg_locks WHERE NOT granted").fetchone()
    return found is not None and found[0] > 0


def _until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.01)
