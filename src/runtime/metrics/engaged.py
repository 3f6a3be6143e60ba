"""The contacts who engaged most (M18)."""

from __future__ import annotations

from dataclasses import dataclass

from dsl.program.codec import decode

from ..store.names import event_table
from ..store.seen import CLICKED, OF_ENROLLMENT, OPENED, SAME_PERSON, Seen
from ..store.session import Session
from ..store.tables import ENDED
from .filters import Chosen, Filters, chosen
from .people import COMPANY, NAME
from .steps import next_step

_OPENS, _CLICKS = event_table("opened_email"), event_table("clicked_email")


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
    """Most clicks by a person first, then most opens, then by id. Who never did either is not listed: who opened and
    never clicked is looked at only where fewer than `limit` clicked."""
    c = chosen(session, filters or Filters())
    if not c.events >= {_OPENS, _CLICKS}:
        return []
    rows = session.bound(_sql(c, _clickers(c)), {**c.values, "limit": limit})
    if len(rows) < limit:
        rows += session.bound(_sql(c, _openers(c)), {**c.values, "limit": limit - len(rows)})
    programs: dict[int, str] = {row[0]: row[1] for row in session.run("SELECT id, program FROM segue_version")}
    found = []
    for id_, name, company, label, status, last, block, version, sent, opens, clicks in rows:
        ahead = "" if status in ENDED else next_step(decode(programs[version]), block)
        found.append(EngagedContact(id_, name, company, label, status, last, ahead, sent, opens, clicks))
    return found


def _clickers(c: Chosen) -> str:
    """(bucket, contact_id, clicks, opens): opens are counted of those alone who clicked as often as the last listed."""
    clicks = (
        f"SELECT e.bucket, e.contact_id, count(*) AS clicks FROM segue_enrollment e CROSS JOIN {_CLICKS} v"
        f" WHERE {c.in_order} AND (e.seen & {Seen.CLICKED:d}) <> 0 AND {SAME_PERSON} AND {OF_ENROLLMENT} AND {CLICKED}"
        " GROUP BY e.bucket, e.contact_id"
    )
    least = "(SELECT l.clicks FROM clicker l ORDER BY l.clicks DESC LIMIT 1 OFFSET :limit - 1)"
    opens = (
        f"SELECT count(*) FROM {_OPENS} v CROSS JOIN segue_enrollment e WHERE v.bucket = k.bucket"
        f" AND v.record_id = k.contact_id AND {SAME_PERSON} AND {OF_ENROLLMENT} AND {OPENED} AND {c.where}"
    )
    return (
        f"WITH clicker AS MATERIALIZED ({clicks}) SELECT k.bucket, k.contact_id, k.clicks, ({opens}) AS opens"
        f" FROM clicker k WHERE k.clicks >= coalesce({least}, 0)"
    )


def _openers(c: Chosen) -> str:
    """The same of those who opened and never clicked."""
    acted = Seen.CLICKED | Seen.OPENED | Seen.OPENED_UNKNOWN
    return (
        f"SELECT e.bucket, e.contact_id, 0 AS clicks, count(v.at) AS opens FROM segue_enrollment e LEFT JOIN {_OPENS} v"
        f" ON {SAME_PERSON} AND {OF_ENROLLMENT} AND {OPENED} WHERE {c.in_order} AND (e.seen & {acted:d}) <> 0"
        f" GROUP BY e.bucket, e.contact_id HAVING max(e.seen & {Seen.CLICKED:d}) = 0"
    )


def _sql(c: Chosen, people: str) -> str:
    top = (
        f"SELECT a.bucket, a.contact_id, a.clicks, a.opens FROM ({people}) a "
        "ORDER BY a.clicks DESC, a.opens DESC, a.contact_id LIMIT :limit"
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
