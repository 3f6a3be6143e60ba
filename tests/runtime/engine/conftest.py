"""`world(rules, ..)`: a world per test, on SQLite in memory; tests that ask for `worlds` run on PostgreSQL too, and
`-m postgres` or `-m "not postgres"` chooses. With SEGUE_TEST_EVERYWHERE=1 every `world` is on both."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator

import psycopg
import pytest

from runtime.store.store import Store
from tests.runtime.engine.harness import SCHEMA, MakeWorld, World, compiled

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
  DELETE FROM segue_meta WHERE key NOT IN ('format', 'store_id', 'schema', 'schema_hash');
END $$
"""
Databases = Callable[[str, int], str]  # (schema, number) -> url


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "postgres: needs the embedded PostgreSQL")


_BOTH = ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]


@pytest.fixture(params=_BOTH if os.environ.get("SEGUE_TEST_EVERYWHERE") else ["sqlite"])
def world(request: pytest.FixtureRequest) -> Iterator[MakeWorld]:
    yield from _worlds(_databases(request))


@pytest.fixture(params=_BOTH)
def worlds(request: pytest.FixtureRequest) -> Iterator[MakeWorld]:
    """The same on both; on PostgreSQL in databases of earlier tests, one for each schema and each world of a test."""
    yield from _worlds(_databases(request))


def _databases(request: pytest.FixtureRequest) -> Databases | None:
    found: Databases = request.getfixturevalue("databases") if request.param == "postgres" else None
    return found


def _worlds(databases: Databases | None) -> Iterator[MakeWorld]:
    made: list[World] = []

    def make(rules: str, **settings: object) -> World:
        if databases is not None:
            settings |= {"url": databases(str(settings.get("schema", SCHEMA)), len(made)), "ready": True}
        made.append(World(rules, **settings))
        return made[-1]

    yield make
    for one in made:
        one.close()


@pytest.fixture
def emptied_url(databases: Databases) -> str:
    """A PostgreSQL database with the tables of the harness's schema and nothing in them."""
    return databases(SCHEMA, 0)


@pytest.fixture(scope="session")
def databases(postgres_server: str) -> Databases:
    """Databases that hold the tables of a schema and nothing in them."""
    names: dict[tuple[str, int], str] = {}

    def emptied(schema: str, number: int) -> str:
        new = (schema, number) not in names
        name = names.setdefault((schema, number), f"engine_tables_{len(names)}")
        url = f"postgresql+psycopg://postgres@/{name}?host={postgres_server}"
        if new:
            with psycopg.connect(host=postgres_server, user="postgres", dbname="postgres", autocommit=True) as admin:
                admin.execute(f"CREATE DATABASE {name} TEMPLATE segue_template".encode())
            Store.create(url, compiled("static segment none of contact", schema).schema).close()
            return url
        with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as admin:
            admin.execute(_ALONE)
            admin.execute(_EMPTY)
        return url

    return emptied
