"""The mails that were sent, one row each, with what became of them (M17): the unit is the mail."""

from __future__ import annotations

from collections.abc import Mapping

from ..metrics.templates import acted
from ..store.names import event_table
from ..store.seen import OF_ENROLLMENT, SAME_PERSON, WHILE_MEETING
from .measures import Parts, share

FIGURES: Mapping[str, str] = {
    "open_rate": "was_opened",
    "click_rate": "was_clicked",
    "reply_rate": "was_replied",
    "meeting_rate": "was_met",
}
# Those the engine sent, `unknown` ones among them, and those a person wrote from a task, which count alike (S22).
_SOURCES = (
    ("segue_outbox", "settled_at", "subject", "sender", "m.kind = 'email' AND m.state IN ('sent', 'unknown')"),
    ("segue_task", "done_at", "title", "assignee", "m.kind = 'email' AND m.template IS NOT NULL AND m.state = 'done'"),
)


def rows(metrics: tuple[str, ...], tables: frozenset[str], dialect: str) -> str:
    """SELECT of all mails as records of the object `email`, with a column for each figure asked for. `id` is the
    contact's: who got it. Parameter `now`."""
    fold = 'lower(m.{} COLLATE "C")' if dialect == "postgresql" else "lower(m.{})"  # letters of ASCII, on both
    wanted = dict.fromkeys(FIGURES[name] for name in metrics)
    return " UNION ALL ".join(
        f"SELECT m.contact_id % 256 AS bucket, m.contact_id AS id, m.{subject} AS subject,"
        f" {fold.format(subject)} AS subject__n, CAST(NULL AS TEXT) AS body, CAST(NULL AS TEXT) AS body__n,"
        f" 'sent' AS direction, m.{owner} AS owner, m.{at} AS created_at,"
        " m.template AS template, m.template AS template__n"
        f"{''.join(f', {_became(name, at, tables)} AS {name}' for name in wanted)}"
        f" FROM {table} m WHERE {sent} AND m.{at} <= :now"
        for table, at, subject, owner, sent in _SOURCES
    )


def _became(name: str, at: str, tables: frozenset[str]) -> str:
    match name:
        case "was_opened" | "was_clicked":
            return acted(name.removeprefix("was_"), tables)
        case "was_replied":
            return _credited(at, "reply", event_table("replied"), OF_ENROLLMENT, tables)
    return _credited(at, "meeting", event_table("booked_meeting"), WHILE_MEETING, tables)


def parts(metric: str) -> Parts:
    return share("TRUE", f"s.{FIGURES[metric]}")


def _credited(at: str, reason: str, table: str, of_enrollment: str, tables: frozenset[str]) -> str:
    """A reply or a meeting is the last mail's that its enrollment had sent them before it."""
    mine = "e.bucket = m.bucket AND e.id = m.enrollment_id AND e.contact_id = m.contact_id"
    ended = "e.status = 'unenrolled' AND e.reason"
    moments = [f"SELECT e.ended_at AS at FROM segue_enrollment e WHERE {mine} AND {ended} = '{reason}'"]
    if table in tables:
        moments.append(
            f"SELECT v.at FROM segue_enrollment e CROSS JOIN {table} v WHERE {mine} AND {SAME_PERSON}"
            f" AND {of_enrollment}"
        )
    later = " AND ".join(
        f"NOT EXISTS (SELECT 1 FROM {source} n WHERE n.bucket = m.bucket AND n.enrollment_id = m.enrollment_id"
        f" AND n.contact_id = m.contact_id AND {sent.replace('m.', 'n.')} AND n.{then} <= k.at"
        f" AND n.ordinal > m.ordinal)"
        for source, then, _, _, sent in _SOURCES
    )
    return f"EXISTS (SELECT 1 FROM ({' UNION ALL '.join(moments)}) k WHERE m.{at} <= k.at AND {later})"
