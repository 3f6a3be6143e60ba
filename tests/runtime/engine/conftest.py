"""`world(rules, ..)`: a world per test. On SQLite in memory; tests that ask for `worlds` run on PostgreSQL too, and
`-m postgres` or `-m "not postgres"` chooses."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest

from runtime.store.store import Store
from tests.runtime.engine.harness import MakeWorld, World, compiled

# What a test that failed has left open holds its leases.
_ALONE = """
SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()
"""
# Making a hundred tables takes PostgreSQL a second; emptying the few that were written, a hundredth of one.
_EMPTY = """
DO $$ DECLARE one text; filled boolean; BEGIN
  FOR one IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'segue_meta' LOOP
    EXECUTE format('SELECT EXISTS (SELECT 1 FROM %I)', one) INTO filled;
    IF filled THEN EXECUTE format('DELETE FROM %I', one); END IF;
  END LOOP;
  DELETE FROM segue_meta WHERE key IN ('clock', 'working', 'clock_kind') OR key LIKE 'occurred %';
END $$
"""


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "postgres: needs the embedded PostgreSQL")


@pytest.fixture
def world() -> Iterator[MakeWorld]:
    yield from _worlds({})


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def worlds(request: pytest.FixtureRequest) -> Iterator[MakeWorld]:
    """The same on both databases; one world per test on PostgreSQL, of the harness's own schema."""
    if request.param == "sqlite":
        yield from _worlds({})
        return
    yield from _worlds({"url": request.getfixturevalue("emptied_url"), "ready": True})


@pytest.fixture
def emptied_url(tables_url: str) -> str:
    """A PostgreSQL database with the tables of the harness's schema and nothing in them."""
    with psycopg.connect(tables_url.replace("+psycopg", ""), autocommit=True) as admin:
        admin.execute(_ALONE)
        admin.execute(_EMPTY)
    return tables_url


def _worlds(where: dict[str, object]) -> Iterator[MakeWorld]:
    made: list[World] = []

    def make(rules: str, **settings: object) -> World:
        made.append(World(rules, **where, **settings))
        return made[-1]

    yield make
    for one in made:
        one.close()


@pytest.fixture(scope="session")
def tables_url(postgres_server: str) -> str:
    """A database that holds the tables."""
    url = f"postgresql+psycopg://postgres@/engine_tables?host={postgres_server}"
    with psycopg.connect(host=postgres_server, user="postgres", dbname="postgres", autocommit=True) as admin:
        admin.execute("CREATE DATABASE engine_tables TEMPLATE segue_template")
    Store.create(url, compiled("static segment none of contact").schema).close()
    return url
