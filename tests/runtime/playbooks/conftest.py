"""Worlds of parts of the library, on both databases."""

from __future__ import annotations

from pathlib import Path

import pytest

from runtime.access.roles import ADMIN, Actor
from runtime.project.loading import Loaded
from runtime.talks.opening import named, opened
from runtime.talks.saved_talks import save
from runtime.talks.saving import Saved
from segue.starter.library import copied
from tests.runtime.engine.conftest import world, worlds  # noqa: F401 - fixtures
from tests.runtime.engine.harness import MakeWorld, World

SUZUKI = Actor("suzuki", ADMIN)


class Company:
    """What its people do, each act on the world's clock."""

    def __init__(self, of: World) -> None:
        self.world = of
        p = of.program
        self.loaded = Loaded(Path(), p.project, p.schema, p, (), (), {})

    def talk(self, name: str, record: str, outcome: str | None = None, kind: str = "playbook", **said: str) -> Saved:
        """Save a playbook or survey, answered as people type."""
        session = self.world.deliver().engine.session
        at = opened(session, self.loaded, named(self.loaded, kind, name), record)
        return save(self.loaded, at, said, outcome, SUZUKI)


def made(worlds: MakeWorld, part: str) -> Company:  # noqa: F811 - the fixture of that name
    """A part of the library as it lies in its folder, with what it needs, in an empty store."""
    files = copied(part, "company")
    schema, project = files.pop("schema.yaml"), files.pop("segue.yaml")
    rules = "\n".join(text for name, text in files.items() if "/tests/" not in name)
    return Company(worlds(rules, schema=schema, project=project))


@pytest.fixture
def company(worlds: MakeWorld) -> Company:  # noqa: F811 - the fixture of that name
    return made(worlds, "library/company_manual")
