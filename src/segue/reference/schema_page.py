"""The standard CRM, from the schema that `extends: standard` brings."""

from __future__ import annotations

from collections.abc import Iterator

from dsl.schema import standard_schema
from dsl.schema.model import ANY_OBJECT, Association, EventKind, Kind, ObjectType, Property, Type
from dsl.schema.standard import standard_pipelines

from .markdown import code, table
from .markdown import page as joined


def page() -> str:
    schema = standard_schema()
    objects = [part for one in schema.objects.values() for part in _object(one)]
    return joined(
        "# The standard CRM",
        "What `extends: standard` in [schema.yaml](../schema.md) brings. Amounts are in the account's currency.",
        "## Objects",
        *objects,
        "## Pipelines",
        "Of an object for which a project declares none of its own.",
        table(("object", "pipeline", "stages"), _pipelines()),
        "## Events",
        "*Machines apart*: an open or a click is classed as made by a human, by a machine (a scanner, a proxy) or "
        "unknown; conditions count those of humans unless `including machines` is written (M20). *Acts* are what the "
        "person did: they count as `acted`. A field with `?` may be missing.",
        table(("event", "of", "fields", "machines apart", "act"), [_event(one) for one in schema.events.values()]),
    )


def _object(one: ObjectType) -> Iterator[str]:
    yield f"### {one.name}"
    rows = [(code(p.name), _type(p.type), _presence(p), p.label) for p in one.properties.values()]
    yield table(("property", "type", "there", "label"), rows)
    links = [(code(f"{one.name}.{link.name}"), _leads(link), code(link.inverse)) for link in one.associations.values()]
    if links:
        yield table(("association", "leads to", "back by"), links)


def _leads(link: Association) -> str:
    return f"many {code(link.target)}" if link.many else f"one {code(link.target)}"


def _type(type_: Type) -> str:
    if type_.kind in (Kind.CHOICE, Kind.MULTI_CHOICE) and type_.options:
        return f"{type_.kind.value}: {', '.join(code(option) for option in type_.options)}"
    return type_.kind.value


def _presence(one: Property) -> str:
    if one.derived:
        return "computed" if one.required else "computed, may be missing"
    if one.default is not None:
        return f"always; {code(str(one.default))} at first"
    return "always" if one.required else "may be missing"


def _pipelines() -> list[tuple[str, str, str]]:
    return [
        (p.object, code(p.name), ", ".join(code(s.name) + _end(s.closed, s.won) for s in p.stages))
        for p in standard_pipelines()
    ]


def _end(closed: bool, won: bool) -> str:
    return " (won)" if won else " (closed)" if closed else ""


def _event(one: EventKind) -> tuple[str, str, str, str, str]:
    fields = ", ".join(
        f"{code(field.name.replace('link_', 'link.'))}{'' if field.required else '?'} {_type(field.type)}"
        for field in one.fields.values()
    )
    of = "every object" if one.of == ANY_OBJECT else one.of
    return code(one.name), of, fields, "yes" if one.classed else "", "yes" if one.act else ""
