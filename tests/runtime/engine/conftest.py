"""`world(rules, ..)`: a world per test. On SQLite in memory; tests that ask for `worlds` run on PostgreSQL too, and
`-m postgres` or `-m "not postgres"` chooses."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest

from runtime.store.store import Store
from tests.runtime.engine.harness import MakeWorld, World, compiled

_DONE: set[str] = set()  # servers that hold a database with the tables of the harness's own schema


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "postgres: needs the embedded PostgreSQL")


@pytest.fixture
def world() -> Iterator[MakeWorld]:
    made: list[World] = []

    def make(rules: str, **settings: object) -> World:
        made.append(World(rules, **settings))
        return made[-1]

    yield make
    for one in made:
        one.close()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def worlds(request: pytest.FixtureRequest, world: MakeWorld) -> Iterator[MakeWorld]:
    """The same on both databases; one world per test on PostgreSQL."""
    if request.param == "sqlite":
        yield world
        return
    made: list[World] = []

    def make(rules: str, **settings: object) -> World:
        made.append(World(rules, url=request.getfixturevalue("tables_url"), ready=True, **settings))
        return made[-1]

    request.getfixturevalue("tables_url")
    yield make
    for one in made:
        one.close()


@pytest.fixture
def tables_url(postgres_server: str) -> Iterator[str]:
    """A database of this test's own, copied from one that holds the tables already."""

    def url(name: str) -> str:
        return f"postgresql+psycopg://postgres@/{name}?host={postgres_server}"

    with psycopg.connect(host=postgres_server, user="postgres", dbname="postgres", autocommit=True) as admin:
        if postgres_server not in _DONE:
            admin.execute("CREATE DATABASE engine_tables TEMPLATE segue_template")
            Store.create(url("engine_tables"), compiled("static segment none of contact").schema).close()
            _DONE.add(postgres_server)
        admin.execute("CREATE DATABASE engine_test TEMPLATE engine_tables")
        try:
            yield url("engine_test")
        finally:
            admin.execute("DROP DATABASE engine_test WITH (FORCE)")
