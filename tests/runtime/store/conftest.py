"""A store's address per test, on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from dsl.schema.model import Schema
from dsl.schema.standard import standard_schema
from runtime.store.store import Store

Make = Callable[[Schema], Store]


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "postgresql":
        return str(request.getfixturevalue("postgres_url"))
    return f"sqlite:///{tmp_path / 'crm.db'}"


@pytest.fixture
def make_store(url: str) -> Iterator[Make]:
    """Makes the test's store from a schema."""
    stores: list[Store] = []

    def make(schema: Schema) -> Store:
        stores.append(Store.create(url, schema))
        return stores[-1]

    yield make
    for store in stores:
        store.close()


@pytest.fixture
def store(make_store: Make) -> Store:
    return make_store(standard_schema())


@pytest.fixture
def memory() -> Store:
    return Store.memory(standard_schema())
