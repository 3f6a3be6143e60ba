"""Events of a project, fields it adds to those of the standard CRM, and link tags."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

from ..diagnostics import did_you_mean
from .model import EventField, EventKind, Kind, ObjectType, Type
from .names import Named, nfc
from .read_types import read_type, tell_no_options, tell_unknown_object
from .reading import Reading
from .shape_of_schema import EventShape, FieldShape, LinkTagShape


def read_events(
    shapes: Mapping[str, EventShape],
    base: Mapping[str, EventKind],
    objects: Mapping[str, ObjectType],
    reading: Reading,
) -> dict[str, EventKind]:
    """The events of the base with what the project adds, then the project's own; of contact unless `of:` says."""
    result = dict(base)
    for name in reading.names(shapes, Named.EVENT, "events", known=[(e.name, e.span) for e in base.values()]):
        event = _event(name, shapes[name], base.get(name), objects, reading)
        if event is not None:
            result[event.name] = event
    return result


def _event(
    name: str, shape: EventShape, before: EventKind | None, objects: Mapping[str, ObjectType], reading: Reading
) -> EventKind | None:
    span = reading.key("events", name)
    if before is None:
        of = _owner(name, shape, objects, reading)
        if of is None:
            return None
        before = EventKind(name, of, name.replace("_", " ").capitalize(), {}, span=span)
    elif before.builtin:
        message = f"`{before.name}` follows from other events and cannot be declared"
        reading.problems.error("computed-event", message, span, help="use another name")
        return None
    elif shape.of not in (None, before.of):
        message = f"`{before.name}` is an event of {before.of} in the standard CRM"
        reading.problems.error("type-changed", message, reading.at("events", name, "of"), help="use another name")
    fields = _fields(name, shape, before, objects, reading)
    key = _webhook(name, shape, objects[before.of], reading)
    act = before.act if shape.act is None else shape.act
    label = shape.label or before.label
    return replace(before, label=label, fields=fields, act=act, webhook_key=key, span=span)


def _owner(name: str, shape: EventShape, objects: Mapping[str, ObjectType], reading: Reading) -> str | None:
    of = shape.of or "contact"
    if of in objects:
        return of
    if shape.of is None:
        message = f"`{name}` is an event of no object: there is no contact here"
        reading.problems.error("missing-key", message, reading.key("events", name), help="add `of: OBJECT`")
    else:
        tell_unknown_object(of, ("events", name, "of"), objects, reading)
    return None


def _fields(
    name: str, shape: EventShape, before: EventKind, objects: Collection[str], reading: Reading
) -> dict[str, EventField]:
    path = ("events", name, "fields")
    fields = dict(before.fields)
    for written in reading.names(shape.fields_, Named.FIELD, *path, known=[(f.name, f.span) for f in fields.values()]):
        field = _field(shape.fields_[written], (*path, written), objects, reading)
        known = before.fields.get(field.name)
        if known is not None and known.type.kind is not field.type.kind:
            message = f"`{field.name}` is {known.type.kind} in the standard CRM, not {field.type.kind}"
            reading.problems.error("type-changed", message, reading.at(*path, written, "type"))
            continue
        fields[field.name] = field if known is None else replace(field, names=known.names)
    return fields


def _field(shape: FieldShape, path: tuple[str, ...], objects: Collection[str], reading: Reading) -> EventField:
    type = read_type(shape, path, objects, reading)
    if type.kind in (Kind.CHOICE, Kind.MULTI_CHOICE) and not type.options:
        tell_no_options(shape, path, reading)
    return EventField(path[-1], type, shape.required, span=reading.key(*path))


def _webhook(name: str, shape: EventShape, owner: ObjectType, reading: Reading) -> str | None:
    if shape.webhook is None:
        return None
    key = nfc(shape.webhook.key)
    if key in owner.properties:
        return key
    span, help = reading.at("events", name, "webhook", "key"), did_you_mean(key, owner.properties)
    reading.problems.error("unknown-property", f"{owner.name} has no property `{key}`", span, help=help)
    return None


def read_link_tags(shapes: Mapping[str, LinkTagShape], reading: Reading) -> dict[str, Type]:
    """The tags a link in a template may carry, `{topic=pricing}`: choice, text, number or bool."""
    tags: dict[str, Type] = {}
    for name in reading.names(shapes, Named.LINK_TAG, "link_tags"):
        if name == "url":
            message = "`link.url` is the address of the link itself"
            reading.problems.error("name-taken", message, reading.key("link_tags", name), help="use another name")
            continue
        type = read_type(shapes[name], ("link_tags", name), (), reading)
        if type.kind not in (Kind.CHOICE, Kind.TEXT, Kind.NUMBER, Kind.BOOL):
            message = f"a link tag cannot be {type.kind}"
            help = "use choice, text, number or bool"
            reading.problems.error("wrong-value", message, reading.at("link_tags", name, "type"), help=help)
            continue
        tags[name] = type
    return tags


def with_link_tags(events: Mapping[str, EventKind], tags: Mapping[str, Type]) -> dict[str, EventKind]:
    """The events, clicks given a field link_TAG for each tag; a link need not carry it."""
    click = events.get("clicked_email")
    if click is None or not tags:
        return dict(events)
    added = {f"link_{name}": EventField(f"link_{name}", type, required=False) for name, type in tags.items()}
    return {**events, "clicked_email": replace(click, fields={**click.fields, **added})}
