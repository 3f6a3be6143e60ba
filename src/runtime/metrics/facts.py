"""What happened to an enrollment, one SELECT per fact: (definition_id, enrollment_id, contact_id, enrolled_at).

Each reads append-only rows, or the end of an enrollment, which is final (S44); none reads the contact's own record.
So a figure stays when someone is unenrolled or deleted (M24). Events come first in the join and are read once from
front to back, by people and not by instants: SQLite, which has no statistics here, is told so by CROSS JOIN,
`v.bucket >= 0` and `+v.at`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from ..store.session import Session
from .filters import Chosen

# M22: opens count unless a machine's, clicks only if a person's; the other classes are shown beside. No class = human
# (X30).
OPENED = ("event_opened_email", "coalesce(v.class, 'human') <> 'machine'")
CLICKED = ("event_clicked_email", "coalesce(v.class, 'human') = 'human'")
# Facts that are read out of one table in one pass: fact -> (table, condition on the class of the row `f`).
_CLASSED = {
    "opened": (OPENED[0], "coalesce(f.class, 'human') <> 'machine'"),
    "opened_unknown": (OPENED[0], "f.class = 'unknown'"),
    "opened_by_machine": (OPENED[0], "f.class = 'machine'"),
    "clicked": (CLICKED[0], "coalesce(f.class, 'human') = 'human'"),
    "clicked_unknown": (CLICKED[0], "f.class = 'unknown'"),
    "clicked_by_machine": (CLICKED[0], "f.class = 'machine'"),
}

_COLUMNS = "SELECT e.definition_id, e.id AS enrollment_id, e.contact_id, e.enrolled_at"
_NOTHING = f"{_COLUMNS} FROM segue_enrollment e WHERE 1 = 0"
# What somebody else does with a mail that went to them (X20) is no act of the contact enrolled. Their bucket may hold
# an enrollment of that id that is their own (decision 0007): the mail tells that it is not meant.
# They are few: looked up in a list that is made once, not in the table for each event.
_MEANT = (
    "(v.record_id, v.enrollment_id, coalesce(v.ordinal, -1)) NOT IN (SELECT t.contact_id, t.enrollment_id, t.ordinal "
    "FROM segue_outbox t WHERE t.contact_id % 256 <> t.bucket)"
)
OF_ENROLLMENT = (
    "e.bucket = v.bucket AND e.id = v.enrollment_id AND e.contact_id = v.record_id "
    f"AND v.bucket >= 0 AND +v.at <= :now AND {_MEANT}"
)
# M5: from enrollment until it ended, and at least the window; an active one has no end yet.
WHILE_MEETING = (
    "e.bucket = v.bucket AND e.contact_id = v.record_id AND v.bucket >= 0 AND +v.at <= :now AND +v.at >= e.enrolled_at "
    "AND (e.ended_at IS NULL OR v.at <= e.ended_at OR v.at <= e.enrolled_at + :meeting_window)"
)
_WHILE_ENROLLED = (
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
    events = _either(_event(c, "event_bounced", _WHILE_ENROLLED), _event(c, "event_bounced", OF_ENROLLMENT))
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
FACTS: tuple[str, ...] = (
    "enrolled", *_CLASSED, "replied", "met", "no_reply", "bounced", "unsubscribed", "lost",
)  # fmt: skip
ENGAGEMENT = ("engaged", "rep_led")  # of dynamic sequences alone
_ROWS: dict[str, Callable[[Chosen], str]] = {
    fact.__name__: fact for fact in (enrolled, replied, met, no_reply, bounced, unsubscribed, lost, engaged, rep_led)
}
Counts = dict[Any, dict[str, int]]


def counts(
    session: Session,
    c: Chosen,
    group: str | None,
    names: Sequence[str] = FACTS,
    join: str = "",
    of: str = "contact_id",
    before: str = "",
) -> Counts:
    """{group: {fact: how many}} by one statement, one row per source and group whatever the number of people.

    `group` is an expression over `f`, the fact's row, and what `join` adds to it; None counts all as one, under 0.
    `of`: what is counted, `contact_id` or `enrollment_id`. `before` stands before the statement."""
    found: Counts = {}
    for facts, of_group, *numbers in session.bound(before + _statement(c, group, names, join, of), c.values):
        mine = found.setdefault(of_group, {})
        mine.update(zip(facts.split(","), numbers, strict=False))
    return found


def _statement(c: Chosen, group: str | None, names: Sequence[str], join: str, of: str) -> str:
    """A pass per table of classed events, and one per other fact; all as wide as the widest."""
    passes: list[tuple[str, ...]] = [(name,) for name in names if name in _ROWS]
    tables: dict[str, tuple[str, ...]] = {}
    for name in (n for n in names if n in _CLASSED):
        table = _CLASSED[name][0]
        tables[table] = (*tables.get(table, ()), name)
    passes += tables.values()
    width = max(map(len, passes))
    by = f" GROUP BY {group}" if group else ""
    each_once = of == "contact_id" and group in (None, "f.definition_id")
    return " UNION ALL ".join(
        f"SELECT '{','.join(facts)}' AS facts, {group or '0'} AS of_group, "
        + (
            f"count(*){', 0' * (width - 1)} FROM ({people(c, group is not None)}) f{by}"
            if each_once and facts == ("enrolled",)
            else f"{_columns(facts, width, of)} FROM ({_source(c, facts)}) f {join}{by}"
        )
        for facts in passes
    )


def people(c: Chosen, by_definition: bool) -> str:
    """Each contact of M1 once; their index has them in this order, so that nothing is sorted."""
    definition = ", e.definition_id" if by_definition else ""
    return f"SELECT DISTINCT e.bucket, e.contact_id{definition} FROM segue_enrollment e WHERE {c.in_order}"


def _columns(facts: tuple[str, ...], width: int, of: str) -> str:
    counted = [
        f"count(DISTINCT CASE WHEN {_CLASSED[name][1]} THEN f.{of} END)" if name in _CLASSED
        else f"count(DISTINCT f.{of})"
        for name in facts
    ]  # fmt: skip
    return ", ".join([*counted, *["0"] * (width - len(facts))])


def _source(c: Chosen, facts: tuple[str, ...]) -> str:
    if facts[0] in _ROWS:
        return _ROWS[facts[0]](c)
    table = _CLASSED[facts[0]][0]
    if table not in c.events:
        return f"{_COLUMNS}, NULL AS class FROM segue_enrollment e WHERE 1 = 0"
    return f"{_COLUMNS}, v.class FROM {table} v CROSS JOIN segue_enrollment e WHERE {OF_ENROLLMENT} AND {c.where}"


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
        f"{_MEANT})"
    )


def _drawn(c: Chosen) -> str:
    return _either(_automated(c, *OPENED), _automated(c, *CLICKED))


def _ended_by(c: Chosen, reason: str) -> str:
    return f"{enrolled(c)} AND e.status = 'unenrolled' AND e.reason = '{reason}'"


def _either(one: str, other: str) -> str:
    return f"{one} UNION ALL {other}"
