"""Stores with the tables of a schema and nothing in them, on both databases."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from dsl.schema.model import Schema
from runtime.store.session import Session
from runtime.store.store import Store
from tests.runtime.databases import BOTH, Databases
from tests.runtime.engine.conftest import world, worlds  # noqa: F401 - fixtures

Open = Callable[[Schema], Session]


@pytest.fixture(params=BOTH)
def opened(request: pytest.FixtureRequest) -> Iterator[Open]:
    """A session on a store of that schema."""
    with ExitStack() as stack:

        def open_(schema: Schema) -> Session:
            if request.param == "postgres":
                databases: Databases = request.getfixturevalue("databases")
                return stack.enter_context(databases.store(schema).session())
            return stack.enter_context(stack.enter_context(Store.memory(schema)).session())

        yield open_
