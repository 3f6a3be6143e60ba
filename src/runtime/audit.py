"""What people did by hand: one row for each record an act is about, or one for an act about none, in the transaction of
the act itself. What a role did not allow is kept too. Nothing changes these rows but the deletion of a record (X9)."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import orjson

from . import roles
from .roles import Actor
from .store import inbox
from .store.session import Session

Detail = Mapping[str, str | int | float | bool | None]
_AT_ONCE = 2_000
_FOR_EVER = 1 << 62


@dataclass(frozen=True, slots=True)
class About:
    """What an act is about: the records of one object, the name of a definition, playbook, pipeline or file."""

    object: str | None = None
    records: Sequence[int] = ()
    name: str | None = None
    detail: Detail | None = None


NOTHING = About()


@contextmanager
def acting(session: Session, who: Actor, act: str, about: About = NOTHING, own: bool = True) -> Iterator[None]:
    """A transaction in which one act of a person is done and written down. `own`: whether all it is about is theirs.

    Raises NotAllowed, after that was written down, where their role does not allow it."""
    permit(session, who, act, about, own)
    with session.transaction():
        write(session, who, act, about)
        yield


def permit(session: Session, who: Actor, act: str, about: About = NOTHING, own: bool = True) -> None:
    """For acts that are not one transaction: only the question. Raises NotAllowed."""
    if not roles.allowed(who.role, act, own):
        with session.transaction():
            write(session, who, act, about, refused=True)
        raise roles.refusal(who, act, own)


def write(session: Session, who: Actor, act: str, about: About = NOTHING, refused: bool = False) -> None:
    """The rows, in the caller's transaction. Their ids follow the machine's clock, `at` is the store's."""
    first, at = time.time_ns(), inbox.present(session)
    same = {
        "at": at, "by_user": who.name, "role": who.role, "act": act, "refused": int(refused), "object": about.object,
        "name": about.name, "detail": orjson.dumps(dict(about.detail or {})).decode(),
    }  # fmt: skip
    records: Sequence[int | None] = about.records or (None,)
    for start in range(0, len(records), _AT_ONCE):
        some = enumerate(records[start : start + _AT_ONCE], first + start)
        session.many(_WRITE, [same | {"id": id_, "record_id": record} for id_, record in some])


@dataclass(frozen=True, slots=True)
class Line:
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


def log(
    session: Session, by: str | None = None, since: int | None = None, limit: int = 50, before: int | None = None
) -> tuple[int, list[Line]]:
    """How many rows fit, and the newest of them. `before`: the id of the last row of the page above."""
    values: dict[str, object] = {"by": by, "since": since, "before": before, "limit": limit or _FOR_EVER}
    tests = ["a.at >= :since"] if since is not None else []
    tests += ["a.by_user = :by"] if by is not None else []
    count = session.bound(f"SELECT count(*) FROM segue_audit a WHERE {_all(tests)}", values)[0][0]
    below = [*tests, "a.id < :before"] if before is not None else tests
    rows = session.bound(
        "SELECT a.id, a.at, a.by_user, a.role, a.act, a.refused, a.object, a.record_id, a.name, a.detail"
        f" FROM segue_audit a WHERE {_all(below)} ORDER BY a.id DESC LIMIT :limit",
        values,
    )
    return int(count), [_line(*row) for row in rows]


def _line(*row: Any) -> Line:
    id_, at, by_user, role, act, refused, of, record, name, detail = row
    return Line(id_, at, by_user, role, act, bool(refused), of, record, name, orjson.loads(detail))


def _all(tests: Sequence[str]) -> str:
    return " AND ".join(tests) or "TRUE"


_COLUMNS = ("id", "at", "by_user", "role", "act", "refused", "object", "record_id", "name", "detail")
_WRITE = f"INSERT INTO segue_audit ({', '.join(_COLUMNS)}) VALUES ({', '.join(f':{name}' for name in _COLUMNS)})"
