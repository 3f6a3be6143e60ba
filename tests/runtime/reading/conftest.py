"""A small store filled in bulk."""

from collections.abc import Iterator

import pytest

from benchmarks.make_store import fill
from dsl.schema import standard_schema
from runtime.store.session import Session
from runtime.store.store import Store


@pytest.fixture
def session() -> Iterator[Session]:
    with Store.memory(standard_schema()) as store, store.session() as session:
        fill(session, 200)
        yield session
