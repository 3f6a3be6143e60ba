"""The six segments on DuckDB: one table of contacts, one of all events in the order in which they came in, two threads.
DuckDB is in the dependency group `bench`; without it the comparison is left out."""

from __future__ import annotations

import csv
import sqlite3
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Self

from benchmarks.segment_rules import cut
from benchmarks.segment_store import KINDS, NOW
from dsl.program.conditions import Duration, Unit
from runtime.times import edges

# What the one column of values holds for each kind.
_VALUE = {"opened_email": "class", "clicked_email": "class", "viewed_page": "path__n", "downloaded": "asset__n",
          "bounced": "kind"}  # fmt: skip


class Duck:
    """A DuckDB file beside the store, made from it once."""

    def __init__(self, connection: Any) -> None:
        self.connection = connection
        connection.execute("SET threads = 2")

    @classmethod
    def of(cls, path: Path) -> Self | None:
        try:
            import duckdb
        except ModuleNotFoundError:
            return None
        file = path.with_suffix(".duckdb")
        known = file.exists()
        duck = cls(duckdb.connect(str(file)))
        if not known:
            duck._copy(path)
        return duck

    def ask(self, sql: str) -> list[tuple[Any, ...]]:
        found: list[tuple[Any, ...]] = self.connection.execute(sql).fetchall()
        return found

    def _copy(self, path: Path) -> None:
        source = sqlite3.connect(path)
        people = source.execute("SELECT id, country__n, lifecycle_stage, nps FROM contact")
        columns = "id BIGINT, country VARCHAR, stage VARCHAR, nps INTEGER"
        self._load("contact", columns, people, path)
        columns = "contact BIGINT, kind VARCHAR, moment BIGINT, value VARCHAR"
        parts = [f"SELECT record_id, '{kind}', at, {_VALUE.get(kind, 'NULL')} FROM event_{kind}" for kind in KINDS]
        self._load("raw", columns, source.execute(" UNION ALL ".join(parts)), path)
        self.connection.execute("CREATE TABLE event AS SELECT * FROM raw ORDER BY moment")
        self.connection.execute("DROP TABLE raw")
        self.connection.execute("CHECKPOINT")

    def _load(self, table: str, columns: str, rows: Iterable[tuple[Any, ...]], path: Path) -> None:
        self.connection.execute(f"CREATE TABLE {table} ({columns})")
        text = path.with_suffix(".csv")
        with text.open("w", newline="") as file:
            csv.writer(file).writerows(rows)
        self.connection.execute(f"COPY {table} FROM '{text}' (HEADER false)")
        text.unlink()


def queries() -> dict[str, str]:
    acts = ", ".join(f"'{kind}'" for kind in KINDS if kind not in ("received_email", "bounced"))
    acted = f"kind IN ({acts}) AND (kind NOT IN ('opened_email', 'clicked_email') OR value = 'human')"
    six_ago = edges.cut_before(NOW, Duration(6, Unit.MONTHS), "UTC")
    return {
        "q1": "SELECT id FROM contact WHERE country = 'de' AND stage = 'lead'",
        "q2": "SELECT contact AS id FROM event WHERE kind = 'clicked_email' AND value = 'human'"
        f" AND moment > {cut(30)} GROUP BY contact HAVING count(*) >= 2",
        "q3": "SELECT id FROM contact c WHERE NOT EXISTS (SELECT 1 FROM event e WHERE e.contact = c.id"
        f" AND e.moment > {cut(60)} AND {acted})",
        "q4": "SELECT id FROM contact c WHERE EXISTS (SELECT 1 FROM event e WHERE e.contact = c.id AND e.kind ="
        " 'downloaded' AND e.value = 'guide-7') AND EXISTS (SELECT 1 FROM event e WHERE e.contact = c.id AND"
        " e.kind = 'viewed_page' AND e.value = '/prices/3') AND NOT EXISTS (SELECT 1 FROM event e WHERE"
        " e.contact = c.id AND e.kind = 'purchased')",
        "q5": "SELECT contact AS id FROM event WHERE kind = 'bounced' GROUP BY contact HAVING count(*) FILTER"
        " (value = 'soft') >= 4 OR count(*) FILTER (value = 'hard') > 0",
        "q6": "SELECT c.id FROM contact c JOIN (SELECT contact, max(moment) AS last FROM event WHERE kind = 'purchased'"
        f" GROUP BY contact) p ON p.contact = c.id WHERE c.nps >= 9 AND p.last > {six_ago} AND p.last <="
        f" {cut(5, 'months')}",
    }
