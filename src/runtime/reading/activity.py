"""What people did by hand, the newest first: the rows of `audit`, as a list ends or as a screen scrolls through it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import orjson

from ..access.audit import Detail
from ..store.session import Session
from .paging import Key


@dataclass(frozen=True, slots=True)
class Act:
    """One row of the log, as it was written; `at` is the store's clock (µs)."""

    id: int
    at: int
    by_user: str
    role: str
    act: str
    refused: bool
    object: str | None
    record_id: int | None
    name: str | None
    detail: Detail

    @property
    def of(self) -> str:
        """The record it was about, "" where it was about none."""
        return f"{self.object} #{self.record_id}" if self.record_id else self.object or ""

    @property
    def words(self) -> str:
        """What else was said of it."""
        return ", ".join(f"{key}: {value}" for key, value in self.detail.items() if value is not None)


def count_acts(session: Session, by: str | None = None, since: int | None = None) -> int:
    """`by`: only what one user did; `since`: from that instant on."""
    where, values = _chosen(by, since)
    return int(session.bound(f"SELECT count(*) FROM segue_audit a WHERE {where}", values)[0][0])


def page_of_acts(
    session: Session,
    by: str | None = None,
    limit: int = 50,
    offset: int = 0,
    after: Key | None = None,
    back: bool = False,
    since: int | None = None,
) -> list[Act]:
    """`limit` rows below the one of that key, with `back` above it."""
    where, values = _chosen(by, since)
    values |= {"limit": limit, "offset": offset}
    if after is not None:
        where += f" AND a.id {'>' if back else '<'} :after"
        values["after"] = after[0]
    rows = session.bound(
        "SELECT a.id, a.at, a.by_user, a.role, a.act, a.refused, a.object, a.record_id, a.name, a.detail"
        f" FROM segue_audit a WHERE {where} ORDER BY a.id{'' if back else ' DESC'} LIMIT :limit OFFSET :offset",
        values,
    )
    return [_act(*row) for row in rows]


def _chosen(by: str | None, since: int | None) -> tuple[str, dict[str, object]]:
    tests = ["a.by_user = :by"] if by is not None else []
    tests += ["a.at >= :since"] if since is not None else []
    return " AND ".join(tests) or "TRUE", {"by": by, "since": since}


def _act(*row: Any) -> Act:
    id_, at, by_user, role, act, refused, of, record, name, detail = row
    return Act(id_, at, by_user, role, act, bool(refused), of, record, name, orjson.loads(detail))
