"""Several sessions see a store as it is at one moment, whatever is committed while they begin; and what is asked of
them is answered in order, and broken off where nobody waits for it any more."""

from __future__ import annotations

import os
import signal
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

import pytest

from dsl.schema.standard import standard_schema
from runtime.errors import StoreBusy, StoreError
from runtime.store import at_one_moment as moments
from runtime.store import meta
from runtime.store.at_one_moment import at_one_moment
from runtime.store.session import Session
from runtime.store.sharing_out import shared_out
from runtime.store.store import Store

READERS = 3
ENDLESS = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT 1 FROM n) SELECT count(*) FROM n"


@pytest.fixture(autouse=True)
def three_processors(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(READERS)))


def _beat(session: Session) -> None:
    with session.transaction():
        meta.write(session, "beat", str(int(meta.read(session, "beat") or 0) + 1))


def _seen(readers: tuple[Session, ...]) -> set[str | None]:
    return {meta.read(reader, "beat") for reader in readers}


def _committing(monkeypatch: pytest.MonkeyPatch, writer: Session, times: int) -> Callable[[], int]:
    """After each of the first `times` transactions that begin somebody commits; how many are left to come."""
    begin, left = moments._begin, [times]

    def begun(session: Session) -> None:
        begin(session)
        if left[0]:
            left[0] -= 1
            _beat(writer)

    monkeypatch.setattr(moments, "_begin", begun)
    return lambda: left[0]


@pytest.mark.parametrize("times", [0, 1, 2, 3, 4, 5, 20])
def test_all_see_the_same_though_somebody_commits_between(
    store: Store, monkeypatch: pytest.MonkeyPatch, times: int
) -> None:
    with store.session() as writer, store.session() as session:
        _beat(writer)
        left = _committing(monkeypatch, writer, times)
        with at_one_moment(session) as readers:
            assert left() == 0 or store.dialect == "postgresql"  # there the first transaction is the one that counts
            assert len(readers) == READERS and len(_seen(readers)) == 1
            before = _seen(readers)
            _beat(writer)
            assert _seen(readers) == before
        assert _seen((session,)) != before


def test_who_cannot_see_the_same_stays_out(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    with store.session() as writer, store.session() as session:
        _committing(monkeypatch, writer, 100_000)
        with at_one_moment(session) as readers:
            assert len(readers) == (1 if store.dialect == "sqlite" else READERS)
            assert len(_seen(readers)) == 1


def test_all_see_the_same_beside_one_who_commits_in_a_loop(store: Store) -> None:
    over = Event()

    def commits() -> None:
        with store.session() as writer:
            while not over.is_set():
                _beat(writer)

    moments_seen = set[str | None]()
    with ThreadPoolExecutor(1) as threads, store.session() as session:
        looping = threads.submit(commits)
        try:
            while len(moments_seen) < 20 and not looping.done():
                with at_one_moment(session) as readers:
                    seen = _seen(readers)
                assert len(seen) == 1
                moments_seen |= seen
        finally:
            over.set()
        looping.result()


def test_a_writer_is_neither_waited_for_nor_held_up(store: Store) -> None:
    with store.session() as writer, store.session() as session:
        with writer.transaction():
            meta.write(writer, "beat", "1")
            with at_one_moment(session) as readers:
                assert len(readers) == READERS and _seen(readers) == {None}
                meta.write(writer, "beat", "2")
        with at_one_moment(session) as readers:
            assert _seen(readers) == {"2"}
            _beat(writer)


def test_readers_write_nothing_on_postgresql(postgres_url: str) -> None:
    with Store.create(postgres_url, standard_schema()) as store, store.session() as session:
        for at in range(READERS):
            with pytest.raises(StoreError, match="read-only"), at_one_moment(session) as readers:
                meta.write(readers[at], "beat", "1")


def test_alone_in_memory(memory: Store) -> None:
    with memory.session() as session, at_one_moment(session) as readers:
        assert readers == (session,)


def test_alone_where_there_is_no_room_for_others(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: object) -> Session:
        raise StoreError("the server is out of resources")

    monkeypatch.setattr(moments, "connect", full)
    with store.session() as session, at_one_moment(session) as readers:
        assert readers == (session,) and _seen(readers) == {None}


def test_alone_where_the_snapshot_is_of_another_server(postgres_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(moments, "_SNAPSHOT", "SELECT '00000003-0000001B-1'")
    with (
        Store.create(postgres_url, standard_schema()) as store,
        store.session() as session,
        at_one_moment(session) as r,
    ):
        assert r == (session,) and _seen(r) == {None}


def test_a_file_that_is_locked_longer_than_one_waits(tmp_path: Path) -> None:
    """Without a log that is written ahead, who commits locks readers out."""
    path = tmp_path / "crm.db"
    Store.create(f"sqlite:///{path}", standard_schema()).close()
    locking = sqlite3.connect(path, isolation_level=None)
    locking.execute("PRAGMA journal_mode = DELETE")
    with Store.open(f"sqlite:///{path}", readonly=True) as store, store.session() as session:
        session.run("PRAGMA busy_timeout = 1")
        locking.execute("BEGIN EXCLUSIVE")
        with pytest.raises(StoreBusy, match="locked by another process"), at_one_moment(session):
            pass
        locking.execute("ROLLBACK")
        with at_one_moment(session) as readers:
            assert len(readers) == READERS
    locking.close()


# --- what is shared out to them ----------------------------------------------------------------


def test_each_is_answered_once_by_whoever_is_free(store: Store) -> None:
    def number(session: Session, n: int) -> tuple[int, int]:
        return session.one("SELECT :n + 1", n=n), id(session)

    with store.session() as session, at_one_moment(session) as readers, shared_out(readers) as work:
        asked = [work.ask(number, n) for n in range(50)]
        answers = [one() for one in asked]
    assert [n for n, _ in answers] == list(range(1, 51))
    assert {by for _, by in answers} <= set(map(id, readers))


def test_several_answer_at_a_time(store: Store) -> None:
    """Each waits until the others have begun: one after the other they would wait for ever."""
    begun = [Event() for _ in range(READERS)]

    def meet(session: Session, at: int) -> bool:
        begun[at].set()
        return all(other.wait(60) for other in begun) and session.one("SELECT 1") == 1

    with store.session() as session, at_one_moment(session) as readers, shared_out(readers) as work:
        asked = [work.ask(meet, at) for at in range(READERS)]
        assert all(one() for one in asked)


def test_a_failure_is_told_and_ends_the_others(store: Store) -> None:
    begun = Event()

    def fails(session: Session) -> None:
        begun.wait(60)
        session.run("SELECT * FROM nothing_of_the_kind")

    def endless(session: Session) -> None:
        begun.set()
        session.run(ENDLESS)

    with store.session() as session:
        with (
            pytest.raises(Exception, match="nothing_of_the_kind"),
            at_one_moment(session) as readers,
            shared_out(readers[:2]) as work,
        ):
            failing = work.ask(fails)
            for _ in range(50):
                work.ask(endless)
            failing()
        assert session.one("SELECT 1") == 1


@pytest.mark.parametrize("alone", [False, True])
def test_ctrl_c_ends_what_runs(store: Store, alone: bool) -> None:
    """Also with one session: who waits for SQLite in its own thread does not hear of it before the statement ends."""

    def endless(session: Session) -> None:
        os.kill(os.getpid(), signal.SIGINT)
        session.run(ENDLESS)

    heard = signal.signal(signal.SIGINT, signal.default_int_handler)  # a script's `&` starts us deaf to it
    try:
        with store.session() as session:
            with (
                pytest.raises(KeyboardInterrupt),
                at_one_moment(session) as readers,
                shared_out(readers[:1] if alone else readers) as work,
            ):
                work.ask(endless)()
            assert session.one("SELECT 1") == 1
    finally:
        signal.signal(signal.SIGINT, heard)
