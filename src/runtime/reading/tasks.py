"""Open tasks (X22): what people have to do, the most urgent first."""

from __future__ import annotations

from dataclasses import dataclass

from ..metrics.people import COMPANY, NAME
from ..store.session import Session

FOR_EVER = 1 << 62  # a LIMIT that is none


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


def open_tasks(session: Session, assignee: str | None = None, limit: int = 50) -> tuple[int, list[Task]]:
    """How many open tasks there are, of one assignee or of everybody, and those due first; 0: all of them."""
    mine = "" if assignee is None else " AND t.assignee = :assignee"
    values: dict[str, object] = {"limit": limit or FOR_EVER} | ({"assignee": assignee} if mine else {})
    count = session.bound(f"SELECT count(*) FROM segue_task t WHERE t.state = 'open'{mine}", values)[0][0]
    order = "t.due_at IS NULL, t.due_at, t.created_at, t.bucket, t.enrollment_id, t.ordinal"
    chosen = f"SELECT * FROM segue_task t WHERE t.state = 'open'{mine} ORDER BY {order} LIMIT :limit"
    rows = session.bound(
        f"SELECT t.bucket, t.enrollment_id, t.ordinal, t.contact_id, {NAME}, {COMPANY}, d.kind || ' ' || d.name,"
        f" t.kind, t.title, t.assignee, t.priority, t.created_at, t.due_at, t.note FROM ({chosen}) t"
        " JOIN segue_definition d ON d.id = t.definition_id"
        f" LEFT JOIN contact p ON p.bucket = t.bucket AND p.id = t.contact_id ORDER BY {order}",
        values,
    )
    return count, [Task(f"{bucket}.{enrollment}.{ordinal}", *rest) for bucket, enrollment, ordinal, *rest in rows]
