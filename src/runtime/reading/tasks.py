"""Open tasks (X22): what people have to do, the most urgent first."""

from __future__ import annotations

from dataclasses import dataclass

from ..metrics.people import COMPANY, NAME
from ..store.session import Session


@dataclass(frozen=True, slots=True)
class TaskLine:
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


def open_tasks(session: Session, assignee: str | None = None, limit: int = 50, offset: int = 0) -> list[TaskLine]:
    """Of one assignee, or of everybody; by due instant, those without one last."""
    mine = " AND t.assignee = :assignee" if assignee is not None else ""
    order = "t.due_at IS NULL, t.due_at, t.created_at, t.enrollment_id, t.ordinal"
    chosen = f"SELECT * FROM segue_task t WHERE t.state = 'open'{mine} ORDER BY {order} LIMIT :limit OFFSET :offset"
    values = {"limit": limit, "offset": offset} | ({"assignee": assignee} if mine else {})
    rows = session.bound(
        f"SELECT t.contact_id, {NAME}, {COMPANY}, d.name, t.kind, t.title, t.assignee, t.priority, t.created_at, "
        f"t.due_at, t.note FROM ({chosen}) t JOIN segue_definition d ON d.id = t.definition_id "
        f"LEFT JOIN contact p ON p.bucket = t.bucket AND p.id = t.contact_id ORDER BY {order}",
        values,
    )
    return [TaskLine(*row) for row in rows]
