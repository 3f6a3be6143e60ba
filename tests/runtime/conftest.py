"""The databases that tests of the run time share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.runtime.databases import Databases


@pytest.fixture(scope="session")
def databases(postgres_server: str) -> Iterator[Databases]:
    made = Databases(postgres_server)
    yield made
    made.close()
