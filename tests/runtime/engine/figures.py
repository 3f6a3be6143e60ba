"""All that came of a run, by name, without ids that depend on the order of work."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from runtime.store.ids import record_id
from runtime.store.session import Session

FIGURES = {
    "steps": "SELECT e.contact_id, d.name, e.nr, t.ordinal, t.at, t.what, t.name, t.outcome,"
    " t.detail, t.block FROM segue_step t"
    " JOIN segue_enrollment e ON e.bucket = t.bucket AND e.id = t.enrollment_id JOIN"
    " segue_definition d ON d.id = e.definition_id",
    "enrollments": "SELECT e.contact_id, d.name, e.nr, e.status, e.reason, e.detail, e.enrolled_at,"
    " e.entered_at, e.ended_at, e.due,"
    " e.last_step_at, e.last_step, e.ordinal, e.seen FROM segue_enrollment e JOIN segue_definition d ON d.id ="
    " e.definition_id",
    "memberships": (
        "SELECT m.id, g.kind, g.name, m.joined_at, m.left_at FROM segue_membership m JOIN"
        " segue_segment g ON g.id = m.segment_id"
    ),
    "mails": "SELECT o.contact_id, d.name, e.nr, o.ordinal, o.template, o.state, o.settled_at,"
    " o.address, o.seen FROM segue_outbox o"
    " JOIN segue_enrollment e ON e.bucket = o.bucket AND e.id = o.enrollment_id JOIN"
    " segue_definition d ON d.id = o.definition_id",
    "received": "SELECT record_id, at, template FROM event_received_email",
    "tasks": "SELECT contact_id, kind, created_at, state, seen FROM segue_task",
    "notes": "SELECT contact_id, recipient, at FROM segue_notification",
    "refusals": "SELECT contact_id, at, reason FROM segue_refusal",
    "contacts": "SELECT id, plan, visits FROM contact",
    "history": "SELECT id, property, at, old, new FROM segue_property_history",
}


def in_words(session: Session, people: Iterable[str]) -> tuple[Counter, Counter, Counter]:
    """Steps, turns of memberships and refusals, as the oracle says them."""
    names = {record_id("contact", name): name for name in people}
    steps = session.run(
        "SELECT t.at, e.contact_id, d.name, e.nr, t.what, t.name, t.outcome FROM segue_step t"
        " JOIN segue_enrollment e ON e.bucket = t.bucket AND e.id = t.enrollment_id JOIN segue_definition d ON"
        " d.id = e.definition_id"
    )
    turns = session.run(
        "SELECT m.joined_at, m.id, g.name, 1 FROM segue_membership m JOIN segue_segment g ON g.id ="
        " m.segment_id WHERE g.kind = 'segment'"
        " UNION ALL SELECT m.left_at, m.id, g.name, 0 FROM segue_membership m JOIN segue_segment g ON g.id ="
        " m.segment_id"
        " WHERE g.kind = 'segment' AND m.left_at IS NOT NULL"
    )
    refused = session.run(
        "SELECT r.at, r.contact_id, d.name, r.reason FROM segue_refusal r JOIN segue_definition d"
        " ON d.id = r.definition_id"
    )
    return (
        Counter((r[0], names[r[1]], *r[2:]) for r in steps),
        Counter((r[0], names[r[1]], r[2], bool(r[3])) for r in turns),
        Counter((r[0], names[r[1]], *r[2:]) for r in refused),
    )
