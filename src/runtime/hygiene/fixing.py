"""Fixes: what the rules would make of the records they find, and the same written, in one transaction.

The writes are rows of the inbox with the cause `hygiene NAME RUN`, which the next tick takes in; what each was is kept,
so that the run can be taken back. Left alone are a record of which something still waits in the inbox, and one that a
fix does not help: it is told once, and then it counts as looked at.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import orjson

from dsl.schema.model import Kind

from ..access.audit import About, permit, write
from ..access.roles import Actor
from ..project.loading import Loaded
from ..store import inbox
from ..store.ids import bucket_of
from ..store.names import folded
from ..store.session import Session
from ..store.values import Storage
from .reviewing import look_at
from .working import Change, Stuck, Work

TOLD = "the fix leaves it as it is"


@dataclass(slots=True)
class Fixed:
    """`run` names it for `--undo`; None where nothing was written. `changes` and `stuck` are the first of the `written`
    properties and of the `told` records; `waiting` records have something in the inbox and come again."""

    run: int | None = None
    changes: list[Change] = field(default_factory=list)
    stuck: list[Stuck] = field(default_factory=list)
    records: int = 0
    written: int = 0
    told: int = 0
    waiting: int = 0

    def note(self, changes: list[Change], stuck: list[Stuck], limit: int) -> None:
        self.records += len({change.id for change in changes})
        self.written += len(changes)
        self.told += len(stuck)
        self.changes += changes[: limit - len(self.changes)] if limit else changes
        self.stuck += stuck[: limit - len(self.stuck)] if limit else stuck


def preview(
    session: Session, loaded: Loaded, name: str, limit: int = 50, records: Sequence[int] | None = None
) -> Fixed:
    """What `fix` would do now; writes nothing. `limit`: how many changes it lists, 0 for all. Raises UnknownName."""
    return _gathered(Work(session, loaded, name, records), limit)


def fix(
    session: Session, loaded: Loaded, name: str, who: Actor, limit: int = 50, records: Sequence[int] | None = None
) -> Fixed:
    """Ask for every fix of one hygiene, or of one rule of it (`names.2`); `records`: of these alone. Raises
    UnknownName, NotAllowed."""
    work = Work(session, loaded, name, records)
    about = About(work.hygiene.object, name=f"hygiene {name}", detail={"did": "fix"})
    permit(session, who, "hygiene", about)
    with session.transaction():
        run = next_run(session)
        found = Fixed()
        for changes, stuck in work.pages():
            found.note(changes, stuck, limit)
            _write(session, work, run, changes, who)
            for one in stuck:
                look_at(work.findings, work.rules[one.rule], [one.id], who, TOLD)
        found.waiting = work.waiting
        found.run = run if found.written else None
        write(session, who, "hygiene", replace(about, detail={"did": "fix", "run": found.run, "values": found.written}))
    return found


def _gathered(work: Work, limit: int) -> Fixed:
    found = Fixed()
    for changes, stuck in work.pages():
        found.note(changes, stuck, limit)
    found.waiting = work.waiting
    return found


def next_run(session: Session) -> int:
    """In the transaction of the run, which others wait for."""
    if session.dialect == "postgresql":
        session.run("LOCK TABLE segue_repair IN EXCLUSIVE MODE")
    return int(session.one("SELECT coalesce(max(run), 0) + 1 FROM segue_repair"))


def _write(session: Session, work: Work, run: int, changes: list[Change], who: Actor) -> None:
    hygiene, kinds = work.hygiene, work.kinds
    cause = f"hygiene {hygiene.name} {run}"
    at = work.findings.now
    inbox.put(session, (set_row(one, kinds[one.property], one.new, at, cause) for one in changes))
    session.many(_REPAIR, [_repair(one, _by(work, one), run, at, who) for one in changes])


def _by(work: Work, change: Change) -> str:
    """The hygiene, and the marks of the rules that made the change."""
    return " ".join([work.hygiene.name, *(work.rules[name].mark for name in change.rules)])


def set_row(one: Change, kind: Kind, value: Storage, at: int, cause: str) -> inbox.InboxRow:
    """The property takes `value`; the history keeps the cause, with what makes the row one of its own."""
    payload: dict[str, Storage] = {"v": value}
    if kind is Kind.TEXT:
        payload["n"] = None if value is None else folded(str(value))
    key = f"{cause}/{one.id}.{one.property}"
    return inbox.row("set", one.object, one.id, one.property, payload, at=at, rank=inbox.now(), key=key)


def _repair(one: Change, hygiene: str, run: int, at: int, who: Actor) -> dict[str, object]:
    return {
        "bucket": bucket_of(one.id), "run": run, "object": one.object, "id": one.id, "property": one.property,
        "hygiene": hygiene, "old": as_json(one.old), "new": as_json(one.new), "at": at, "by_user": who.name,
    }  # fmt: skip


def as_json(value: Storage) -> str:
    return orjson.dumps(value).decode()


_COLUMNS = ("bucket", "run", "object", "id", "property", "hygiene", "old", "new", "at", "by_user")
_REPAIR = f"INSERT INTO segue_repair ({', '.join(_COLUMNS)}) VALUES ({', '.join(f':{name}' for name in _COLUMNS)})"
