"""`world(rules, ..)`: a world per test, on SQLite in memory and on PostgreSQL; `-m postgres` or `-m "not postgres"`
chooses."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from dsl.schema.model import Schema
from tests.runtime.databases import BOTH, Databases
from tests.runtime.engine.harness import SCHEMA, MakeWorld, World, compiled


@pytest.fixture(params=BOTH)
def world(request: pytest.FixtureRequest) -> Iterator[MakeWorld]:
    databases: Databases | None = request.getfixturevalue("databases") if request.param == "postgres" else None
    made: list[World] = []

    def make(rules: str, **settings: object) -> World:
        if databases is not None:
            settings["store"] = databases.store(_schema(str(settings.get("schema", SCHEMA))), len(made))
        made.append(World(rules, **settings))
        return made[-1]

    yield make
    for one in made:
        one.close()


@pytest.fixture
def worlds(world: MakeWorld) -> MakeWorld:
    return world


@pytest.fixture(params=BOTH)
def shared(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[str], World]]:
    """A world whose store several sessions open at once."""
    made: list[World] = []

    def make(rules: str) -> World:
        on_server = request.param == "postgres"
        url = request.getfixturevalue("emptied_url") if on_server else f"sqlite:///{tmp_path / 's.db'}"
        made.append(World(rules, url, ready=on_server))
        return made[-1]

    yield make
    for one in made:
        one.close()


@pytest.fixture
def emptied_url(databases: Databases) -> str:
    """A PostgreSQL database with the tables of the harness's schema and nothing in them."""
    return databases.store(_schema(SCHEMA)).url


def _schema(text: str) -> Schema:
    return compiled("static segment none of contact", text).schema
