"""Segments kept up while things happen, through the real engine: what a batch of events costs to take in and to judge,
what a minute costs, one event in a hundred segments, and the memory of it all.

python -m benchmarks.segments_live [--json] [--contacts 100000] [--events 2000000] [--folder DIR] [--store URL]

Works on a copy of the store that `segments.py` makes and keeps; on PostgreSQL on a database `.._live` beside the one
that is given, to which nobody may be connected meanwhile.
"""

from __future__ import annotations

import argparse
import json
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from statistics import median
from typing import Any

from sqlalchemy import NullPool, create_engine, make_url

from benchmarks.segment_rules import SIX, Segment, rules
from benchmarks.segment_store import ASSETS, KINDS, NOW, PATHS, program
from benchmarks.segments import store_of
from runtime.channels.memory import MemoryChannel
from runtime.engine.tick import Engine
from runtime.store import inbox
from runtime.store.store import Store
from runtime.times.zones import MINUTE

BATCH = 1_000
ROLLING = tuple(
    Segment(s.name, s.text.replace("30 days", "720 hours").replace("60 days", "1440 hours"), "") for s in SIX
)
ROUNDS = 7


class Timed:
    """A phase of the engine with a clock beside it."""

    def __init__(self, phase: Any, clock: Callable[[], float]) -> None:
        self.phase, self.clock, self.seconds = phase, clock, 0.0

    def __call__(self, *arguments: Any) -> Any:
        began = self.clock()
        try:
            return self.phase(*arguments)
        finally:
            self.seconds += self.clock() - began

    def __getattr__(self, name: str) -> Any:
        return getattr(self.phase, name)


class Stage:
    """A live store with some segments kept."""

    def __init__(self, store: Store, segments: tuple[Segment, ...], start: int) -> None:
        self.store, self.t = store, start
        # SQLite works in this process: what it took of a processor, whatever else the machine does.
        self.clock = time.process_time if store.dialect == "sqlite" else time.perf_counter
        began = self.clock()
        self.engine = Engine(store, program(rules(segments)), MemoryChannel())
        self.engine.go_live(start)
        self.going_live = self.clock() - began
        self.react = self.engine.phases.react = Timed(self.engine.phases.react, self.clock)  # type: ignore[assignment] # a clock around it
        self.random = Random(start)
        with store.session() as session:
            self.people = [row[0] for row in session.run("SELECT id FROM contact WHERE id % 97 < 10 LIMIT 100000")]

    def minute(self) -> float:
        """A tick a minute later; the seconds it took."""
        self.t += MINUTE
        began = self.clock()
        self.engine.run(self.t)
        return self.clock() - began

    def batch(self, count: int) -> tuple[float, float]:
        """So many events come in: the seconds to take them in, inbox and all, and those to judge whom they touched."""
        rows = list(self._events(count))
        self.react.seconds = 0.0
        began = self.clock()
        with self.store.session() as world, world.transaction():
            inbox.put(world, rows)
        waited = self.clock() - began
        took = waited + self.minute()
        return took - self.react.seconds, self.react.seconds

    def _events(self, count: int) -> Iterator[inbox.InboxRow]:
        kinds, weights = list(KINDS), list(KINDS.values())
        for i, kind in enumerate(self.random.choices(kinds, weights, k=count)):
            at = self.t + self.random.randrange(1, MINUTE)
            class_ = "human" if kind in ("opened_email", "clicked_email") else None
            person = self.random.choice(self.people)
            yield inbox.event_row(kind, person, f"{self.t}/{i}", self._fields(kind), at=at, class_=class_)

    def _fields(self, kind: str) -> dict[str, Any]:
        match kind:
            case "viewed_page":
                path = self.random.choice(PATHS)
                return {"path": path, "path__n": path}
            case "downloaded":
                asset = self.random.choice(ASSETS)
                return {"asset": asset, "asset__n": asset}
            case "bounced":
                return {"kind": self.random.choice(("soft", "hard"))}
            case "purchased":
                return {"amount": self.random.randrange(500, 40_000)}
        return {}

    def close(self) -> None:
        self.engine.close()


def six(store: Store) -> dict[str, float]:
    """Milliseconds with the six segments kept."""
    stage = Stage(store, SIX, NOW)
    taken, judged = zip(*(stage.batch(BATCH) for _ in range(ROUNDS)), strict=True)
    ten = [stage.batch(10 * BATCH) for _ in range(2)]
    one = [sum(stage.batch(1)) for _ in range(ROUNDS)]
    stage.close()
    rolling = Stage(store, ROLLING, stage.t)  # days end at midnight, hours with any minute
    ticks = [rolling.minute() for _ in range(60)]
    rolling.close()
    idle = Stage(store, SIX[:1], rolling.t)
    rests = [idle.minute() for _ in range(60)]
    idle.close()
    return _milliseconds(
        going_live=stage.going_live, ingest_1000=median(taken), judge_1000=median(judged),
        ingest_10000=min(t for t, _ in ten), judge_10000=min(j for _, j in ten), one_event=median(one),
        tick_60s=median(ticks), idle_tick=median(rests),
    ) | {"judge_to_ingest": round(median(judged) / median(taken), 2),
         "recompute_to_judge": round(stage.going_live / median(judged), 1)}  # fmt: skip


def hundred(store: Store) -> float:
    """Milliseconds until one event shows in a hundred segments: put into the inbox, worked, committed."""
    segments = tuple(
        Segment(f"new_{i}", f'has viewed_page(path = "/launch") within {i + 1} days', "") for i in range(100)
    )
    stage = Stage(store, segments, int(store.get("clock") or NOW))
    runs = []
    for n in range(ROUNDS):
        person = stage.people[n * 11]
        fields = {"path": "/launch", "path__n": "/launch"}
        row = inbox.event_row("viewed_page", person, f"launch {n}", fields, at=stage.t + 1)
        began = stage.clock()
        with store.session() as world, world.transaction():
            inbox.put(world, [row])
        stage.minute()
        runs.append(stage.clock() - began)
        with store.session() as session:
            seen = session.one(
                "SELECT count(*) FROM segue_membership m JOIN segue_segment s ON s.id = m.segment_id"
                " WHERE m.bucket = :b AND m.id = :id AND m.left_at IS NULL AND s.name LIKE 'new_%'",
                b=person % 256,
                id=person,
            )
        assert seen == 100, seen
    stage.close()
    return round(median(runs) * 1000, 1)


@contextmanager
def own_memory() -> Iterator[dict[str, int]]:
    """The most memory of our own meanwhile, in MB: without the pages of the file, which the system lends."""
    found, done = {"peak": 0}, threading.Event()

    def watch() -> None:
        while not done.wait(0.02):
            for line in Path("/proc/self/status").read_text().splitlines():
                if line.startswith("RssAnon"):
                    found["peak"] = max(found["peak"], int(line.split()[1]) // 1024)

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield found
    finally:
        done.set()
        watcher.join()


def memory(store: Store) -> dict[str, int]:
    """Of a run over a live store: going live with nothing new, ten batches and minutes."""
    Stage(store, SIX, int(store.get("clock") or NOW)).close()
    with own_memory() as found:
        stage = Stage(store, SIX, int(store.get("clock") or NOW))
        for _ in range(10):
            stage.batch(BATCH)
            stage.minute()
        stage.close()
    return {"own_mb": found["peak"]}


def _milliseconds(**seconds: float) -> dict[str, float]:
    return {name: round(value * 1000, 2) for name, value in seconds.items()}


@contextmanager
def _copied(url: str) -> Iterator[str]:
    """The address of a copy of that store, which is gone afterwards."""
    given = make_url(url)
    if given.get_backend_name() == "sqlite":
        with _copied_file(Path(given.database or "")) as path:
            yield f"sqlite:///{path}"
        return
    name = f"{given.database}_live"
    server = create_engine(given.set(database="postgres"), isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with server.connect() as connection:
        connection.exec_driver_sql(f'DROP DATABASE IF EXISTS "{name}"')
        connection.exec_driver_sql(f'CREATE DATABASE "{name}" TEMPLATE "{given.database}"')
        connection.exec_driver_sql("CHECKPOINT")  # what was copied is on disk before anything is measured
    try:
        yield given.set(database=name).render_as_string(hide_password=False)
    finally:
        with server.connect() as connection:
            connection.exec_driver_sql(f'DROP DATABASE "{name}"')


@contextmanager
def _copied_file(path: Path) -> Iterator[Path]:
    copy = path.with_name("segments-live.db")
    shutil.copyfile(path, copy)
    try:
        yield copy
    finally:
        for left in copy.parent.glob(f"{copy.name}*"):
            left.unlink()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--contacts", type=int, default=100_000)
    parser.add_argument("--events", type=int, default=2_000_000)
    parser.add_argument("--folder", type=Path, default=Path("build/benchmarks"))
    parser.add_argument("--store", help="a PostgreSQL database; default: the SQLite file in the folder")
    arguments = parser.parse_args()
    url = store_of(arguments.folder, arguments.contacts, arguments.events, arguments.store)
    with _copied(url) as copy, Store.open(copy) as store:
        result: dict[str, Any] = {"contacts": arguments.contacts, "events": arguments.events, **six(store)}
        result |= memory(store)
        result["one_event_in_100_segments"] = hundred(store)
    print(json.dumps(result, indent=2) if arguments.json else "\n".join(f"{k}: {v}" for k, v in result.items()))


if __name__ == "__main__":
    main()
