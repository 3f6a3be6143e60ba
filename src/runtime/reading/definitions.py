"""Sequences, workflows and segments with their counts: what a list shows before anybody asks for figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..store.session import Session
from ..store.tables import ENDED


@dataclass(frozen=True, slots=True)
class DefinitionLine:
    """`statuses` counts enrollments by status (S43). `vanished` : no rule file has it any more (X26)."""

    id: int
    kind: str
    name: str
    label: str
    activated_at: int
    vanished: bool
    statuses: Mapping[str, int]

    @property
    def enrollments(self) -> int:
        return sum(self.statuses.values())

    @property
    def ended(self) -> int:
        return sum(n for status, n in self.statuses.items() if status in ENDED)

    @property
    def active(self) -> int:
        return self.enrollments - self.ended


@dataclass(frozen=True, slots=True)
class SegmentLine:
    """`members` now; of a segment whose rule vanished its last ones."""

    name: str
    label: str
    object: str
    static: bool
    vanished: bool
    members: int


def definitions(session: Session, kind: str = "sequence") -> list[DefinitionLine]:
    """By name. Two statements; the counts come from an index alone."""
    counts: dict[int, dict[str, int]] = {}
    for id_, status, n in session.run(
        "SELECT definition_id, status, count(*) FROM segue_enrollment GROUP BY definition_id, status"
    ):
        counts.setdefault(id_, {})[status] = n
    rows = session.run(
        "SELECT id, kind, name, label, activated_at, vanished_at FROM segue_definition "
        "WHERE kind = :kind ORDER BY name",
        kind=kind,
    )
    return [
        DefinitionLine(id_, kind, name, label, at, vanished is not None, counts.get(id_, {}))
        for id_, kind, name, label, at, vanished in rows
    ]


def segments(session: Session) -> list[SegmentLine]:
    """The segments of the rule files by name, without the kept `when` conditions of definitions."""
    rows = session.run(
        "SELECT s.name, s.label, s.object, s.kind, s.vanished_at, coalesce(q.n, 0) FROM segue_segment s "
        "LEFT JOIN (SELECT m.segment_id, count(*) AS n FROM segue_membership m WHERE m.left_at IS NULL "
        "GROUP BY m.segment_id) q ON q.segment_id = s.id WHERE s.kind IN ('segment', 'static') ORDER BY s.name"
    )
    return [
        SegmentLine(name, label, object_, kind == "static", vanished is not None, n)
        for name, label, object_, kind, vanished, n in rows
    ]
