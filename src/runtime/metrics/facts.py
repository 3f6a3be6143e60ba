"""What happened to an enrollment, one SELECT per fact: (definition_id, enrollment_id, contact_id, enrolled_at).

Each reads append-only rows, or the end of an enrollment, which is final (S44); none reads the contact's own record.
So a figure stays when someone is unenrolled or deleted (M24). Events come first in the join and are read once from
front to back, by people and not by instants: SQLite, which has no statistics here, is told so by CROSS JOIN,
`v.bucket >= 0` and `+v.at`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ..store.session import Session
from .filters import Chosen

# M22: opens count unless a machine's, clicks only if a person's; the other classes are shown beside. No class = human
# (X30).
OPENED = ("event_opened_email", "coalesce(v.class, 'human') <> 'machine'")
CLICKED = ("event_clicked_email", "coalesce(v.class, 'human') = 'human'")
_CLASSED = {"opened": OPENED, "clicked": CLICKED}

_COLUMNS = "SELECT e.definition_id, e.id AS enrollment_id, e.contact_id, e.enrolled_at"
_NOTHING = f"{_COLUMNS} FROM segue_enrollment e WHERE 1 = 0"
# What somebody else does with a mail that went to them (X20) is no act of the contact enrolled. Their bucket may hold
# an enrollment of that id that is their own (decision 0007): the mail tells that it is not meant.
# They are few: looked up in a list that is made once, not in the table for each event.
MEANT = (
    "(v.record_id, v.enrollment_id, coalesce(v.ordinal, -1)) NOT IN (SELECT t.contact_id, t.enrollment_id, t.ordinal "
    "FROM segue_outbox t WHERE t.contact_id % 256 <> t.bucket)"
)
OF_ENROLLMENT = (
    "e.bucket = v.bucket AND e.id = v.enrollment_id AND e.contact_id = v.record_id "
    f"AND v.bucket >= 0 AND +v.at <= :now AND {MEANT}"
)
# M5: from enrollment until it ended, and at least the window; an active one has no end yet.
WHILE_MEETING = (
    "e.bucket = v.bucket AND e.contact_id = v.record_id AND v.bucket >= 0 AND +v.at <= :now AND +v.at >= e.enrolled_at "
    "AND (e.ended_at IS NULL OR v.at <= e.ended_at OR v.at <= e.enrolled_at + :meeting_window)"
)
WHILE_ENROLLED = (
    "e.bucket = v.bucket AND e.contact_id = v.record_id AND v.bucket >= 0 AND +v.at <= :now AND +v.at >= e.enrolled_at "
    "AND (e.ended_at IS NULL OR v.at <= e.ended_at)"
)


def enrolled(c: Chosen) -> str:
    """M1."""
    return f"{_COLUMNS} FROM segue_enrollment e WHERE {c.where}"


def replied(c: Chosen) -> str:
    """M4: a reply to this enrollment, or any mail that ended it, even one outside the sequence."""
    return _either(_event(c, "event_replied", OF_ENROLLMENT), _ended_by(c, "reply"))


def met(c: Chosen) -> str:
    """M5: a meeting booked while enrolled or within the window, or the one that ended the enrollment."""
    return _either(_event(c, "event_booked_meeting", WHILE_MEETING), _ended_by(c, "meeting"))


def no_reply(c: Chosen) -> str:
    """M6: it ran to its end and nobody answered; active, bounced, unsubscribed and removed ones are not counted."""
    silent = ""
    if "event_replied" in c.events:
        silent = (
            " AND NOT EXISTS (SELECT 1 FROM event_replied v WHERE v.bucket = e.bucket AND v.record_id = e.contact_id "
            "AND v.enrollment_id = e.id AND v.at <= :now)"
        )
    return f"{_COLUMNS} FROM segue_enrollment e WHERE {c.in_order} AND e.status = 'finished'{silent}"


def bounced(c: Chosen) -> str:
    """M11: any bounce while enrolled, also a late one of a mail of this enrollment."""
    events = _either(_event(c, "event_bounced", WHILE_ENROLLED), _event(c, "event_bounced", OF_ENROLLMENT))
    return _either(events, _ended_by(c, "bounce"))


def unsubscribed(c: Chosen) -> str:
    """M12: by a mail of this sequence, or so that it ended."""
    return _either(_event(c, "event_unsubscribed", OF_ENROLLMENT), _ended_by(c, "unsubscribed"))


def lost(c: Chosen) -> str:
    """B union U of M13: who bounced and unsubscribed is one contact, not two."""
    return _either(bounced(c), unsubscribed(c))


def engaged(c: Chosen) -> str:
    """Who opened or clicked a mail of the automated part (D2), and who replied (D7): the rest is M15."""
    return _either(_drawn(c), replied(c))


def rep_led(c: Chosen) -> str:
    """M14: engaged with the automated part AND began to receive what the rep does: a step taken after the switch."""
    began = (
        "EXISTS (SELECT 1 FROM segue_step s CROSS JOIN segue_step t WHERE t.bucket = s.bucket "
        "AND t.enrollment_id = s.enrollment_id AND t.ordinal > s.ordinal "
        "AND s.bucket = e.bucket AND s.enrollment_id = e.id AND s.what = 'switch' AND s.at <= :now "
        "AND t.what IN ('send', 'task') AND t.outcome NOT IN ('skipped', 'refused', 'cancelled') AND t.at <= :now)"
    )
    drawn = " OR ".join(_has_automated(c, *of) for of in (OPENED, CLICKED))
    return (
        f"{_COLUMNS} FROM segue_enrollment e WHERE {c.in_order} AND e.engaged_at IS NOT NULL AND ({drawn}) AND {began}"
    )


# M2, M3: at least one open or click of any mail of the sequence, automated or sent from a task.
RATES = ("enrolled", *_CLASSED, "replied", "met")
ENGAGEMENT = ("engaged", "rep_led")  # of dynamic sequences alone
_ROWS: dict[str, Callable[[Chosen], str]] = {fact.__name__: fact for fact in (enrolled, replied, met, engaged, rep_led)}
Counts = dict[int, dict[str, int]]


def counts(session: Session, c: Chosen, names: Sequence[str], by_definition: bool = True) -> Counts:
    """{definition: {fact: contacts}}, under 0 where they are not told apart; by one statement, one row per fact and
    definition whatever the number of people."""
    group = "f.definition_id" if by_definition else "0"
    by = " GROUP BY f.definition_id" if by_definition else ""
    rows = {
        name: f"count(*) FROM ({people(c, by_definition)})"
        if name == "enrolled"
        else f"count(DISTINCT f.contact_id) FROM ({_source(c, name)})"
        for name in names
    }
    sql = " UNION ALL ".join(f"SELECT '{name}' AS fact, {group} AS of_group, {of} f{by}" for name, of in rows.items())
    found: Counts = {}
    for fact, of_group, n in session.bound(sql, c.values):
        found.setdefault(of_group, {})[fact] = n
    return found


def people(c: Chosen, by_definition: bool) -> str:
    """Each contact of M1 once; their index has them in this order, so that nothing is sorted."""
    definition = ", e.definition_id" if by_definition else ""
    return f"SELECT DISTINCT e.bucket, e.contact_id{definition} FROM segue_enrollment e WHERE {c.in_order}"


def _source(c: Chosen, name: str) -> str:
    if name in _ROWS:
        return _ROWS[name](c)
    table, of_class = _CLASSED[name]
    return _event(c, table, f"{OF_ENROLLMENT} AND {of_class}")


def _event(c: Chosen, table: str, condition: str) -> str:
    if table not in c.events:
        return _NOTHING
    return f"{_COLUMNS} FROM {table} v CROSS JOIN segue_enrollment e WHERE {condition} AND {c.where}"


def _automated(c: Chosen, table: str, of_class: str) -> str:
    if table not in c.events:
        return _NOTHING
    return (
        f"{_COLUMNS} FROM {table} v CROSS JOIN segue_outbox o CROSS JOIN segue_enrollment e "
        f"WHERE o.bucket = v.bucket AND o.enrollment_id = v.enrollment_id AND o.ordinal = v.ordinal AND o.automated "
        f"AND {OF_ENROLLMENT} AND {of_class} AND {c.where}"
    )


def _has_automated(c: Chosen, table: str, of_class: str) -> str:
    """The same, asked of one enrollment: few have engaged."""
    if table not in c.events:
        return "1 = 0"
    return (
        f"EXISTS (SELECT 1 FROM {table} v CROSS JOIN segue_outbox o WHERE v.bucket = e.bucket "
        "AND v.record_id = e.contact_id AND v.enrollment_id = e.id AND v.at <= :now AND o.bucket = v.bucket "
        f"AND o.enrollment_id = v.enrollment_id AND o.ordinal = v.ordinal AND o.automated AND {of_class} AND "
        f"{MEANT})"
    )


def _drawn(c: Chosen) -> str:
    return _either(_automated(c, *OPENED), _automated(c, *CLICKED))


def _ended_by(c: Chosen, reason: str) -> str:
    return f"{enrolled(c)} AND e.status = 'unenrolled' AND e.reason = '{reason}'"


def _either(one: str, other: str) -> str:
    return f"{one} UNION ALL {other}"
