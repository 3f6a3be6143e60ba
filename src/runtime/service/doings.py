"""What the engine did between two looks at a store: enrollments, mails, tasks, ends, per definition."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields

from ..store.session import Session
from ..store.tables import ENDED


@dataclass(frozen=True, slots=True)
class Doing:
    """Of one definition. `ended` counts enrollments, `refused` records not let in, `unsent` mails that were refused."""

    entered: int = 0
    ended: int = 0
    refused: int = 0
    sent: int = 0
    unsent: int = 0
    tasks: int = 0
    notes: int = 0

    def __sub__(self, other: Doing) -> Doing:
        return Doing(*(getattr(self, f.name) - getattr(other, f.name) for f in fields(Doing)))

    def __add__(self, other: Doing) -> Doing:
        return Doing(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(Doing)))

    def __bool__(self) -> bool:
        return any(getattr(self, f.name) for f in fields(Doing))


Doings = Mapping[str, Doing]  # by `sequence welcome`


def doings(session: Session) -> Doings:
    """Everything done so far. Four statements, each one pass over an index or a table."""
    counts: dict[int, dict[str, int]] = {}
    for what, sql in _COUNTS:
        for id_, kind, n in session.run(sql):
            name = what if isinstance(what, str) else what.get(kind, "")
            if name:
                of = counts.setdefault(id_, {})
                of[name] = of.get(name, 0) + n
    names = {id_: f"{kind} {name}" for id_, kind, name in session.run("SELECT id, kind, name FROM segue_definition")}
    found = {name: counts.get(id_, {}) for id_, name in names.items()}
    return {
        name: Doing(**{**of, "entered": of.get("entered", 0) + of.get("ended", 0)})
        for name, of in sorted(found.items())
    }


def since(before: Doings, after: Doings) -> Doings:
    """Only definitions of which something was done."""
    done = {name: of - before.get(name, Doing()) for name, of in after.items()}
    return {name: of for name, of in done.items() if of}


def total(of: Doings) -> Doing:
    return sum(of.values(), Doing())


_OPEN, _OVER = "entered", "ended"
_COUNTS: tuple[tuple[str | dict[str, str], str], ...] = (
    (
        dict.fromkeys(("pending", "active", "waiting_task", "paused"), _OPEN) | dict.fromkeys(ENDED, _OVER),
        "SELECT definition_id, status, count(*) FROM segue_enrollment GROUP BY definition_id, status",
    ),
    (
        {"sent": "sent", "unknown": "sent", "refused": "unsent"},
        "SELECT definition_id, state, count(*) FROM segue_outbox WHERE kind = 'email' GROUP BY definition_id, state",
    ),
    ("refused", "SELECT definition_id, '', count(*) FROM segue_refusal GROUP BY definition_id"),
    ("tasks", "SELECT definition_id, '', count(*) FROM segue_task GROUP BY definition_id"),
    (
        "notes",
        "SELECT e.definition_id, '', count(*) FROM segue_notification n CROSS JOIN segue_enrollment e"
        " WHERE e.bucket = n.bucket AND e.id = n.enrollment_id GROUP BY e.definition_id",
    ),
)
