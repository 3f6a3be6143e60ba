"""One worker writes: leases are taken, told, renewed and given back (engine, point 3)."""

from __future__ import annotations

import os
import threading
from dataclasses import replace

import pytest

from dsl.schema.model import Retention
from runtime.channels.memory import MemoryChannel
from runtime.engine.tick import Engine
from runtime.errors import StoreBusy
from runtime.service.vacuuming import vacuum
from runtime.store import leases
from runtime.store.store import Store
from runtime.store.worker import worker_of
from tests.runtime.engine.harness import World, compiled
from tests.runtime.leases.journey import RULES, another, break_off, expire

pytestmark = pytest.mark.timeout(60)


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
        another(world)
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
    break_off(world)
    assert worker_of(world.store) is None
    other = another(world)
    try:
        other.go_live(world.start)
        other.run(world.micros("03-05 12:00"))
    finally:
        other.close()
    assert len(world.channel.sent) == 20


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
    break_off(world)
    with world.store.session() as session:
        assert {one.state for one in leases.held(world.store, session)[1]} == {"dead", "free"}


def test_each_worker_has_a_higher_token(world: World) -> None:
    first = world.engine.lease.token
    second = world.restart().engine.lease.token
    assert second == first + 1
    with world.store.session() as session:
        assert session.run("SELECT token, count(*) FROM segue_lease GROUP BY token") == [(second, 256)]


@pytest.mark.postgres
def test_a_lease_is_renewed_by_working(emptied_url: str) -> None:
    world = World(RULES, emptied_url, ready=True).run_to("03-02 12:00")
    expire(world.store)
    world.engine.lease.renewed -= 2 * leases._RENEWED_AFTER
    world.contact("late", at="03-02 13:00", plan="trial").run_to("03-02 14:00")
    with pytest.raises(StoreBusy):
        another(world)
    world.close()
