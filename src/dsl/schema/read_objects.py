"""Objects and their properties; associations are read after all objects are known (read_associations.py)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

from ..diagnostics import Label, did_you_mean
from .model import Kind, ObjectType, Property, Type
from .names import Named, nfc
from .read_types import read_default, read_type, tell_no_options
from .reading import Reading
from .shape_of_schema import ObjectShape, PropertyShape
from .stages import STAGE_PROPERTIES
from .standard import CREATED

_MEASURED = (Kind.NUMBER, Kind.PERCENT, Kind.MONEY)


def read_objects(
    shapes: Mapping[str, ObjectShape], base: Mapping[str, ObjectType], reading: Reading
) -> dict[str, ObjectType]:
    """The objects of the base with what the project adds, then the project's own."""
    result = dict(base)
    good = reading.names(shapes, Named.OBJECT, "objects", known=[(o.name, o.span) for o in base.values()])
    known = [*base, *(name for name in good)]
    for name in good:
        result[name] = _object(name, shapes[name], base.get(name), known, reading)
    _check_former(result, reading)
    return result


def _object(
    name: str, shape: ObjectShape, base: ObjectType | None, objects: Collection[str], reading: Reading
) -> ObjectType:
    span = reading.key("objects", name)
    if base is None:
        label = shape.label or name.replace("_", " ").capitalize()
        base = ObjectType(name, label, None, {"created_at": CREATED}, {}, shape.was, span)
    path = ("objects", name, "properties")
    properties = dict(base.properties)
    known = [(p.name, p.span) for p in properties.values()]
    for written in reading.names(shape.properties, Named.PROPERTY, *path, known=known):
        before = base.properties.get(written)
        if (new := _property(written, shape.properties[written], before, name, objects, reading)) is not None:
            properties[new.name] = new
    _check_former(properties, reading, name, "properties")
    key = _key(name, shape, properties, reading) or base.key
    return replace(base, label=shape.label or base.label, key=key, properties=properties, was=shape.was, span=span)


def _property(
    name: str,
    shape: PropertyShape,
    before: Property | None,
    owner: str,
    objects: Collection[str],
    reading: Reading,
) -> Property | None:
    path = ("objects", owner, "properties", name)
    if before is not None and (before.derived or name in STAGE_PROPERTIES):
        _tell_derived(name, owner, path, reading)
        return None
    type = read_type(shape, path, objects, reading)
    if before is not None:
        type = _widened(type, shape, before, path, reading)
    elif type.kind in (Kind.CHOICE, Kind.MULTI_CHOICE) and not type.options:
        tell_no_options(shape, path, reading)
    default = read_default(shape.default, type, (*path, "default"), reading)
    low, high = _bounds(shape, type, default, path, reading)
    return Property(
        name,
        type,
        shape.label or (before.label if before else name.replace("_", " ").capitalize()),
        required=_required(shape, before, path, reading),
        default=default if default is not None or before is None else before.default,
        was=shape.was,
        minimum=low,
        maximum=high,
        span=reading.key(*path),
    )


def _tell_derived(name: str, owner: str, path: tuple[str, ...], reading: Reading) -> None:
    if name in STAGE_PROPERTIES:
        help = f"declare the stages of {owner} under `pipelines:`"
        message = f"`{name}` of {owner} comes from its pipelines"
    else:
        message, help = f"`{name}` of {owner} is computed", "use another name"
    reading.problems.error("computed-property", message, reading.key(*path), "declared anew", help=help)


def _widened(type: Type, shape: PropertyShape, before: Property, path: tuple[str, ...], reading: Reading) -> Type:
    """A property of the standard CRM keeps its type; options may be added, a currency chosen."""
    if type.kind is not before.type.kind:
        message = f"`{before.name}` is {before.type.kind} in the standard CRM, not {type.kind}"
        help = f"write `type: {before.type.kind}`, or use another name"
        reading.problems.error("type-changed", message, reading.at(*path, "type"), help=help)
        return before.type
    if shape.options is None:
        return replace(type, options=before.type.options)
    lost = [o for o in before.type.options if o not in type.options]
    if lost:
        message = f"`{before.name}` loses options of the standard CRM: {', '.join(lost)}"
        help = f"write all of them: [{', '.join((*before.type.options, *_added(type, before)))}]"
        reading.problems.error("option-removed", message, reading.at(*path, "options"), help=help)
        return replace(type, options=(*before.type.options, *_added(type, before)))
    return type


def _added(type: Type, before: Property) -> list[str]:
    return [o for o in type.options if o not in before.type.options]


def _required(shape: PropertyShape, before: Property | None, path: tuple[str, ...], reading: Reading) -> bool:
    if before is None:
        return bool(shape.required)
    if before.required and shape.required is False:
        message = f"`{before.name}` is never missing in the standard CRM"
        reading.problems.error("wrong-value", message, reading.at(*path, "required"), help="leave `required` out")
    return before.required or bool(shape.required)


def _bounds(
    shape: PropertyShape, type: Type, default: object | None, path: tuple[str, ...], reading: Reading
) -> tuple[float | None, float | None]:
    low, high = shape.min, shape.max
    if type.kind not in _MEASURED:
        for setting, value in (("min", low), ("max", high)):
            if value is not None:
                message = f"`{setting}` is for number, money and percent, this is {type.kind}"
                reading.problems.error("wrong-setting", message, reading.key(*path, setting))
        return None, None
    if low is not None and high is not None and low > high:
        other = Label(reading.at(*path, "min"), "the least")
        reading.problems.error("wrong-value", "`max` is less than `min`", reading.at(*path, "max"), other=other)
    elif isinstance(default, int | float) and not _within(default, low, high):
        span = reading.at(*path, "default")
        reading.problems.error("wrong-default", "the default lies outside of `min` and `max`", span)
    return low, high


def _within(value: float, low: float | None, high: float | None) -> bool:
    return (low is None or value >= low) and (high is None or value <= high)


def _key(name: str, shape: ObjectShape, properties: Mapping[str, Property], reading: Reading) -> str | None:
    """The property that tells records apart must be there in each of them."""
    if shape.key is None:
        return None
    span, key = reading.at("objects", name, "key"), nfc(shape.key)
    if key not in properties:
        help = did_you_mean(key, properties)
        reading.problems.error("unknown-property", f"{name} has no property `{key}`", span, help=help)
        return None
    found = properties[key]
    if found.type.kind not in (Kind.TEXT, Kind.NUMBER) or found.derived:
        reading.problems.error("wrong-key", f"a key must be text or a number, `{key}` is {found.type}", span)
    elif found.may_be_missing:
        other = Label(found.span, "may be missing") if found.span.file else None
        message = f"`{key}` identifies each {name}, so none may lack it"
        reading.problems.error("wrong-key", message, span, other=other, help=f"add `required: true` to `{key}`")
    return key


def _check_former(items: Mapping[str, ObjectType | Property], reading: Reading, *path: str) -> None:
    """`was` names something that is gone, and each once: else `segue migrate` could not tell what to rename."""
    first: dict[str, str] = {}
    for name, item in items.items():
        if item.was is None:
            continue
        span = reading.at("objects", *path, name, "was")
        if item.was in items:
            reading.problems.error("wrong-was", f"`{item.was}` is still there, so it was not renamed", span)
        elif first.setdefault(item.was, name) != name:
            other = Label(reading.at("objects", *path, first[item.was], "was"), "the other one")
            reading.problems.error("wrong-was", f"two are renamed from `{item.was}`", span, other=other)
