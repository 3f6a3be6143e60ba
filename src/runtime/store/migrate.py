"""Brings a store to a schema: `plan` says what would change and what is refused, `apply` does it in one transaction.

Additions are made at once, a rename needs `was:`, what the schema has no more is kept. A type or option that rows do
not fit is refused with their number and the first of them. Interrupted, nothing is half done; run it again.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import orjson
from sqlalchemy import inspect

from dsl.schema.model import Schema

from ..errors import SchemaMismatch
from . import damage, leases, meta, seen
from .changes import Change, Comparison, Refusal
from .objects import TIMELINE, timeline_view
from .rewriting import Rewriting
from .session import Session
from .shape import Shape, schema_hash, shape_json
from .store import FORMAT, Store, alone, create_all, refuse_foreign

_NOTHING: Shape = {"objects": {}, "events": {}}
_PASSES = 5  # a column made anew wants its index again: one more comparison finds that


@dataclass(frozen=True, slots=True)
class Plan:
    """What `apply` would do. `first`: the store has no tables yet."""

    store: Store
    schema: Schema
    changes: tuple[Change, ...]
    refusals: tuple[Refusal, ...]
    first: bool = False

    @property
    def words(self) -> tuple[str, ...]:
        return tuple(change.words for change in self.changes)

    def __bool__(self) -> bool:
        return bool(self.changes or self.refusals)


def plan(store: Store, schema: Schema) -> Plan:
    """What the schema changes in the store; reads only."""
    with store.session() as session:
        if _is_empty(session):
            refuse_foreign(session, schema, store.name)
            objects, events = len(schema.objects), sum(k.builtin is None for k in schema.events.values())
            words = f"create the store: {objects} objects, {events} kinds of events"
            return Plan(store, schema, (Change(words),), (), first=True)
        if store.format == FORMAT:
            damage.refuse_lost_tables(damage.columns(session), store.name)
        found = Comparison(session, schema, _stored(session))
        older = tuple(_older(store.format))
        return Plan(store, schema, (*older, *found.changes), tuple(found.refusals))


def apply(plan: Plan) -> None:
    """Make the plan's changes. Raises SchemaMismatch where something is refused and StoreBusy while a worker runs, and
    then changes nothing."""
    _refuse(plan.refusals)
    if plan.first:
        create_all(plan.store, plan.schema)
        return
    with plan.store.session() as session:
        if session.dialect == "sqlite":
            session.run("PRAGMA legacy_alter_table = OFF")
        with session.transaction():
            alone(session)
            _change(plan.store, session, plan.schema)


def verify(store: Store, schema: Schema) -> None:
    """Raises SchemaMismatch where the store lacks what the schema speaks of, StoreError where it is damaged. Two small
    queries if nothing changed."""
    with store.session() as session:
        there = damage.columns(session)
        damage.refuse_lost_tables(there, store.name)
        known = meta.read(session, "schema_hash") == schema_hash(schema)
    if known:
        damage.refuse_holes(there, schema, store.name)
        return
    found = plan(store, schema)
    missing = [change.words for change in found.changes if change.needed] + [r.words for r in found.refusals]
    if missing:
        more = f" and {len(missing) - 3} more" if len(missing) > 3 else ""
        words = "; ".join(missing[:3]) + more
        raise SchemaMismatch(f"{store.name} does not fit the schema: {words}", "run `segue migrate`")


def _change(store: Store, session: Session, schema: Schema) -> None:
    """Planned anew inside the transaction: somebody else may have migrated meanwhile. A worker that goes on would write
    as it knows the tables."""
    from .upgrades import upgrade  # alembic, which nobody else waits for

    found_format = int(meta.read(session, "format") or 0)
    if found_format < FORMAT or Comparison(session, schema, _stored(session)).changes:
        leases.refuse_beside_worker(store, session)
    upgrade(session.connection, found_format, FORMAT)
    session.run(f"DROP VIEW IF EXISTS {TIMELINE}")
    stored, rewriting = _stored(session), Rewriting(session)
    for _ in range(_PASSES):
        found = Comparison(session, schema, stored)
        _refuse(tuple(found.refusals))
        for change in found.changes:
            change.do(rewriting)
        stored = found.shape
        if not found.changes:
            break
    session.run(timeline_view(schema))
    if found_format < FORMAT:
        seen.keep(session)  # what an older format did not keep, or kept otherwise
    for key, value in (("schema", shape_json(stored)), ("schema_hash", schema_hash(schema)), ("format", str(FORMAT))):
        meta.write(session, key, value)


def _older(format_: int) -> Iterator[Change]:
    if format_ < FORMAT:
        yield Change(f"bring Segue's own tables from format {format_} to {FORMAT}")


def _refuse(refusals: tuple[Refusal, ...]) -> None:
    if refusals:
        lines = [line for r in refusals for line in (r.words, *(f"  {row}" for row in r.rows))]
        words = "the store cannot follow the schema:\n" + "\n".join(lines)
        raise SchemaMismatch(words, "change the rows or the schema")


def _stored(session: Session) -> Shape:
    text = meta.read(session, "schema")
    return orjson.loads(text) if text else _NOTHING


def _is_empty(session: Session) -> bool:
    return "segue_meta" not in inspect(session.connection).get_table_names()
