"""What a store knew at an earlier instant, as far as one record can see: what `segue why --at` judges.

A small store in memory with the record, what it is linked to, and everything of theirs up to that instant: events,
links, consents, memberships and property history, with properties wound back by it. The first value of a property
leaves no history (X34): it counts from the record's creation on. What was unlinked since is gone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from decimal import Decimal

from sqlalchemy import Table

from dsl.schema.model import Kind, Property, Schema

from ..engine.intake.acts import gather_acts
from ..store.ids import bucket_of
from ..store.names import event_table, folded, folded_column, link_table, quoted
from ..store.objects import crm_metadata, stored_events, stored_properties
from ..store.session import Session
from ..store.store import Store
from ..store.tables import ENDED, award, consent, enrollment, fade, local, membership, property_history

_STEPS = 3  # links away from the record that conditions are judged on
_AROUND = 5_000  # records at most: a company of more people is judged by the first of them


@contextmanager
def as_of(session: Session, schema: Schema, of: str, id_: int, t: int) -> Iterator[Session]:
    """The store as the record `id_` of `of` saw it at instant `t`."""
    with Store.memory(schema) as store, store.session() as past:
        copy = _Copy(session, past, schema, t)
        with past.transaction():
            copy.small_tables()
            for object_name, record in copy.around(of, id_):
                copy.record(object_name, record)
            gather_acts(past, tuple(k.name for k in stored_events(schema) if k.act))
        yield past


class _Copy:
    def __init__(self, source: Session, past: Session, schema: Schema, t: int) -> None:
        self.source, self.past, self.schema, self.t = source, past, schema, t
        self.tables = crm_metadata(schema).tables

    def around(self, of: str, id_: int) -> list[tuple[str, int]]:
        """The record and what it was linked to; the links are copied on the way."""
        found, wave = {(of, id_): None}, [(of, id_)]
        for _ in range(_STEPS):
            linked = dict.fromkeys(other for key in wave for other in self._links(*key))
            wave = [key for key in linked if key not in found][: max(_AROUND - len(found), 0)]
            found |= dict.fromkeys(wave)
        return list(found)

    def _links(self, of: str, id_: int) -> Iterator[tuple[str, int]]:
        for association in self.schema.objects[of].associations.values():
            table = self.tables[link_table(of, association.name)]
            for row in self._rows(table, "id = :id AND at <= :t", id_):
                yield association.target, int(str(row["to_id"]))
                self._put(table, [row])

    def record(self, of: str, id_: int) -> None:
        """One record with all that is kept of it."""
        self._put(self.tables[of], [self._wound_back(of, row) for row in self._rows(self.tables[of], _CREATED, id_)])
        for kind in stored_events(self.schema):
            if kind.of == of:
                self._events(kind.name, kind.classed, id_)
        self._put(property_history, self._rows(property_history, "object = :of AND id = :id AND at <= :t", id_, of))
        self._put(award, self._rows(award, "id = :id AND at <= :t", id_))
        self._put(consent, self._rows(consent, "id = :id AND at <= :t", id_))
        joined = self._rows(membership, f"{_ANY_SEGMENT} AND id = :id AND joined_at <= :t", id_)
        self._put(membership, [row | {"left_at": self._past(row["left_at"])} for row in joined])
        inside = self._rows(enrollment, "contact_id = :id AND entered_at <= :t", id_)
        self._put(enrollment, [self._enrolled(row) for row in inside])

    def small_tables(self) -> None:
        """What local days and fading points are looked up in."""
        for table in (local, fade):
            names = [column.name for column in table.columns]
            rows = self.source.run(f"SELECT {', '.join(names)} FROM {table.name}")
            self._put(table, [dict(zip(names, row, strict=True)) for row in rows])

    def _wound_back(self, of: str, row: dict[str, object]) -> dict[str, object]:
        """Each property as the first write after `t` found it."""
        later = "SELECT property, old FROM segue_property_history WHERE bucket = :bucket AND object = :of AND id = :id"
        values = {"bucket": row["bucket"], "of": of, "id": row["id"], "t": self.t}
        known = {p.name: p for p in stored_properties(self.schema.objects[of])}
        for name, old in self.source.bound(f"{later} AND at > :t ORDER BY at DESC, seq DESC", values):
            if name in known:
                row |= _columns(known[name], old)
        return row

    def _events(self, kind: str, classed: bool, id_: int) -> None:
        table = self.tables[event_table(kind)]
        self._put(table, self._rows(table, "record_id = :id AND at <= :t", id_))
        people = " AND class = 'human'" if classed else ""
        self.past.run(
            "INSERT INTO segue_activity (bucket, id, event, count, first_at, last_at)"
            f" SELECT bucket, record_id, :kind, count(*), min(at), max(at) FROM {quoted(event_table(kind))}"
            f" WHERE bucket = :bucket AND record_id = :id{people} GROUP BY bucket, record_id",
            kind=kind, bucket=bucket_of(id_), id=id_,
        )  # fmt: skip

    def _enrolled(self, row: dict[str, object]) -> dict[str, object]:
        """Whether it had ended then; what it rested at is not known any more."""
        over = row["status"] in ENDED and self._past(row["ended_at"]) is None
        return row | {"status": "active", "ended_at": None, "reason": None} if over else row

    def _past(self, at: object) -> object:
        return at if isinstance(at, int) and at <= self.t else None

    def _rows(self, table: Table, where: str, id_: int, of: str = "") -> list[dict[str, object]]:
        names = [column.name for column in table.columns]
        sql = f"SELECT {', '.join(map(quoted, names))} FROM {quoted(table.name)} WHERE bucket = :bucket AND {where}"
        values = {"bucket": bucket_of(id_), "id": id_, "t": self.t, "of": of}
        return [dict(zip(names, map(_plain, row), strict=True)) for row in self.source.bound(sql, values)]

    def _put(self, table: Table, rows: list[dict[str, object]]) -> None:
        names = [column.name for column in table.columns]
        numbered = [{f"c{n}": row[name] for n, name in enumerate(names)} for row in rows]
        columns, values = ", ".join(map(quoted, names)), ", ".join(f":c{n}" for n in range(len(names)))
        self.past.many(f"INSERT OR IGNORE INTO {quoted(table.name)} ({columns}) VALUES ({values})", numbered)


_CREATED = "id = :id AND created_at <= :t"
_ANY_SEGMENT = "segment_id IN (SELECT g.id FROM segue_segment g)"  # which the key begins with


def _columns(property_: Property, text: str | None) -> Mapping[str, object]:
    """A value of the history, kept as text, in its columns."""
    if property_.type.kind is Kind.TEXT:
        return {property_.name: text, folded_column(property_.name): None if text is None else folded(text)}
    return {property_.name: _stored(property_.type.kind, text)}


def _plain(value: object) -> object:
    """As SQLite keeps it, where the store is PostgreSQL."""
    match value:
        case Decimal():
            return int(value) if value == value.to_integral_value() else float(value)
        case date():
            return value.isoformat()
    return value


def _stored(kind: Kind, text: str | None) -> object:
    if text is None:
        return None
    match kind:
        case Kind.BOOL:
            return text in ("1", "true", "t")
        case Kind.MONEY | Kind.DATETIME | Kind.DURATION | Kind.RECORD:
            return int(float(text))
        case Kind.NUMBER | Kind.PERCENT:
            return float(text)
    return text
