"""One contact: found by id, external id, address or name, with its properties."""

from __future__ import annotations

from dataclasses import dataclass

from dsl.schema.model import Property, Schema

from ..metrics.people import COMPANY, NAME
from ..store.ids import bucket_of, id_in, record_id
from ..store.names import begins_with, folded, folded_column, quoted
from ..store.objects import stored_properties
from ..store.session import Session
from .awaited import EnrollmentKey, awaiting


@dataclass(frozen=True, slots=True)
class Found:
    id: int
    name: str
    email: str | None
    company: str | None


@dataclass(frozen=True, slots=True)
class Contact:
    """`properties` in the schema's order, missing ones as None, in the store's encoding (values.py)."""

    id: int
    external_id: str
    name: str
    company: str | None
    properties: tuple[tuple[Property, object], ...]


@dataclass(frozen=True, slots=True)
class Enrolled:
    """One enrollment of the contact, for the head of its page."""

    definition: str
    kind: str
    status: str
    reason: str | None
    enrolled_at: int
    last_step: str | None
    id: int
    bucket: int
    awaits: str = ""  # as of `EnrollmentLine`

    @property
    def key(self) -> EnrollmentKey:
        return EnrollmentKey(self.bucket, self.id)


_PERSON = (
    "(SELECT c.*, c.id AS contact_id FROM contact c {where}) t JOIN contact p ON p.bucket = t.bucket AND p.id = t.id"
)


def search(session: Session, text: str, limit: int = 50) -> list[Found]:
    """By exact id, external id or address first; else whose address or name begins with the text, ignoring case and
    width (X31). Reads at most `limit` contacts back."""
    wanted = text.strip()
    if not wanted:
        return []
    return _found(session, _EXACTLY, wanted, limit) or _found(session, _BEGINS, wanted, limit)


def contact(session: Session, id_: int, schema: Schema) -> Contact | None:
    """A contact by its id."""
    properties = stored_properties(schema.objects["contact"])
    columns = ", ".join(f"p.{quoted(p.name)}" for p in properties)
    sql = f"SELECT p.external_id, {NAME}, {COMPANY}, {columns} FROM {_PERSON}"
    where = "WHERE c.bucket = :bucket AND c.id = :id"
    rows = session.run(sql.format(where=where), bucket=bucket_of(id_), id=id_)
    if not rows:
        return None
    external_id, name, company, *values = rows[0]
    return Contact(id_, external_id, name, company, tuple(zip(properties, values, strict=True)))


def enrollments_of(session: Session, id_: int) -> list[Enrolled]:
    """Everything the contact was ever enrolled in, newest first."""
    rows = session.run(
        "SELECT d.name, d.kind, e.status, e.reason, e.enrolled_at, e.last_step, e.id, e.bucket FROM segue_enrollment e "
        "JOIN segue_definition d ON d.id = e.definition_id WHERE e.bucket = :bucket AND e.contact_id = :id "
        "ORDER BY e.enrolled_at DESC, e.id",
        bucket=bucket_of(id_),
        id=id_,
    )
    return awaiting(session, [Enrolled(*row) for row in rows])


def _texts(text: str) -> dict[str, object]:
    id_ = id_in(text) or 0
    hashed = record_id("contact", text)  # an external id names its record's id
    ids = {"id": id_, "bucket": bucket_of(id_), "hashed": hashed, "its_bucket": bucket_of(hashed)}
    return {**ids, "folded": folded(text)}


_EXACTLY = (
    f"(bucket = :bucket AND id = :id) OR (bucket = :its_bucket AND id = :hashed) OR {folded_column('email')} = :folded"
)
_BOTH = (folded_column("first_name"), folded_column("last_name"))
_SEARCHED = (folded_column("email"), *_BOTH)
_BEGINS = " OR ".join(begins_with(column, "folded") for column in _SEARCHED) + "".join(
    f" OR coalesce({a}, '') || ' ' || coalesce({b}, '') = :folded" for a, b in (_BOTH, _BOTH[::-1])
)


def _found(session: Session, condition: str, text: str, limit: int) -> list[Found]:
    where = f"WHERE {condition} ORDER BY id LIMIT :limit"
    sql = f"SELECT t.contact_id, {NAME}, p.email, {COMPANY} FROM {_PERSON.format(where=where)} ORDER BY t.id"
    return [Found(*row) for row in session.bound(sql, {**_texts(text), "limit": limit})]
