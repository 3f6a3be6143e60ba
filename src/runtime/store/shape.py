"""What a schema asks of the store's tables, as JSON: kept in segue_meta, compared by `migrate` and `verify`.

Labels, limits, `required` and the places in the file are left out: changing them changes no table.
"""

from __future__ import annotations

import hashlib
from typing import Any

import orjson

from dsl.schema.model import Association, EventField, EventKind, ObjectType, Property, Schema, Type

from .objects import stored_events, stored_properties
from .values import encode_value

Shape = dict[str, Any]


def schema_shape(schema: Schema) -> Shape:
    """{"objects": {NAME: {"key", "properties": {NAME: column}, "links": {NAME: link}}},
    "events": {NAME: {"of", "classed", "mail", "fields": {NAME: column}}}}; a column is {"kind", ..what it has}."""
    return {
        "objects": {o.name: _object(o) for o in schema.objects.values()},
        "events": {k.name: _event(k) for k in stored_events(schema)},
    }


def schema_json(schema: Schema) -> str:
    """`schema_shape` as canonical JSON."""
    return shape_json(schema_shape(schema))


def shape_json(shape: Shape) -> str:
    return orjson.dumps(shape, option=orjson.OPT_SORT_KEYS).decode()


def schema_hash(schema: Schema) -> str:
    return hashlib.sha256(schema_json(schema).encode()).hexdigest()


def _object(object_type: ObjectType) -> Shape:
    properties = {p.name: _property(p) for p in stored_properties(object_type)}
    links = {a.name: _link(a) for a in object_type.associations.values()}
    return {"key": object_type.key, "properties": properties, "links": links}


def _event(kind: EventKind) -> Shape:
    fields = {f.name: _field(f) for f in kind.fields.values()}
    return {"of": kind.of, "classed": kind.classed, "mail": kind.mail, "fields": fields}


def _property(p: Property) -> Shape:
    default = {} if p.default is None else {"default": encode_value(p.type, p.default)}
    return _type(p.type) | default


def _field(field: EventField) -> Shape:
    return _type(field.type)


def _link(association: Association) -> Shape:
    return {"target": association.target, "many": association.many, "inverse": association.inverse}


def _type(type_: Type) -> Shape:
    shape: Shape = {"kind": type_.kind.value}
    if type_.options:
        shape["options"] = list(type_.options)
    if type_.currency:
        shape["currency"] = type_.currency
    if type_.target:
        shape["target"] = type_.target
    return shape
