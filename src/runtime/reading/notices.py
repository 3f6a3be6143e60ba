"""What rules told people (`notify`), the newest first."""

from __future__ import annotations

from dataclasses import dataclass

from ..metrics.people import NAME
from ..store.session import FOR_EVER, Session
from .paging import Key
from .tasks import NOBODY


@dataclass(frozen=True, slots=True)
class Notice:
    """`id` is BUCKET.ENROLLMENT.ORDINAL. `user` None: the rule named nobody. `contact` is the record it is about, and
    `object` what that is; `called` tells its name where it is no contact."""

    id: str
    at: int
    user: str | None
    words: str
    definition: str
    contact_id: int
    contact: str
    object: str = "contact"


def notices(session: Session, user: str | None = None, limit: int = 50) -> tuple[int, list[Notice]]:
    """How many one user, nobody (NOBODY) or everybody (None) was told, and the last of them; 0: all of them."""
    return count_notices(session, user), page_of_notices(session, user, limit or FOR_EVER)


def count_notices(session: Session, user: str | None = None) -> int:
    sql = f"SELECT count(*) FROM segue_notification n WHERE {_told(user)}"
    return int(session.bound(sql, {"user": user})[0][0])


def page_of_notices(
    session: Session,
    user: str | None = None,
    limit: int = 50,
    offset: int = 0,
    after: Key | None = None,
    back: bool = False,
) -> list[Notice]:
    """`limit` of them beyond the one at `after` (see `place_of_notice`), the newest first."""
    values: dict[str, object] = {"user": user, "limit": limit, "offset": offset}
    values |= {f"after{i}": value for i, value in enumerate(after or ())}
    marks = ", ".join(f":after{i}" for i in range(len(_ORDER)))
    beyond = f" AND ({', '.join(_ORDER)}) {'>' if back else '<'} ({marks})" if after is not None else ""
    order = ", ".join(f"{column}{'' if back else ' DESC'}" for column in _ORDER)
    held = f"{_told(user)}{beyond}"
    chosen = f"SELECT * FROM segue_notification n WHERE {held} ORDER BY {order} LIMIT :limit OFFSET :offset"
    rows = session.bound(
        "SELECT n.bucket, n.enrollment_id, n.ordinal, n.at, n.recipient, n.words, d.kind || ' ' || d.name,"
        f" n.contact_id, {NAME} FROM ({chosen}) n"
        " JOIN segue_enrollment t ON t.bucket = n.bucket AND t.id = n.enrollment_id"
        " JOIN segue_definition d ON d.id = t.definition_id"
        f" LEFT JOIN contact p ON p.bucket = n.bucket AND p.id = n.contact_id ORDER BY {order}",
        values,
    )
    return [Notice(f"{bucket}.{enrollment}.{ordinal}", *rest) for bucket, enrollment, ordinal, *rest in rows]


def place_of_notice(notice: Notice) -> Key:
    """Where it stands in the order of the list."""
    return notice.at, *map(int, notice.id.split("."))


_ORDER = ("n.at", "n.bucket", "n.enrollment_id", "n.ordinal")


def _told(user: str | None) -> str:
    return {None: "TRUE", NOBODY: "n.recipient IS NULL"}.get(user, "n.recipient = :user")
