"""Everything that happened to one contact, newest first: events, steps taken, properties that changed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

from dsl.schema.model import EventKind, Schema

from .. import reasons
from ..store.dialect import json_object
from ..store.ids import bucket_of
from ..store.names import event_table, quoted
from ..store.objects import stored_events
from ..store.session import Session
from .values import shown

_TEXT = "CAST(NULL AS TEXT)"
# An event dated before its contact was created is kept, and said to be one: mostly a wrong clock or a late import.
_BEFORE = (
    "CASE WHEN v.at < (SELECT r.created_at FROM contact r WHERE r.bucket = :bucket AND r.id = :id)"
    " THEN 'before the contact existed' END"
)


@dataclass(frozen=True, slots=True)
class Moment:
    """`source` is event | step | change; `name` the event, the step's kind or the property; `of` the definition that
    took the step; `words` the rest: fields, what was sent, old and new value."""

    at: int
    source: str
    name: str
    of: str | None
    words: str


def timeline(session: Session, contact_id: int, schema: Schema, limit: int = 50, offset: int = 0) -> list[Moment]:
    """`limit` moments from `offset` on, in one statement that reads this contact's rows alone."""
    kinds = _kinds(schema)
    sql = (
        f"SELECT m.at, m.source, m.name, m.definition, m.a, m.b, m.c FROM ({_all(session.dialect, kinds)}) m "
        "ORDER BY m.at DESC, m.source, m.nr DESC, m.name LIMIT :limit OFFSET :offset"
    )
    rows = session.run(sql, bucket=bucket_of(contact_id), id=contact_id, limit=limit, offset=offset)
    return [
        Moment(at, source, name, of, _words(source, name, kinds.get(name), texts))
        for at, source, name, of, *texts in rows
    ]


def timeline_length(session: Session, contact_id: int, schema: Schema) -> int:
    """How many moments there are."""
    sql = f"SELECT count(*) FROM ({_all(session.dialect, _kinds(schema))}) m"
    return int(session.one(sql, bucket=bucket_of(contact_id), id=contact_id))


def _kinds(schema: Schema) -> dict[str, EventKind]:
    return {kind.name: kind for kind in stored_events(schema) if kind.of == "contact"}


def _all(dialect: str, kinds: dict[str, EventKind]) -> str:
    return " UNION ALL ".join([*(_events(dialect, kind) for kind in kinds.values()), _STEPS, _CHANGES])


def _events(dialect: str, kind: EventKind) -> str:
    fields = json_object(dialect, [(name, f"v.{quoted(name)}") for name in kind.fields])
    class_ = "v.class" if kind.classed else _TEXT
    return (
        f"SELECT v.at, 'event' AS source, '{kind.name}' AS name, {_TEXT} AS definition, {fields} AS a, {class_} AS b, "
        f"{_BEFORE} AS c, 0 AS nr FROM {quoted(event_table(kind.name))} v "
        "WHERE v.bucket = :bucket AND v.record_id = :id"
    )


_STEPS = (
    "SELECT s.at, 'step' AS source, s.what AS name, d.name AS definition, s.name AS a, s.outcome AS b, s.detail AS c, "
    "s.ordinal AS nr FROM segue_enrollment e JOIN segue_step s ON s.bucket = e.bucket AND s.enrollment_id = e.id "
    "JOIN segue_definition d ON d.id = e.definition_id WHERE e.bucket = :bucket AND e.contact_id = :id"
)
_CHANGES = (
    f"SELECT h.at, 'change' AS source, h.property AS name, {_TEXT} AS definition, h.old AS a, h.new AS b, "
    "h.cause AS c, h.seq AS nr FROM segue_property_history h WHERE h.bucket = :bucket "
    "AND h.object = 'contact' AND h.id = :id"
)


def _words(source: str, name: str, kind: EventKind | None, texts: list[str | None]) -> str:
    a, b, c = texts
    if source == "event" and kind:
        return ", ".join([*_event_words(kind, a, b), *([c] if c else [])])
    if source == "change":
        cause = f" ({c})" if c else ""
        return f"{a if a is not None else 'nothing'} → {b if b is not None else 'nothing'}{cause}"
    told = reasons.step(name, b, c)
    return " ".join(x for x in (a, f"({told})" if b else c) if x)


def _event_words(kind: EventKind, fields: str | None, class_: str | None) -> Iterator[str]:
    for name, value in json.loads(fields or "{}").items():
        if value is not None:
            yield shown(value, kind.fields[name].type)
    if class_ and class_ != "human":
        yield f"by {'a machine' if class_ == 'machine' else 'an unknown reader'}"
