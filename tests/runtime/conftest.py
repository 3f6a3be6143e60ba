"""The databases that tests of the run time share."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from tests.runtime.databases import Databases

LONG, FROM = (int(os.environ.get(name, 0)) for name in ("SEGUE_HISTORIES", "SEGUE_FROM"))


@pytest.fixture
def seeds(request: pytest.FixtureRequest) -> range:
    """Of random runs: few in the gate, fewer on PostgreSQL; `SEGUE_HISTORIES=500 SEGUE_FROM=1000` names 500 others."""
    if LONG:
        return range(FROM, FROM + LONG)
    return range(2 if request.node.get_closest_marker("postgres") else 12)


@pytest.fixture(scope="session")
def databases(postgres_server: str) -> Iterator[Databases]:
    made = Databases(postgres_server)
    yield made
    made.close()
