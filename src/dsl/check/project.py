"""One project checked as a whole: every declaration, then what only shows across all of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ..program.definitions import OnCondition, Program, Segment, Template
from ..schema.model import EventKind, Project, Schema
from ..source import Source
from ..syntax import nodes
from .absence import Absences
from .circles import definition_circles, segment_circles
from .declarations import Supported, collect
from .definitions import Checked, check_definition
from .findings import Findings
from .placed import Placed
from .project_defaults import default_settings, places_in
from .pruned import pruned
from .scope import Names, Scope
from .segments import check_segment, segment_arrows
from .settings import check_defaults
from .sound import Watch
from .starts import start_arrows
from .templates import check_template, topics_of


@dataclass(slots=True)
class _Found:
    """What came out so far, by name. `placed` are the conditions of segments with their places."""

    segments: dict[str, Segment]
    placed: dict[str, Placed]
    definitions: list[Checked]
    templates: dict[str, Template]


def check_project(
    files: Iterable[nodes.File],
    schema: Schema,
    project: Project,
    findings: Findings,
    project_source: Source | None = None,
) -> Program:
    """The program of all that is sound; what is not is in `findings`."""
    named, kept = collect(files, findings)
    names = Names(schema, project, named)
    found = _Found({}, {}, [], {})
    _check_segments(names, findings, kept, found)
    _check_definitions(names, findings, kept, found, project_source)
    _check_templates(names, findings, kept, found)
    definition_circles(start_arrows(found.definitions), findings)
    definitions = {(c.kind, c.node.name.text): c.definition for c in found.definitions if c.definition is not None}
    if not findings.errors_since(0):
        found.segments, definitions = pruned(found.segments, found.templates, definitions, findings)
    return Program(schema, project, found.segments, found.templates, definitions)


def _check_segments(names: Names, findings: Findings, kept: Sequence[Supported], found: _Found) -> None:
    arrows = []
    for node in kept:
        if isinstance(node, nodes.Segment):
            watch = Watch(findings)
            segment, placed = check_segment(names, findings, node)
            watch.done("segment", node.name.text, node, segment)
            arrows += segment_arrows(node, placed)
            if segment is not None:
                found.segments[segment.name] = segment
            if placed is not None:
                found.placed[node.name.text] = placed
    for name in segment_circles(arrows, findings):
        found.placed.pop(name, None)


def _check_definitions(
    names: Names, findings: Findings, kept: Sequence[Supported], found: _Found, project_source: Source | None
) -> None:
    defaults = _defaults(names, findings, project_source)
    topic_of = topics_of([node for node in kept if isinstance(node, nodes.Template)])
    absences = Absences(names.schema, found.placed, findings)
    for node in kept:
        if isinstance(node, nodes.Sequence | nodes.Workflow):
            watch = Watch(findings)
            checked = check_definition(names, findings, node, defaults, topic_of)
            if checked is not None:
                found.definitions.append(checked)
                _check_absence(absences, checked)
                watch.done(checked.kind, node.name.text, node, checked.definition)


def _check_absence(absences: Absences, checked: Checked) -> None:
    """X8, where it decides who is mailed."""
    if not checked.effects.mails:
        return
    if checked.when is not None and checked.when.placed is not None and isinstance(checked.when.trigger, OnCondition):
        absences.check(checked.when.placed)
    if checked.only is not None:
        absences.check(checked.only)


def _defaults(names: Names, findings: Findings, source: Source | None) -> Mapping[str, nodes.Setting]:
    settings, unread = default_settings(names.project.defaults)
    place = places_in(source)
    for name in unread:
        findings.error("bad-setting", place(name), f"the default of `{name}` is no value of a setting", "not readable")
    contact = names.schema.objects.get("contact")
    if contact is not None:
        check_defaults(Scope(names, findings, contact, enrolled=True), settings, place)
    return settings


def _check_templates(names: Names, findings: Findings, kept: Sequence[Supported], found: _Found) -> None:
    triggers = _triggers(found.definitions)
    for node in kept:
        if isinstance(node, nodes.Template):
            watch = Watch(findings)
            template = check_template(names, findings, node, triggers.get(node.name.text))
            watch.done("template", node.name.text, node, template)
            if template is not None:
                found.templates[template.name] = template


def _triggers(definitions: Sequence[Checked]) -> dict[str, tuple[EventKind, ...] | None]:
    """For each template the events behind all who send it; None where one of them starts by no event (X4)."""
    senders: dict[str, list[tuple[EventKind, ...] | None]] = {}
    for checked in definitions:
        for template, _ in checked.effects.sends:
            senders.setdefault(template, []).append(checked.scope.trigger)
    return {template: _common_trigger(triggers) for template, triggers in senders.items()}


def _common_trigger(triggers: Sequence[tuple[EventKind, ...] | None]) -> tuple[EventKind, ...] | None:
    known = [kinds for kinds in triggers if kinds is not None]
    if len(known) < len(triggers):
        return None
    if not all(known):
        return ()
    return tuple({kind.name: kind for kinds in known for kind in kinds}.values())
