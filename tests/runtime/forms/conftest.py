"""Worlds as the engine's tests have them, and forms sent in them."""

from __future__ import annotations

from runtime.access.roles import Actor
from runtime.forms.submitting import Submitted, submit
from tests.runtime.engine.conftest import emptied_url, shared, world, worlds  # noqa: F401 - fixtures
from tests.runtime.engine.harness import World
from tests.runtime.talks.conftest import REP, loaded


def send(of: World, form: str, key: str | None = None, who: Actor = REP, **answers: object) -> Submitted:
    return submit(of.deliver().engine.session, loaded(of), form, answers, who, key)
