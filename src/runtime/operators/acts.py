"""What people ask for by hand on the command line: to enroll somebody, to delete somebody. Rows of the
inbox, as everything from outside; the next tick obeys them. What the role of who acts does not allow raises
NotAllowed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from dsl.schema.model import Schema

from ..access.audit import About, acting
from ..access.roles import Actor, actor, at_the_machine
from ..errors import UnknownName
from ..project.loading import Loaded
from ..store import inbox
from ..store.ids import bucket_of
from ..store.session import Session
from ..store.values import Storage
from . import arguments

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
