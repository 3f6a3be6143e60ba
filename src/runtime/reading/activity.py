"""What people did by hand, a page at a time, the newest first: the log of `audit`, as a screen scrolls through it."""

from __future__ import annotations

from dataclasses import dataclass

import orjson

from ..store.session import Session
from .paging import Key


@dataclass(frozen=True, slots=True)
class Doing:
    """One row of the log; `detail` is what else was said of the act, in words."""

    id: int
    at: int
    by_user: str
    role: str
    act: str
    refused: bool
    object: str | None
    record_id: int | None
    name: str | None
    detail: str


def count_doings(session: Session, by: str | None = None) -> int:
    """`by`: only what one user did."""
    return int(session.bound(f"SELECT count(*) FROM segue_audit a WHERE {_of(by)}", {"by": by})[0][0])


def page_of_doings(
    session: Session,
    by: str | None = None,
    limit: int = 50,
    offset: int = 0,
    after: Key | None = None,
    back: bool = False,
) -> list[Doing]:
    """`limit` rows below the one of that key, with `back` above it."""
    values: dict[str, object] = {"by": by, "limit": limit, "offset": offset}
    beyond = ""
    if after is not None:
        values["after"] = after[0]
        beyond = f" AND a.id {'>' if back else '<'} :after"
    rows = session.bound(
        "SELECT a.id, a.at, a.by_user, a.role, a.act, a.refused, a.object, a.record_id, a.name, a.detail"
        f" FROM segue_audit a WHERE {_of(by)}{beyond} ORDER BY a.id{'' if back else ' DESC'}"
        " LIMIT :limit OFFSET :offset",
        values,
    )
    return [
        Doing(id_, at, who, role, act, bool(refused), of, record, name, _words(detail))
        for id_, at, who, role, act, refused, of, record, name, detail in rows
    ]


def _of(by: str | None) -> str:
    return "TRUE" if by is None else "a.by_user = :by"


def _words(detail: str) -> str:
    return ", ".join(f"{key}: {value}" for key, value in orjson.loads(detail).items() if value is not None)
