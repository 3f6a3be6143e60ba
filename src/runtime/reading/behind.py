"""Which definitions have enrollments that are due, late, or stopped with an error: what operations looks at."""

from __future__ import annotations

from dataclasses import dataclass

from ..store import meta
from ..store.dialect import due_at
from ..store.session import Session
from ..times.zones import MINUTE
from . import reasons


@dataclass(frozen=True, slots=True)
class Behind:
    """Of one definition: how many are due by now, how many of them should have gone on more than a minute ago, when the
    oldest was due (µs, None: nothing is due), how many stopped with an error, and why most of them did, in words."""

    kind: str
    name: str
    due: int
    late: int
    oldest_at: int | None
    errored: int
    words: str


def behind(session: Session, present: int) -> tuple[int, list[Behind]]:
    """The instant it is by, µs: the store's clock where that is virtual, else `present`; and the definitions, those
    first that are late most. Two ranges of indexes; none grows with those who only wait."""
    clock = meta.clock(session)
    now = clock if clock is not None and meta.read(session, "clock_kind") == "virtual" else present
    rows = session.run(_DUE.format(due_at(session.dialect, "e", ":now")), now=now, over=now - MINUTE)
    due = {of: (int(n), int(late), int(oldest)) for of, n, late, oldest in rows}
    errors: dict[int, tuple[int, str]] = {}
    for of, reason, n in session.run(_ERRORED):  # the reason that most have comes first
        known, words = errors.get(of, (0, ""))
        errors[of] = (known + int(n), words or reasons.ended(reason or ""))
    names = {id_: (kind, name) for id_, kind, name in session.run("SELECT id, kind, name FROM segue_definition")}
    found = []
    for of in due.keys() | errors.keys():
        (waits, late, oldest), (errored, words) = due.get(of, (0, 0, None)), errors.get(of, (0, ""))
        found.append(Behind(*names[of], waits, late, oldest, errored, words))
    return now, sorted(found, key=lambda one: (-one.late, -one.errored, one.kind, one.name))


# `+`, or SQLite would go through everybody in the order of definitions, to have nothing to sort.
_DUE = (
    "SELECT +e.definition_id, count(*), sum(CASE WHEN e.due <= :over THEN 1 ELSE 0 END), min(e.due)"
    " FROM segue_enrollment e WHERE {} GROUP BY 1"
)
_ERRORED = (
    "SELECT e.definition_id, e.reason, count(*) FROM segue_definition d CROSS JOIN segue_enrollment e"
    " WHERE e.definition_id = d.id AND e.status = 'errored' GROUP BY e.definition_id, e.reason ORDER BY 3 DESC, 2"
)
