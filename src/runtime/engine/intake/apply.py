"""Apply: what has come into the inbox becomes facts, at its instant and not before (X2, X12).

Rows of one shape (same kind, object and fields) are applied together. Each fact that changed something leaves a touch.
"""

from __future__ import annotations

from ...query.scope import Scope
from ...store.session import Row, Session
from ..judging.touches import Touches
from .choices import Choices
from .deletions import Deletions
from .events import Events
from .links import Links
from .loads import Loads
from .moves import Moves
from .records import Records

HOUR = 3_600_000_000
_COLUMNS = "bucket, at, key, rank, kind, object, id, name, fields, payload, live, received_at"
_TAKEN = _COLUMNS.replace("live", "CASE WHEN live THEN 1 ELSE 0 END")
# Kinds of inbox row in the order they are applied, after the records; commands are left in the batch for those phases
# that obey them.
_FACTS = ("set", "add", "link", "unlink", "consent", "segment_add", "segment_remove", "event", "delete")


class Apply:
    """Takes rows out of the inbox and hands them, one shape at a time, to those who know their kind."""

    def __init__(self, session: Session, scope: Scope, touches: Touches) -> None:
        self.session, self.scope, self.touches = session, scope, touches
        self.records, self.links = Records(session, scope, touches), Links(session, scope, touches)
        self.choices, self.events = Choices(session, scope, touches), Events(session, scope, touches)
        self.deletions = Deletions(session, scope, touches)
        self.loads, self.moves = Loads(session, scope, touches), Moves(session, scope, touches)
        self.taken = 0  # rows, since the databases last counted their tables
        self.late = scope.program.project.limits.late_hours * HOUR

    def __call__(self, t: int) -> frozenset[str]:
        """Take in everything with an instant up to `t`. Gives back the kinds of row found, commands among them."""
        self.loads(t)
        if not self.session.one("SELECT 1 FROM segue_inbox WHERE at <= :t LIMIT 1", t=t):
            return frozenset()
        self._take(t)
        shapes = self._shapes()
        for kind, object_name, name, _ in shapes:
            if kind == "unlink":
                self.links.last_words(self.scope.schema.objects[object_name].associations[name])
        self._records(shapes)
        if moved := [object_name for kind, object_name, *_ in shapes if kind == "move"]:
            for object_name in moved:
                self.moves(self.scope.schema.objects[object_name])
            shapes = self._shapes()
        for fact in _FACTS:
            for kind, object_name, name, fields in shapes:
                if kind == fact:
                    self._fact(kind, object_name, name, fields, t)
        if self.touches.tokens & {"contact.email", "created contact"}:
            self.events.moved()
        return frozenset(shape[0] for shape in shapes)

    def clear(self) -> None:
        self.session.run("DELETE FROM batch")

    def _shapes(self) -> list[Row]:
        return self.session.run(
            "SELECT kind, object, name, fields FROM batch GROUP BY kind, object, name, fields ORDER BY 1, 2, 3, 4"
        )

    def _take(self, t: int) -> None:
        if self.session.dialect == "sqlite":
            self.taken += self.session.count(
                f"INSERT INTO batch SELECT {_TAKEN} FROM segue_inbox WHERE at <= :t", {"t": t}
            )
            self.session.run("DELETE FROM segue_inbox WHERE at <= :t", t=t)
        else:
            self.taken += self.session.count(
                f"WITH taken AS (DELETE FROM segue_inbox WHERE at <= :t RETURNING {_COLUMNS})"
                f" INSERT INTO batch SELECT {_TAKEN} FROM taken",
                {"t": t},
            )
        # Late facts count, but start nothing (X1). Late by the store's own clock: an engine that was down for a week
        # takes in what came meanwhile at its own instant.
        self.session.run("UPDATE batch SET live = 0 WHERE live = 1 AND at < :earliest", earliest=t - self.late)

    def _records(self, shapes: list[Row]) -> None:
        """All shapes of an object together: their order is that of their instants."""
        told: dict[str, list[str]] = {}
        for kind, object_name, _, fields in shapes:
            if kind == "record":
                told.setdefault(object_name, []).append(fields)
        for object_name, found in told.items():
            self.records.record(self.scope.schema.objects[object_name], found)

    def _fact(self, kind: str, object_name: str, name: str | None, fields: str, t: int) -> None:
        match kind:
            case "set":
                self.records.written(self.scope.schema.objects[object_name], name or "")
            case "add":
                self.records.add(self.scope.schema.objects[object_name], name or "")
            case "link" | "unlink":
                association = self.scope.schema.objects[object_name].associations[name or ""]
                self.links.link(association) if kind == "link" else self.links.unlink(association)
            case "consent":
                self.choices.consent(name or "")
            case "segment_add" | "segment_remove":
                self.choices.member(kind, object_name, name or "", t)
            case "event":
                self.events.event(self.scope.schema.events[object_name], fields)
            case "delete":
                self.deletions.delete(self.scope.schema.objects[object_name], t)
