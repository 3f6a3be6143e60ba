"""Records written into their table at once leave the store as if they had come through the inbox (decision 0022)."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from runtime.engine.loads import Loads
from runtime.store import leases
from runtime.store.imports import ImportResult, import_file
from runtime.store.store import Store
from tests.runtime.engine.harness import World

from .imported import map_of

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
            session.run(
                "SELECT bucket, at, rank, kind, object, id, live FROM segue_inbox WHERE kind <> 'loaded' ORDER BY 1, 2, 6, 3"
            )
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


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
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
