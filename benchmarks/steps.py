"""Steps per second of the engine beside the same steps written by hand in SQL, on the same kind of store.

    python -m benchmarks.steps [--json] [--sizes 10000,100000] [--bases 100000] [--runs 3] [--postgres URL]

`stepping`: a branch, a write and a wait. `mailing`: a mail up to its claimed outbox row, which the enrollment rests at.
`delivering`: the whole way of a mail but its rendering: being sent with its key, settled, on to the wait that follows.
Each run makes engine and hand in turn, on copies of one store with `bases` enrollments of which `sizes` are due; the
best of the runs counts. `append` is `mailing` by hand into an outbox that is only appended to, in the order of its key.
`--postgres` is a server's address: databases are made in it. Exits with 1 where the engine is below 0.65.
"""

from __future__ import annotations

import argparse
import gc
import json
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import psycopg

from benchmarks import by_hand
from benchmarks.due_store import DueStore, T
from benchmarks.journey import Unrendered
from runtime.engine.sending.dispatch import Dispatch
from runtime.store.dialect import due_at

AIM = 0.65


class Unsent(Dispatch):
    """Claimed rows stay as they are."""

    def send(self, now: int) -> None:
        pass


def _instant(steps: int, dispatch: type[Dispatch]) -> Callable[[DueStore], int]:
    """One whole instant of the engine: every pass, with all phases."""

    def work(made: DueStore) -> int:
        made.engine.phases.dispatch.__class__ = dispatch
        due = made.session.one(f"SELECT count(*) FROM segue_enrollment WHERE {due_at(made.session.dialect)}", t=T)
        made.engine.run(T)
        return steps * int(due)

    return work


Work = Callable[[DueStore], int]
# Case: the rules it runs, the engine's way, by hand.
CASES: dict[str, tuple[str, Work, Work]] = {
    "stepping": ("stepping", _instant(3, Dispatch), by_hand.stepping),
    "mailing": ("mailing", _instant(1, Unsent), by_hand.mailing),
    "delivering": ("mailing", _instant(3, Unrendered), by_hand.delivering),
}


class Copies:
    """Stores with `people` enrollments and `due` of them due at `T`: made once, copied for each run. `server`: where
    databases are made; empty for SQLite files in `folder`."""

    def __init__(self, folder: Path, server: str, name: str, people: int, due: int) -> None:
        self.folder, self.server, self.rules, self.people, self.due = folder, server, name, people, due
        self.first = self._new("")
        DueStore(self._url(self.first), people, due, name).close()

    @contextmanager
    def copy(self) -> Iterator[DueStore]:
        name = self._new(self.first)
        made = DueStore(self._url(name), self.people, self.due, self.rules, made=True)
        try:
            yield made
        finally:
            made.close()
            self._drop(name)

    def close(self) -> None:
        self._drop(self.first)

    def _url(self, name: str) -> str:
        if not self.server:
            return f"sqlite:///{self.folder / name}"
        front, _, query = self.server.partition("?")
        return f"{front.rpartition('/')[0]}/{name}" + (f"?{query}" if query else "")

    def _new(self, of: str) -> str:
        name = f"steps_{uuid4().hex[:12]}"
        if self.server:
            self._ask(f"CREATE DATABASE {name}" + (f" TEMPLATE {of}" if of else ""))
        elif of:
            shutil.copy(self.folder / of, self.folder / name)
        return name

    def _drop(self, name: str) -> None:
        if self.server:
            self._ask(f"DROP DATABASE {name} WITH (FORCE)")
        for file in self.folder.glob(f"{name}*"):
            file.unlink()

    def _ask(self, sql: str) -> None:
        with psycopg.connect(self.server.replace("+psycopg", ""), autocommit=True) as admin:
            admin.execute(sql.encode())
            admin.execute("CHECKPOINT")


def timed(copies: Copies, work: Work) -> tuple[float, list[tuple[object, ...]]]:
    """Steps per second, and what stands in the store afterwards."""
    with copies.copy() as made:
        by_hand.prepare(made.session)
        gc.collect()
        began = time.perf_counter()
        steps = work(made)
        seconds = time.perf_counter() - began
        return steps / seconds, outcome(made)


def outcome(made: DueStore) -> list[tuple[object, ...]]:
    """Counts of all that was written: both ways must agree."""
    questions = (
        "SELECT block, due, status, ordinal, count(*) FROM segue_enrollment GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4",
        "SELECT what, name, outcome, block, ordinal, count(*) FROM segue_step GROUP BY 1, 2, 3, 4, 5 ORDER BY"
        " 1, 2, 3, 4, 5",
        "SELECT state, template, topic, ordinal, count(DISTINCT key), count(*) FROM segue_outbox GROUP BY 1, 2, 3, 4"
        " ORDER BY 1, 2, 3, 4",
        "SELECT plan, count(*) FROM contact GROUP BY 1 ORDER BY 1",
        "SELECT template, topic__n, ordinal, count(DISTINCT id), max(at) FROM event_received_email GROUP BY 1, 2, 3",
        "SELECT event, count, count(*), max(last_at) FROM segue_activity GROUP BY 1, 2 ORDER BY 1, 2",
        "SELECT count(*) FROM segue_inbox",
    )
    return [row for sql in questions for row in made.session.run(sql)]


def compare(name: str, copies: Copies, runs: int) -> dict[str, object]:
    """Engine and hand in turn; `ratio` is the engine's share of the hand's speed."""
    _, engine, hand = CASES[name]
    speeds: dict[str, list[float]] = {"engine": [], "hand": [], "append": []}
    for _ in range(runs):
        ours, theirs = timed(copies, engine), timed(copies, hand)
        assert ours[1] == theirs[1], f"not the same rows:\n{ours[1]}\n{theirs[1]}"
        speeds["engine"].append(ours[0])
        speeds["hand"].append(theirs[0])
        if name == "mailing":
            speeds["append"].append(timed(copies, by_hand.appending)[0])
    found = {kind: round(max(values)) for kind, values in speeds.items() if values}
    return {"case": name, **found, "ratio": round(found["engine"] / found["hand"], 2)}


def measured(server: str, people: int, due: int, runs: int) -> Iterator[dict[str, object]]:
    """Every case on one kind of database, base and number of due."""
    with tempfile.TemporaryDirectory() as folder:
        for rules in dict.fromkeys(rules for rules, *_ in CASES.values()):
            copies = Copies(Path(folder), server, rules, people, due)
            try:
                for name in (name for name, case in CASES.items() if case[0] == rules):
                    row = compare(name, copies, runs)
                    yield {"store": "postgresql" if server else "sqlite", "base": people, "due": due} | row
            finally:
                copies.close()


def statements(size: int) -> int:
    """How many SQL statements the engine runs for one instant with `size` due."""
    made = DueStore("sqlite://", size, size)
    try:
        before = made.session.statements
        made.engine.run(T)
        return made.session.statements - before
    finally:
        made.close()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--sizes", default="10000,100000")
    parser.add_argument("--bases", default="100000")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--postgres", default="")
    arguments = parser.parse_args()
    found = []
    for server in ["", arguments.postgres] if arguments.postgres else [""]:
        for people in map(int, arguments.bases.split(",")):
            for due in map(int, arguments.sizes.split(",")):
                for row in measured(server, people, due, arguments.runs):
                    found.append(row)
                    if not arguments.json:
                        _show(row)
    counts = {size: statements(size) for size in (1_000, 5_000)}
    if arguments.json:
        print(json.dumps({"steps_per_second": found, "statements": counts, "aim": AIM}, indent=2))
    else:
        print("statements: " + ", ".join(f"{n} for {size:,} due" for size, n in counts.items()))
    enough = all(float(str(row["ratio"])) >= AIM for row in found)
    return 0 if enough and len(set(counts.values())) == 1 else 1


def _show(row: dict[str, object]) -> None:
    append = f"  append-only {row['append']:>9,}/s" if "append" in row else ""
    line = (
        "{store:10} {case:10} {due:>8,} due of {base:>9,}  engine {engine:>9,}/s  by hand {hand:>9,}/s  ratio {ratio}"
    )
    print(line.format_map(row) + append, flush=True)


if __name__ == "__main__":
    sys.exit(main())
