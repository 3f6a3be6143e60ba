"""A store with the standard CRM's tables and nothing in it."""

from collections.abc import Iterator

import pytest

from dsl.schema import standard_schema
from runtime.store.session import Session
from runtime.store.store import Store


@pytest.fixture
def session() -> Iterator[Session]:
    with Store.memory(standard_schema()) as store, store.session() as session:
        yield session
