"""The tables of the CRM itself, made from a schema: one real table per object, event kind and direction of a link.

    contact           bucket, id, external_id, created_at, one typed column per property, NAME__n beside each text (X31)
    event_KIND        bucket, record_id, at, id, [class], [enrollment_id, ordinal], one typed column per field, NAME__n
    link_OWNER_NAME   bucket, id, to_bucket, to_id, at: both directions of an association are kept
    timeline          a view: bucket, record_id, at, event, id, object over all event tables

Encodings: money in minor units, instants and durations in µs, a date as DATE (ISO text on SQLite), a multi-choice as
`;a;b;`, a user by name, a record by id. Only keys, `external_id` and `created_at` are NOT NULL: a record may come to
the store in parts. Derived properties and built-in events have no column and no table.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    Index,
    Integer,
    MetaData,
    Numeric,
    SmallInteger,
    Table,
    Text,
    text,
)
from sqlalchemy.types import TypeEngine

from dsl.schema.model import Association, EventKind, Kind, ObjectType, Property, Schema, Type

from .names import event_table, folded, folded_column, link_table, quoted

TIMELINE = "timeline"
_TYPES: dict[Kind, type[TypeEngine[Any]]] = {
    Kind.NUMBER: Numeric,
    Kind.PERCENT: Numeric,
    Kind.MONEY: BigInteger,
    Kind.BOOL: Boolean,
    Kind.DATE: Date,
    Kind.DATETIME: BigInteger,
    Kind.DURATION: BigInteger,
    Kind.RECORD: BigInteger,
}
_SWEPT = (Kind.DATE, Kind.DATETIME)  # time alone turns what is said of them (decision 0004)


def crm_metadata(schema: Schema) -> MetaData:
    """Every table the schema asks for, under the names of `names.py`. The view is in `timeline_view`."""
    metadata = MetaData()
    for object_type in schema.objects.values():
        object_table(metadata, object_type)
        for association in object_type.associations.values():
            _link_table(metadata, association)
    for kind in stored_events(schema):
        _event_table(metadata, kind)
    return metadata


def stored_properties(object_type: ObjectType) -> tuple[Property, ...]:
    """Properties with a column of their own: all but the derived, `created_at` among them."""
    return tuple(p for p in object_type.properties.values() if p.derived is None)


def stored_events(schema: Schema) -> tuple[EventKind, ...]:
    """Event kinds with a table: all but the computed `acted` and `created`."""
    return tuple(kind for kind in schema.events.values() if kind.builtin is None)


def column_type(kind: Kind) -> TypeEngine[Any]:
    """The column type of a property or field."""
    return _TYPES.get(kind, Text)()


def property_columns(name: str, type_: Type, default: object | None = None) -> tuple[Column[Any], ...]:
    """The column of a property or field and, for text, the folded one that comparisons read."""
    own = Column(name, column_type(type_.kind), server_default=_default(type_, default))
    if type_.kind is not Kind.TEXT:
        return (own,)
    twin = None if default is None else folded(str(default))
    return own, Column(folded_column(name), Text, server_default=_default(type_, twin))


def object_table(metadata: MetaData, object_type: ObjectType) -> Table:
    """The table of one object."""
    properties = [p for p in stored_properties(object_type) if p.name != "created_at"]
    return Table(
        object_type.name,
        metadata,
        _key("bucket", SmallInteger),
        _key("id"),
        Column("external_id", Text, nullable=False),
        Column("created_at", BigInteger, nullable=False),
        *(column for p in properties for column in property_columns(p.name, p.type, p.default)),
        *_object_indexes(object_type, properties),
    )


def _object_indexes(object_type: ObjectType, properties: Iterable[Property]) -> Iterator[Index]:
    """For sweeps over dates, for mail's way back to its person, and for look-ups by key."""
    wanted = ["created_at"]
    for p in properties:
        if p.type.kind in _SWEPT:
            wanted.append(p.name)
        elif p.name == object_type.key or (object_type.name, p.name) == ("contact", "email"):
            wanted.append(folded_column(p.name) if p.type.kind is Kind.TEXT else p.name)
    for column in wanted:
        yield Index(index_name(object_type.name, column), column)


def _event_table(metadata: MetaData, kind: EventKind) -> Table:
    name = event_table(kind.name)
    classed = (Column("class", Text),) if kind.classed else ()
    mail = (Column("enrollment_id", BigInteger), Column("ordinal", Integer)) if kind.mail else ()
    return Table(
        name,
        metadata,
        _key("bucket", SmallInteger),
        _key("record_id"),
        _key("at"),
        _key("id"),
        *classed,
        *mail,
        *(column for field in kind.fields.values() for column in property_columns(field.name, field.type)),
        Index(index_name(name, "at"), "at", "bucket", "record_id"),
        *(Index(index_name(name, f.name), f.name) for f in kind.fields.values() if f.type.kind in _SWEPT),
        sqlite_with_rowid=False,
    )


def _link_table(metadata: MetaData, association: Association) -> Table:
    return Table(
        link_table(association.owner, association.name),
        metadata,
        _key("bucket", SmallInteger),
        _key("id"),
        _key("to_bucket", SmallInteger),
        _key("to_id"),
        Column("at", BigInteger, nullable=False),
        sqlite_with_rowid=False,
    )


def timeline_view(schema: Schema) -> str:
    """SQL that makes the view `timeline`; it must be dropped before an event table changes."""
    parts = [
        f"SELECT bucket, record_id, at, '{k.name}' AS event, id, '{k.of}' AS object FROM {quoted(event_table(k.name))}"
        for k in stored_events(schema)
    ]
    nothing = "SELECT 0 AS bucket, 0 AS record_id, 0 AS at, '' AS event, 0 AS id, '' AS object WHERE 1 = 0"
    return f"CREATE VIEW {TIMELINE} AS {' UNION ALL '.join(parts) or nothing}"


def index_name(table: str, column: str) -> str:
    """At most 63 bytes, as PostgreSQL wants; long names are cut and told apart by a hash."""
    name = f"idx_{table}_{column}"
    if len(name.encode()) <= 63:
        return name
    return name.encode()[:52].decode(errors="ignore") + "_" + hashlib.sha256(name.encode()).hexdigest()[:10]


def _key(name: str, type_: type[TypeEngine[Any]] = BigInteger) -> Column[Any]:
    return Column(name, type_, primary_key=True, autoincrement=False)


def _default(type_: Type, default: object | None) -> Any:
    """The column default as SQL; a default in the schema is written as authors write it, so it is encoded first."""
    if default is None:
        return None
    from .values import encode_value  # values.py knows this module's encodings, not the other way round

    value = encode_value(type_, default)
    if isinstance(value, bool):
        return text("true" if value else "false")
    if isinstance(value, int | float):
        return text(str(value))
    return text("'" + str(value).replace("'", "''").replace(":", "\\:") + "'")
