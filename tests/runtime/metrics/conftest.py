"""A store with the standard CRM's tables and nothing in it, on both databases."""

from collections.abc import Iterator

import pytest

from dsl.schema import standard_schema
from runtime.store.session import Session
from runtime.store.store import Store
from tests.runtime.databases import BOTH
from tests.runtime.engine.conftest import world as world
from tests.runtime.engine.conftest import worlds as worlds


@pytest.fixture(params=BOTH)
def session(request: pytest.FixtureRequest) -> Iterator[Session]:
    if request.param == "postgres":
        with request.getfixturevalue("databases").store(standard_schema()).session() as session:
            yield session
        return
    with Store.memory(standard_schema()) as store, store.session() as session:
        yield session
