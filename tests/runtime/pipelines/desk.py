"""A desk for tickets: they are made, moved and looked at over the very engine, by the rules of four pipelines."""

from __future__ import annotations

from pathlib import Path

from runtime.access.roles import ADMIN, Actor
from runtime.pipelines import acts, making, page
from runtime.project.loading import Settings
from tests.runtime.engine.harness import World

SCHEMA = """
extends: standard
objects:
  ticket:
    properties:
      closed_at: {type: datetime}
      worth: {type: money, min: 10}
    associations:
      company: {to: company, inverse: ticket, many: true, required: warning}
      deal: {to: deal, inverse: ticket, many: true, required: error}
pipelines:
  ticket:
    inquiries:
      stages: [new, open, {name: done, closed: true}, {name: spam, closed: true}]
      rules: {create_in: [new, open], skip: false, back: false}
    free: {stages: [idea, {name: dropped, closed: true}]}
    paid: {stages: [{name: asked, needs: [owner]}, {name: paid, closed: true, needs: [worth, kind]}]}
    tied: {stages: [loose, {name: firm, needs: [company, contact]}, {name: over, closed: true, needs: [deal]}]}
"""
RULES = "static segment none of contact"
ADA = Actor("ada", ADMIN)


class Desk:
    """Acts on one world, at its clock."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.settings = Settings(Path(), world.program.project, world.program.schema)

    @property
    def session(self) -> object:
        return self.world.engine.session

    def create(self, name: str = "t", who: Actor = ADA, **given: object) -> making.Made:
        told = {"pipeline": "inquiries", "links": [("deal", "d")], "written": {"subject": name}} | given
        made = making.create(
            self.session, self.settings, "ticket", told.pop("written"), told.pop("links"), who, external_id=name, **told
        )
        self.world.names[made.id] = name
        return made

    def move(self, to: str, *names: str, who: Actor = ADA) -> list[acts.Asked]:
        return acts.move(self.session, self.settings, "ticket", names or ("t",), to, who)

    def page(self, name: str = "t") -> page.Page:
        return page.page(self.session, self.settings, "ticket", name)

    def stage(self, name: str = "t") -> object:
        return self.world.value(name, "stage", "ticket")
