"""What new events tell of the enrollments of their person is kept with these, in the transaction that takes them in
(decision 0040)."""

from __future__ import annotations

from collections.abc import Collection

from ...store.names import event_table
from ...store.seen import MAILS, OF_MAIL, SAME_PERSON, SIGNS, WHENEVER, Seen, union
from ...store.session import Session


def notice(session: Session, kind: str) -> None:
    """Keep what the events of one kind tell that this pass took in; most kinds tell nothing."""
    sign = SIGNS.get(kind)
    if sign is None:
        return
    new = f"touch x CROSS JOIN {event_table(kind)} v"
    which = (
        "x.token = :token AND x.fresh = 0 AND v.bucket = x.bucket AND v.record_id = x.id AND v.at = x.at"
        " AND v.id = x.event_id"
    )
    told = (
        f"SELECT e.bucket, e.id, {sign.bits} AS bits, e.seen FROM {new} CROSS JOIN segue_enrollment e WHERE {which}"
        f" AND {SAME_PERSON} AND {sign.of}"
    )
    session.run(
        "UPDATE segue_enrollment AS e SET seen = e.seen | n.bits FROM (SELECT q.bucket, q.id,"
        f" {union('q.bits')} AS bits FROM ({told}) q WHERE (q.bits & ~q.seen) <> 0 GROUP BY q.bucket, q.id) n"
        # +: SQLite must go through the events, not through all enrollments.
        " WHERE e.bucket = +n.bucket AND e.id = +n.id",
        token=f"event {kind}",
    )
    if sign.mail:
        for table in MAILS:
            _of_mails(session, table, sign.mail, f"{new} CROSS JOIN {table} o WHERE {which} AND {sign.counts}", kind)


def _of_mails(session: Session, table: str, bit: Seen, told: str, kind: str) -> None:
    session.run(
        f"UPDATE {table} AS m SET seen = m.seen | {bit:d} FROM (SELECT DISTINCT o.bucket, o.enrollment_id, o.ordinal"
        f" FROM {told} AND {OF_MAIL} AND (o.seen & {bit:d}) = 0) n WHERE m.bucket = +n.bucket"
        " AND m.enrollment_id = +n.enrollment_id AND m.ordinal = +n.ordinal",
        token=f"event {kind}",
    )


def since(kinds: Collection[str], bucket: str, contact: str, at: str) -> str:
    """SQL of the bits of an enrollment that begins at the instant `at` for what had happened since and was taken in
    before: an instant is worked in several passes, and a trigger may lie in the past (X4). `kinds`: of the schema."""
    found = (
        # Mostly there is nothing so late: that is asked once for all.
        f"CASE WHEN (SELECT max(v.at) FROM {event_table(kind)} v) >= {at} AND EXISTS (SELECT 1 FROM"
        f" {event_table(kind)} v WHERE v.bucket = {bucket} AND v.record_id = {contact} AND v.at >= {at})"
        f" THEN {bit:d} ELSE 0 END"
        for kind, bit in WHENEVER.items()
        if kind in kinds
    )
    return " + ".join(found) or "0"
