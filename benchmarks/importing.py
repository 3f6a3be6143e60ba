"""`segue import` of contacts beside the databases' own ways to load the same file.

    python -m benchmarks.importing [--json] [--contacts 1000000] [--runs 3] [--store postgresql+psycopg://..]

Ours checks every address, option and instant, folds texts (X31), makes ids, keys, indexes and the ledger. Beside it on
SQLite: `.import` of the `sqlite3` program into a bare table of texts, and into one with the columns a contact needs to
be found by (its key, its address, its beginning: the indexes ours has). On PostgreSQL: COPY into a staging table, then
an upsert into such a table. Each run does all ways in turn; the best of the runs counts. On SQLite processor time of
all processes stands beside the time on the clock: it wanders less where others work on the machine. `--store` names a
database of the benchmark's own: all that is in it is dropped.
"""

from __future__ import annotations

import argparse
import csv
import json
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from dsl.schema.standard import standard_schema
from dsl.source import Source
from runtime.store.imports import import_file, read_map
from runtime.store.store import Store

COLUMNS = ["id", "email", "first_name", "last_name", "phone", "country", "lifecycle_stage", "created"]
MAP = """
source: shop
rows:
  - record: contact
    id: id
    at: created
    set:
      email: email
      first_name: first_name
      last_name: last_name
      phone: phone
      country: country
      lifecycle_stage: lifecycle_stage
"""
KEYED = f"CREATE TABLE c ({', '.join(f'{name} text' for name in COLUMNS)}, PRIMARY KEY (id))"
INDEXES = ("CREATE INDEX c_email ON c (email)", "CREATE INDEX c_created ON c (created)")
NOW = 1_790_000_000_000_000
Took = dict[str, float]  # seconds: `clock`, and on SQLite `processor`
Way = Callable[[], Took]


@dataclass
class Watch:
    """Seconds since it was made; the processor time is this process's and that of children that have ended."""

    began: float = field(default_factory=time.perf_counter)
    worked: float = field(default_factory=lambda: _worked())

    def took(self, processor: bool) -> Took:
        clock = {"clock": time.perf_counter() - self.began}
        return clock | ({"processor": _worked() - self.worked} if processor else {})


def _worked() -> float:
    return sum(sum(resource.getrusage(who)[:2]) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))


def make_file(path: Path, contacts: int) -> None:
    """A file as a shop or an older CRM gives it out: names repeat, addresses and numbers do not."""
    dice = Random(7)
    first = ["Ann", "Bob", "Carla", "Dirk", "Eva", "Jose", "Zoe", "Mia", "Noah", "Olga", "Paul"]
    last = ["Meyer", "Nowak", "Silva", "Smith", "Tanaka", "Garcia", "Rossi", "Novak", "Dubois", "Kim"]
    lands = ["Germany", "Poland", "Brazil", "United States", "Japan", "Spain"]
    with path.open("w", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(COLUMNS)
        for nr in range(contacts):
            a, b = dice.choice(first), dice.choice(last)
            day = f"2024-{dice.randrange(1, 13):02}-{dice.randrange(1, 29):02} {dice.randrange(24):02}:00"
            address = f"{a}.{b}{nr}@company{dice.randrange(40_000)}.example".lower()
            stage = dice.choice(["subscriber", "lead", "customer"])
            rows.writerow((nr + 1, address, a, b, f"+49 {dice.randrange(10**9)}", dice.choice(lands), stage, day))


def ours(file: Path, folder: Path, url: str | None) -> Took:
    if url is not None:
        _emptied(url)
    schema = standard_schema()
    map_, problems = read_map(Source("map.yaml", MAP), schema)
    assert map_ is not None, problems
    with Store.create(url or f"sqlite:///{_new(folder / 'ours.db')}", schema) as store:
        watch = Watch()
        result = import_file(store, schema, file, map_, now=NOW, until=NOW)
        took = watch.took(url is None)
        with store.session() as session:
            assert session.one("SELECT count(*) FROM contact") == result.loaded
    return took


def sqlite_import(file: Path, folder: Path, keyed: bool) -> Took:
    """The program `sqlite3`, from its start to its end."""
    made = (
        [f"{KEYED};", *(f"{index};" for index in INDEXES), ".mode csv", f".import --skip 1 {file} c"]
        if keyed
        else [".mode csv", f".import {file} c"]
    )
    watch = Watch()
    subprocess.run(["sqlite3", _new(folder / "beside.db")], input="\n".join(made), text=True, check=True)
    return watch.took(True)


def copy_and_upsert(file: Path, url: str) -> Took:
    import psycopg

    names = ", ".join(COLUMNS)
    with psycopg.connect(url.replace("postgresql+psycopg", "postgresql"), autocommit=True) as db:
        db.execute("DROP TABLE IF EXISTS c")
        for sql in (KEYED, *INDEXES):
            db.execute(sql.encode())
        watch = Watch()
        with db.transaction():
            db.execute(f"CREATE TEMP TABLE staging ({', '.join(f'{n} text' for n in COLUMNS)}) ON COMMIT DROP".encode())
            with db.cursor().copy("COPY staging FROM STDIN (FORMAT csv, HEADER)") as copy, file.open("rb") as source:
                while part := source.read(1 << 20):
                    copy.write(part)
            update = ", ".join(f"{n} = excluded.{n}" for n in COLUMNS[1:])
            db.execute(f"INSERT INTO c SELECT {names} FROM staging ON CONFLICT (id) DO UPDATE SET {update}".encode())
        took = watch.took(False)
        db.execute("DROP TABLE c")
    return took


def _emptied(url: str) -> None:
    import psycopg

    with psycopg.connect(url.replace("postgresql+psycopg", "postgresql"), autocommit=True) as db:
        db.execute("DROP SCHEMA public CASCADE")
        db.execute("CREATE SCHEMA public")


def _new(path: Path) -> str:
    for old in path.parent.glob(path.name + "*"):
        old.unlink()
    return str(path)


def measure(contacts: int, runs: int, url: str | None, folder: Path) -> dict[str, float]:
    """Seconds of each way, the best of the runs, and the ratios of ours to them."""
    file = folder / "contacts.csv"
    make_file(file, contacts)
    ways: dict[str, Way] = {"segue": lambda: ours(file, folder, url)}
    if url is not None:
        ways["copy_and_upsert"] = lambda: copy_and_upsert(file, url)
    elif shutil.which("sqlite3"):
        ways["sqlite_import"] = lambda: sqlite_import(file, folder, keyed=False)
        ways["sqlite_import_keyed"] = lambda: sqlite_import(file, folder, keyed=True)
    found = {name: way() for name, way in ways.items()}
    for _ in range(runs - 1):
        for name, way in ways.items():
            again = way()
            found[name] = {what: min(seconds, again[what]) for what, seconds in found[name].items()}
    told: dict[str, float] = {"contacts": contacts, "megabytes": file.stat().st_size / 1e6}
    for name, took in found.items():
        for what, seconds in took.items():
            told[f"{name}_{what}"] = seconds
            if name != "segue":
                told[f"ratio_to_{name}_{what}"] = found["segue"][what] / seconds
    return told


def main() -> int:
    """The table or the JSON; 1 where ours takes more than twice (PostgreSQL: 1.5 times) what is beside it."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--contacts", type=int, default=1_000_000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--store")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        found = measure(given.contacts, given.runs, given.store, Path(folder))
    if given.json:
        print(json.dumps(found))
    else:
        for name, value in found.items():
            print(f"{name:42}{value:14,.2f}")
    limit, beside = (1.5, "copy_and_upsert") if given.store else (2.0, "sqlite_import")
    return int(found.get(f"ratio_to_{beside}_clock", 0) > limit)


if __name__ == "__main__":
    sys.exit(main())
