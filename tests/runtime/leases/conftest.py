"""`world`: ten people in the middle of a journey, in a file and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from runtime.store.store import Store
from tests.runtime.databases import Databases
from tests.runtime.engine.harness import World, compiled
from tests.runtime.leases.journey import RULES


@pytest.fixture
def emptied_url(databases: Databases) -> str:
    """A PostgreSQL database with the tables and nothing in them."""
    return databases.store(compiled(RULES).schema).url


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A store with its tables that several processes may open."""
    if request.param == "postgres":
        return str(request.getfixturevalue("emptied_url"))
    address = f"sqlite:///{tmp_path}/crm.db"
    Store.create(address, compiled(RULES).schema).close()
    return address


@pytest.fixture
def world(url: str) -> Iterator[World]:
    """Ten people in a journey, in the middle of it."""
    made = World(RULES, url, ready=True)
    for i in range(10):
        made.contact(f"c{i}", at="03-02 10:00", plan="trial")
    made.run_to("03-02 12:00")
    yield made
    made.close()
