"""Worlds as the engine's tests have them."""

from __future__ import annotations

from tests.runtime.engine.conftest import world, worlds  # noqa: F401 - fixtures
