"""What each template earns (M17): its unit is the mail, not the contact."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ..store.session import Session
from .facts import CLICKED, OF_ENROLLMENT, OPENED, WHILE_MEETING
from .figures import Figure, figure
from .filters import Chosen, Filters, chosen


@dataclass(frozen=True, slots=True)
class _Source:
    """Where mails stand: those we sent, and those a person wrote from a task, which count alike (S22). `m.contact_id`
    is who got it, for ours perhaps somebody else than the one enrolled (X20)."""

    table: str
    at: str
    sent: str


_SOURCES = (
    # `unknown` counts as sent for what follows (architecture, 4): it most likely went out.
    _Source("segue_outbox", "settled_at", "m.kind = 'email' AND m.state IN ('sent', 'unknown')"),
    _Source("segue_task", "done_at", "m.kind = 'email' AND m.template IS NOT NULL AND m.state = 'done'"),
)
_COLUMNS = "m.template, m.bucket, m.enrollment_id, m.ordinal"
_ITS_ENROLLMENT = "e.bucket = m.bucket AND e.id = m.enrollment_id"
_OF_MAIL = "v.record_id = m.contact_id AND v.enrollment_id = m.enrollment_id AND v.ordinal = m.ordinal"


@dataclass(frozen=True, slots=True)
class TemplatePerformance:
    """Base of each figure: the mails of this template that were sent."""

    template: str
    sent: int
    opened: Figure
    clicked: Figure
    replied: Figure
    meetings: Figure


def template_performance(session: Session, filters: Filters | None = None) -> list[TemplatePerformance]:
    """Most sent first. A reply or meeting is credited to the last mail its enrollment sent them before
    it (M17)."""
    c = chosen(session, filters or Filters())
    facts = {"opened": _events(c, *OPENED), "clicked": _events(c, *CLICKED)}
    facts |= {"replied": _credited(_replies(c)), "meetings": _credited(_meetings(c))}
    # A mail is sent once; UNION inside the others: a mail opened five times is one mail opened.
    mails = {"sent": " UNION ALL ".join(_sent(c))}
    mails |= {fact: rows for fact, parts in facts.items() if (rows := " UNION ".join(parts))}
    sql = " UNION ALL ".join(
        f"SELECT '{fact}' AS fact, f.template, count(*) FROM ({rows}) f GROUP BY f.template"
        for fact, rows in mails.items()
    )
    counts: dict[str, dict[str, int]] = {}
    for of_fact, template, n in session.bound(sql, c.values):
        counts.setdefault(template, {})[of_fact] = n
    found = [_performance(template, n) for template, n in counts.items()]
    return sorted(found, key=lambda p: (-p.sent, p.template))


def _sent(c: Chosen) -> Iterator[str]:
    for source in _SOURCES:
        tables, more = _chosen(c)
        sent = f"{source.sent} AND m.{source.at} <= :now"
        yield f"SELECT m.template FROM {source.table} m{tables} WHERE {sent} AND {more}"


def _events(c: Chosen, table: str, of_class: str) -> Iterator[str]:
    """Opens or clicks lie in the bucket of who got the mail, the mail in that of who is enrolled."""
    if table not in c.events:
        return
    enrollment, more = _chosen(c)
    mails, tasks = _SOURCES
    happened = f"{_OF_MAIL} AND {of_class} AND {more}"
    yield (
        f"SELECT {_COLUMNS} FROM {table} v CROSS JOIN {mails.table} m{enrollment} WHERE m.bucket = v.bucket "
        f"AND v.bucket >= 0 AND +v.at <= :now AND {mails.sent} AND {happened}"
    )
    # Mails written from tasks are few, and so are those to somebody else, whose index has no others: they come first.
    yield (
        f"SELECT {_COLUMNS} FROM {tasks.table} m CROSS JOIN {table} v{enrollment} WHERE v.bucket = m.bucket "
        f"AND v.at <= :now AND {tasks.sent} AND {happened}"
    )
    yield (
        f"SELECT {_COLUMNS} FROM {mails.table} m CROSS JOIN {table} v{enrollment} WHERE m.contact_id % 256 <> m.bucket "
        f"AND v.bucket = m.contact_id % 256 AND v.at <= :now AND {mails.sent} AND {happened}"
    )


def _chosen(c: Chosen) -> tuple[str, str]:
    """(tables, conditions) that choose mails. A mail itself says of which definition it is; its enrollment is looked at
    where more is asked."""
    of_these = c.of_definitions("m")
    if not c.narrowed:
        return "", of_these
    return " CROSS JOIN segue_enrollment e", f"{of_these} AND {_ITS_ENROLLMENT} AND {c.where}"


def _replies(c: Chosen) -> Iterator[str]:
    """(bucket, enrollment_id, contact_id, at) of every reply of M4."""
    if "event_replied" in c.events:
        yield _moments("event_replied v CROSS JOIN segue_enrollment e", "v.at", f"{OF_ENROLLMENT} AND {c.where}")
    yield _ended_by(c, "reply")


def _meetings(c: Chosen) -> Iterator[str]:
    if "event_booked_meeting" in c.events:
        yield _moments("event_booked_meeting v CROSS JOIN segue_enrollment e", "v.at", f"{WHILE_MEETING} AND {c.where}")
    yield _ended_by(c, "meeting")


def _ended_by(c: Chosen, reason: str) -> str:
    ended = f"e.status = 'unenrolled' AND e.reason = '{reason}'"
    return _moments("segue_enrollment e", "e.ended_at", f"{ended} AND {c.where}")


def _moments(tables: str, at: str, condition: str) -> str:
    return f"SELECT e.bucket, e.id AS enrollment_id, e.contact_id, {at} AS at FROM {tables} WHERE {condition}"


def _credited(moments: Iterator[str]) -> Iterator[str]:
    """The mails to which those moments are credited: of each, the one with the greatest ordinal sent to them until
    then."""
    before = " UNION ALL ".join(
        f"SELECT m.ordinal FROM {source.table} m WHERE m.bucket = k.bucket AND m.enrollment_id = k.enrollment_id "
        f"AND m.contact_id = k.contact_id AND {source.sent} AND m.{source.at} <= k.at"
        for source in _SOURCES
    )
    credits = (
        f"SELECT k.bucket, k.enrollment_id, (SELECT max(x.ordinal) FROM ({before}) x) AS ordinal "
        f"FROM ({' UNION '.join(moments)}) k"
    )
    for source in _SOURCES:
        yield (
            f"SELECT {_COLUMNS} FROM ({credits}) g CROSS JOIN {source.table} m "
            f"WHERE m.bucket = g.bucket AND m.enrollment_id = g.enrollment_id AND m.ordinal = g.ordinal "
            f"AND {source.sent}"
        )


def _performance(template: str, n: dict[str, int]) -> TemplatePerformance:
    sent = n.get("sent", 0)
    facts = ("opened", "clicked", "replied", "meetings")
    return TemplatePerformance(template, sent, *(figure(f"template {fact}", n.get(fact, 0), sent) for fact in facts))
