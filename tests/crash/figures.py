"""All that came of a run, without what may differ: ids that follow from the order of work, and of a message whose
outcome a crash left unknown that it is so."""

from __future__ import annotations

import email
from collections import Counter
from dataclasses import dataclass

from dsl.program.definitions import Program
from runtime.metrics import most_engaged, overview, step_funnel, template_performance
from runtime.metrics.filters import Filters
from runtime.service.verifying import verify
from runtime.store.store import Store

from .rules import ZONE
from .world import Receiver

# An unknown outcome counts as sent (architecture 4): the person has gone on.
_STATE = "CASE WHEN {0} = 'unknown' THEN 'sent' ELSE {0} END"
_MESSAGE = _STATE.format("o.state")
_ENROLLED = (
    " JOIN segue_enrollment e ON e.bucket = o.bucket AND e.id = o.enrollment_id JOIN segue_definition d ON d.id ="
    " e.definition_id"
)
QUERIES = {
    "steps": "SELECT e.contact_id, d.name, e.nr, o.ordinal, o.at, o.what, o.name, "
    + _STATE.format("o.outcome")
    + ", CASE WHEN o.outcome = 'unknown' THEN NULL ELSE o.detail END, o.block FROM segue_step o"
    + _ENROLLED,
    "enrollments": "SELECT e.contact_id, d.name, e.nr, e.status, e.reason, e.detail, e.enrolled_at, e.entered_at,"
    " e.ended_at, e.due, e.last_step_at, e.last_step, e.ordinal, e.block, e.seen FROM segue_enrollment e JOIN"
    " segue_definition d ON d.id = e.definition_id",
    "memberships": "SELECT m.id, g.kind, g.name, m.joined_at, m.left_at FROM segue_membership m JOIN segue_segment g ON"
    " g.id = m.segment_id",
    "messages": "SELECT o.contact_id, d.name, e.nr, o.ordinal, o.kind, o.template, "
    + f"{_MESSAGE}, o.settled_at, o.address, o.payload, o.seen FROM segue_outbox o"
    + _ENROLLED,
    "tasks": "SELECT contact_id, kind, created_at, state, ordinal, seen FROM segue_task",
    "notes": "SELECT contact_id, recipient, at FROM segue_notification",
    "refusals": "SELECT contact_id, at, reason FROM segue_refusal",
    "points": "SELECT * FROM segue_award",
    "contacts": "SELECT id, plan, visits, owner FROM contact",
    "tickets": "SELECT t.subject, t.stage, t.created_at, l.to_id FROM ticket t LEFT JOIN link_ticket_contact l"
    " ON l.id = t.id",
    "said": "SELECT body, created_at, owner FROM note",
    "history": "SELECT id, property, at, seq, old, new FROM segue_property_history WHERE object = 'contact'",
    "suppressions": "SELECT address, reason, at FROM segue_suppression",
    "minutes": "SELECT * FROM segue_mailbox_minute",
    "turns of the team": "SELECT * FROM segue_rotation",
    "events": "SELECT 'received_email', record_id, at, template, topic FROM event_received_email UNION ALL SELECT"
    " 'clicked_email', record_id, at, class, NULL FROM event_clicked_email UNION ALL SELECT 'replied', record_id, at,"
    " NULL, NULL FROM event_replied UNION ALL SELECT 'viewed_page', record_id, at, path, NULL FROM event_viewed_page",
    "counts": "SELECT event, id, count, first_at, last_at FROM segue_activity",
    "inbox": "SELECT kind, object, id, at FROM segue_inbox",
    "clock": "SELECT value FROM segue_meta WHERE key = 'clock'",
}
Figures = dict[str, Counter[tuple[object, ...]]]


@dataclass(frozen=True)
class Result:
    """What a run came to: the figures of the store, the reports, what was received, and how many enrollments have not
    ended."""

    figures: Figures
    reports: list[str]
    mails: Counter[tuple[object, ...]]
    calls: Counter[tuple[object, ...]]
    inside: int


def figures(store: Store) -> Figures:
    with store.session() as session:
        return {name: Counter(map(tuple, session.run(sql))) for name, sql in QUERIES.items()}


def verified(store: Store, program: Program) -> None:
    """All that is kept beside the facts (memberships, counts, points, what people did) is what these tell."""
    with store.session() as session:
        found = verify(session, program)
    wrong = [one for one in (*found.conditions, *found.counts, *found.scores) if one.count]
    assert not found.differences, f"segue segments verify: {found.differences} differences: {wrong[:3]}"


def reports(store: Store) -> list[str]:
    with store.session() as session:
        found: list[object] = [overview(session, Filters(), ZONE), template_performance(session), most_engaged(session)]
        found += [step_funnel(session, name) for name in ("onboarding", "care")]
        return [repr(one) for one in found]


def result(store: Store, received: list[bytes], receiver: Receiver, told: bool) -> Result:
    """`received`: every mail that came. `told`: whether of each mail taken for sent it is known that it came.

    Asserts that nothing was received twice, and nothing that the store does not know of."""
    whats = _keys(store)
    keys = [_key(mail) for mail in received]
    assert len(set(keys)) == len(keys), "a mail left twice"
    twice = [body for body, count in Counter(receiver.slack).items() if count > 1]
    assert not twice, f"Slack messages left twice: {twice[:3]}"
    assert all(len(bodies) == 1 for bodies in receiver.webhooks.values()), "a key stood for two calls"
    sent = {key for key, (kind, state, *_) in whats.items() if kind == "email" and state == "sent"}
    strange = {key: whats.get(key) for key in set(keys) - sent}
    assert not strange, f"mails left that the store does not know of: {list(strange.items())[:3]}"
    assert not told or sent == set(keys), "a mail is missing"
    called = {key for key, (kind, state, *_) in whats.items() if kind == "webhook" and state == "sent"}
    assert called == set(receiver.webhooks), "a webhook is missing"
    mails = Counter(tuple(whats[key][2:]) for key in sorted(sent))
    calls = Counter(tuple(whats[key][2:]) for key in receiver.webhooks)
    return Result(figures(store), reports(store), mails, calls, _inside(store))


def _inside(store: Store) -> int:
    with store.session() as session:
        return int(session.one("SELECT count(*) FROM segue_enrollment WHERE ended_at IS NULL"))


def _keys(store: Store) -> dict[str, tuple[object, ...]]:
    with store.session() as session:
        rows = session.run(
            f"SELECT o.key, o.kind, {_MESSAGE}, o.contact_id, d.name, e.nr, o.template FROM segue_outbox o"
            f"{_ENROLLED} WHERE o.key IS NOT NULL"
        )
    assert len({row[0] for row in rows}) == len(rows)
    return {row[0]: tuple(row[1:]) for row in rows}


def _key(mail: bytes) -> str:
    head = mail.split(b"\n\n")[0].split(b"\r\n\r\n")[0]
    return str(email.message_from_bytes(head)["Message-ID"]).strip("<>").rpartition("@")[0]


def differences(found: Result, wanted: Result) -> list[str]:
    """In words, a few of each kind; nothing where both are the same."""
    pairs = [(name, found.figures[name], wanted.figures[name]) for name in QUERIES]
    pairs += [("mails", found.mails, wanted.mails), ("calls", found.calls, wanted.calls)]
    said = []
    for name, own, other in pairs:
        lost, extra = other - own, own - other
        if lost or extra:
            said.append(f"{name}: lost {list(lost)[:3]} ({lost.total()}), too many {list(extra)[:3]} ({extra.total()})")
    return said + [_apart(a, b) for a, b in zip(found.reports, wanted.reports, strict=True) if a != b]


def _apart(own: str, other: str) -> str:
    """Two reports, from a little before where they part."""
    at = next((i for i, (a, b) in enumerate(zip(own, other, strict=False)) if a != b), min(len(own), len(other)))
    begin = own.rfind("SequenceMetrics(", 0, at)
    name = own[max(begin, 0) :][:40]
    return f"report: {name} .. {own[max(0, at - 200) : at + 60]} is not {other[max(0, at - 200) : at + 60]}"
