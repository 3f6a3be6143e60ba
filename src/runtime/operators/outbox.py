"""The outbox as people see it: what nobody knows the outcome of, and how they settle it by hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..access.audit import About, acting
from ..access.roles import Actor
from ..engine.sending.unknowns import COMMAND
from ..errors import InvalidInput, UnknownName
from ..metrics.people import NAME
from ..reading import reasons
from ..store import inbox
from ..store.ids import bucket_of, step_in
from ..store.session import Row, Session
from .twice import asked_before


@dataclass(frozen=True, slots=True)
class Waiting:
    """A message that is not settled, or whose outcome is unknown. `at`: when it is tried again, or was sent. What was
    only put off has no key and no address yet; `contact` is the name of whom it is about. `words` say the reason to
    people."""

    key: str
    state: str
    at: int
    kind: str
    name: str
    contact: str
    address: str
    tries: int
    reason: str
    words: str


def waiting(session: Session, limit: int) -> tuple[int, list[Waiting]]:
    """How many there are, and the oldest: the unknown ones first. `limit` 0: all."""
    # Two indexes have them: an OR of both would be looked for from front to back.
    which = (
        "FROM (SELECT u.* FROM segue_outbox u WHERE u.state = 'unknown' AND u.settled_at IS NOT NULL"
        " UNION ALL SELECT u.* FROM segue_outbox u WHERE u.settled_at IS NULL) o"
    )
    most = f" LIMIT {limit}" if limit else ""
    order = "CASE t.state WHEN 'unknown' THEN 0 ELSE 1 END, coalesce(t.settled_at, t.due), t.bucket, t.enrollment_id"
    rows = session.run(
        "SELECT coalesce(t.key, ''), t.state, coalesce(t.settled_at, t.due), t.kind, t.template,"
        f" {NAME}, coalesce(t.address, ''), t.attempts, coalesce(t.reason, '')"
        f" FROM (SELECT o.* {which} ORDER BY {order.replace('t.', 'o.')}, o.ordinal{most}) t"
        f" LEFT JOIN contact p ON p.bucket = t.bucket AND p.id = t.contact_id ORDER BY {order}, t.ordinal"
    )
    return int(session.one(f"SELECT count(*) {which}")), [
        Waiting(*(*row, reasons.held(row[8]) if row[8] else "")) for row in rows
    ]


def settle(session: Session, marks: Sequence[tuple[str, str]], who: Actor) -> None:
    """Ask for messages of unknown outcome to be `sent` or `refused`, (key, state) each: all of them or none.

    Raises UnknownName, InvalidInput, NotAllowed."""
    found = [(key, state, _unknown(session, key)) for key, state in marks]
    about = About("contact", [row[1] for *_, row in found], detail=dict(marks))
    with acting(session, who, "outbox", about):
        asked = inbox.asked_already(session, COMMAND, [bucket_of(row[1]) for *_, row in found])
        wanted = [
            (key, state, row)
            for key, state, row in found
            if not asked_before(f"the message `{key}`", state, who, asked.get((bucket_of(row[1]), _key(key))))
        ]
        for key, _ in marks:
            _unknown(session, key)  # a tick may have taken in what somebody asked for
        inbox.put(session, [_row(session, key, state, row, who) for key, state, row in wanted])


def _key(message: str) -> str:
    return f"settle:{message}"


def _unknown(session: Session, key: str) -> Row:
    step = step_in(key)
    if step is None:
        raise InvalidInput(f"`{key}` is no key of a message", "`segue outbox` shows them")
    bucket, enrollment, ordinal = step
    rows = session.run(
        "SELECT o.state, o.contact_id, o.enrollment_id, o.ordinal FROM segue_outbox o WHERE o.bucket = :b"
        " AND o.enrollment_id = :e AND o.ordinal = :o AND o.key = :key",
        b=bucket, e=enrollment, o=ordinal, key=key,
    )  # fmt: skip
    if not rows:
        raise UnknownName(f"there is no message `{key}`", "`segue outbox` lists them")
    if rows[0][0] != "unknown":
        raise InvalidInput(f"the message `{key}` is {rows[0][0]}", "only what nobody knows is settled by hand")
    return rows[0]


def _row(session: Session, key: str, state: str, found: Row, who: Actor) -> inbox.InboxRow:
    _, contact, enrollment, ordinal = found
    payload = {"enrollment": enrollment, "ordinal": ordinal, "state": state, "by": who.name}
    return inbox.row(
        COMMAND, "contact", contact, key, payload,
        at=inbox.present(session), rank=inbox.now(), key=_key(key),
    )  # fmt: skip
