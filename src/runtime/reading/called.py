"""What the records of a list of enrollments or tasks are called: they are contacts, but for workflows of deals, tickets
or what else the schema has."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any, ClassVar, Protocol, TypeVar

from dsl.schema.model import Schema

from ..store.ids import bucket_of
from ..store.names import quoted
from ..store.session import Session
from .records import name_sql

_AT_ONCE = 200


class _Line(Protocol):
    """`contact` is "#id" where no contact with a name has that id."""

    __dataclass_fields__: ClassVar[dict[str, Any]]

    @property
    def contact_id(self) -> int: ...
    @property
    def contact(self) -> str: ...


L = TypeVar("L", bound=_Line)


def called(session: Session, schema: Schema, lines: Sequence[L]) -> list[L]:
    """The lines, with the names of records that are no contacts, and of which `object` they are."""
    nameless = sorted({line.contact_id for line in lines if line.contact == f"#{line.contact_id}"})
    found = {id_: {"object": of, "contact": name} for of, id_, name in _found(session, schema, nameless)}
    return [replace(line, **found.get(line.contact_id, {})) for line in lines]


def _found(session: Session, schema: Schema, ids: Sequence[int]) -> Iterator[tuple[str, int, str]]:
    """(object, id, name) of those that there are. No two records have one id, of whatever object they are."""
    for of in schema.objects:
        if of != "contact":
            for i in range(0, len(ids), _AT_ONCE):
                yield from ((of, id_, name) for id_, name in _names(session, schema, of, ids[i : i + _AT_ONCE]))


def _names(session: Session, schema: Schema, of: str, ids: Iterable[int]) -> list[Any]:
    keys = ", ".join(f"({bucket_of(id_)}, {id_})" for id_ in ids)
    wanted = f"SELECT bucket, id AS contact_id FROM {quoted(of)} WHERE (bucket, id) IN (VALUES {keys})"
    sql = (
        f"SELECT t.contact_id, {name_sql(schema, of)} FROM ({wanted}) t"
        f" JOIN {quoted(of)} p ON p.bucket = t.bucket AND p.id = t.contact_id"
    )
    return [tuple(row) for row in session.run(sql)]
