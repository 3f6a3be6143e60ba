"""`worlds` of the engine's tests."""

from tests.runtime.engine.conftest import emptied_url, world, worlds

__all__ = ["emptied_url", "world", "worlds"]
