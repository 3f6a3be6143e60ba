"""One thing that has a name, described: type, options and limits of what the schema has, English of what rules say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from dsl.check.sound import Compiled
from dsl.english.definitions import of_definition, of_score, of_segment
from dsl.english.lines import Line, bulleted
from dsl.program.cost import cost_of
from dsl.program.definitions import Definition, Segment, Template
from dsl.program.others import Score
from dsl.schema.model import Calendar, EventField, EventKind, ObjectType, Property, Type

from .members import Members
from .names import DECLARED, Thing, declared
from .project import Project

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def described(project: Project, thing: Thing, members: Members) -> str:
    """Markdown; empty where nothing is known of it."""
    head = signature(project, thing)
    if not head:
        return ""
    body = "\n".join(_body(project, thing, members))
    return f"```segue\n{head}\n```" + (f"\n\n{body}" if body else "")


def signature(project: Project, thing: Thing) -> str:
    """One line: what it is and of what type."""
    names, owner, last = project.workspace.names, *_parts(thing)
    schema, settings = names.schema, names.project
    match thing.kind:
        case kind if kind in DECLARED:
            known = declared(project, thing)
            return f"{kind} {thing.name} of {known.object}" if known is not None else ""
        case "property" if (object_ := schema.objects.get(owner)) and (found := object_.properties.get(last)):
            return f"{thing.name}: {_typed(found.type)}"
        case "association" if (object_ := schema.objects.get(owner)) and (link := object_.associations.get(last)):
            return f"{thing.name}: {'many ' if link.many else 'one '}{link.target}"
        case "object" if thing.name in schema.objects:
            return f"object {thing.name}"
        case "event" if thing.name in schema.events:
            return f"event {thing.name} of {schema.events[thing.name].of.replace('*', 'any object')}"
        case "field" if (event := schema.events.get(owner)) and (field := event.fields.get(last)):
            return f"{thing.name}: {_typed(field.type)}"
        case "option":
            return f"option {last.partition('=')[2]} of {owner}.{last.partition('=')[0]}"
        case "topic" if thing.name in schema.topics:
            return f"topic {thing.name}: {schema.topics[thing.name].kind}"
        case "calendar" if thing.name in settings.calendars:
            return f"calendar {thing.name}"
        case "user" if thing.name in settings.users:
            return f"user {thing.name}: {settings.users[thing.name].label}"
        case "team" if thing.name in settings.teams:
            return f"team {thing.name}: {', '.join(settings.teams[thing.name])}"
        case "channel":
            return f"channel {thing.name}"
        case "pipeline" if (owner, last) in schema.pipelines:
            return f"pipeline {last} of {owner}"
        case "stage":
            return f"stage {thing.name.rpartition('.')[2]} of {thing.name.rpartition('.')[0]}"
        case "answer" | "created" | "task":
            return f"{thing.kind} {thing.name}"
    return ""


def _body(project: Project, thing: Thing, members: Members) -> Iterator[str]:
    schema, settings = project.workspace.names.schema, project.workspace.names.project
    owner, last = _parts(thing)
    match thing.kind:
        case kind if kind in DECLARED:
            yield from _of_declaration(compiled(project, thing), members)
        case "property" if (object_ := schema.objects.get(owner)) and (found := object_.properties.get(last)):
            yield from _of_property(found)
        case "object" if (known := schema.objects.get(thing.name)) is not None:
            yield from _of_object(known)
        case "event" if (event := schema.events.get(thing.name)) is not None:
            yield from _of_event(event)
        case "field" if (event := schema.events.get(owner)) and (field := event.fields.get(last)):
            yield from _of_field(field)
        case "topic" if (topic := schema.topics.get(thing.name)) is not None:
            yield topic.label
        case "calendar" if (calendar := settings.calendars.get(thing.name)) is not None:
            yield from _of_calendar(calendar)
        case "pipeline" if (pipeline := schema.pipelines.get((owner, last))) is not None:
            yield f"{pipeline.label}: {_listed([stage.name for stage in pipeline.stages])}"


def compiled(project: Project, thing: Thing) -> Compiled | None:
    """What a declaration compiled to; None where it has an error."""
    known = declared(project, thing)
    if known is None:
        return None
    for outcome in project.workspace.outcomes(known.span.file):
        for sound in outcome.sound:
            if (sound.kind, sound.name) == (thing.kind, thing.name):
                return sound.compiled
    return None


def _of_declaration(rule: Compiled | None, members: Members) -> Iterator[str]:
    match rule:
        case Segment():
            yield from _said(rule.label, of_segment(rule))
            if rule.condition is not None:
                yield f"\n_Cost: {cost_of(rule.condition, rule.object).words}_"
            count = members(rule.name)
            if count is not None:
                yield f"\n{counted(count)} now"
        case Definition():
            yield from _said(rule.label, of_definition(rule))
        case Score():
            yield from _said(rule.label, of_score(rule))
        case Template():
            yield from _said(rule.label, (Line(f"topic {rule.topic}"),))


def counted(count: int) -> str:
    return f"{count:,} member{'' if count == 1 else 's'}"


def _said(label: str, lines: Sequence[Line]) -> Iterator[str]:
    if label:
        yield f"**{label}**\n"
    yield from bulleted(lines)


def _of_property(found: Property) -> Iterator[str]:
    if found.label:
        yield found.label + "\n"
    if found.derived:
        yield "- computed, never written by rules"
    else:
        yield f"- {'may be missing' if found.may_be_missing else 'always has a value'}"
    if found.default is not None:
        yield f"- by default `{found.default}`"
    if found.minimum is not None or found.maximum is not None:
        low, high = (f"{v:g}" if v is not None else "any" for v in (found.minimum, found.maximum))
        yield f"- from {low} to {high}"
    yield from _options(found.type)


def _of_object(found: ObjectType) -> Iterator[str]:
    yield f"{found.label}\n"
    yield f"- properties: {_listed(found.properties)}"
    if found.associations:
        yield f"- linked: {_listed(found.associations)}"


def _of_event(found: EventKind) -> Iterator[str]:
    yield f"{found.label}\n"
    yield from (f"- `{name.replace('link_', 'link.')}`: {_typed(f.type)}" for name, f in found.fields.items())
    if found.classed:
        yield "- done by machines it does not count, unless `including machines`"


def _of_field(found: EventField) -> Iterator[str]:
    yield f"- {'always there' if found.required else 'may be missing'}"
    if found.names:
        yield f"- the name of a {found.names}"
    yield from _options(found.type)


def _of_calendar(found: Calendar) -> Iterator[str]:
    yield f"- working days: {', '.join(_DAYS[day] for day in found.working_days)}"
    if found.country:
        where = f"{found.country}-{found.subdivision}" if found.subdivision else found.country
        yield f"- public holidays of {where}"
    if found.holidays:
        yield f"- also off: {', '.join(found.holidays)}"


def _options(type_: Type) -> Iterator[str]:
    if type_.options:
        yield f"- options: {_listed(type_.options)}"


def _typed(type_: Type) -> str:
    if type_.target:
        return f"record of {type_.target}"
    return f"{type_}".replace("_", " ")


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _parts(thing: Thing) -> tuple[str, str]:
    owner, _, last = thing.name.partition(".")
    return owner, last
