"""What people did by hand: one row for each record an act is about, or one for an act about none, in the transaction of
the act itself. What a role did not allow is kept too. Nothing changes these rows but the deletion of a record (X9)."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import orjson

from ..store import inbox
from ..store.session import Session
from . import roles
from .roles import Actor

Detail = Mapping[str, str | int | float | bool | None]
_AT_ONCE = 2_000


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


_COLUMNS = ("id", "at", "by_user", "role", "act", "refused", "object", "record_id", "name", "detail")
_WRITE = f"INSERT INTO segue_audit ({', '.join(_COLUMNS)}) VALUES ({', '.join(f':{name}' for name in _COLUMNS)})"
