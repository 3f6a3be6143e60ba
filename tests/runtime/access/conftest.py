"""Worlds as the engine's tests have them."""

from tests.runtime.engine.conftest import world, worlds  # noqa: F401 # fixtures
