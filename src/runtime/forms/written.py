"""What the answers of a form or survey write (X27): on the contact what was said; on an associated record only what is
empty there. Another company is created and linked, never renamed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dsl.program.conversations import PERSON
from dsl.schema.model import Association, Schema

from ..store import inbox
from ..store.ids import bucket_of, record_id
from ..store.names import folded, folded_column, quoted
from ..store.session import Session
from ..store.values import Storage, stored_pair
from ..talks.questions import Sitting, asks
from ..talks.saving import Written
from .waiting import external_id, present, tied

_NAME = "name"  # the property that says which company, .. is meant
Path = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Linked:
    """The record that a contact is tied to from now on. `new`: it is made for that."""

    object: str
    id: int
    association: str
    name: str
    new: bool


@dataclass(frozen=True, slots=True)
class Effects:
    """`written` goes to properties, by `save`; `rows` make and tie records; `kept` are names of answers that the talk
    alone keeps: the record has such a value already, or there is no record for it."""

    written: tuple[Written, ...]
    linked: tuple[Linked, ...]
    rows: tuple[inbox.InboxRow, ...]
    kept: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Said:
    """What was answered for one record: by property (name of the answer, value)."""

    object: str
    values: Mapping[str, tuple[str, Storage]]


def effects(sitting: Sitting, answers: Mapping[str, Storage], cause: str) -> Effects:
    """Of checked answers. `cause` begins the keys of the rows, and no other talk has it."""
    written: list[Written] = []
    linked: list[Linked] = []
    rows: list[inbox.InboxRow] = []
    kept: list[str] = []
    for path, said in _by_path(sitting, answers).items():
        if not path:
            written += _own(sitting, said)
            continue
        end = _end(sitting, path)
        if len(path) == 1 and _is_another(sitting, said, end):
            tie = sitting.scope.schema.objects[PERSON].associations[path[0]]
            to = _tied(sitting, tie, str(said.values[_NAME][1]))
            linked.append(to)
            rows += _ties(sitting, to, said, cause)
            if to.new:
                continue
            end = to.id
        filled, left = _into_empty(sitting, said, end)
        written += filled
        kept += left
    return Effects(tuple(written), tuple(linked), tuple(rows), tuple(kept))


def _by_path(sitting: Sitting, answers: Mapping[str, Storage]) -> dict[Path, _Said]:
    """Of two answers for one property the later one counts."""
    found: dict[Path, tuple[str, dict[str, tuple[str, Storage]]]] = {}
    for name, ask in asks(sitting.talk).items():
        if ask.target is not None and name in answers:
            _, values = found.setdefault(ask.target.path, (ask.target.object, {}))
            values[ask.target.property] = name, answers[name]
    return {path: _Said(of, values) for path, (of, values) in found.items()}


def _own(sitting: Sitting, said: _Said) -> list[Written]:
    """All of it, but an address that differs in nothing that counts."""
    values = {name: value for name, (_, value) in said.values.items()}
    if "email" in values:
        assert sitting.record is not None
        there = _present(sitting, PERSON, sitting.record, ["email"]).get("email")
        if there is not None and folded(str(there)) == folded(str(values["email"])):
            del values["email"]
    return [Written(PERSON, sitting.record, name, value) for name, value in values.items()]


# --- the other end of an association --------------------------------------------------------------


def _end(sitting: Sitting, path: Path) -> int | None:
    """The record that is tied now, or with the next tick."""
    assert sitting.record is not None
    coming = tied(sitting.session, PERSON, sitting.record, path[0], sitting.at) if len(path) == 1 else None
    return coming if coming is not None else sitting.target(path)


def _is_another(sitting: Sitting, said: _Said, end: int | None) -> bool:
    """Whether what was said names another record than the one that is tied."""
    if _NAME not in said.values:
        return False
    there = _present(sitting, said.object, end, [_NAME]).get(_NAME) if end is not None else None
    return end is None or (bool(there) and folded(str(there)) != folded(str(said.values[_NAME][1])))


def _tied(sitting: Sitting, tie: Association, name: str) -> Linked:
    """The one of that name, the oldest where several have it, or one to come; a new one where none has it."""
    session, of = sitting.session, tie.target
    coming = external_id(session, of, _NAME, folded(name), sitting.at)
    sql = f"SELECT id FROM {quoted(of)} WHERE {quoted(folded_column(_NAME))} = :name ORDER BY created_at, id LIMIT 1"
    known = session.one(sql, name=folded(name))
    if known is not None:
        return Linked(of, int(known), tie.name, name, new=False)
    return Linked(of, record_id(of, coming or unused(session, of, name)), tie.name, name, coming is None)


def _ties(sitting: Sitting, to: Linked, said: _Said, cause: str) -> list[inbox.InboxRow]:
    assert sitting.record is not None
    at, order = sitting.at, inbox.now()
    rows = []
    if to.new:
        values = _stored(sitting.scope.schema, said)
        external = unused(sitting.session, to.object, to.name)
        key = f"{cause}/{to.object}"
        rows.append(inbox.record_row(to.object, external, values, at=at, rank=order, key=key))
    key = f"{cause}/link {to.association}"
    return [*rows, inbox.link_row(PERSON, sitting.record, to.association, to.id, at=at, rank=order, key=key)]


def unused(session: Session, of: str, name: str) -> str:
    """An external id for a new record: its name folded, with a number behind it where another record has that."""
    wanted, n = folded(name), 1
    while True:
        external = wanted if n == 1 else f"{wanted} {n}"
        if not _exists(session, of, record_id(of, external)):
            return external
        n += 1


def _stored(schema: Schema, said: _Said) -> dict[str, Storage]:
    """Values for a new record, texts in both forms."""
    properties = schema.objects[said.object].properties
    found: dict[str, Storage] = {}
    for name, (_, value) in said.values.items():
        found |= stored_pair(name, properties[name].type, value)
    return found


def _into_empty(sitting: Sitting, said: _Said, end: int | None) -> tuple[list[Written], list[str]]:
    """What goes to properties that are empty, and the answers that go nowhere."""
    there = _present(sitting, said.object, end, list(said.values)) if end is not None else None
    filled, left = [], []
    for name, (answer, value) in said.values.items():
        if there is not None and there.get(name) in (None, ""):
            filled.append(Written(said.object, end, name, value))
        elif there is None or not _same(there.get(name), value):
            left.append(answer)
    return filled, left


def _same(held: object, said: Storage) -> bool:
    if isinstance(held, str) and isinstance(said, str):
        return folded(held) == folded(said)
    return held == said


def _present(sitting: Sitting, of: str, id_: int, names: list[str]) -> dict[str, Storage]:
    """Properties as the next tick will find them; none where the record is not there yet."""
    properties = sitting.scope.schema.objects[of].properties
    return present(sitting.session, of, id_, names, properties, sitting.at)


def _exists(session: Session, of: str, id_: int) -> bool:
    sql = f"SELECT 1 FROM {quoted(of)} WHERE bucket = :bucket AND id = :id"
    return session.one(sql, bucket=bucket_of(id_), id=id_) is not None
