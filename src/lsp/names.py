"""What is named where: in rule files by the checker's references, in schema.yaml and segue.yaml by their shape."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass

from dsl.check.scope import Declared
from dsl.source import Source, Span

from .project import YAML, Project
from .yaml_names import yaml_names

# Kinds of declarations in rule files; all other kinds of names are of the schema, of segue.yaml, or of one body.
DECLARED = (
    *("segment", "sequence", "workflow", "template", "snippet", "score", "broadcast", "report", "dashboard"),
    *("hygiene", "playbook", "form", "survey"),
)


@dataclass(frozen=True, slots=True)
class Thing:
    """What a name means: `kind` and `name` as of `dsl.check.findings.Reference`."""

    kind: str
    name: str


@dataclass(frozen=True, slots=True)
class Use:
    """A place where a thing is named; `declares`: the place that gives it its name."""

    thing: Thing
    span: Span
    declares: bool = False


def uses_in(project: Project, file: str) -> Iterator[Use]:
    """Every name of one file, as of the last check."""
    if file in YAML:
        source = project.sources.get(file)
        if source is not None:
            for named in yaml_names(source.name, source.text):
                yield Use(Thing(named.kind, named.name), named.span, named.declares)
        return
    try:
        declared, references = project.workspace.declared(file), project.workspace.references(file)
    except KeyError:  # no file of this project any more
        return
    for one in declared:
        yield Use(Thing(one.kind, one.name), _inside(project, one.span), declares=True)
    for reference in references:
        if reference.span.file == file:  # a default of segue.yaml is read with each definition
            yield Use(Thing(reference.kind, reference.name), reference.span)


def uses(project: Project, things: Iterable[Thing]) -> list[Use]:
    """Where any of them is named, over all files; each place once."""
    wanted = {(thing.kind, thing.name) for thing in things}
    found = [use for file in project.files for use in _wanted(project, file, wanted)]
    by_place = {(use.span.file, use.span.start): use for use in found}
    files = {file: number for number, file in enumerate(project.files)}
    return [by_place[place] for place in sorted(by_place, key=lambda place: (files[place[0]], place[1]))]


def _wanted(project: Project, file: str, wanted: Set[tuple[str, str]]) -> Iterable[Use]:
    """Those of one file; most files name nothing that is wanted."""
    if file not in YAML:
        declared_here = any((one.kind, one.name) in wanted for one in project.workspace.declared(file))
        if not declared_here and not any((r.kind, r.name) in wanted for r in project.workspace.references(file)):
            return ()
    return [use for use in uses_in(project, file) if (use.thing.kind, use.thing.name) in wanted]


def named_at(project: Project, file: str, offset: int) -> list[Use]:
    """What is named at a place: mostly one; several where one word means a stage of several pipelines, or the field of
    several events."""
    here = [use for use in uses_in(project, file) if use.span.start <= offset <= use.span.end]
    if not here:
        return []
    # The narrowest, and of two that touch the one that begins here.
    best = min(here, key=lambda use: (use.span.end - use.span.start, -use.span.start)).span
    return list({use.thing: use for use in here if use.span == best}.values())


def declarations(project: Project, things: Iterable[Thing]) -> list[Span]:
    """The places that give them their names; none for what is of the standard CRM."""
    found = []
    for thing in things:
        known = declared(project, thing)
        if known is not None:
            found.append(_inside(project, known.span))
        else:
            found += [use.span for use in _of_yaml(project) if use.declares and use.thing == thing]
    return list(dict.fromkeys(found))


def declared(project: Project, thing: Thing) -> Declared | None:
    """A declaration of a rule file, as of the last check."""
    return project.workspace.names.declared.get((thing.kind, thing.name))


def _of_yaml(project: Project) -> Iterator[Use]:
    for file in YAML:
        yield from uses_in(project, file)


def _inside(project: Project, span: Span) -> Span:
    """Of a name in quotes, as a snippet has it, what stands between them."""
    source = project.sources.get(span.file)
    return within_quotes(source, span) if source is not None else span


def within_quotes(source: Source, span: Span) -> Span:
    """The span without the quotes around it, if there are any."""
    text = source.text[span.start : span.end]
    quoted = len(text) >= 2 and text[0] in "\"'" and text[-1] == text[0]
    return Span(span.file, span.start + 1, span.end - 1) if quoted else span
