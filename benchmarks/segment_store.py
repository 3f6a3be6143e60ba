"""A large store with made-up people and what they did, for the benchmarks of segments: written in bulk, in the order of
the keys, indexes afterwards. Our own tables, as the engine would have filled them; no engine runs.

The same numbers give the same store. About twenty events a contact; 43 of 100 contacts have done something in the last
60 days, the others not.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from sqlalchemy import Index, MetaData

from dsl.compile import compile_project
from dsl.diagnostics.diagnostic import Severity
from dsl.program.definitions import Program
from dsl.source import Source
from runtime.store.objects import crm_metadata
from runtime.store.session import Session
from runtime.store.statistics import analyse
from runtime.store.store import Store
from runtime.store.tables import metadata
from runtime.times.zones import DAY

NOW = 1_772_452_800_000_000  # 2026-03-02 12:00 UTC
SCHEMA = """\
extends: standard
objects:
  contact:
    properties:
      nps: {type: number}
      plan: {type: choice, options: [free, trial, basic, pro]}
      renewal_on: {type: date}
"""
PROJECT = "name: bench\naccount: {time_zone: UTC}\nusers:\n  ada: {name: Ada, email: ada@bench.example}\n"
COUNTRIES = ("DE", "FR", "US", "JP", "PL", "BR", "IN", "GB", "SE", "NL")
STAGES = ("subscriber", "lead", "mql", "sql", "opportunity", "customer", "evangelist", "other")
INDUSTRIES = ("software", "retail", "steel", "health", "banking", "food", "travel", "media")
PATHS = tuple(f"/{section}/{n}" for section in ("prices", "docs", "blog", "shop") for n in range(10))
ASSETS = tuple(f"guide-{n}" for n in range(20))
# kind: (share of all events, whether it counts as an act)
KINDS = {
    "received_email": 0.22, "opened_email": 0.20, "clicked_email": 0.09, "viewed_page": 0.32, "downloaded": 0.05,
    "purchased": 0.05, "bounced": 0.02, "submitted_form": 0.02, "submitted_survey": 0.01, "replied": 0.02,
}  # fmt: skip
_CHUNK = 50_000  # contacts at once
_ALIVE = 0.52
_Rows = Iterable[Sequence[object]]


def program(rules: str) -> Program:
    compiled = compile_project(
        [Source("bench.segue", rules)], Source("schema.yaml", SCHEMA), Source("segue.yaml", PROJECT)
    )
    assert compiled.program is not None, [d for d in compiled.diagnostics if d.severity == Severity.ERROR]
    return compiled.program


def built(url: str, contacts: int, events: int) -> float:
    """Make the store at `url`; the seconds it took."""
    began = time.perf_counter()
    schema = program("").schema
    with Store.create(url, schema) as store, store.session() as session:
        tables = crm_metadata(schema)
        late = _late_indexes(tables, metadata)
        for index in late:
            index.drop(session.connection)
        if session.dialect == "sqlite":  # nothing to lose yet, so no journal
            session.run("PRAGMA journal_mode = OFF")
            session.run("PRAGMA synchronous = OFF")
        load = _sqlite_load(session) if session.dialect == "sqlite" else _postgres_load(session)
        with session.transaction():
            _fill(load, contacts, events)
            session.run(_activity(session, "record_id"))
        for index in late:
            index.create(session.connection)
        analyse(session)
        if session.dialect == "sqlite":
            session.run("PRAGMA journal_mode = WAL")
        else:
            session.run("VACUUM")  # as the server would, but in the middle of a measurement
    return time.perf_counter() - began


def _late_indexes(*found: MetaData) -> list[Index]:
    names = ("contact", "segue_activity", *(f"event_{kind}" for kind in KINDS))
    return [i for m in found for t in m.tables.values() if t.name in names for i in sorted(t.indexes, key=_name)]


def _name(index: Index) -> str:
    return str(index.name)


def _activity(session: Session, record: str) -> str:
    """Per contact and kind, and for all acts together: what the engine keeps at ingestion."""
    human = {"opened_email", "clicked_email"}
    acts = [k for k in KINDS if k not in ("received_email", "bounced")]
    parts = [
        f"SELECT bucket, {record} AS id, '{kind}' AS event, at FROM event_{kind}"
        + (" WHERE class = 'human'" if kind in human else "")
        for kind in KINDS
    ]
    each = " UNION ALL ".join(
        f"SELECT bucket, id, event, count(*) AS n, min(at) AS a, max(at) AS z FROM ({part}) q GROUP BY 1, 2, 3"
        for part in parts
    )
    all_acts = ", ".join(f"'{kind}'" for kind in acts)
    return (
        f"WITH each AS MATERIALIZED ({each}) INSERT INTO segue_activity (bucket, id, event, count, first_at, last_at)"
        " SELECT * FROM (SELECT * FROM each UNION ALL SELECT bucket, id, 'acted', sum(n), min(a), max(z) FROM each"
        f" WHERE event IN ({all_acts}) GROUP BY 1, 2) q ORDER BY 1, 2, 3"
    )


# --- loading ----------------------------------------------------------------------------------

_Load = Callable[[str, str, _Rows], None]


def _sqlite_load(session: Session) -> _Load:
    raw = session.raw_sqlite()

    def load(table: str, columns: str, rows: _Rows) -> None:
        marks = ", ".join("?" * len(columns.split(",")))
        raw.executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks})", rows)

    return load


def _postgres_load(session: Session) -> _Load:
    raw: Any = session.connection.connection.driver_connection

    def load(table: str, columns: str, rows: _Rows) -> None:
        with raw.cursor().copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)

    return load


# --- people -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class _People:
    """Arrays over the contacts of a chunk; `first` and `last`: between which they were alive."""

    bucket: np.ndarray[Any, Any]
    id: np.ndarray[Any, Any]
    first: np.ndarray[Any, Any]
    last: np.ndarray[Any, Any]
    events: np.ndarray[Any, Any]


def _fill(load: _Load, contacts: int, events: int) -> None:
    random = np.random.default_rng(1)
    ids = np.unique(random.integers(1, 2**62, contacts + 1_000))
    ids = random.permutation(ids)[:contacts]
    ids = ids[np.lexsort((ids, ids % 256))]
    companies = _companies(load, random, max(contacts // 20, 1))
    for start in range(0, contacts, _CHUNK):
        people = _people(random, ids[start : start + _CHUNK], events / contacts)
        _contacts(load, random, people, start)
        _links(load, random, people, companies)
        for kind, share in KINDS.items():
            _events(load, random, people, kind, share)


def _companies(load: _Load, random: np.random.Generator, count: int) -> np.ndarray[Any, Any]:
    ids = random.integers(1, 2**62, count)
    ids = ids[np.lexsort((ids, ids % 256))]
    kinds = random.choice(INDUSTRIES, count).tolist()
    names = [f"company {i}" for i in range(count)]
    columns = "bucket, id, external_id, created_at, name, name__n, industry, industry__n"
    made = [NOW - 1_500 * DAY] * count
    load(
        "company",
        columns,
        zip((ids % 256).tolist(), ids.tolist(), names, made, names, names, kinds, kinds, strict=True),
    )
    return ids


def _people(random: np.random.Generator, ids: np.ndarray[Any, Any], mean: float) -> _People:
    n = len(ids)
    first = NOW - random.integers(70 * DAY, 1_100 * DAY, n)
    gone = NOW - random.integers(60 * DAY, 700 * DAY, n)
    last = np.where(random.random(n) < _ALIVE, NOW, np.maximum(gone, first + DAY))
    count = random.geometric(1 / mean, n)
    return _People(ids % 256, ids, first, last, count)


def _contacts(load: _Load, random: np.random.Generator, p: _People, start: int) -> None:
    n = len(p.id)
    mails = [f"person{start + i}@example.com" for i in range(n)]
    countries = random.choice(COUNTRIES, n).tolist()
    lower = [c.lower() for c in countries]
    nps = [None if x > 10 else int(x) for x in random.integers(0, 30, n).tolist()]
    days = (np.datetime64("2026-01-01") + random.integers(0, 400, n)).astype(str).tolist()
    renewal = [day if keep else None for day, keep in zip(days, (random.random(n) < 0.3).tolist(), strict=True)]
    columns = (
        "bucket, id, external_id, created_at, email, email__n, country, country__n, lifecycle_stage, plan, nps,"
        " renewal_on"
    )
    stages, plans = random.choice(STAGES, n).tolist(), random.choice(("free", "trial", "basic", "pro"), n).tolist()
    known = [f"c{start + i}" for i in range(n)]
    load("contact", columns, zip(p.bucket.tolist(), p.id.tolist(), known, p.first.tolist(), mails, mails, countries,
                                 lower, stages, plans, nps, renewal, strict=True))  # fmt: skip


def _links(load: _Load, random: np.random.Generator, p: _People, companies: np.ndarray[Any, Any]) -> None:
    to = random.choice(companies, len(p.id))
    rows = zip(p.bucket.tolist(), p.id.tolist(), (to % 256).tolist(), to.tolist(), p.first.tolist(), strict=True)
    load("link_contact_company", "bucket, id, to_bucket, to_id, at", rows)


def _events(load: _Load, random: np.random.Generator, p: _People, kind: str, share: float) -> None:
    """The events of one kind of a chunk, in the order of the table's key."""
    counts = random.binomial(p.events, share)
    of = np.repeat(np.arange(len(p.id)), counts)
    at = p.first[of] + (random.random(len(of)) ** 0.5 * (p.last[of] - p.first[of])).astype(np.int64)
    order = np.lexsort((at, of))
    of, at = of[order], at[order]
    ids = random.integers(1, 2**62, len(of))
    columns, values = _fields(random, kind, len(of))
    rows = zip(p.bucket[of].tolist(), p.id[of].tolist(), at.tolist(), ids.tolist(), *values, strict=True)
    load(f"event_{kind}", ", ".join(("bucket", "record_id", "at", "id", *columns)), rows)


def _fields(random: np.random.Generator, kind: str, n: int) -> tuple[Sequence[str], Sequence[list[Any]]]:
    def some(options: Sequence[str], p: Sequence[float] | None = None) -> list[Any]:
        found: list[Any] = random.choice(options, n, p=p).tolist()
        return found

    match kind:
        case "opened_email":
            return ("class",), (some(("human", "machine"), (0.8, 0.2)),)
        case "clicked_email":
            urls = [f"https://example.com{path}" for path in some(PATHS)]
            return ("class", "link_url", "link_url__n"), (some(("human", "machine"), (0.85, 0.15)), urls, urls)
        case "viewed_page":
            paths = some(PATHS)
            return ("path", "path__n"), (paths, paths)
        case "downloaded":
            assets = some(ASSETS)
            return ("asset", "asset__n"), (assets, assets)
        case "purchased":
            products = some([f"sku-{i}" for i in range(20)])
            amounts = (random.integers(5, 400, n) * 100).tolist()
            return ("product", "product__n", "amount"), (products, products, amounts)
        case "bounced":
            return ("kind",), (some(("soft", "hard"), (0.9, 0.1)),)
        case "submitted_form":
            forms = some([f"form-{i}" for i in range(5)])
            return ("form", "form__n"), (forms, forms)
        case "submitted_survey":
            return ("survey", "survey__n", "score"), (["nps"] * n, ["nps"] * n, random.integers(0, 11, n).tolist())
        case "received_email":
            mails = some([f"mail-{i}" for i in range(30)])
            return ("template", "template__n", "topic", "topic__n"), (mails, mails, ["news"] * n, ["news"] * n)
    return (), ()
