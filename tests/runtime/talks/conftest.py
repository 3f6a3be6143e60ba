"""Worlds as the engine's tests have them, and playbooks run in them."""

from __future__ import annotations

from pathlib import Path

from runtime.access.roles import Actor
from runtime.project.loading import Loaded
from runtime.talks.opening import named, opened
from runtime.talks.saved_talks import save
from runtime.talks.saving import Saved
from tests.runtime.engine.conftest import emptied_url, shared, world, worlds  # noqa: F401 - fixtures
from tests.runtime.engine.harness import World

REP = Actor("rep", "admin")


def loaded(of: World) -> Loaded:
    program = of.program
    return Loaded(Path(), program.project, program.schema, program, (), (), {})


def talk(
    of: World,
    name: str,
    record: str,
    contact: str | None = None,
    outcome: str | None = None,
    who: Actor = REP,
    kind: str = "playbook",
    **answers: object,
) -> Saved:
    """Save one, answered as people type."""
    project, session = loaded(of), of.deliver().engine.session
    at = opened(session, project, named(project, kind, name), record, contact)
    return save(project, at, answers, outcome, who)
