"""Records written into their table at once leave the store as if they had come through the inbox (decision 0022)."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dsl.schema.standard import standard_schema
from runtime.store import leases
from runtime.store.imports import ImportResult, import_file
from runtime.store.store import Store
from tests.examples import examples
from tests.runtime.engine.harness import World

from .imported import NOW, load, map_of

RULES = """
segment paying of contact { plan = paid }
segment quiet of contact { created_at older than 5 days and has not acted within 20 days }
workflow welcome of contact { when: in segment paying  wait 1 day  set visits = 3 }
"""
MAP = """
    source: shop
    format: {zone: Europe/Warsaw}
    rows:
      - record: contact
        id: id
        at: {column: at, default: import}
        set: {email: mail, first_name: name, plan: plan, visits: visits, renewal: day, owner: who}
"""
HEAD = "id,at,mail,name,plan,visits,day,who\n"
TABLES = ("contact", "segue_property_history", "segue_membership", "segue_enrollment", "segue_imported", "segue_inbox")


class Twins:
    """The same in two stores: one writes at once, the other goes through the inbox."""

    def __init__(self, folder: Path, urls: tuple[str | None, str | None]) -> None:
        self.folder = folder
        self.worlds = [World(RULES, url) for url in urls]

    def load(self, rows: list[str], moment: str) -> list[ImportResult]:
        path = self.folder / "rows.csv"
        path.write_text(HEAD + "".join(f"{row}\n" for row in rows))
        results = []
        for world, at_once in zip(self.worlds, (True, False), strict=True):
            world.engine.close()
            now, clock = world.micros(moment), world.store.get("clock")
            until = now if clock is None else int(clock)
            results.append(
                import_file(
                    world.store, world.program.schema, path, map_of(MAP, world.program.schema),
                    zone=world.zone, now=now, until=until if at_once else None,
                )
            )  # fmt: skip
        return results

    def run_to(self, at: str) -> None:
        for world in self.worlds:
            world.engine.close()
            world.engine.open()
            world._live = False
            world.run_to(at)

    def tables(self) -> list[dict[str, list[Any]]]:
        return [contents(world.store) for world in self.worlds]

    def close(self) -> None:
        for world in self.worlds:
            world.close()


def contents(store: Store) -> dict[str, list[Any]]:
    with store.session() as session:
        found = {name: sorted(session.run(f"SELECT * FROM {name}"), key=repr) for name in TABLES}
        # What is put back waits under another key and with another time of arrival.
        found["segue_inbox"] = sorted(
            session.run("SELECT bucket, at, id, rank, kind, object, live FROM segue_inbox WHERE kind <> 'loaded'")
        )
        found["segue_property_history"] = sorted(
            session.run("SELECT bucket, id, property, at, seq, old, new FROM segue_property_history")
        )
        assert session.run("SELECT * FROM segue_loaded") == []
    return found


_ROWS = st.lists(
    st.tuples(
        st.sampled_from("abcdef"),
        st.sampled_from(["", "", "2026-02-20", "2026-02-27 10:00", "2026-03-01", "2026-03-09", "2025-01-01"]),
        st.sampled_from(["", "a@x.example", "Ü@x.example", "no address", "b--c@x.example"]),
        st.sampled_from(["", "Ann", "ＡＮＮ", "Straße", " Bob "]),
        st.sampled_from(["", "free", "paid", "paid"]),
        st.sampled_from(["", "1", "2.5", "much"]),
        st.sampled_from(["", "2026-04-01", "2026-02-30"]),
        st.sampled_from(["", "rep"]),
    ),
    max_size=7,
)


@examples(25)
@given(files=st.lists(_ROWS, min_size=1, max_size=3), start=st.sampled_from(["02-25 00:00", "03-02 00:00"]))
def test_x2_at_once_is_as_through_the_inbox(tmp_path: Path, files: list[Any], start: str) -> None:
    """Any files, before the first run and after it: the same records, history, members, people inside and ledger."""
    same(Twins(tmp_path, (None, None)), files, start)


@pytest.mark.parametrize("start", ["02-25 00:00", "03-02 00:00"])
def test_x2_at_once_is_as_through_the_inbox_on_postgresql(tmp_path: Path, postgres_url: str, start: str) -> None:
    rows = [
        ("a", "2026-02-20", "a@x.example", "Ann", "paid", "1", "2026-04-01", "rep"),
        ("b", "2026-03-01", "", "Straße", "free", "2.5", "", ""),
        ("c", "2026-03-09", "c@x.example", "", "", "", "", ""),
        ("d", "", "d@x.example", "Dan", "paid", "much", "", ""),
        ("a", "2026-02-27 10:00", "a@x.example", "Anna", "free", "", "", ""),
    ]
    same(Twins(tmp_path, (postgres_url, None)), [rows, rows[2:], [("a", "2025-01-01", *rows[0][2:])]], start)


def same(twins: Twins, files: list[Any], start: str) -> None:
    try:
        for world in twins.worlds:
            world.start = world.micros(start)
        for nr, rows in enumerate(files):
            results = twins.load([",".join(row) for row in rows], f"03-02 00:0{nr}")
            one, other = ((r.loaded, r.unchanged, r.rejected, r.facts, r.first_rejects) for r in results)
            assert one == other
            if nr != 1:
                twins.run_to(f"03-02 00:0{nr}")
        twins.run_to("03-12 00:00")
        one, other = (normal(tables) for tables in twins.tables())
        assert one == other
    finally:
        twins.close()


def normal(tables: dict[str, list[Any]]) -> dict[str, list[Any]]:
    """The same on both databases: numbers as floats, days as text."""

    def value(v: Any) -> Any:
        return v if v is None or isinstance(v, str) else float(v) if hasattr(v, "__float__") else str(v)

    return {name: sorted([tuple(map(value, row)) for row in rows], key=repr) for name, rows in tables.items()}


PLAIN = "source: shop\nrows: [{record: contact, id: id, set: {first_name: name}}]\n"
KILLED = """
import os, signal, sys
from pathlib import Path
from runtime.store.imports import at_once
from runtime.store.session import Session
from runtime.store.store import Store
from tests.runtime.store.imported import load
at_once.AT_ONCE, tables, plain = 5_000, [], Session.load
def dies(self, table, columns, rows):
    plain(self, table, columns, rows)
    tables.append(table)
    if len(tables) == 8:  # of the third batch two tables are written
        os.kill(os.getpid(), signal.SIGKILL)
Session.load = dies
url, folder, text, map_, now = sys.argv[1:]
load(Store.open(url), Path(folder), Path(text).read_text(), map_, until=int(now))
"""


def many(rows: int) -> str:
    return "id,name\n" + "".join(f"{nr},n{nr}\n" for nr in range(rows))


def counted(store: Store) -> tuple[int, ...]:
    tables = ("contact", "segue_imported", "segue_loaded")
    with store.session() as session:
        return tuple(session.one(f"SELECT count(*) FROM {table}") for table in tables)


def test_killed_in_the_middle_it_goes_on(store: Store, url: str, tmp_path: Path) -> None:
    """Each transaction is there whole or not at all, and the next import of the file writes what is missing."""
    text = tmp_path / "text"
    text.write_text(many(20_000))
    child = [sys.executable, "-c", KILLED, url, str(tmp_path), str(text), PLAIN, str(NOW)]
    assert subprocess.run(child, check=False).returncode == -signal.SIGKILL
    assert counted(store) == (10_000, 10_000, 10_000)
    result = load(store, tmp_path, many(20_000), PLAIN, until=NOW)
    assert (result.loaded, result.unchanged) == (10_000, 10_000)
    assert counted(store) == (20_000, 20_000, 20_000)
    assert load(store, tmp_path, many(20_000), PLAIN, until=NOW).unchanged == 20_000


def test_beside_a_worker_all_goes_through_the_inbox(store: Store, tmp_path: Path) -> None:
    with store.session() as session:
        lease = leases.take(store, session)
        assert load(store, tmp_path, many(3), PLAIN, until=NOW).loaded == 3
        lease.release()
    assert counted(store) == (0, 3, 0)


@pytest.mark.parametrize(
    "more",
    [
        ", links: {company: name}}]",
        "}, {segment: vip, of: {record: contact, id: id}}]",
        ", when: {column: name, not_empty: true}}]",
    ],
)
def test_what_is_more_than_a_record_goes_through_the_inbox(tmp_path: Path, more: str) -> None:
    store = Store.memory(standard_schema())
    map_ = "rows: [{record: contact, id: id, set: {first_name: name}" + more
    assert load(store, tmp_path, many(3), map_, until=NOW).loaded == 3
    assert counted(store)[0] == 0


def test_what_lies_ahead_waits(store: Store, tmp_path: Path) -> None:
    map_ = PLAIN.replace("set:", "at: {column: name}, set:")
    rows = "id,name\n1,2020-01-01\n2,2030-01-01\n"
    assert load(store, tmp_path, rows, map_, until=NOW).loaded == 2
    assert counted(store) == (1, 2, 1)
