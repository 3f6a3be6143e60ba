"""Who a conversation is with: the playbook by name, the record, and the person on the line (P1, X20)."""

from __future__ import annotations

from dataclasses import dataclass

from dsl.diagnostics.suggest import of_those_declared
from dsl.program.conversations import PERSON, Conversation

from ..errors import InvalidInput, UnknownName
from ..metrics.people import NAME
from ..operators import arguments
from ..project.loading import Loaded
from ..project.scopes import scope_of
from ..store import inbox
from ..store.ids import bucket_of
from ..store.names import link_table, quoted
from ..store.session import Session
from .questions import Sitting
from .typed import Reader


@dataclass(frozen=True, slots=True)
class Person:
    """A contact that a record is linked to."""

    id: int
    name: str


def named(loaded: Loaded, kind: str, name: str) -> Conversation:
    """The playbook, form or survey of that name. Raises UnknownName, InvalidInput (it is left out)."""
    found = loaded.program.conversations.get((kind, name))
    if found is not None:
        return found
    for left_out in loaded.left_out:
        if (left_out.kind, left_out.name) == (kind, name):
            raise InvalidInput(left_out.words)
    known = loaded.program.talks(kind)
    raise UnknownName(f"there is no {kind} `{name}`", of_those_declared(kind, name, known))


def opened(session: Session, loaded: Loaded, talk: Conversation, record: str, contact: str | None = None) -> Sitting:
    """A playbook at a record, which is named by id, external id or e-mail address; `contact`: who is on the line.
    Without it the only one there is. Raises UnknownName, InvalidInput."""
    id_ = arguments.record(session, loaded.schema, talk.object, record)
    return sitting(session, loaded, talk, id_, _person(session, loaded, talk, id_, record, contact))


def sitting(session: Session, loaded: Loaded, talk: Conversation, record: int | None, person: int | None) -> Sitting:
    """The same where the ids are known already."""
    return Sitting(session, scope_of(session, loaded), talk, record, person, inbox.present(session))


def reader(session: Session, loaded: Loaded) -> Reader:
    """Reads answers as this account writes them; its users are those of segue.yaml and of imports."""
    imported = (str(row[0]) for row in session.run("SELECT name FROM segue_user"))
    return Reader.of(loaded.project, {*loaded.project.users, *imported})


def asks_who(talk: Conversation) -> bool:
    """Whether somebody has to say who of the record's contacts is on the line."""
    return talk.contact and talk.object != PERSON


def on_record(session: Session, of: str, record: int) -> list[Person]:
    """The contacts of a record, one of whom may be on the line, by name."""
    rows = session.run(
        f"SELECT t.contact_id, {NAME} FROM (SELECT l.to_bucket AS bucket, l.to_id AS contact_id FROM"
        f" {quoted(link_table(of, PERSON))} l WHERE l.bucket = :bucket AND l.id = :id) t JOIN contact p"
        " ON p.bucket = t.bucket AND p.id = t.contact_id ORDER BY 2, 1",
        bucket=bucket_of(record),
        id=record,
    )
    return [Person(int(id_), str(name)) for id_, name in rows]


def _person(
    session: Session, loaded: Loaded, talk: Conversation, record: int, written: str, contact: str | None
) -> int | None:
    if not talk.contact:
        if contact is not None and talk.object != PERSON:
            raise InvalidInput(
                f"the playbook `{talk.name}` has nobody on the line", "leave `--contact` out, or declare `with contact`"
            )
        return record if talk.object == PERSON else None
    people = on_record(session, talk.object, record)
    if contact is not None:
        id_ = arguments.record(session, loaded.schema, PERSON, contact)
        if id_ in {person.id for person in people}:
            return id_
        raise InvalidInput(f"`{contact}` is no contact of the {talk.object} `{written}`", _names(people))
    if len(people) == 1:
        return people[0].id
    if not people:
        raise InvalidInput(f"the {talk.object} `{written}` has no contact to talk to", "link one first")
    raise InvalidInput(f"who is on the line? The {talk.object} `{written}` has several contacts", _names(people))


def _names(people: list[Person]) -> str:
    some = [f"{person.name} (#{person.id})" for person in people[:8]]
    more = f", and {len(people) - 8} more" if len(people) > 8 else ""
    return f"`--contact` names one of {', '.join(some)}{more}" if some else "it has none"
