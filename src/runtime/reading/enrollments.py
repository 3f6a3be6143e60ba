"""The table of enrollments, a page at a time (S45). Pages are cut in SQL: the table may have millions of rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

from .. import reasons
from ..errors import InvalidInput
from ..metrics.people import COMPANY, NAME
from ..store.session import Row, Session, placeholders

# What a table may be sorted by. Each is an index or short enough to sort; the id makes the order total.
ORDERS = {
    "enrolled": "t.enrolled_at DESC, t.id",
    "-enrolled": "t.enrolled_at, t.id",
    "last_step": "coalesce(t.last_step_at, 0) DESC, t.id",
    "-last_step": "coalesce(t.last_step_at, 0), t.id",
}


class EnrollmentKey(NamedTuple):
    bucket: int
    id: int


@dataclass(frozen=True, slots=True)
class Choice:
    """Which enrollments: of one definition (all where `definition` is empty), in certain statuses (all where empty)."""

    definition: str = ""
    kind: str = "sequence"
    statuses: tuple[str, ...] = ()
    order: str = "enrolled"


@dataclass(frozen=True, slots=True)
class EnrollmentLine:
    """One row of S45. `detail` says more on the status: the reason in words, and what the
    engine noted with it."""

    key: EnrollmentKey
    definition: str
    contact_id: int
    contact: str
    company: str | None
    enrolled_at: int
    last_step: str | None
    last_step_at: int | None
    status: str
    detail: str


def page(session: Session, choice: Choice, limit: int = 50, offset: int = 0) -> list[EnrollmentLine]:
    """`limit` rows from `offset` on; one statement. Names and companies are looked up for those rows alone.

    Raises InvalidInput for an order that is none of `ORDERS`."""
    if choice.order not in ORDERS:
        raise InvalidInput(f"enrollments cannot be sorted by `{choice.order}`", f"one of {', '.join(ORDERS)}")
    values: dict[str, object] = {"limit": limit, "offset": offset}
    order = ORDERS[choice.order]
    chosen = f"SELECT * FROM segue_enrollment t WHERE {_where(choice, values)} ORDER BY {order} LIMIT :limit"
    sql = (
        f"SELECT t.bucket, t.id, d.name, t.contact_id, {NAME}, {COMPANY}, t.enrolled_at, t.last_step, t.last_step_at, "
        f"t.status, t.reason, t.detail FROM ({chosen} OFFSET :offset) t "
        f"JOIN segue_definition d ON d.id = t.definition_id "
        f"LEFT JOIN contact p ON p.bucket = t.bucket AND p.id = t.contact_id ORDER BY {order}"
    )
    return [_line(row) for row in session.bound(sql, values)]


def count(session: Session, choice: Choice) -> int:
    values: dict[str, object] = {}
    sql = f"SELECT count(*) FROM segue_enrollment t WHERE {_where(choice, values)}"
    return int(session.bound(sql, values)[0][0])


def _where(choice: Choice, values: dict[str, object]) -> str:
    values["kind"] = choice.kind
    of_these = "SELECT d.id FROM segue_definition d WHERE d.kind = :kind"
    if choice.definition:
        values["definition"] = choice.definition
        of_these += " AND d.name = :definition"
    parts = [f"t.definition_id IN ({of_these})"]
    if choice.statuses:
        parts.append(f"t.status IN ({placeholders('s', choice.statuses, values)})")
    return " AND ".join(parts)


def _line(row: Row) -> EnrollmentLine:
    bucket, id_, *facts, reason, detail = row
    more: list[Any] = [*facts, reasons.stands(reason, detail)]
    return EnrollmentLine(EnrollmentKey(bucket, id_), *more)
