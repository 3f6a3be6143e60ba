"""The contacts who engaged most (M18)."""

from __future__ import annotations

from dataclasses import dataclass

from dsl.program.codec import decode

from ..store.session import Session
from ..store.tables import ENDED
from .facts import CLICKED, OF_ENROLLMENT, OPENED
from .filters import Chosen, Filters, chosen
from .people import COMPANY, NAME
from .steps import next_step


@dataclass(frozen=True, slots=True)
class EngagedContact:
    """One contact over the enrollments that pass the filters; status and steps are those of the latest of them.
    `opens` and `clicks` count every one, not people."""

    id: int
    name: str
    company: str | None
    sequence: str
    status: str
    last_step: str | None
    next_step: str
    emails_sent: int
    opens: int
    clicks: int


def most_engaged(session: Session, filters: Filters | None = None, limit: int = 20) -> list[EngagedContact]:
    """Most clicks by a person first, then most opens, then by id. Who never did either is not listed. One statement,
    and the versions of those it found."""
    c = chosen(session, filters or Filters())
    if not c.events >= {OPENED[0], CLICKED[0]}:
        return []
    rows = session.bound(_sql(c), {**c.values, "limit": limit})
    programs: dict[int, str] = {row[0]: row[1] for row in session.run("SELECT id, program FROM segue_version")}
    found = []
    for id_, name, company, label, status, last, block, version, sent, opens, clicks in rows:
        ahead = "" if status in ENDED else next_step(decode(programs[version]), block)
        found.append(EngagedContact(id_, name, company, label, status, last, ahead, sent, opens, clicks))
    return found


def _sql(c: Chosen) -> str:
    acts = " UNION ALL ".join(
        f"SELECT e.bucket, e.contact_id, {clicks} AS clicks, {opens} AS opens FROM {table} v "
        f"CROSS JOIN segue_enrollment e WHERE {OF_ENROLLMENT} AND {of_class} AND {c.where}"
        for (table, of_class), clicks, opens in ((CLICKED, 1, 0), (OPENED, 0, 1))
    )
    top = (
        f"SELECT a.bucket, a.contact_id, sum(a.clicks) AS clicks, sum(a.opens) AS opens FROM ({acts}) a "
        "GROUP BY a.bucket, a.contact_id ORDER BY 3 DESC, 4 DESC, 2 LIMIT :limit"
    )
    latest = (
        f"SELECT e.id FROM segue_enrollment e WHERE e.bucket = t.bucket AND e.contact_id = t.contact_id AND {c.where} "
        "ORDER BY e.enrolled_at DESC, e.id LIMIT 1"
    )
    return (
        f"SELECT t.contact_id, {NAME}, {COMPANY}, d.name, n.status, n.last_step, n.block, n.version_id, "
        f"{_sent(c)}, t.opens, t.clicks FROM ({top}) t "
        f"JOIN segue_enrollment n ON n.bucket = t.bucket AND n.id = ({latest}) "
        "JOIN segue_definition d ON d.id = n.definition_id "
        "LEFT JOIN contact p ON p.bucket = t.bucket AND p.id = t.contact_id "
        "ORDER BY t.clicks DESC, t.opens DESC, t.contact_id"
    )


def _sent(c: Chosen) -> str:
    mails = (
        ("segue_outbox", "m.kind = 'email' AND m.state IN ('sent', 'unknown')"),
        ("segue_task", "m.kind = 'email' AND m.template IS NOT NULL AND m.state = 'done'"),
    )
    return " + ".join(
        f"(SELECT count(*) FROM segue_enrollment e JOIN {table} m ON m.bucket = e.bucket AND m.enrollment_id = e.id "
        f"WHERE e.bucket = t.bucket AND e.contact_id = t.contact_id AND m.contact_id = e.contact_id AND {sent} "
        f"AND {c.where})"
        for table, sent in mails
    )
