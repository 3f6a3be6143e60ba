"""Giving a thing another name, everywhere it is named: rules, tests, merge fields, schema.yaml and segue.yaml."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from dsl.diagnostics.diagnostic import Edit
from dsl.schema.names import LANGUAGE_WORDS, Named, check_name
from dsl.schema.problems import Problems
from dsl.schema.standard import standard_schema
from dsl.source import NOWHERE, Source, Span

from .describing import signature
from .names import DECLARED, Thing, Use, named_at, uses
from .project import YAML, Project
from .yaml_names import yaml_names

_NAME = re.compile(r"[^\W\d]\w*\Z")
# What schema.yaml and segue.yaml give names to, and which rules hold for such names.
_NAMED = {
    "object": Named.OBJECT,
    "property": Named.PROPERTY,
    "association": Named.ASSOCIATION,
    "event": Named.EVENT,
    "field": Named.FIELD,
    "pipeline": Named.PIPELINE,
    "topic": Named.TOPIC,
    "calendar": Named.CALENDAR,
    "user": Named.USER,
    "team": Named.TEAM,
}
_WORDS = ("option", "stage")  # of the schema too; any word will do for them
_STORED = ("object", "property")  # `segue migrate` wants to know what they were called


class Impossible(Exception):  # noqa: N818 - named for what is the matter
    """Why it cannot be renamed, in a sentence."""


def renamable(project: Project, source: Source, offset: int) -> Use:
    """The name at a place, if it can be another one. Raises Impossible."""
    here = named_at(project, source.name, offset)
    if not here:
        raise Impossible("there is nothing here that has a name")
    things = [use.thing for use in here]
    if len(things) > 1:
        raise Impossible(f"`{bare(things[0])}` means several things here; rename each where it is declared")
    kind = things[0].kind
    if kind not in (*DECLARED, *_NAMED, *_WORDS) or kind == "snippet":
        raise Impossible(f"the name of this {kind} cannot be changed everywhere at once")
    if not any(use.declares for use in uses(project, things)):
        said = signature(project, things[0]) or bare(things[0])
        raise Impossible(f"`{said}` is not declared in this project, so it cannot be renamed")
    if _is_standard(things[0]):
        raise Impossible(f"`{bare(things[0])}` is of the standard CRM, so it cannot be renamed")
    return here[0]


def renamed(project: Project, source: Source, offset: int, new: str) -> list[Edit]:
    """Every edit of it. Raises Impossible."""
    thing = renamable(project, source, offset).thing
    name, old = unicodedata.normalize("NFC", new.strip()), bare(thing)
    if name == old:
        return []
    _check_new(project, thing, name)
    if thing.kind == "object":
        _check_object(project, old)
    found = [use for use in uses(project, [thing]) if not _is_meant(project, use, old)]
    edits = [Edit(use.span, name) for use in found]
    for use in found:
        if _text(project, use.span) != old:
            raise Impossible(f"`{_text(project, use.span)}` names it in a way that cannot be rewritten")
    return [*edits, *_former(project, thing, old)]


def _is_meant(project: Project, use: Use, old: str) -> bool:
    """`link ticket to contact` means the association between the two without its name, and goes on to."""
    return use.thing.kind == "association" and _text(project, use.span) != old


def _is_standard(thing: Thing) -> bool:
    """What a project only adds to: an object, a property or an event that it declares once more."""
    known, (first, *rest) = standard_schema("USD"), thing.name.split(".")
    match thing.kind:
        case "object":
            return first in known.objects
        case "event":
            return first in known.events
        case "property":
            return first in known.objects and rest[0] in known.objects[first].properties
    return False


def _check_object(project: Project, old: str) -> None:
    """Paths may begin with an object (`invoice.total`), and the way back to it is called like it: neither follows."""
    ways = [Thing("association", f"{name}.{old}") for name in project.workspace.names.schema.objects]
    named = [use.span for use in uses(project, ways) if not use.declares]
    for file in project.workspace.rule_files:
        text = project.sources[file].text
        named += [Span(file, found.start(), found.end()) for found in re.finditer(rf"\b{old}\.(?=\w)", text)]
    if named:
        line = project.sources[named[0].file].position(named[0].start)[0]
        place = f"{named[0].file}:{line}"
        raise Impossible(f"`{old}` begins or leads a path too, in {place}: rename it by hand, with `was: {old}`")


def bare(thing: Thing) -> str:
    """The word that is written for it."""
    return re.split(r"[.=]", thing.name)[-1] if thing.kind in (*_NAMED, *_WORDS) else thing.name


def _check_new(project: Project, thing: Thing, name: str) -> None:
    if thing.kind in _NAMED:
        problems = Problems()
        if not check_name(name, _NAMED[thing.kind], NOWHERE, problems):
            raise Impossible(problems.found[0].message)
    elif not _NAME.match(name):
        raise Impossible(f"`{name}` is no name: use letters, digits and `_`, a letter first")
    elif name in LANGUAGE_WORDS:
        raise Impossible(f"`{name}` is a word of the language")
    other = Thing(thing.kind, thing.name[: len(thing.name) - len(bare(thing))] + name)
    if signature(project, other) and _is_taken(project, other):
        article = "an" if thing.kind[0] in "aeo" else "a"
        raise Impossible(f"there is {article} {thing.kind} `{name}` already")


def _is_taken(project: Project, other: Thing) -> bool:
    """Options and stages are described whether there are such or not."""
    return other.kind not in _WORDS or any(use.declares for use in uses(project, [other]))


def _text(project: Project, span: Span) -> str:
    source = project.sources.get(span.file)
    return unicodedata.normalize("NFC", source.text[span.start : span.end]) if source is not None else ""


def _former(project: Project, thing: Thing, old: str) -> Iterator[Edit]:
    """`was: old` before the first key of what is stored, so that `segue migrate` keeps what is in it."""
    if thing.kind not in _STORED:
        return
    for file in YAML:
        source = project.sources.get(file)
        for named in yaml_names(file, source.text) if source is not None else ():
            own = named.declares and (named.kind, named.name) == (thing.kind, thing.name)
            if own and source is not None and named.first_key is not None and not _has_former(source, named.first_key):
                yield _insert_before(source, named.first_key, f"was: {old}")


def _has_former(source: Source, first: Span) -> bool:
    """Whether the mapping tells a former name already: then the older one is what the store knows."""
    if _in_braces(source, first):
        return re.search(r"\bwas\s*:", source.text[first.start : source.text.find("}", first.start)]) is not None
    column = source.position(first.start)[1] - 1
    for line in source.text[first.start - column :].split("\n"):
        if line.strip() and len(line) - len(line.lstrip()) < column:
            return False
        if re.match(rf" {{{column}}}was\s*:", line):
            return True
    return False


def _insert_before(source: Source, first: Span, text: str) -> Edit:
    column = source.position(first.start)[1] - 1
    behind = ", " if _in_braces(source, first) else "\n" + " " * column
    return Edit(Span(first.file, first.start, first.start), f"{text}{behind}")


def _in_braces(source: Source, first: Span) -> bool:
    return source.text[: first.start].rstrip().endswith("{")
