"""Who was taken over writes nothing any more, even when it wakes in the middle (engine, point 3)."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import psycopg
import pytest

from runtime.channels.base import Result
from runtime.channels.maildir import MaildirChannel
from runtime.channels.memory import MemoryChannel
from runtime.engine.tick import Engine
from runtime.errors import LeaseLost, StoreBusy
from runtime.store import inbox
from runtime.store.ids import record_id
from runtime.store.store import Store
from runtime.store.worker import worker_of
from tests.runtime.engine import crash_child, stopped_child
from tests.runtime.engine.harness import World, compiled
from tests.runtime.leases.journey import RULES, another, expire, taken_over, written

pytestmark = pytest.mark.timeout(60)


def test_a_worker_taken_over_between_transactions_writes_nothing(world: World) -> None:
    other = taken_over(world)
    other.go_live(world.start)
    with world.store.session() as session, session.transaction():
        inbox.put(session, [inbox.event_row("viewed_page", 1, "e", {"path": "/"}, at=world.now + 1)])
    before = written(world.store)
    for attempt in (
        lambda: world.engine.tick(world.micros("03-05 12:00")),
        lambda: world.engine.run(world.micros("03-05 12:00")),
        lambda: world.engine.go_live(world.start),
    ):
        with pytest.raises(LeaseLost, match="another one took it while this one stood still"):
            attempt()
    assert written(world.store) == before and len(world.channel.sent) == 10
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
        others.append(taken_over(world))
        others[0].go_live(world.start)
        others[0].run(world.micros("03-02 12:00"))
        channel.before = written(world.store)

    channel.pause = pause
    with pytest.raises(LeaseLost):
        world.run_to("03-05 12:00")
    assert written(world.store) == channel.before and len(channel.published) == 10
    others[0].run(world.micros("03-05 12:00"))
    others[0].close()
    assert len(channel.published) == 20 == len(set(channel.published))
    with world.store.session() as session:
        assert session.run("SELECT state, count(*) FROM segue_outbox GROUP BY state") == [("sent", 20)]
    world.close()


@pytest.mark.postgres
def test_a_takeover_waits_for_the_transaction_under_way(emptied_url: str) -> None:
    world = World(RULES, emptied_url, ready=True).run_to("03-02 12:00")
    expire(world.store)
    world.engine.session.begin()
    taken: list[Engine] = []
    taking = threading.Thread(target=lambda: taken.append(another(world)))
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
        expire(store)
        engine = Engine(store, compiled(crash_child.RULES), MaildirChannel(tmp_path / "mail"))
        engine.go_live(crash_child.at(crash_child.START))
        engine.run(crash_child.at(stopped_child.END))
        before, mails = written(store), _files(tmp_path / "mail")
        os.kill(child.pid or 0, signal.SIGCONT)
        assert " lost " in here.recv()  # its lease, or in the middle of a transaction its session
        child.join(30)
    finally:
        child.kill()
    assert written(store) == before and _files(tmp_path / "mail") == mails
    with store.session() as session:
        sent = {key for (key,) in session.run("SELECT key FROM segue_outbox WHERE state = 'sent'")}
        assert session.one("SELECT count(*) FROM segue_outbox WHERE settled_at IS NULL") == 0
    assert sent == mails
    engine.close()
    store.close()


def test_trap_a_worker_that_was_taken_over_frees_nothing_when_it_ends(world: World) -> None:
    """A lock freed by one who no longer owns it: the store stays the other one's."""
    other = taken_over(world)
    other.go_live(world.start)
    world.engine.close()
    held = worker_of(world.store)
    assert held is not None
    with pytest.raises(StoreBusy):
        another(world)
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
