"""Steps per second of the engine beside the same steps written by hand in SQL, on the same kind of store.

    python -m benchmarks.steps [--json] [--sizes 10000,100000] [--runs 3]

Each run makes both in turn on stores of their own, in files; the median of the runs counts. Exits with 1 where the
engine is below half.
"""

from __future__ import annotations

import argparse
import gc
import json
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

from benchmarks import by_hand
from benchmarks.due_store import DueStore, T


def engine_stepping(made: DueStore) -> int:
    """One whole instant: every pass, with all phases."""
    due = made.session.one("SELECT count(*) FROM segue_enrollment WHERE due <= :t", t=T)
    made.engine.run(T)
    return 3 * int(due)


def engine_mailing(made: DueStore) -> int:
    """The phase that makes the outbox rows; rendering and sending have no counterpart in SQL."""
    with made.session.transaction():
        return made.engine.advance(T, T)


Work = Callable[[DueStore], int]
CASES: dict[str, tuple[Work, Work]] = {
    "stepping": (engine_stepping, by_hand.stepping),
    "mailing": (engine_mailing, by_hand.mailing),
}


def timed(name: str, work: Work, size: int) -> tuple[float, list[tuple[object, ...]]]:
    """Steps per second, and what stands in the store afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        made = DueStore(f"sqlite:///{Path(folder) / 'crm.db'}", size, size, name)
        try:
            by_hand.prepare(made.session)
            gc.collect()
            began = time.perf_counter()
            steps = work(made)
            seconds = time.perf_counter() - began
            return steps / seconds, outcome(made)
        finally:
            made.close()


def outcome(made: DueStore) -> list[tuple[object, ...]]:
    """Counts of all that was written: both ways must agree."""
    questions = (
        "SELECT block, due, status, ordinal, count(*) FROM segue_enrollment GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4",
        "SELECT what, name, outcome, block, ordinal, count(*) FROM segue_step GROUP BY 1, 2, 3, 4, 5 ORDER BY"
        " 1, 2, 3, 4, 5",
        "SELECT state, template, topic, ordinal, count(*) FROM segue_outbox GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4",
        "SELECT plan, count(*) FROM contact GROUP BY 1 ORDER BY 1",
        "SELECT count(*) FROM segue_inbox",
    )
    return [row for sql in questions for row in made.session.run(sql)]


def compare(name: str, size: int, runs: int) -> dict[str, object]:
    """Engine and hand in turn; `ratio` is the engine's share of the hand's speed."""
    engine, hand = CASES[name]
    speeds: dict[str, list[float]] = {"engine": [], "hand": []}
    for _ in range(runs):
        ours, theirs = timed(name, engine, size), timed(name, hand, size)
        assert ours[1] == theirs[1], f"not the same rows:\n{ours[1]}\n{theirs[1]}"
        speeds["engine"].append(ours[0])
        speeds["hand"].append(theirs[0])
    found = {kind: round(median(values)) for kind, values in speeds.items()}
    return {"case": name, "due": size, **found, "ratio": round(found["engine"] / found["hand"], 2)}


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
    parser.add_argument("--runs", type=int, default=3)
    arguments = parser.parse_args()
    found = [compare(name, int(size), arguments.runs) for size in arguments.sizes.split(",") for name in CASES]
    counts = {size: statements(size) for size in (1_000, 10_000)}
    if arguments.json:
        print(json.dumps({"steps_per_second": found, "statements": counts}, indent=2))
    else:
        for row in found:
            print("{case:9} {due:>8,} due  engine {engine:>9,}/s  by hand {hand:>9,}/s  ratio {ratio}".format_map(row))
        print("statements: " + ", ".join(f"{n} for {size:,} due" for size, n in counts.items()))
    enough = all(float(str(row["ratio"])) >= 0.5 for row in found)
    return 0 if enough and len(set(counts.values())) == 1 else 1


if __name__ == "__main__":
    sys.exit(main())
