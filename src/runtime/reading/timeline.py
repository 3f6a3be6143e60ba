"""Everything that happened to one contact or other record, newest first: events, steps taken (mails with their
subjects, tasks), tasks done, notes, properties that changed."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass

from dsl.schema.model import EventKind, Schema

from ..store.dialect import json_object
from ..store.ids import bucket_of
from ..store.names import event_table, link_table, quoted
from ..store.objects import stored_events
from ..store.session import Session
from . import reasons
from .values import shown

SOURCES = ("event", "step", "task", "note", "change")
_TEXT = "CAST(NULL AS TEXT)"
# An event dated before its contact was created is kept, and said to be one: mostly a wrong clock or a late import.
_BEFORE = (
    "CASE WHEN v.at < (SELECT r.created_at FROM {table} r WHERE r.bucket = :bucket AND r.id = :id)"
    " THEN 'before the {of} existed' END"
)


@dataclass(frozen=True, slots=True)
class Moment:
    """`source` is event | step | task | note | change; `name` the event, the step's kind, what became of the task, or
    the property; `of` the definition that took the step or made the task; `words` the rest: fields, what was sent,
    whose task it was, the note's text, old and new value."""

    at: int
    source: str
    name: str
    of: str | None
    words: str


def timeline(
    session: Session,
    record_id: int,
    schema: Schema,
    limit: int = 50,
    offset: int = 0,
    sources: Collection[str] = SOURCES,
    about: str = "contact",
) -> list[Moment]:
    """`limit` moments of these sources from `offset` on, in one statement that reads the rows of this record of the
    object `about` alone."""
    kinds = _kinds(schema, about)
    everything = _all(session.dialect, schema, sources, about)
    sql = (
        f"SELECT m.at, m.source, m.name, m.definition, m.a, m.b, m.c FROM ({everything}) m "
        "ORDER BY m.at DESC, m.source, m.nr DESC, m.name LIMIT :limit OFFSET :offset"
    )
    rows = session.run(sql, bucket=bucket_of(record_id), id=record_id, about=about, limit=limit, offset=offset)
    return [
        Moment(at, source, name, of, _words(source, name, kinds.get(name), texts))
        for at, source, name, of, *texts in rows
    ]


def timeline_length(
    session: Session, record_id: int, schema: Schema, sources: Collection[str] = SOURCES, about: str = "contact"
) -> int:
    """How many moments there are."""
    sql = f"SELECT count(*) FROM ({_all(session.dialect, schema, sources, about)}) m"
    return int(session.one(sql, bucket=bucket_of(record_id), id=record_id, about=about))


def _kinds(schema: Schema, about: str) -> dict[str, EventKind]:
    return {kind.name: kind for kind in stored_events(schema) if kind.of == about}


def _all(dialect: str, schema: Schema, sources: Collection[str], about: str) -> str:
    """Those of the sources that this schema has; none of them is a table without rows."""
    told: dict[str, Callable[[], Iterator[str]]] = {
        "event": lambda: (_events(dialect, kind) for kind in _kinds(schema, about).values()),
        "step": lambda: iter([_STEPS]),
        "task": lambda: iter([_TASKS]),
        "note": lambda: _notes(schema, about),
        "change": lambda: iter([_CHANGES]),
    }
    parts = [part for source in SOURCES if source in sources for part in told[source]()]
    return " UNION ALL ".join(parts or [f"{_CHANGES} AND 1 = 0"])


def _events(dialect: str, kind: EventKind) -> str:
    fields = json_object(dialect, [(name, f"v.{quoted(name)}") for name in kind.fields])
    class_ = "v.class" if kind.classed else _TEXT
    return (
        f"SELECT v.at, 'event' AS source, '{kind.name}' AS name, {_TEXT} AS definition, {fields} AS a, {class_} AS b, "
        f"{_BEFORE.format(table=quoted(kind.of), of=kind.of)} AS c, 0 AS nr FROM {quoted(event_table(kind.name))} v "
        "WHERE v.bucket = :bucket AND v.record_id = :id"
    )


def _notes(schema: Schema, about: str) -> Iterator[str]:
    """One statement for each association of such records that leads to notes."""
    note = schema.objects.get("note")
    if note is None or "body" not in note.properties:
        return
    owner = "n.owner" if "owner" in note.properties else _TEXT
    for association in schema.objects[about].associations.values():
        if association.target == note.name:
            yield (
                f"SELECT n.created_at AS at, 'note' AS source, 'note' AS name, {_TEXT} AS definition, n.body AS a,"
                f" {owner} AS b, {_TEXT} AS c, 0 AS nr"
                f" FROM {quoted(link_table(about, association.name))} l JOIN note n ON"
                " n.bucket = l.to_bucket AND n.id = l.to_id WHERE l.bucket = :bucket AND l.id = :id"
            )


# With the subject of a mail, where it went out.
_STEPS = (
    "SELECT s.at, 'step' AS source, s.what AS name, d.name AS definition, "
    "coalesce(s.name, '') || coalesce(' “' || o.subject || '”', '') AS a, s.outcome AS b, s.detail AS c, "
    "s.ordinal AS nr FROM segue_enrollment e JOIN segue_step s ON s.bucket = e.bucket AND s.enrollment_id = e.id "
    "JOIN segue_definition d ON d.id = e.definition_id LEFT JOIN segue_outbox o ON o.bucket = s.bucket "
    "AND o.enrollment_id = s.enrollment_id AND o.ordinal = s.ordinal WHERE e.bucket = :bucket AND e.contact_id = :id"
)
# That a task was made is a step; this is what became of it.
_TASKS = (
    "SELECT k.done_at AS at, 'task' AS source, k.state AS name, d.name AS definition, k.title AS a, k.assignee AS b, "
    "k.note AS c, k.ordinal AS nr FROM segue_enrollment e JOIN segue_task k ON k.bucket = e.bucket "
    "AND k.enrollment_id = e.id JOIN segue_definition d ON d.id = k.definition_id WHERE e.bucket = :bucket "
    "AND e.contact_id = :id AND k.done_at IS NOT NULL"
)
_CHANGES = (
    f"SELECT h.at, 'change' AS source, h.property AS name, {_TEXT} AS definition, h.old AS a, h.new AS b, "
    "h.cause AS c, h.seq AS nr FROM segue_property_history h WHERE h.bucket = :bucket "
    "AND h.object = :about AND h.id = :id"
)


def _words(source: str, name: str, kind: EventKind | None, texts: list[str | None]) -> str:
    a, b, c = texts
    if source == "event" and kind:
        return ", ".join([*_event_words(kind, a, b), *([c] if c else [])])
    if source == "task":
        return ", ".join(x for x in (a, f"for {b}" if b else "", c) if x)
    if source == "note":
        return " ".join((a or "").split()) + (f" ({b})" if b else "")
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
