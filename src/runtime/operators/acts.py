"""What people ask for by hand on the command line: to enroll somebody, to delete somebody, to mark a task. Rows of the
inbox, as everything from outside; the next tick obeys them. What the role of who acts does not allow raises
NotAllowed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from dsl.schema.model import Schema

from ..access.audit import About, acting
from ..access.roles import Actor, actor, at_the_machine
from ..errors import InvalidInput, UnknownName
from ..project.loading import Loaded
from ..store import inbox
from ..store.ids import bucket_of, step_in
from ..store.session import Session
from ..store.values import Storage
from . import arguments
from .twice import asked_before

Payload = dict[str, Storage]


@dataclass(frozen=True, slots=True)
class AskedToEnroll:
    """`records` are the ids found for what was written, in its order."""

    definition: str
    by: str
    at: int
    records: tuple[int, ...]


def enroll(
    session: Session, loaded: Loaded, records: Sequence[str], name: str, by: str | None, start: str | None = None
) -> AskedToEnroll:
    """Ask for all of them, or for none where one is unknown, in the name of the user `by`, or of who sits at the
    machine; a rep may with sequences. `start`: when they are to begin (S9), at once without it; who may enter is judged
    then. Raises UnknownName, InvalidInput."""
    kind, name = arguments.definition(loaded.program, name)
    of = loaded.program.definitions[(kind, name)].pinned.object
    user = _enroller(session, loaded, by)
    found = [arguments.record(session, loaded.schema, of, text) for text in records]
    present, order = inbox.present(session), inbox.now()
    at = arguments.ahead(start, loaded.zone, present) if start is not None else present
    about = About(of, tuple(dict.fromkeys(found)), f"{kind} {name}")
    with acting(session, actor(loaded.project, user), "enroll", about, own=kind == "sequence"):
        inbox.put(session, (_enroll_row(of, id_, f"{kind} {name}", user, at, order) for id_ in about.records))
    return AskedToEnroll(f"{kind} {name}", user, at, tuple(found))


def _enroller(session: Session, loaded: Loaded, by: str | None) -> str:
    """They become the sender and get the tasks, so they have to be a user (X21)."""
    try:
        return arguments.user(session, loaded.project.users, by or at_the_machine())
    except UnknownName as unknown:
        if by is not None:
            raise
        raise UnknownName(unknown.message, "say with `--as USER` who enrolls them: they get the tasks") from None


def _enroll_row(of: str, id_: int, name: str, by: str, at: int, order: int) -> inbox.InboxRow:
    """A key of its own, as a bucket has many contacts: to be asked again later is another wish."""
    payload: Payload = {"by": by, "hand": True}
    return inbox.row("enroll", of, id_, name, payload, at=at, rank=order, key=f"enroll:{id_}:{name}:{order}")


@dataclass(frozen=True, slots=True)
class AskedToDelete:
    """`records` are the ids found, `inside` how many enrollments of theirs go on until the next tick; `unknown` those
    of a list that are not there."""

    object: str
    at: int
    records: tuple[int, ...]
    inside: int
    unknown: tuple[str, ...] = ()


def delete(
    session: Session, schema: Schema, of: str, records: Sequence[str], who: Actor, ask: bool = True
) -> AskedToDelete:
    """Ask for all of them to be deleted, or for none where one is unknown; without `ask` only look. They leave
    everything, and nothing names them any more (X9, M24). Raises UnknownName."""
    return _delete(session, of, [arguments.record(session, schema, of, text) for text in records], (), who, ask)


def delete_listed(
    session: Session, schema: Schema, of: str, lines: Iterable[str], who: Actor, ask: bool = True
) -> AskedToDelete:
    """The same for a list, a record a line; empty lines and those of `#` are none. Who is not there (any more) stops
    nobody: a list may be given twice."""
    arguments.known("object", of, schema.objects)
    listed = [text for line in lines if (text := line.strip()) and not text.startswith("# ")]
    ids = {text: arguments.record_if_any(session, schema, of, text) for text in listed}
    unknown = tuple(text for text, id_ in ids.items() if id_ is None)
    return _delete(session, of, [id_ for id_ in ids.values() if id_ is not None], unknown, who, ask)


def _delete(
    session: Session, of: str, ids: Iterable[int], unknown: tuple[str, ...], who: Actor, ask: bool
) -> AskedToDelete:
    found = tuple(dict.fromkeys(ids))
    at = inbox.present(session)
    inside = sum(
        session.one(
            "SELECT count(*) FROM segue_enrollment WHERE bucket = :bucket AND contact_id = :id AND ended_at IS NULL",
            bucket=bucket_of(id_),
            id=id_,
        )
        for id_ in found
    )
    if ask:
        with acting(session, who, "delete", About(of, found)):
            inbox.put(session, [inbox.delete_row(of, id_, at=at) for id_ in found])
    return AskedToDelete(of, at, found, inside, unknown)


def settle_tasks(session: Session, marks: Sequence[tuple[str, str]], who: Actor) -> list[str]:
    """Ask for tasks to be `done` or `skipped`, (id, state) each: all of them or, where one cannot be, none. Their
    titles. A rep marks their own and those of nobody. Raises InvalidInput, UnknownName."""
    if twice := [id_ for id_, n in Counter(id_ for id_, _ in marks).items() if n > 1]:
        raise InvalidInput(f"the task `{twice[0]}` is named twice", "a task is done or skipped, once")
    found = [_marked(session, id_) for id_, _ in marks]
    about = About(
        "contact", [task.contact for task in found], detail={"state": ", ".join(sorted({s for _, s in marks}))}
    )
    with acting(session, who, "task", about, own=all(task.assignee in (None, who.name) for task in found)):
        asked = inbox.asked_already(session, "task", [task.bucket for task in found])
        wanted = [
            (task, state)
            for (id_, state), task in zip(marks, found, strict=True)
            if not asked_before(f"the task `{id_}`", state, who, asked.get((task.bucket, task.key)))
        ]
        for id_, _ in marks:
            _marked(session, id_)  # a tick may have taken in what somebody asked for
        inbox.put(session, [_mark(session, task, state, who) for task, state in wanted])
    return [task.title for task in found]


@dataclass(frozen=True, slots=True)
class _Marked:
    """An open task."""

    bucket: int
    enrollment: int
    ordinal: int
    title: str
    contact: int
    of: str
    assignee: str | None

    @property
    def key(self) -> str:
        return f"task:{self.enrollment}.{self.ordinal}"


def _mark(session: Session, task: _Marked, state: str, who: Actor) -> inbox.InboxRow:
    payload: Payload = {"enrollment": task.enrollment, "ordinal": task.ordinal, "state": state, "by": who.name}
    return inbox.row(
        "task", "contact", task.contact, task.of, payload,
        at=inbox.present(session), rank=inbox.now(), key=task.key,
    )  # fmt: skip


def _marked(session: Session, id_: str) -> _Marked:
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
    return _Marked(bucket, enrollment, ordinal, str(title), contact, f"{kind} {name}", assignee)
