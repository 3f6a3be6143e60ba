"""What a compiled part of a rule reads or writes, and a schema has no more, or has as another type (X26)."""

from __future__ import annotations

from collections.abc import Iterator

from dsl.check.types import comparable
from dsl.program.blocks import Add, Assign, Clear, Create, Link, SendTo, Set, Text
from dsl.program.conditions import (
    Aggregate,
    Compare,
    Const,
    ContainsList,
    CreatedValue,
    EventMatch,
    EventValue,
    Field,
    OneOf,
    TriggerValue,
    Value,
)
from dsl.program.parts import parts
from dsl.schema.model import Kind, Schema, Type

_CHOSEN = (Kind.CHOICE, Kind.TEXT)


def lacks(value: object, schema: Schema) -> Iterator[str]:
    """In words, each a sentence that "but 3 enrollments still need it" goes on with."""
    for part in parts(value):
        yield from _properties(part, schema)
        yield from _events(part, schema)
        yield from _associations(part, schema)
        for of, name, option in _options(part):
            known = schema.objects[of].properties.get(name) if of in schema.objects else None
            if known is not None and known.type.options and option not in known.type.options:
                yield f"option `{option}` of `{of}.{name}` is gone"


def _properties(part: object, schema: Schema) -> Iterator[str]:
    for of, name, given in _named(part):
        known = schema.objects[of].properties.get(name) if of in schema.objects else None
        if known is None or not _goes_into(given, known.type, written=not isinstance(part, Field | CreatedValue)):
            yield f"property `{of}.{name}` is gone or of another type"


def _named(part: object) -> Iterator[tuple[str, str, Value | Text | None]]:
    """(object, property, what is read of it or written into it)."""
    match part:
        case Field(object=of, property=name) | CreatedValue(object=of, property=name):
            yield of, name, part
        case Set(object=of, property=name, value=given) | Add(object=of, property=name, amount=given):
            yield of, name, given
        case Clear(object=of, property=name):
            yield of, name, None
        case Create(object=of, fields=given_fields):
            yield from ((of, name, given) for name, given in given_fields)
        case Assign(record=record, property=name):
            yield record.object, name, None


def _goes_into(given: Value | Text | None, now: Type, written: bool) -> bool:
    """Whether a value of a pinned version is still one that a property of this type may have."""
    match given:
        case None:
            return True
        case Text():
            return now.kind is Kind.TEXT
        case _ if not written:
            return now.kind is given.type.kind
    return comparable(given.type, now) or (now.kind is Kind.MULTI_CHOICE and given.type.kind in _CHOSEN)


def _events(part: object, schema: Schema) -> Iterator[str]:
    fields: list[tuple[str, str, Type | None]] = []
    match part:
        case EventMatch(event=kind) if kind not in schema.events:
            yield f"event `{kind}` is gone"
        case EventMatch(event=kind, filter=asked):
            fields = [(kind, p.field, p.type) for p in parts(asked) if isinstance(p, EventValue)]
        case Aggregate(match=asked_of, field=name):
            fields = [(asked_of.event, name, None if name in ("", "at") else part.type)]
        case TriggerValue(events=kinds, field=name):
            fields = [(kind, name, part.type) for kind in kinds]
    for kind, name, type_ in fields:
        known = schema.events[kind].fields.get(name) if kind in schema.events else None
        if type_ is not None and kind in schema.events and (known is None or known.type.kind is not type_.kind):
            yield f"field `{kind}.{name}` is gone or of another type"


def _associations(part: object, schema: Schema) -> Iterator[str]:
    """By where they lead: a path tells its end, and not where it begins."""
    path: tuple[str, ...]
    match part:
        case Link(association=name, right=right):
            path, end = (name,), right.object
        case SendTo(path=path):
            end = "contact"
        case _:
            path, end = getattr(part, "path", ()), str(getattr(part, "object", ""))
    for i, name in enumerate(path):
        found = [o.associations[name].target for o in schema.objects.values() if name in o.associations]
        if not found or (i == len(path) - 1 and end not in found):
            yield f"association `{name}` is gone or leads elsewhere"


def _options(part: object) -> Iterator[tuple[str, str, object]]:
    """(object, property, value) wherever a literal stands beside a property. `was ever` may ask for what is gone."""
    match part:
        case Compare(Field() as left, _, Const(value)) | Compare(Const(value), _, Field() as left):
            yield left.object, left.property, value
        case OneOf(Field() as left, options) | ContainsList(Field() as left, _, options):
            yield from ((left.object, left.property, option.value) for option in options)
        case Set(object=of, property=name, value=Const(value)):
            yield of, name, value
        case Create(object=of, fields=written):
            yield from ((of, name, given.value) for name, given in written if isinstance(given, Const))
