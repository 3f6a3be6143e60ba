"""All that came of a run, by name, without ids that depend on the order of work."""

from __future__ import annotations

FIGURES = {
    "steps": "SELECT e.contact_id, d.name, e.nr, t.ordinal, t.at, t.what, t.name, t.outcome,"
    " t.detail, t.block FROM segue_step t"
    " JOIN segue_enrollment e ON e.bucket = t.bucket AND e.id = t.enrollment_id JOIN"
    " segue_definition d ON d.id = e.definition_id",
    "enrollments": "SELECT e.contact_id, d.name, e.nr, e.status, e.reason, e.detail, e.enrolled_at,"
    " e.entered_at, e.ended_at, e.due,"
    " e.last_step_at, e.last_step, e.ordinal FROM segue_enrollment e JOIN segue_definition d ON d.id = e.definition_id",
    "memberships": (
        "SELECT m.id, g.kind, g.name, m.joined_at, m.left_at FROM segue_membership m JOIN"
        " segue_segment g ON g.id = m.segment_id"
    ),
    "mails": "SELECT o.contact_id, d.name, e.nr, o.ordinal, o.template, o.state, o.settled_at,"
    " o.address FROM segue_outbox o"
    " JOIN segue_enrollment e ON e.bucket = o.bucket AND e.id = o.enrollment_id JOIN"
    " segue_definition d ON d.id = o.definition_id",
    "received": "SELECT record_id, at, template FROM event_received_email",
    "tasks": "SELECT contact_id, kind, created_at, state FROM segue_task",
    "notes": "SELECT contact_id, recipient, at FROM segue_notification",
    "refusals": "SELECT contact_id, at, reason FROM segue_refusal",
    "contacts": "SELECT id, plan, visits FROM contact",
    "history": "SELECT id, property, at, old, new FROM segue_property_history",
}
