"""What happened to each enrollment, as bits, in one pass over them: figures count who has a bit.

Events lie by their people, so going through the enrollments in that order each look-up is near the one before. However
many figures are asked for, the pass is one; and where filters leave few enrollments, only theirs is looked up. Each
fact reads append-only rows, or the end of an enrollment, which is final (S44); none reads the contact's own record. So
a figure stays when someone is unenrolled or deleted (M24).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from ..store.session import Session
from .facts import CLICKED, MEANT, OPENED, WHILE_ENROLLED, WHILE_MEETING
from .filters import Chosen

# M22: what a machine did, and what nobody knows who did, stand beside.
_CLASSES = {
    "opened": (OPENED[0], OPENED[1]),
    "opened_unknown": (OPENED[0], "v.class = 'unknown'"),
    "opened_by_machine": (OPENED[0], "v.class = 'machine'"),
    "clicked": (CLICKED[0], CLICKED[1]),
    "clicked_unknown": (CLICKED[0], "v.class = 'unknown'"),
    "clicked_by_machine": (CLICKED[0], "v.class = 'machine'"),
}
_ITS = "v.bucket = e.bucket AND v.record_id = e.contact_id AND v.enrollment_id = e.id AND v.at <= :now"
_OF_IT = f"{_ITS} AND {MEANT}"
_BITS = {
    name: 1 << nr
    for nr, name in enumerate((*_CLASSES, "replied", "met", "no_reply", "bounced", "unsubscribed"))
}  # fmt: skip
_MASKS = {**_BITS, "lost": _BITS["bounced"] | _BITS["unsubscribed"]}  # B union U of M13
Counts = Mapping[str, int]


class Count(StrEnum):
    """What is counted: contacts of each definition, contacts of all of them once, enrollments of each span."""

    DEFINITION = "definition"
    ALL = "all"
    SPAN = "span"


@dataclass(frozen=True, slots=True)
class Tallies:
    """How many have each fact, by its name, `enrolled` among them: by the number of the definition, of all, by the
    number of the span; nothing of what was not asked for."""

    of_definitions: Mapping[int, Counts]
    of_all: Counts
    of_spans: Mapping[int, Counts]


def tallies(session: Session, c: Chosen, *counts: Count, spans: Sequence[int] = ()) -> Tallies:
    """By one statement. `spans`: the instants that part the spans, in order."""
    values = dict(c.values)
    found: dict[str, dict[int, Counter[str]]] = {count: {} for count in Count}
    for count, of, bits, n in session.bound(_statement(c, counts, spans, values), values):
        counted = found[count].setdefault(of, Counter())
        counted["enrolled"] += n
        counted.update({name: n for name, mask in _MASKS.items() if bits & mask})
    return Tallies(found[Count.DEFINITION], found[Count.ALL].get(0, Counter()), found[Count.SPAN])


def _statement(c: Chosen, counts: Sequence[Count], spans: Sequence[int], values: dict[str, object]) -> str:
    profile = (
        f"SELECT e.definition_id, e.contact_id, e.enrolled_at, {' + '.join(_bits(c))} AS bits FROM segue_enrollment e "
        f"WHERE {c.in_order}"
    )
    # A contact of several enrollments has the bits of each.
    either = " + ".join(f"max(p.bits & {bit})" for bit in _BITS.values())
    rows = {
        Count.DEFINITION: f"SELECT p.definition_id AS of_count, {either} AS bits FROM profile p "
        "GROUP BY p.contact_id, p.definition_id",
        Count.ALL: f"SELECT 0 AS of_count, {either} AS bits FROM profile p GROUP BY p.contact_id",
        Count.SPAN: f"SELECT {_span(spans, values)} AS of_count, p.bits FROM profile p",
    }
    # Materialized: SQLite would look up every event again wherever the bits are named.
    return f"WITH profile AS MATERIALIZED ({profile}) " + " UNION ALL ".join(
        f"SELECT '{count}' AS count, q.of_count, q.bits, count(*) FROM ({rows[count]}) q GROUP BY q.of_count, q.bits"
        for count in counts
    )


def _span(spans: Sequence[int], values: dict[str, object]) -> str:
    if not spans:
        return "0"
    values |= {f"span{nr}": begins for nr, begins in enumerate(spans)}
    before = " ".join(f"WHEN p.enrolled_at < :span{nr} THEN {nr}" for nr in range(len(spans)))
    return f"CASE {before} ELSE {len(spans)} END"


def _bits(c: Chosen) -> list[str]:
    """An expression for each source, whose sum they are."""
    found = [_of_classes(table) for table in (OPENED[0], CLICKED[0]) if table in c.events]
    conditions = {
        "replied": f"{_happened(c, 'event_replied', _OF_IT)} OR {_ended_by('reply')}",
        "met": f"{_happened(c, 'event_booked_meeting', WHILE_MEETING)} OR {_ended_by('meeting')}",
        "no_reply": f"e.status = 'finished' AND NOT {_happened(c, 'event_replied', _ITS)}",
        "bounced": f"{_happened(c, 'event_bounced', f'({WHILE_ENROLLED} OR {_OF_IT})')} OR {_ended_by('bounce')}",
        "unsubscribed": f"{_happened(c, 'event_unsubscribed', _OF_IT)} OR {_ended_by('unsubscribed')}",
    }
    return found + [f"CASE WHEN {holds} THEN {_BITS[name]} ELSE 0 END" for name, holds in conditions.items()]


def _of_classes(table: str) -> str:
    each = [
        f"max(CASE WHEN {holds} THEN {_BITS[name]} ELSE 0 END)" for name, (of, holds) in _CLASSES.items() if of == table
    ]
    return f"coalesce((SELECT {' + '.join(each)} FROM {table} v WHERE {_OF_IT}), 0)"


def _happened(c: Chosen, table: str, condition: str) -> str:
    if table not in c.events:
        return "(1 = 0)"
    of_them = "v.bucket = e.bucket AND v.record_id = e.contact_id"
    return f"EXISTS (SELECT 1 FROM {table} v WHERE {of_them} AND {condition})"


def _ended_by(reason: str) -> str:
    return f"(e.status = 'unenrolled' AND e.reason = '{reason}')"
