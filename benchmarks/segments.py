"""Full evaluation of segments: our SQL beside the best by hand, and beside DuckDB; all must find the same members.

python -m benchmarks.segments [--json] [--contacts 100000] [--events 2000000] [--folder DIR] [--store URL]

The store is made once in the folder and kept; with `--store postgresql+psycopg://..` in that database, if it is empty.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

from sqlalchemy import Inspector, Table, create_engine, inspect

from benchmarks.segment_duckdb import Duck, queries
from benchmarks.segment_rules import SIX, Segment, by_hand, library, rules
from benchmarks.segment_store import NOW, built, program
from runtime.errors import StoreError
from runtime.query.everybody import everybody
from runtime.query.scope import Scope
from runtime.store.at_one_moment import at_one_moment
from runtime.store.session import Session
from runtime.store.sharing_out import shared_out
from runtime.store.store import Store
from runtime.store.tables import metadata

_TAKEN = "SELECT count(*), coalesce(sum(q.id % 1000003), 0) FROM ({sql}) q"
Members = tuple[int, int]  # how many, and a checksum of who
Asked = tuple[str, dict[str, Any]]  # a statement and its parameters
_ROUNDS, _SHORT_ROUNDS, _SHORT = 3, 15, 0.1  # of those that take less than so many seconds together, so many rounds


def store_of(folder: Path, contacts: int, events: int, url: str | None = None) -> str:
    """The address of the store, made if it is not there yet."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"segments-{contacts}-{events}.db"
    address = url or f"sqlite:///{path}"
    if _is_made(address):
        return address
    path.unlink(missing_ok=True)
    took = built(address, contacts, events)
    print(f"making {contacts:,} contacts and {events:,} events: {took:.0f} s", file=sys.stderr, flush=True)
    return address


def _is_made(url: str) -> bool:
    """Whether there is a store, laid out as today. One that was made before a change of the layout measures what is no
    more: a file is made anew, a database has to be emptied by whoever gave it."""
    try:
        with Store.open(url) as store:
            found = inspect(store.engine)
            made = all(_is_today(found, table) for table in metadata.tables.values())
    except StoreError:
        made = False
    if not made and url.startswith("postgresql") and inspect(create_engine(url)).get_table_names():
        raise SystemExit(f"{url} holds a store of an older layout: give an empty database")
    return made


def _is_today(found: Inspector, table: Table) -> bool:
    key = found.get_pk_constraint(table.name)["constrained_columns"]
    indexes = {index["name"] for index in found.get_indexes(table.name)}
    # Who is due is found by an index that each database has its own of (decision 0028).
    own = {"segue_enrollment_due", "segue_enrollment_wake"}
    same = indexes - own == {str(index.name) for index in table.indexes} - own
    return same and key == [c.name for c in table.primary_key]


def evaluated(session: Session, segments: tuple[Segment, ...]) -> list[dict[str, Any]]:
    """Each segment by our SQL and by hand; the best of three of each, of short ones more. Both were asked once before,
    and every other time it is the hand that begins. SQLite works in this process, so it is measured by what that took
    of a processor: others may use the machine meanwhile."""
    compiled = program(rules(segments))
    scope = Scope(compiled, session.dialect)
    clock = time.process_time if session.dialect == "sqlite" else time.perf_counter
    found = []
    for s in segments:
        condition = compiled.segments[s.name].condition
        assert condition is not None
        ours = everybody(scope, condition, "contact")
        asked: list[Asked] = [(_TAKEN.format(sql=ours.sql), ours.at(NOW)),
                              (_TAKEN.format(sql=by_hand(s, session.dialect)), {})]  # fmt: skip
        (mine, members), (hand, wanted) = _in_turns(session, asked, clock)
        assert members == wanted, (s.name, members, wanted)
        found.append({"segment": s.name, "form": s.form, "members": members[0], "ms": round(mine * 1000, 2),
                      "by_hand_ms": round(hand * 1000, 2), "ratio": round(mine / hand, 3),
                      "sum": members[1]})  # fmt: skip
    return found


def _in_turns(session: Session, asked: list[Asked], clock: Callable[[], float]) -> list[tuple[float, Members]]:
    """The least time each takes, and whom it finds."""
    found = [_timed(partial(session.bound, *q), clock)[1] for q in asked]  # its pages are there from now on
    runs: list[list[float]] = [[] for _ in asked]
    while len(runs[0]) < _ROUNDS or (len(runs[0]) < _SHORT_ROUNDS and sum(runs[0]) < _SHORT):
        order = range(len(asked)) if len(runs[0]) % 2 else reversed(range(len(asked)))
        for i in order:
            runs[i].append(_timed(partial(session.bound, *asked[i]), clock)[0])
    return [(min(times), members) for times, members in zip(runs, found, strict=True)]


def _timed(ask: Callable[[], list[tuple[Any, ...]]], clock: Callable[[], float]) -> tuple[float, Members]:
    began = clock()
    ((count, checksum),) = ask()
    return clock() - began, (int(count), int(checksum))


def compared(session: Session, path: Path) -> dict[str, Any]:
    """The six, and all together against DuckDB on the same rows as one table in the order in which they arrived."""
    six = evaluated(session, SIX)
    result: dict[str, Any] = {"six": six, "six_ms": round(sum(row["ms"] for row in six), 1)}
    if session.dialect != "sqlite":  # DuckDB reads the rows out of SQLite's file
        return result | {"duckdb": "beside SQLite only"}
    duck = Duck.of(path)
    if duck is None:
        return result | {"duckdb": "not installed"}
    found = [(row["members"], row["sum"]) for row in six]
    ours, theirs = _beside(session, duck, found)
    totals = {"six_wall_ms": round(ours * 1000, 1), "duckdb_six_ms": round(theirs * 1000, 1)}
    return result | {**totals, "ratio_to_duckdb": round(ours / theirs, 2)}


def _beside(session: Session, duck: Duck, found: list[Members]) -> tuple[float, float]:
    """Seconds on the clock on the wall for the six together, ours and DuckDB's in turns. DuckDB has two threads for
    each; ours are shared out to two sessions that see one moment, as `segue segments verify` shares out its work. What
    DuckDB takes is the best of each of the six, added up."""
    asked = [_ours(session, s.name) for s in SIX]
    mine: list[float] = []
    its: list[list[float]] = [[] for _ in asked]
    with at_one_moment(session) as readers:
        for _ in range(_ROUNDS + 1):  # in the first one the second session reads its pages
            began = time.perf_counter()
            with shared_out(readers[:2]) as work:
                answers = [work.ask(Session.bound, *each) for each in asked]
                told = [tuple(map(int, rows[0])) for rows in (one() for one in answers)]
            mine.append(time.perf_counter() - began)
            assert told == found, (told, found)
            for sql, runs, members in zip(queries().values(), its, found, strict=True):
                seconds, theirs = _timed(partial(duck.ask, _TAKEN.format(sql=sql)), time.perf_counter)
                runs.append(seconds)
                assert theirs == members, (sql, theirs, members)
    return min(mine), sum(map(min, its))


def _ours(session: Session, name: str) -> Asked:
    compiled = program(rules(SIX))
    condition = compiled.segments[name].condition
    assert condition is not None
    ours = everybody(Scope(compiled, session.dialect), condition, "contact")
    return _TAKEN.format(sql=ours.sql), ours.at(NOW)


def summed(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """What the library comes to."""
    ratios = sorted(row["ratio"] for row in rows)
    mean = math.exp(sum(map(math.log, ratios)) / len(ratios))
    worst = sorted(rows, key=lambda row: -row["ratio"])[:5]
    return {"segments": len(rows), "geometric_mean": round(mean, 3), "median": median(ratios), "worst": ratios[-1],
            "worst_five": [(row["segment"], row["ms"], row["by_hand_ms"], row["ratio"]) for row in worst],
            "ms": round(sum(row["ms"] for row in rows), 1),
            "by_hand_ms": round(sum(row["by_hand_ms"] for row in rows), 1)}  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--contacts", type=int, default=100_000)
    parser.add_argument("--events", type=int, default=2_000_000)
    parser.add_argument("--folder", type=Path, default=Path("build/benchmarks"))
    parser.add_argument("--store", help="a PostgreSQL database; default: a SQLite file in the folder")
    arguments = parser.parse_args()
    url = store_of(arguments.folder, arguments.contacts, arguments.events, arguments.store)
    with Store.open(url) as store, store.session() as session:
        six = compared(session, Path(url.removeprefix("sqlite:///")))
        rows = evaluated(session, library())
    result = {"contacts": arguments.contacts, "events": arguments.events, **six, "library": summed(rows)}
    if arguments.json:
        print(json.dumps(result | {"all": rows}, indent=2))
        return
    for row in result["six"]:
        print(f"{row['segment']}: {row['members']:>9,} members {row['ms']:9.1f} ms, by hand {row['by_hand_ms']:9.1f}")
    if "duckdb_six_ms" in result:
        print(f"the six: {result['six_wall_ms']} ms, DuckDB {result['duckdb_six_ms']} ms, both with two threads")
    print(f"the library: {result['library']}")


if __name__ == "__main__":
    main()
