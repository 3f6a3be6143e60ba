"""What each template earns (M17): its unit is the mail, not the contact."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ..store.names import event_table
from ..store.seen import CLICKED, OF_ENROLLMENT, OPENED, SAME_PERSON, WHILE_MEETING, Seen
from ..store.session import Session
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
_ITS_ENROLLMENT = "e.bucket = m.bucket AND e.id = m.enrollment_id"
_ACTS = {"opened": ("opened_email", Seen.OPENED, OPENED), "clicked": ("clicked_email", Seen.CLICKED, CLICKED)}
_LONG = 10_000_000_000  # more than any ordinal: with it each has as many digits
# A mail of ours that somebody else got (X20) keeps nothing of what was done with it: that lies in their bucket.
_ELSEWHERE = (
    "EXISTS (SELECT 1 FROM {} v WHERE v.bucket = m.contact_id % 256"
    " AND v.record_id = m.contact_id AND v.enrollment_id = m.enrollment_id AND v.ordinal = m.ordinal AND {})"
)


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
    counts: dict[str, Counter[str]] = {}
    senders: set[str] = set()
    for sender, template, *numbers in session.bound(_mails(c), c.values):
        counts.setdefault(template, Counter()).update(dict(zip(("sent", *_ACTS), numbers, strict=True)))
        senders.add(sender)
    # Most often nobody wrote a mail from a task: then it is not asked of each moment which of them came before it.
    if sources := [source for source in _SOURCES if source.table in senders]:
        for fact, template, n in session.bound(_credited(c, sources), c.values):
            if template is not None:
                counts.setdefault(template, Counter())[fact] += n
    found = [_performance(template, n) for template, n in counts.items()]
    return sorted(found, key=lambda p: (-p.sent, p.template))


def _mails(c: Chosen) -> str:
    """(table, template, sent, opened, clicked), a row for each source, and one for what is looked up. A mail opened
    five times is one mail opened: it is asked of the mail, which is there once."""
    kept = ", ".join(f"sum(CASE WHEN (m.seen & {bit:d}) <> 0 THEN 1 ELSE 0 END)" for _, bit, _ in _ACTS.values())
    found = ", ".join(f"sum({_elsewhere(*act, c.events)})" for act in _ACTS.values())
    tables, more = _chosen(c)
    ours = _SOURCES[0]
    # In two, as few mails go to somebody else: their index has them, and no other mail is asked whether it is one.
    others = f"{ours.sent} AND m.contact_id % 256 <> m.bucket AND {more}"
    counted = [
        f"SELECT '{source.table}', m.template, count(*), {kept} FROM {source.table} m{tables}"
        f" WHERE {source.sent} AND {more}"
        for source in _SOURCES
    ]
    counted.append(f"SELECT '{ours.table}', m.template, 0, {found} FROM {ours.table} m{tables} WHERE {others}")
    return " UNION ALL ".join(f"{one} GROUP BY m.template" for one in counted)


def _elsewhere(kind: str, bit: Seen, counts: str, tables: frozenset[str]) -> str:
    """SQL: 1 where a mail `m` that somebody else got was opened, or clicked, in a way that counts, and does not say so
    itself. `tables`: those of events that there are."""
    table = event_table(kind)
    if table not in tables:
        return "0"
    return f"CASE WHEN (m.seen & {bit:d}) = 0 AND {_ELSEWHERE.format(table, counts)} THEN 1 ELSE 0 END"


def acted(act: str, tables: frozenset[str]) -> str:
    """SQL: a mail `m` was opened, or clicked, in a way that counts. `tables`: those of events that there are."""
    kind, bit, counts = _ACTS[act]
    kept, table = f"(m.seen & {bit:d}) <> 0", event_table(kind)
    if table not in tables:
        return f"({kept})"
    return f"({kept} OR (m.contact_id % 256 <> m.bucket AND {_ELSEWHERE.format(table, counts)}))"


def _chosen(c: Chosen) -> tuple[str, str]:
    """(tables, conditions) that choose mails. A mail itself says of which definition it is; its enrollment is looked at
    where more is asked."""
    of_these = c.of_definitions("m")
    if not c.narrowed:
        return "", of_these
    return " CROSS JOIN segue_enrollment e", f"{of_these} AND {_ITS_ENROLLMENT} AND {c.where}"


_CREDITED = (
    ("replied", Seen.REPLIED, "replied", OF_ENROLLMENT, "reply"),
    ("meetings", Seen.MET, "booked_meeting", WHILE_MEETING, "meeting"),
)


def _answering(c: Chosen) -> str:
    """The enrollments somebody replied or met in, found in one pass: there are few for whom more is looked up."""
    seen = sum(bit for _, bit, *_ in _CREDITED)
    reasons = ", ".join(f"'{reason}'" for *_, reason in _CREDITED)
    return (
        "SELECT e.bucket, e.id, e.contact_id, e.enrolled_at, e.ended_at, e.status, e.reason, e.seen"
        f" FROM segue_enrollment e WHERE {c.whole}"
        f" AND ((e.seen & {seen:d}) > 0 OR (e.status = 'unenrolled' AND e.reason IN ({reasons})))"
    )


def _moments(c: Chosen) -> Iterator[str]:
    """(fact, bucket, enrollment_id, contact_id, at) of every reply of M4 and every meeting of M5, of `answering`."""
    for fact, bit, kind, of_enrollment, reason in _CREDITED:
        if event_table(kind) in c.events:
            happened = f"(e.seen & {bit:d}) <> 0 AND {SAME_PERSON} AND {of_enrollment}"
            yield _moment(fact, f"answering e CROSS JOIN {event_table(kind)} v", "v.at", happened)
        yield _moment(fact, "answering e", "e.ended_at", f"e.status = 'unenrolled' AND e.reason = '{reason}'")


def _moment(fact: str, tables: str, at: str, condition: str) -> str:
    return (
        f"SELECT '{fact}' AS fact, e.bucket, e.id AS enrollment_id, e.contact_id, {at} AS at FROM {tables} "
        f"WHERE {condition}"
    )


def _credited(c: Chosen, sources: Sequence[_Source]) -> str:
    """(fact, template, mails) to which those moments are credited: of each, the one with the greatest ordinal sent to
    them until then, once however many moments are; no template where none was sent before. The moments in the order in
    which mails lie: PostgreSQL has them in none, and fetched each from another page."""
    moments = f"SELECT * FROM ({' UNION '.join(_moments(c))}) k ORDER BY k.bucket, k.enrollment_id"
    last = f"SELECT k.enrollment_id, k.bucket, k.fact, {_last(sources)} AS mail FROM moment k"
    return (
        f"WITH answering AS MATERIALIZED ({_answering(c)}), moment AS MATERIALIZED ({moments}) "
        f"SELECT q.fact, substr(q.mail, {len(str(_LONG)) + 1}) AS template, count(*) "
        # The number first, which tells most apart: what is grouped is sorted.
        f"FROM (SELECT DISTINCT enrollment_id, bucket, fact, mail FROM ({last}) l) q GROUP BY 1, 2"
    )


def _last(sources: Sequence[_Source]) -> str:
    """SQL: the last mail before a moment `k`, its ordinal and template in one text, the ordinal as long as any: so the
    greatest tells the template too. It is the first that the key of its table has, gone through from behind: most
    often no other is looked at."""
    each = " UNION ALL ".join(
        f"SELECT * FROM (SELECT CAST(m.ordinal + {_LONG} AS TEXT) || m.template AS mail FROM {source.table} m "
        "WHERE m.bucket = k.bucket AND m.enrollment_id = k.enrollment_id AND +m.contact_id = k.contact_id "
        f"AND {source.sent} AND m.{source.at} <= k.at ORDER BY m.ordinal DESC LIMIT 1) b"
        for source in sources
    )
    return f"(SELECT max(t.mail) FROM ({each}) t)"


def _performance(template: str, n: Counter[str]) -> TemplatePerformance:
    sent = n["sent"]
    facts = ("opened", "clicked", "replied", "meetings")
    return TemplatePerformance(template, sent, *(figure(f"template {fact}", n[fact], sent) for fact in facts))
