"""The table of enrollments, a page at a time (S45). Pages are cut in SQL: the table may have millions of rows."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from ..errors import InvalidInput
from ..metrics.filters import Filters, narrowing
from ..metrics.funnel import Place
from ..metrics.people import COMPANY, NAME
from ..store.session import Row, Session, placeholders
from ..store.tables import ENDED
from . import reasons
from .awaited import EnrollmentKey
from .paging import Key

# What a table may be sorted by, `-` for the oldest first. The key makes the order total. The index of a definition's
# enrollments by status and day holds them so, on PostgreSQL but for the key, which sorts those of one instant.
ORDERS = {"enrolled": "t.enrolled_at", "last_step": "coalesce(t.last_step_at, 0)"}
STATUSES = ("pending", "active", "waiting_task", "paused", *ENDED)


@dataclass(frozen=True, slots=True)
class Choice:
    """Which enrollments: of one definition (all where `definition` is empty), in certain statuses (all where empty), at
    certain `places`, the (version, block) of a step (M16; all where empty), and `among` those whom a report looks at:
    its definitions are not looked at again."""

    definition: str = ""
    kind: str = "sequence"
    statuses: tuple[str, ...] = ()
    order: str = "enrolled"
    places: tuple[Place, ...] = ()
    among: Filters = field(default_factory=Filters)


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
    object: str = "contact"  # of what its record is; `called` tells
    awaits: str = ""  # what was asked of it and waits for the next tick; `awaiting` tells


def page(
    session: Session, choice: Choice, limit: int = 50, offset: int = 0, after: Key | None = None, back: bool = False
) -> list[EnrollmentLine]:
    """`limit` rows beyond the one at `after` (see `place`), `offset` left out; with `back` from the end, backwards. One
    statement. Names and companies are looked up for those rows alone.

    Raises InvalidInput for an order that is none of `ORDERS`."""
    by = ORDERS.get(choice.order.removeprefix("-"))
    if by is None:
        raise InvalidInput(f"enrollments cannot be sorted by `{choice.order}`", f"one of {', '.join(ORDERS)}")
    down = choice.order.startswith("-") == back
    values: dict[str, object] = {"most": limit + offset, "limit": limit, "offset": offset}
    order = ", ".join(f"{column}{' DESC' if down else ''}" for column in (by, "t.bucket", "t.id"))
    beyond = ""
    if after is not None:
        values |= {f"after{i}": value for i, value in enumerate(after)}
        beyond = f" AND ({by}, t.bucket, t.id) {'<' if down else '>'} (:after0, :after1, :after2)"
    parts = [
        f"SELECT * FROM (SELECT * FROM segue_enrollment t WHERE {where}{beyond} ORDER BY {order} LIMIT :most) s{i}"
        for i, where in enumerate(_parts(choice, values))
    ]
    sql = (
        f"SELECT t.bucket, t.id, d.name, t.contact_id, {NAME}, {COMPANY}, t.enrolled_at, t.last_step, t.last_step_at, "
        f"t.status, t.reason, t.detail FROM (SELECT * FROM ({' UNION ALL '.join(parts)}) t ORDER BY {order} "
        f"LIMIT :limit OFFSET :offset) t JOIN segue_definition d ON d.id = t.definition_id "
        f"LEFT JOIN contact p ON p.bucket = t.bucket AND p.id = t.contact_id ORDER BY {order}"
    )
    return [_line(row) for row in session.bound(sql, values)]


def place(choice: Choice, line: EnrollmentLine) -> Key:
    """Where a row stands in the order of its table: what `page` goes on from."""
    by_step = choice.order.removeprefix("-") == "last_step"
    return (line.last_step_at or 0) if by_step else line.enrolled_at, line.key.bucket, line.key.id


def count(session: Session, choice: Choice) -> int:
    values: dict[str, object] = {}
    sql = f"SELECT count(*) FROM segue_enrollment t WHERE {_where(choice, values)}"
    return int(session.bound(sql, values)[0][0])


def by_status(session: Session, choice: Choice) -> dict[str, int]:
    """How many of them there are in each status that anybody has; `choice.statuses` is not looked at."""
    values: dict[str, object] = {}
    where = _where(replace(choice, statuses=()), values)
    rows = session.bound(f"SELECT t.status, count(*) FROM segue_enrollment t WHERE {where} GROUP BY t.status", values)
    return {status: int(n) for status, n in rows}


def _parts(choice: Choice, values: dict[str, object]) -> list[str]:
    """Conditions that together choose what `_where` does: of one definition one for each status, for its index holds
    those in their order. The people of a company are few beside it, and are looked up once."""
    if not choice.definition or choice.among.companies:
        return [_where(choice, values)]
    at = _narrowed(choice, values)
    values |= {"kind": choice.kind, "definition": choice.definition}
    its = "(SELECT d.id FROM segue_definition d WHERE d.kind = :kind AND d.name = :definition)"
    statuses = choice.statuses or STATUSES
    values |= {f"status{i}": status for i, status in enumerate(statuses)}
    return [f"t.definition_id = {its} AND t.status = :status{i}{at}" for i in range(len(statuses))]


def _where(choice: Choice, values: dict[str, object]) -> str:
    values["kind"] = choice.kind
    of_these = "SELECT d.id FROM segue_definition d WHERE d.kind = :kind"
    if choice.definition:
        values["definition"] = choice.definition
        of_these += " AND d.name = :definition"
    parts = [f"t.definition_id IN ({of_these})"]
    if choice.statuses:
        parts.append(f"t.status IN ({placeholders('status', choice.statuses, values)})")
    return " AND ".join(parts) + _narrowed(choice, values)


def _narrowed(choice: Choice, values: dict[str, object]) -> str:
    parts = list(narrowing(choice.among, values, "t"))
    if choice.places:
        values |= {f"v{i}": version for i, (version, _) in enumerate(choice.places)}
        values |= {f"b{i}": block for i, (_, block) in enumerate(choice.places)}
        places = ", ".join(f"(:v{i}, :b{i})" for i in range(len(choice.places)))
        parts.append(f"(t.version_id, t.block) IN (VALUES {places})")
    return "".join(f" AND {part}" for part in parts)


def _line(row: Row) -> EnrollmentLine:
    bucket, id_, *facts, reason, detail = row
    more: list[Any] = [*facts, reasons.stands(reason, detail)]
    return EnrollmentLine(EnrollmentKey(bucket, id_), *more)
