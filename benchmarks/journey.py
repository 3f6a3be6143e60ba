"""The same journey on Segue and on engines that keep their steps in a database: enrol, send, wait, branch, send, end.

    python -m benchmarks.journey [--json] [--people 50000] [--runs 3] [--postgres URL] [--skip NAME ..]

Every step is durable before the next one of the same person begins, and nothing is rendered: Segue makes its outbox row
with its key and settles it, the others run an empty step. Each peer is a process of its own with as many people as it
does in some seconds; speeds are steps a second, the best of the runs. Peers come from the dependency group `bench`;
those that are not there are said to be absent. `--postgres` is a database server's address: databases are made in it.
Exits with 1 where Segue is not as many times as fast as `AIMS` say.
"""

from __future__ import annotations

import argparse
import gc
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from uuid import uuid4

import psycopg

from benchmarks.due_store import program
from runtime.channels.memory import MemoryChannel
from runtime.engine.phases import Phases
from runtime.engine.sending.dispatch import Dispatch
from runtime.engine.tick import Engine
from runtime.store.store import Store
from runtime.times.zones import DAY, MINUTE

T0 = 1_772_452_800_000_000  # 2026-03-02 12:00 UTC
STEPS = 6
RULES = """\
workflow journey of contact {
  when: manually
  sender: ada
  send hello
  wait 1 day
  if cups > 10 { send good } else { send bad }
}
template good { topic: news subject: "Good" body: "Hello." }
template bad { topic: news subject: "Bad" body: "Hello." }
"""
PEERS = Path(__file__).parent / "peers"
# Peer: (people on SQLite, people on PostgreSQL; 0: does not run there).
SIZES = {"dbos": (100, 100), "temporal": (100, 0), "procrastinate": (0, 300), "spiff": (500, 0)}
AIMS = {"sqlite": {"best of dbos, temporal, procrastinate": 100, "spiff": 50}, "postgresql": {
    "best of dbos, temporal, procrastinate": 40, "spiff": 20}}  # fmt: skip


class Unrendered(Dispatch):
    """All that dispatch commits, and no message: rows go to `sending` with their keys, and are settled as sent."""

    def send(self, now: int) -> None:
        with self.session.transaction():
            self.session.run(
                "UPDATE segue_outbox SET state = 'sending', tried_at = :now, address = 'nobody@bench.example',"
                " key = :store || '.' || bucket || '.' || enrollment_id || '.' || ordinal"
                " WHERE settled_at IS NULL AND state = 'claimed'",
                now=now,
                store=self.store_id,
            )
        with self.session.transaction():
            self.session.run(
                "INSERT INTO settled SELECT bucket, enrollment_id, ordinal, 'sent', NULL, NULL, NULL, NULL"
                " FROM segue_outbox WHERE settled_at IS NULL AND state = 'sending' ORDER BY 1, 2, 3"
            )
            self.settle(now)

    store_id = "bench"


class UnrenderedEngine(Engine):
    def _phases(self) -> Phases:
        phases = super()._phases()
        phases.dispatch.__class__ = Unrendered
        return phases


def segue(url: str, people: int) -> float:
    """Steps a second from the requests to enrol, in the inbox, to the last end."""
    made = program(RULES)
    store = Store.create(url, made.schema)
    engine = UnrenderedEngine(store, made, MemoryChannel())
    try:
        engine.go_live(T0)
        _requested(engine, people)
        gc.collect()
        began = time.perf_counter()
        engine.run(T0 + 2 * DAY)
        seconds = time.perf_counter() - began
        _finished(engine, people)
        return STEPS * people / seconds
    finally:
        engine.close()
        store.close()


def _requested(engine: Engine, people: int) -> None:
    """People, and for each the request of a user to enrol them."""
    numbers = "WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < :people)"
    with engine.session.transaction():
        engine.session.run(
            f"INSERT INTO contact (bucket, id, external_id, created_at, email, email__n, cups) {numbers}"
            " SELECT n % 256, n, 'c' || n, :t, 'c' || n || '@bench.example', 'c' || n || '@bench.example', n % 21"
            " FROM numbers",
            people=people,
            t=T0 - DAY,
        )
        engine.session.run(
            "INSERT INTO segue_inbox (bucket, at, key, kind, object, id, name, payload, live, received_at)"
            f" {numbers} SELECT n % 256, :t, 'enroll ' || n, 'enroll', 'contact', n, 'workflow journey',"
            ' \'{"by": "ada", "hand": true}\', TRUE, :t FROM numbers',
            people=people,
            t=T0 + MINUTE,
        )
        engine.session.run("ANALYZE")


def _finished(engine: Engine, people: int) -> None:
    """Everybody went the whole way: two mails each, and all that is promised is in the ledger."""
    found = engine.session.run("SELECT status, reason, count(*) FROM segue_enrollment GROUP BY 1, 2")
    assert found == [("finished", "completed", people)], found
    sent = "SELECT count(*), count(DISTINCT key) FROM segue_outbox WHERE state = 'sent'"
    assert engine.session.run(sent) == [(2 * people, 2 * people)]


def peer(name: str, database: str, people: int) -> float | None:
    """Steps a second of another engine; None where it is not installed."""
    script = [sys.executable, str(PEERS / f"{name}_journey.py"), database, str(people)]
    done = subprocess.run(script, capture_output=True, text=True, timeout=600)
    if done.returncode and "ModuleNotFoundError" in done.stderr:
        return None
    if done.returncode:
        raise SystemExit(f"{name}: {done.stderr[-2000:]}")
    told = json.loads(done.stdout.strip().splitlines()[-1])
    return float(told["steps"] / told["seconds"])


class Databases:
    """New SQLite files, or new databases of a server, one for each run."""

    def __init__(self, folder: Path, server: str) -> None:
        self.folder, self.server = folder, server

    def sqlite(self) -> str:
        return f"sqlite:///{self.folder / uuid4().hex}.db"

    def postgres(self) -> str:
        name = f"journey_{uuid4().hex[:12]}"
        with psycopg.connect(self.server.replace("+psycopg", ""), autocommit=True) as admin:
            admin.execute(f"CREATE DATABASE {name}".encode())
        front, _, query = self.server.partition("?")
        return f"{front.rpartition('/')[0]}/{name}" + (f"?{query}" if query else "")


def measured(databases: Databases, people: int, runs: int, skip: list[str]) -> dict[str, dict[str, float | None]]:
    """Per kind of database and engine the best of the runs."""
    kinds = {"sqlite": databases.sqlite} | ({"postgresql": databases.postgres} if databases.server else {})
    found: dict[str, dict[str, float | None]] = {}
    for at, (kind, new) in enumerate(kinds.items()):
        speeds: dict[str, float | None] = {"segue": max(segue(new(), people) for _ in range(runs))}
        for name, sizes in SIZES.items():
            if sizes[at] and name not in skip:
                tries = [peer(name, new().replace("+psycopg", ""), sizes[at]) for _ in range(runs)]
                speeds[name] = max((speed for speed in tries if speed is not None), default=None)
        found[kind] = speeds
    return found


def times(speeds: dict[str, dict[str, float | None]]) -> dict[str, dict[str, float]]:
    """How many times as fast Segue is: than the best of the three services, and than SpiffWorkflow."""
    services = [row.get(name) or 0.0 for row in speeds.values() for name in ("dbos", "temporal", "procrastinate")]
    spiff = max(row.get("spiff") or 0.0 for row in speeds.values())
    against = {"best of dbos, temporal, procrastinate": max(services), "spiff": spiff}
    return {
        kind: {name: (row["segue"] or 0.0) / speed for name, speed in against.items() if speed}
        for kind, row in speeds.items()
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--people", type=int, default=50_000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--postgres", default="")
    parser.add_argument("--skip", nargs="*", default=[])
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        databases = Databases(Path(folder), arguments.postgres)
        speeds = measured(databases, arguments.people, arguments.runs, arguments.skip)
    ratios = times(speeds)
    if arguments.json:
        print(json.dumps({"steps_per_second": speeds, "times": ratios, "aims": AIMS}, indent=2))
    else:
        for kind, row in speeds.items():
            for name, speed in row.items():
                print(f"{kind:11} {name:14} {'absent' if speed is None else f'{speed:>12,.0f} steps/s'}")
        for kind, gains in ratios.items():
            for name, ratio in gains.items():
                print(f"{kind:11} segue / {name}: {ratio:,.0f} (aim {AIMS[kind][name]})")
    return 0 if all(r >= AIMS[kind][name] for kind, row in ratios.items() for name, r in row.items()) else 1


if __name__ == "__main__":
    sys.exit(main())
