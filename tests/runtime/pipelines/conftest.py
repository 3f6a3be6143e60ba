"""`world` and `worlds` of the engine's tests; `desk`, at nine in the morning, with a deal to tie tickets to."""

import pytest

from tests.runtime.engine.conftest import emptied_url, world, worlds
from tests.runtime.engine.harness import MakeWorld

from .desk import RULES, SCHEMA, Desk

__all__ = ["emptied_url", "world", "worlds"]


@pytest.fixture
def desk(worlds: MakeWorld) -> Desk:
    world = worlds(RULES, schema=SCHEMA).record("deal", "d", "03-02 08:00", name="d", pipeline="sales", stage="won")
    return Desk(world.contact("ann").run_to("03-02 09:00"))
