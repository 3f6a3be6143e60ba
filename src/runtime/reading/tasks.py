"""Open tasks (X22): what people have to do, the most urgent first."""

from __future__ import annotations

from dataclasses import dataclass

from ..metrics.people import COMPANY, NAME
from ..store.session import FOR_EVER, Session
from .awaited import awaiting_tasks
from .paging import Key


@dataclass(frozen=True, slots=True)
class Task:
    """`id` is what `--done` and `--skip` take: BUCKET.ENROLLMENT.ORDINAL."""

    id: str
    contact_id: int
    contact: str
    company: str | None
    definition: str
    kind: str
    title: str
    assignee: str | None
    priority: str | None
    created_at: int
    due_at: int | None
    note: str | None
    object: str = "contact"  # of what its record is; `called` tells
    awaits: str = ""  # what was asked of it and waits for the next tick: `done`, `to mia`


# Whose tasks a screen shows: one user's, those of nobody, or all.
NOBODY = ""


def open_tasks(session: Session, assignee: str | None = None, limit: int = 50) -> tuple[int, list[Task]]:
    """How many open tasks there are, of one assignee or of everybody, and those due first; 0: all of them."""
    return count_tasks(session, assignee), page_of_tasks(session, assignee, limit or FOR_EVER)


def count_tasks(session: Session, assignee: str | None = None, overdue_at: int | None = None) -> int:
    """`assignee` NOBODY: those of nobody, None: all. `overdue_at`: only those that were due before."""
    values: dict[str, object] = {"assignee": assignee, "overdue": overdue_at}
    sql = f"SELECT count(*) FROM segue_task t WHERE {_open(assignee, overdue_at)}"
    return int(session.bound(sql, values)[0][0])


def page_of_tasks(
    session: Session,
    assignee: str | None = None,
    limit: int = 50,
    offset: int = 0,
    after: Key | None = None,
    back: bool = False,
    overdue_at: int | None = None,
) -> list[Task]:
    """`limit` open tasks beyond the one at `after` (see `place_of_task`), those due first. `overdue_at` as above."""
    values: dict[str, object] = {"assignee": assignee, "limit": limit, "offset": offset, "ever": FOR_EVER}
    values["overdue"] = overdue_at
    values |= {f"after{i}": value for i, value in enumerate(after or ())}
    marks = ", ".join(f":after{i}" for i in range(len(_ORDER)))
    beyond = f" AND ({', '.join(_ORDER)}) {'<' if back else '>'} ({marks})" if after is not None else ""
    order = ", ".join(f"{column}{' DESC' if back else ''}" for column in _ORDER)
    held = f"{_open(assignee, overdue_at)}{beyond}"
    chosen = f"SELECT * FROM segue_task t WHERE {held} ORDER BY {order} LIMIT :limit OFFSET :offset"
    rows = session.bound(
        f"SELECT t.bucket, t.enrollment_id, t.ordinal, t.contact_id, {NAME}, {COMPANY}, d.kind || ' ' || d.name,"
        f" t.kind, t.title, t.assignee, t.priority, t.created_at, t.due_at, t.note FROM ({chosen}) t"
        " JOIN segue_definition d ON d.id = t.definition_id"
        f" LEFT JOIN contact p ON p.bucket = t.bucket AND p.id = t.contact_id ORDER BY {order}",
        values,
    )
    found = [Task(f"{bucket}.{enrollment}.{ordinal}", *rest) for bucket, enrollment, ordinal, *rest in rows]
    return awaiting_tasks(session, found)


def place_of_task(task: Task) -> Key:
    """Where a task stands in the order of the list."""
    due = task.due_at if task.due_at is not None else FOR_EVER
    return due, task.created_at, *map(int, task.id.split("."))


# What is never due comes last.
_ORDER = ("coalesce(t.due_at, :ever)", "t.created_at", "t.bucket", "t.enrollment_id", "t.ordinal")


def _open(assignee: str | None, overdue_at: int | None) -> str:
    late = "" if overdue_at is None else " AND t.due_at < :overdue"
    whose = {None: "", NOBODY: " AND t.assignee IS NULL"}.get(assignee, " AND t.assignee = :assignee")
    return f"t.state = 'open'{whose}{late}"
