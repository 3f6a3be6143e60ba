"""What people do with open tasks: done, skipped, given to a colleague (X22). Rows of the inbox; the next tick obeys."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ..access.audit import About, Detail, acting
from ..access.roles import Actor
from ..errors import InvalidInput, UnknownName
from ..project.loading import Settings
from ..store import inbox
from ..store.ids import step_in
from ..store.session import Session
from ..store.values import Storage
from . import arguments
from .twice import asked_before

Payload = dict[str, Storage]


@dataclass(frozen=True, slots=True)
class _Open:
    """An open task; `of` is its definition."""

    id: str
    bucket: int
    enrollment: int
    ordinal: int
    title: str
    contact: int
    of: str
    assignee: str | None

    def key(self, kind: str) -> str:
        return f"{kind}:{self.enrollment}.{self.ordinal}"


def settle_tasks(session: Session, marks: Sequence[tuple[str, str]], who: Actor) -> list[str]:
    """Ask for tasks to be `done` or `skipped`, (id, state) each: all of them or, where one cannot be, none. Their
    titles. A rep marks their own and those of nobody. Raises InvalidInput, UnknownName, NotAllowed."""
    found = _named_once(session, [id_ for id_, _ in marks], "a task is done or skipped, once")
    about = _about(found, {"state": ", ".join(sorted({s for _, s in marks}))})
    with acting(session, who, "task", about, own=_own(found, who)):
        asked = inbox.asked_already(session, "task", [task.bucket for task in found])
        wanted = [
            (task, state)
            for (id_, state), task in zip(marks, found, strict=True)
            if not asked_before(f"the task `{id_}`", state, who, asked.get((task.bucket, task.key("task"))))
        ]
        _still_open(session, found)
        inbox.put(session, [_row(session, "task", task, {"state": state}, who) for task, state in wanted])
    return [task.title for task in found]


def assign_tasks(
    session: Session,
    settings: Settings,
    ids: Sequence[str],
    to: str,
    who: Actor,
    seen: Mapping[str, str | None] | None = None,
) -> list[str]:
    """Ask for tasks to be a colleague's or, where one cannot be, for none: it is done by now, somebody asked for that
    or for somebody else, or it belongs to another than in `seen` (by id). Their titles. A rep gives away their own and
    takes those of nobody. Raises InvalidInput, UnknownName, NotAllowed."""
    found = _named_once(session, ids, "a task is one person's")
    user = arguments.colleague(session, settings.project.users, to)
    with acting(session, who, "assign", _about(found, {"to": user}), own=_own(found, who)):
        buckets = [task.bucket for task in found]
        marked = inbox.asked_already(session, "task", buckets)
        given = inbox.asked_already(session, "assign", buckets)
        wanted = []
        for task in _still_open(session, found):
            asked_before(f"the task `{task.id}`", "open", who, marked.get((task.bucket, task.key("task"))))
            if seen is not None and task.assignee != seen.get(task.id, task.assignee):
                raise InvalidInput(f"the task `{task.id}` was given away meanwhile: {_whose(task)}", "look again")
            if not _given(task, user, who, given.get((task.bucket, task.key("assign")))):
                wanted.append(task)
        inbox.put(session, [_row(session, "assign", task, {"to": user}, who) for task in wanted])
    return [task.title for task in found]


def _given(task: _Open, to: str, who: Actor, first: Mapping[str, Storage] | None) -> bool:
    """Whether there is nothing to ask for any more. Raises InvalidInput where it is theirs, or will be another's."""
    if first is None:
        if task.assignee == to:
            raise InvalidInput(f"the task `{task.id}` is {to}'s already")
        return False
    if (first["to"], first["by"]) == (to, who.name):
        return True
    raise InvalidInput(
        f"{first['by']} asked for the task `{task.id}` to be {first['to']}'s already", "the next tick takes that in"
    )


def _whose(task: _Open) -> str:
    return f"{task.assignee} has it" if task.assignee else "nobody has it"


def _own(found: Sequence[_Open], who: Actor) -> bool:
    return all(task.assignee in (None, who.name) for task in found)


def _about(found: Sequence[_Open], detail: Detail) -> About:
    return About("contact", [task.contact for task in found], detail=detail)


def _row(session: Session, kind: str, task: _Open, more: Payload, who: Actor) -> inbox.InboxRow:
    payload: Payload = {"enrollment": task.enrollment, "ordinal": task.ordinal, **more, "by": who.name}
    at = inbox.present(session)
    return inbox.row(kind, "contact", task.contact, task.of, payload, at=at, rank=inbox.now(), key=task.key(kind))


def _named_once(session: Session, ids: Sequence[str], hint: str) -> list[_Open]:
    if twice := [id_ for id_, n in Counter(ids).items() if n > 1]:
        raise InvalidInput(f"the task `{twice[0]}` is named twice", hint)
    return [_open(session, id_) for id_ in ids]


def _still_open(session: Session, found: Sequence[_Open]) -> list[_Open]:
    """As they are now: a tick may have taken in what somebody asked for."""
    return [_open(session, task.id) for task in found]


def _open(session: Session, id_: str) -> _Open:
    """Raises InvalidInput, UnknownName: where it is no open task."""
    step = step_in(id_)
    if step is None or id_.count(".") != 2:
        raise InvalidInput(f"`{id_}` is no task", "`segue tasks` shows their ids, such as `121.2.5`")
    bucket, enrollment, ordinal = step
    rows = session.run(
        "SELECT k.title, k.state, k.contact_id, d.kind, d.name, k.assignee FROM segue_task k JOIN segue_definition d"
        " ON d.id = k.definition_id WHERE k.bucket = :bucket AND k.enrollment_id = :enrollment"
        " AND k.ordinal = :ordinal",
        bucket=bucket, enrollment=enrollment, ordinal=ordinal,
    )  # fmt: skip
    if not rows:
        raise UnknownName(f"there is no task `{id_}`", "`segue tasks` lists the open ones")
    title, now, contact, kind, name, assignee = rows[0]
    if now != "open":
        raise InvalidInput(f"the task `{id_}` is {now} already")
    return _Open(id_, bucket, enrollment, ordinal, str(title), contact, f"{kind} {name}", assignee)
