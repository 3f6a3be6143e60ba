"""A world with hygiene rules, and what people ask of it."""

from __future__ import annotations

from pathlib import Path

from runtime.access.roles import ADMIN, Actor
from runtime.hygiene import Findings, Fixed, Undone, fix, keep, preview, undo
from runtime.project.loading import Loaded
from runtime.store import inbox
from runtime.store.ids import record_id
from tests.runtime.engine.harness import World

AMY = Actor("amy", ADMIN)


class Clinic:
    """A world and what people ask of its hygiene `names`; every question on a session of its own."""

    def __init__(self, world: World, who: Actor = AMY) -> None:
        self.world, self.who = world, who
        p = world.program
        self.loaded = Loaded(Path(), p.project, p.schema, p, (), (), {})

    def preview(self) -> Fixed:
        with self.world.store.session() as session:
            return preview(session, self.loaded, "names", 0)

    def fix(self) -> Fixed:
        with self.world.store.session() as session:
            return fix(session, self.loaded, "names", self.who, 0)

    def undo(self, run: int) -> Undone:
        with self.world.store.session() as session:
            return undo(session, self.loaded.schema, run, self.who)

    def keep(self, rule: str, record: str, words: str | None = None) -> int:
        with self.world.store.session() as session:
            return keep(session, self.loaded, rule, record, self.who, words)

    def queue(self, limit: int = 0) -> list[tuple[str, str, str]]:
        """(rule, record, words)."""
        with self.world.store.session() as session:
            return [(f.rule, f.external_id, f.words) for f in Findings(session, self.loaded).queue("names", limit)]

    def found(self) -> dict[str, int]:
        with self.world.store.session() as session:
            return {line.rule: line.found for line in Findings(session, self.loaded).overview()}

    def rows(self, sql: str) -> list[tuple[object, ...]]:
        with self.world.store.session() as session:
            return session.run(sql)

    def delete(self, *names: str) -> None:
        with self.world.store.session() as session, session.transaction():
            inbox.put(session, [inbox.delete_row("contact", record_id("contact", n), at=self.world.now) for n in names])

    def names(self) -> dict[str, tuple[object, object]]:
        return {row[0]: (row[1], row[2]) for row in self.rows("SELECT external_id, last_name, first_name FROM contact")}
