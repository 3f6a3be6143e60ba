"""How the broadcasts of a project stand."""

from __future__ import annotations

from dataclasses import dataclass

from dsl.program.others import Broadcast

from ..project.loading import Loaded
from ..store import meta
from ..store.session import Row, Session
from ..times import zones


@dataclass(frozen=True, slots=True)
class Line:
    """`state`: `when told`, `to come` (at `at`, µs), `asked for`, `missed` (its moment passed while no worker was there
    to see it within the hours that X1 allows, or before it was live), `sending` or `sent`. `sent`, `refused`, `waiting`
    count people; `last_at` is when somebody last came in."""

    name: str
    label: str
    template: str
    at: int | None
    state: str
    sent: int
    refused: int
    waiting: int
    last_at: int | None


def broadcasts(session: Session, loaded: Loaded) -> list[Line]:
    """All of the rule files, by name."""
    inside = (
        "SELECT d.name, d.id, count(e.id), max(e.entered_at), sum(CASE WHEN e.id IS NOT NULL AND e.ended_at IS NULL"
        " THEN 1 ELSE 0 END)"
        " FROM segue_definition d LEFT JOIN segue_enrollment e ON e.definition_id = d.id WHERE d.kind = 'broadcast'"
        " GROUP BY d.name, d.id"
    )
    mails = (
        "SELECT d.name, sum(CASE WHEN o.state IN ('sent', 'unknown') THEN 1 ELSE 0 END), sum(CASE WHEN o.state ="
        " 'refused' THEN 1 ELSE 0 END) FROM segue_definition d CROSS JOIN segue_enrollment e CROSS JOIN segue_outbox o"
        " WHERE d.kind = 'broadcast' AND e.definition_id = d.id AND o.bucket = e.bucket AND o.enrollment_id = e.id"
        " GROUP BY d.name"
    )
    entered = {row[0]: row for row in session.run(inside)}
    settled = {name: (int(sent), int(refused)) for name, sent, refused in session.run(mails)}
    asked = {name for (name,) in session.run("SELECT DISTINCT name FROM segue_inbox WHERE kind = 'broadcast'")}
    return [
        _line(session, loaded, b, entered.get(name), settled.get(name, (0, 0)), f"broadcast {name}" in asked)
        for name, b in sorted(loaded.program.broadcasts.items())
    ]


def _line(
    session: Session, loaded: Loaded, b: Broadcast, row: Row | None, settled: tuple[int, int], asked: bool
) -> Line:
    at = zones.parse_local(b.at, loaded.zone) if b.at is not None else None
    _, number, count, last_at, inside = row or (b.name, None, 0, None, 0)
    waiting = int(inside or 0)
    state = "sending" if waiting else "asked for" if asked else _resting(session, number, at)
    if count and state in ("when told", "missed"):
        state = "sent"
    return Line(b.name, b.label, b.template, at, state, *settled, waiting, last_at)


def _resting(session: Session, number: int | None, at: int | None) -> str:
    if at is None:
        return "when told"
    clock = meta.clock(session)
    if clock is None or at > clock:
        return "to come"
    seen = int(meta.read(session, f"occurred {number}") or 0)
    return "sent" if seen >= at else "missed"
