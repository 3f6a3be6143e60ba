"""What a run would do, without doing it (X1): the very engine, on a copy of the store in memory, with a channel that
keeps its mails to itself."""

from __future__ import annotations

import sqlite3
import time
from dataclasses import dataclass, replace

import orjson

from dsl.program.codec import decode
from dsl.program.definitions import Definition
from dsl.schema.model import Schema

from ..channels.memory import MemoryChannel
from ..engine.tick import Engine
from ..metrics.people import NAME
from ..project.left_out import not_run_yet
from ..project.loading import Loaded
from ..store import meta
from ..store.objects import crm_metadata
from ..store.session import Row, Session
from ..store.store import Store
from ..store.tables import metadata
from ..times.zones import DAY
from .clocks import clock_of, virtual_span
from .orders import ClockKind, Order, Watch

_ROWS_AT_ONCE = 10_000


@dataclass(frozen=True, slots=True)
class Change:
    """`what` is new | edited | steps edited | vanished."""

    name: str
    what: str


@dataclass(frozen=True, slots=True)
class Person:
    """Who enters, leaves, is mailed or gets a task: `detail` is the reason, the template or the task's title."""

    definition: str
    contact_id: int
    contact: str
    at: int
    detail: str


@dataclass(frozen=True, slots=True)
class Plan:
    """`crowds`: definitions that would take in more by condition at once than the limit, with how many (X1).
    `not_run`: what the rule files say and the engine does not do yet, in words."""

    clock: ClockKind
    began: int
    until: int
    changes: tuple[Change, ...]
    entering: tuple[Person, ...]
    refused: tuple[Person, ...]
    leaving: tuple[Person, ...]
    mails: tuple[Person, ...]
    tasks: tuple[Person, ...]
    crowds: tuple[tuple[str, int], ...]
    already_true: int
    not_run: tuple[str, ...]


def plan(loaded: Loaded, store: Store, order: Order, watch: Watch | None = None, now: int | None = None) -> Plan:
    """What `segue run` with this order would do; without an end, what it would do now or in the first virtual day.

    Raises StoreError, InvalidInput."""
    present = time.time_ns() // 1000 if now is None else now
    with copy_in_memory(store, loaded.schema) as copy:
        with copy.session() as session:
            kind = clock_of(session, order)
            before = _look(session)
        engine = Engine(copy, loaded.program, MemoryChannel())
        try:
            start, end = _span(engine, loaded, order, kind, present)
            began = engine.clock if engine.clock is not None else start
            engine.go_live(start, frozenset(name for _, name in loaded.program.definitions))
            if kind == "real":
                engine.tick(present)
            engine.run(end, watch(began, end) if watch else None)
            return _told(engine.session, loaded, kind, began, end, before)
        finally:
            engine.close()


def copy_in_memory(store: Store, schema: Schema) -> Store:
    """The same store once more, on SQLite; what is done to it is forgotten. A store on PostgreSQL is read as it stands
    at one moment, and neither it nor a worker on it is held up."""
    if store.dialect == "postgresql":
        return _copied(store, schema)
    copy = Store.open("sqlite://", create=True)
    with store.session() as source, copy.session() as target:
        ours, theirs = source.connection.connection.driver_connection, target.connection.connection.driver_connection
        assert isinstance(ours, sqlite3.Connection) and isinstance(theirs, sqlite3.Connection)
        ours.backup(theirs)
    return copy


def _copied(store: Store, schema: Schema) -> Store:
    copy = Store.memory(schema)
    with store.session() as source, copy.session() as target, target.transaction():
        source.run("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        target.run("DELETE FROM segue_meta")
        for table in [*metadata.sorted_tables, *crm_metadata(schema).sorted_tables]:
            found = source.connection.execute(table.select().execution_options(yield_per=_ROWS_AT_ONCE))
            for rows in found.mappings().partitions():
                target.connection.execute(table.insert(), [dict(row) for row in rows])
    return copy


def _span(engine: Engine, loaded: Loaded, order: Order, kind: ClockKind, present: int) -> tuple[int, int]:
    if kind == "virtual":
        return virtual_span(engine, loaded, order, otherwise=DAY)
    if order.until is None:
        return present, present
    from ..operators.arguments import instant

    return present, max(present, instant(order.until, loaded.zone, present))


# --- before and after -------------------------------------------------------------------------


def _look(session: Session) -> dict[str, str]:
    """Note in tables of the copy what was there; the rules as they were, by name."""
    session.run("CREATE TEMPORARY TABLE was_inside AS SELECT bucket, id FROM segue_enrollment WHERE ended_at IS NULL")
    session.run("CREATE UNIQUE INDEX was_inside_key ON was_inside (bucket, id)")
    session.run(
        "CREATE TEMPORARY TABLE was_mail AS SELECT bucket, enrollment_id, ordinal FROM segue_outbox"
        " WHERE settled_at IS NOT NULL"
    )
    session.run("CREATE UNIQUE INDEX was_mail_key ON was_mail (bucket, enrollment_id, ordinal)")
    session.run(
        "CREATE TEMPORARY TABLE was AS SELECT (SELECT coalesce(max(id), 0) FROM segue_enrollment) AS enrollment,"
        " (SELECT coalesce(max(rowid), 0) FROM segue_task) AS task,"
        " (SELECT coalesce(max(rowid), 0) FROM segue_refusal) AS refusal"
    )
    return _rules(session)


def _rules(session: Session) -> dict[str, str]:
    """What of the rules there is, with a text that is the same while it is."""
    rules = {
        f"{kind} {name}": program
        for kind, name, program in session.run(
            "SELECT kind, name, program FROM segue_definition WHERE vanished_at IS NULL"
        )
    }
    segments = "SELECT kind, name, hash FROM segue_segment WHERE kind IN ('segment', 'static') AND vanished_at IS NULL"
    return rules | {f"segment {name}": hash_ for _, name, hash_ in session.run(segments)} | _templates(session)


def _templates(session: Session) -> dict[str, str]:
    kept = meta.read(session, "templates")
    return {f"template {name}": hash_ for name, hash_ in orjson.loads(kept or "{}").items()}


def _changes(before: dict[str, str], after: dict[str, str]) -> tuple[Change, ...]:
    found = []
    for name in sorted({*before, *after}):
        if name not in before:
            if not name.startswith("template "):  # what sends it is new or edited itself
                found.append(Change(name, "new"))
        elif name not in after:
            found.append(Change(name, "vanished"))
        elif before[name] != after[name] and (what := _edit(before[name], after[name])):
            found.append(Change(name, what))
    return tuple(found)


def _edit(before: str, after: str) -> str:
    """A label is no change (X26)."""
    if not before.startswith("{"):
        return "edited"
    old, new = decode(before), decode(after)
    assert isinstance(old, Definition) and isinstance(new, Definition)
    if old.version != new.version:
        return "steps edited"
    return "edited" if replace(old, label="") != replace(new, label="") else ""


def _told(session: Session, loaded: Loaded, kind: ClockKind, began: int, end: int, before: dict[str, str]) -> Plan:
    def people(rows: str) -> tuple[Person, ...]:
        return tuple(_person(row) for row in session.run(_PEOPLE.format(rows=rows)))

    return Plan(
        kind, began, end, _changes(before, _rules(session)),
        people(_ENTERING), people(_REFUSED), people(_LEAVING), people(_MAILS), people(_TASKS),
        _crowds(session, loaded), _already_true(session, loaded, began),
        tuple(not_run_yet(loaded)),
    )  # fmt: skip


def _person(row: Row) -> Person:
    kind, name, contact_id, contact, at, detail = row
    return Person(f"{kind} {name}", contact_id, contact, at, detail or "")


def _already_true(session: Session, loaded: Loaded, began: int) -> int:
    """Who matched when a rule went live or was edited, and is left alone for that (X1)."""
    rows = session.run(
        "SELECT s.kind, s.name, count(*) FROM segue_membership m CROSS JOIN segue_segment s WHERE s.id = m.segment_id"
        " AND s.kind LIKE 'when:%' AND m.joined_at = :began AND m.left_at IS NULL AND NOT EXISTS (SELECT 1 FROM"
        " segue_enrollment e WHERE e.bucket = m.bucket AND e.contact_id = m.id AND e.entered_at = m.joined_at)"
        " GROUP BY s.kind, s.name",
        began=began - began % 60_000_000,
    )
    rules = loaded.program.definitions
    return sum(n for kind, name, n in rows if not rules[(kind.removeprefix("when:"), name)].existing)


def _crowds(session: Session, loaded: Loaded) -> tuple[tuple[str, int], ...]:
    """By condition, in one tick: no event made them and no hand (X1)."""
    rows = session.run(
        "SELECT d.kind, d.name, max(n) FROM (SELECT e.definition_id, e.entered_at, count(*) AS n"
        " FROM segue_enrollment e WHERE e.id > (SELECT enrollment FROM was) AND e.trigger_event IS NULL"
        " AND NOT e.by_hand GROUP BY e.definition_id, e.entered_at) q JOIN segue_definition d ON d.id = q.definition_id"
        " WHERE n > :limit GROUP BY d.kind, d.name ORDER BY d.name",
        limit=loaded.project.limits.enroll_at_once,
    )
    return tuple((f"{kind} {name}", n) for kind, name, n in rows)


_PEOPLE = (
    f"SELECT d.kind, d.name, t.contact_id, {NAME}, t.at, t.detail FROM ({{rows}}) t"
    " JOIN segue_definition d ON d.id = t.definition_id"
    " LEFT JOIN contact p ON p.bucket = t.bucket AND p.id = t.contact_id ORDER BY d.kind, d.name, t.at, t.contact_id"
)
_ENTERING = (
    "SELECT e.bucket, e.contact_id, e.definition_id, e.entered_at AS at, e.status AS detail FROM segue_enrollment e"
    " WHERE e.id > (SELECT enrollment FROM was)"
)
_REFUSED = (
    "SELECT r.bucket, r.contact_id, r.definition_id, r.at, r.reason AS detail FROM segue_refusal r"
    " WHERE r.rowid > (SELECT refusal FROM was)"
)
_LEAVING = (
    "SELECT e.bucket, e.contact_id, e.definition_id, e.ended_at AS at, e.status || ' (' || e.reason || ')' AS detail"
    " FROM segue_enrollment e WHERE e.ended_at IS NOT NULL AND (e.id > (SELECT enrollment FROM was) OR EXISTS"
    " (SELECT 1 FROM was_inside w WHERE w.bucket = e.bucket AND w.id = e.id))"
)
_MAILS = (
    "SELECT o.contact_id % 256 AS bucket, o.contact_id, o.definition_id, o.settled_at AS at, o.template AS detail"
    " FROM segue_outbox o"
    " WHERE o.kind = 'email' AND o.state = 'sent' AND NOT EXISTS (SELECT 1 FROM was_mail w WHERE w.bucket = o.bucket"
    " AND w.enrollment_id = o.enrollment_id AND w.ordinal = o.ordinal)"
)
_TASKS = (
    "SELECT k.bucket, k.contact_id, k.definition_id, k.created_at AS at, k.title AS detail FROM segue_task k"
    " WHERE k.rowid > (SELECT task FROM was)"
)
