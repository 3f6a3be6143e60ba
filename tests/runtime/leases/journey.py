"""Ten people in the middle of a journey, and what takes the store from their worker."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from runtime.engine.tick import Engine
from runtime.store.store import Store
from tests.runtime.engine.harness import World

RULES = """
sequence x { when: plan = trial  sender: rep  send intro  wait 1 day  task call "Call" without waiting  send case }
workflow w of contact { when: viewed_page  again: always  set visits = 7 }
"""
WRITTEN = ("segue_enrollment", "segue_step", "segue_outbox", "segue_inbox", "segue_task", "segue_meta", "contact")


def another(world: World) -> Engine:
    return Engine(world.store, world.program, world.channel)


def taken_over(world: World) -> Engine:
    """Another worker, which found the lease of the first one over (PostgreSQL) or its lock file gone (SQLite)."""
    if world.store.dialect == "sqlite":
        Path(world.store.url.removeprefix("sqlite:///") + ".worker").unlink()
    else:
        expire(world.store)
    return another(world)


def expire(store: Store) -> None:
    with store.session() as session, session.transaction():
        session.run("UPDATE segue_lease SET until = 0")


def break_off(world: World) -> None:
    """As if the worker's process had been killed."""
    lease = world.engine.lease
    if lease.file is not None:
        lease.file.close()
        return
    pid = world.engine.session.one("SELECT pg_backend_pid()")
    with world.store.session() as session:
        session.run("SELECT pg_terminate_backend(:pid, 5000)", pid=pid)


def written(store: Store) -> dict[str, Counter[object]]:
    """Every row of what a worker writes."""
    with store.session() as session:
        return {table: Counter(session.run(f"SELECT * FROM {table}")) for table in WRITTEN}
