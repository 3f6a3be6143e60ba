"""Small changes to the standard CRM, for tests."""

from __future__ import annotations

from dataclasses import replace

from dsl.schema.model import EventField, EventKind, Kind, ObjectType, Property, Schema, Type
from dsl.schema.standard import standard_schema

CREATED = Property("created_at", Type(Kind.DATETIME), required=True)


def text(name: str, **more: object) -> Property:
    return Property(name, Type(Kind.TEXT), **more)


def choice(name: str, *options: str, **more: object) -> Property:
    return Property(name, Type(Kind.CHOICE, options), **more)


def number(name: str, **more: object) -> Property:
    return Property(name, Type(Kind.NUMBER), **more)


def contacts_with(*properties: Property, schema: Schema | None = None, without: str = "") -> Schema:
    """The schema with more (or other) properties of a contact."""
    schema = schema or standard_schema()
    contact = schema.objects["contact"]
    own = {n: p for n, p in contact.properties.items() if n != without} | {p.name: p for p in properties}
    return replace(schema, objects={**schema.objects, "contact": replace(contact, properties=own)})


def with_object(name: str, *properties: Property, was: str | None = None) -> Schema:
    schema = standard_schema()
    made = ObjectType(name, name, None, {p.name: p for p in (CREATED, *properties)}, {}, was)
    return replace(schema, objects={**schema.objects, name: made})


def with_event(name: str, *fields: EventField, schema: Schema | None = None) -> Schema:
    schema = schema or standard_schema()
    kind = EventKind(name, "contact", name, {f.name: f for f in fields})
    return replace(schema, events={**schema.events, name: kind})
