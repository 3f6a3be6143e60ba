"""What happened to an enrollment, one SELECT per fact: (definition_id, enrollment_id, contact_id, enrolled_at).

Each reads append-only rows, or the end of an enrollment, which is final (S44); none reads the contact's own record.
So a figure stays when someone is unenrolled or deleted (M24). Events come first in the join and are read once from
front to back: SQLite, which has no statistics here, is told so by CROSS JOIN.
"""

from __future__ import annotations

from collections.abc import Callable

from .filters import Chosen

# M22: opens count unless a machine's, clicks only if a person's; the other classes are shown beside. No class = human
# (X30).
OPENED = ("event_opened_email", "coalesce(v.class, 'human') <> 'machine'")
OPENED_BY_MACHINE = ("event_opened_email", "v.class = 'machine'")
CLICKED = ("event_clicked_email", "coalesce(v.class, 'human') = 'human'")
CLICKED_BY_MACHINE = ("event_clicked_email", "v.class IN ('machine', 'unknown')")

_COLUMNS = "SELECT e.definition_id, e.id AS enrollment_id, e.contact_id, e.enrolled_at"
_NOTHING = f"{_COLUMNS} FROM segue_enrollment e WHERE 1 = 0"
# What somebody else does with a mail that went to them (X20) is no act of the contact enrolled. Their bucket may hold
# an enrollment of that id that is their own (decision 0007): the mail tells that it is not meant.
OF_ENROLLMENT = (
    "e.bucket = v.bucket AND e.id = v.enrollment_id AND e.contact_id = v.record_id AND v.at <= :now AND NOT EXISTS "
    "(SELECT 1 FROM segue_outbox t WHERE t.contact_id = v.record_id AND t.contact_id % 256 <> t.bucket "
    "AND t.enrollment_id = v.enrollment_id AND t.ordinal = v.ordinal)"
)
# M5: from enrollment until it ended, and at least the window; an active one has no end yet.
WHILE_MEETING = (
    "e.bucket = v.bucket AND e.contact_id = v.record_id AND v.at <= :now AND v.at >= e.enrolled_at "
    "AND (e.ended_at IS NULL OR v.at <= e.ended_at OR v.at <= e.enrolled_at + :meeting_window)"
)
_WHILE_ENROLLED = (
    "e.bucket = v.bucket AND e.contact_id = v.record_id AND v.at <= :now AND v.at >= e.enrolled_at "
    "AND (e.ended_at IS NULL OR v.at <= e.ended_at)"
)


def enrolled(c: Chosen) -> str:
    """M1."""
    return f"{_COLUMNS} FROM segue_enrollment e WHERE {c.where}"


def opened(c: Chosen) -> str:
    """M2: at least one open of any mail of the sequence, automated or sent from a task."""
    return _event(c, OPENED[0], f"{OF_ENROLLMENT} AND {OPENED[1]}")


def opened_by_machine(c: Chosen) -> str:
    return _event(c, OPENED_BY_MACHINE[0], f"{OF_ENROLLMENT} AND {OPENED_BY_MACHINE[1]}")


def clicked(c: Chosen) -> str:
    """M3."""
    return _event(c, CLICKED[0], f"{OF_ENROLLMENT} AND {CLICKED[1]}")


def clicked_by_machine(c: Chosen) -> str:
    return _event(c, CLICKED_BY_MACHINE[0], f"{OF_ENROLLMENT} AND {CLICKED_BY_MACHINE[1]}")


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
    return f"{enrolled(c)} AND e.status = 'finished'{silent}"


def bounced(c: Chosen) -> str:
    """M11: any bounce while enrolled, also a late one of a mail of this enrollment."""
    events = _either(_event(c, "event_bounced", _WHILE_ENROLLED), _event(c, "event_bounced", OF_ENROLLMENT))
    return _either(events, _ended_by(c, "bounce"))


def unsubscribed(c: Chosen) -> str:
    """M12: by a mail of this sequence, or so that it ended."""
    return _either(_event(c, "event_unsubscribed", OF_ENROLLMENT), _ended_by(c, "unsubscribed"))


def lost(c: Chosen) -> str:
    """B union U of M13: who bounced and unsubscribed is one contact, not two."""
    return _either(bounced(c), unsubscribed(c))


def engaged(c: Chosen) -> str:
    """D2: opened or clicked a mail of the automated part."""
    return _either(_automated(c, *OPENED), _automated(c, *CLICKED))


def rep_led(c: Chosen) -> str:
    """M14: engaged with the automated part AND began to receive what the rep does: a step taken after the switch."""
    began = (
        "EXISTS (SELECT 1 FROM segue_step s JOIN segue_step t ON t.bucket = s.bucket "
        "AND t.enrollment_id = s.enrollment_id AND t.ordinal > s.ordinal "
        "WHERE s.bucket = e.bucket AND s.enrollment_id = e.id AND s.what = 'switch' AND s.at <= :now "
        "AND t.what IN ('send', 'task') AND t.outcome NOT IN ('skipped', 'refused', 'cancelled') AND t.at <= :now)"
    )
    return f"SELECT * FROM ({engaged(c)}) a INTERSECT {enrolled(c)} AND e.engaged_at IS NOT NULL AND {began}"


# In the order in which reports show them.
FACTS: dict[str, Callable[[Chosen], str]] = {
    fact.__name__: fact
    for fact in (
        enrolled, opened, opened_by_machine, clicked, clicked_by_machine, replied, met, no_reply,
        bounced, unsubscribed, lost, engaged, rep_led,
    )
}  # fmt: skip


def counted(c: Chosen, group: str | None, join: str = "", names: tuple[str, ...] = tuple(FACTS)) -> str:
    """One statement: (fact, group, contacts, enrollments), one row per fact and group whatever the number of people.

    `group` is an expression over `f`, the fact's row, and what `join` adds to it; None counts all as one."""
    by = f" GROUP BY {group}" if group else ""
    return " UNION ALL ".join(
        f"SELECT '{name}' AS fact, {group or '0'} AS of_group, count(DISTINCT f.contact_id) AS contacts, "
        f"count(DISTINCT f.enrollment_id) AS enrollments FROM ({FACTS[name](c)}) f {join}{by}"
        for name in names
    )


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


def _ended_by(c: Chosen, reason: str) -> str:
    return f"{enrolled(c)} AND e.status = 'unenrolled' AND e.reason = '{reason}'"


def _either(one: str, other: str) -> str:
    return f"{one} UNION ALL {other}"
