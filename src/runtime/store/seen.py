"""What a person was seen to do in an enrollment, kept with it and with its mails as bits of one number (M2-M17).

Figures count of whom a bit says it, and no event is looked up for them (decision 0040). Bits follow from events alone
and are never taken back, but where an enrollment begins anew. That a reply or a bounce ended it tells its reason.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntFlag

from . import meta
from .names import event_table
from .session import Session

MEETING_WINDOW = 7 * 86_400_000_000  # µs from enrollment in which a meeting counts even after it has ended (M5)


class Seen(IntFlag):
    """Opens and clicks by who did them (M22); `DRAWN`: a mail of the automated part was opened or clicked (D2). Of a
    mail only OPENED and CLICKED are kept: that a figure counts it (M17)."""

    OPENED = 1
    OPENED_UNKNOWN = 2
    OPENED_BY_MACHINE = 4
    CLICKED = 8
    CLICKED_UNKNOWN = 16
    CLICKED_BY_MACHINE = 32
    DRAWN = 64
    REPLIED = 128
    MET = 256
    BOUNCED = 512
    UNSUBSCRIBED = 1024


# Of an event `v`. M22: opens count unless a machine's, clicks only if a person's; the other classes are shown beside.
# No class = human (X30).
OPENED = "coalesce(v.class, 'human') <> 'machine'"
CLICKED = "coalesce(v.class, 'human') = 'human'"

# Of an event `v` and an enrollment `e` of the same person.
SAME_PERSON = "e.bucket = v.bucket AND e.contact_id = v.record_id"
# What somebody else does with a mail that went to them (X20) is no act of the contact enrolled. Their bucket may hold
# an enrollment of that id that is their own (decision 0007): the mail tells that it is not meant.
OF_ENROLLMENT = (
    "e.id = v.enrollment_id AND NOT EXISTS (SELECT 1 FROM segue_outbox t WHERE t.contact_id = v.record_id"
    " AND t.contact_id % 256 <> t.bucket AND t.enrollment_id = v.enrollment_id AND t.ordinal = v.ordinal)"
)
_WHILE = "v.at >= e.enrolled_at AND (e.ended_at IS NULL OR v.at <= e.ended_at{})"
WHILE_ENROLLED = _WHILE.format("")
# M5: from enrollment until it ended, and at least the window; an active one has no end yet.
WHILE_MEETING = _WHILE.format(f" OR v.at <= e.enrolled_at + {MEETING_WINDOW}")
# The mail `o` that an event `v` of its recipient is about. A mail that lies in another bucket than its recipient, as
# somebody else is enrolled (X20), keeps nothing: that bucket may be another worker's.
OF_MAIL = (
    "o.bucket = v.bucket AND o.enrollment_id = v.enrollment_id AND o.ordinal = v.ordinal AND o.contact_id = v.record_id"
)
MAILS = ("segue_outbox", "segue_task")  # those we send, and those a person writes from a task (S22)


def _by_class(human: Seen, unknown: Seen, machine: Seen, counts: str) -> str:
    automated = (
        "EXISTS (SELECT 1 FROM segue_outbox o WHERE o.bucket = v.bucket AND o.enrollment_id = v.enrollment_id"
        " AND o.ordinal = v.ordinal AND o.automated)"
    )
    return (
        f"CASE v.class WHEN 'machine' THEN {machine:d} WHEN 'unknown' THEN {unknown:d} ELSE {human:d} END"
        f" + CASE WHEN {counts} AND {automated} THEN {Seen.DRAWN:d} ELSE 0 END"
    )


@dataclass(frozen=True, slots=True)
class Sign:
    """What an event tells: `bits` of an enrollment of its person for which `of` is true; `counts`: of the mail it is
    about, `mail` where that is true."""

    of: str
    bits: str
    counts: str = "FALSE"
    mail: Seen | None = None


SIGNS = {
    "opened_email": Sign(
        OF_ENROLLMENT,
        _by_class(Seen.OPENED, Seen.OPENED_UNKNOWN, Seen.OPENED_BY_MACHINE, OPENED),
        OPENED,
        Seen.OPENED,
    ),
    "clicked_email": Sign(
        OF_ENROLLMENT,
        _by_class(Seen.CLICKED, Seen.CLICKED_UNKNOWN, Seen.CLICKED_BY_MACHINE, CLICKED),
        CLICKED,
        Seen.CLICKED,
    ),
    "replied": Sign(OF_ENROLLMENT, f"{Seen.REPLIED:d}"),
    "unsubscribed": Sign(OF_ENROLLMENT, f"{Seen.UNSUBSCRIBED:d}"),
    "booked_meeting": Sign(WHILE_MEETING, f"{Seen.MET:d}"),
    "bounced": Sign(f"(({WHILE_ENROLLED}) OR ({OF_ENROLLMENT}))", f"{Seen.BOUNCED:d}"),
}
WHENEVER = {"booked_meeting": Seen.MET, "bounced": Seen.BOUNCED}  # also what is about no mail of the enrollment


def keep(session: Session) -> None:
    """Work out everything anew from all events: for a store that did not keep it, or kept it wrong."""
    for one in _kept(session):
        same = " AND ".join(f"k.{name} = +n.{name}" for name in one.key)
        session.run(f"UPDATE {one.table} SET seen = 0 WHERE seen <> 0")
        if one.told:
            session.run(f"UPDATE {one.table} AS k SET seen = n.bits FROM ({one.told}) n WHERE {same}")


def differences(session: Session, first: int) -> Iterator[tuple[str, int, list[tuple[int, int, int]]]]:
    """(table, how many of its rows keep something else than their events tell, the `first` of them as contact, kept
    and told)."""
    for one in _kept(session):
        names, same = ", ".join(one.key), " AND ".join(f"n.{name} = k.{name}" for name in one.key)
        told = one.told or f"SELECT {', '.join(f'k.{n}' for n in one.key)}, 0 AS bits FROM {one.table} k WHERE 1 = 0"
        rows = session.run(
            f"WITH told ({names}, bits) AS MATERIALIZED ({told}) SELECT k.contact_id, k.seen, coalesce(n.bits, 0),"
            f" count(*) OVER () FROM {one.table} k LEFT JOIN told n ON {same} WHERE k.seen <> coalesce(n.bits, 0)"
            f" ORDER BY k.contact_id LIMIT {first}"
        )
        yield one.table, rows[0][3] if rows else 0, [(row[0], row[1], row[2]) for row in rows]


@dataclass(frozen=True, slots=True)
class _Kept:
    """A table that keeps bits, and SQL of (its key .., bits) as all events tell them, "" where there are none."""

    table: str
    key: tuple[str, ...]
    told: str


def _kept(session: Session) -> Iterator[_Kept]:
    there = meta.tables(session, event_table(""))
    signs = {kind: sign for kind, sign in SIGNS.items() if event_table(kind) in there}
    told = " UNION ALL ".join(
        f"SELECT e.bucket, e.id, {sign.bits} AS bits FROM {event_table(kind)} v CROSS JOIN segue_enrollment e"
        f" WHERE {SAME_PERSON} AND {sign.of}"
        for kind, sign in signs.items()
    )
    yield _Kept("segue_enrollment", ("bucket", "id"), _together(told, ("bucket", "id")))
    for table in MAILS:
        told = " UNION ALL ".join(
            f"SELECT o.bucket, o.enrollment_id, o.ordinal, {sign.mail:d} AS bits FROM {event_table(kind)} v"
            f" CROSS JOIN {table} o WHERE {OF_MAIL} AND {sign.counts}"
            for kind, sign in signs.items()
            if sign.mail
        )
        key = ("bucket", "enrollment_id", "ordinal")
        yield _Kept(table, key, _together(told, key))


def _together(told: str, key: tuple[str, ...]) -> str:
    names = ", ".join(f"q.{name}" for name in key)
    return f"SELECT {names}, {union('q.bits')} AS bits FROM ({told}) q GROUP BY {names}" if told else ""


def union(bits: str) -> str:
    """An aggregate that both databases have: the bits that any row has."""
    return " + ".join(f"max({bits} & {bit:d})" for bit in Seen)
