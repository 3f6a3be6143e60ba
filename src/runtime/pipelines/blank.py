"""What a form for a new record asks for: where it begins, its properties, what it is tied to (P8, P9)."""

from __future__ import annotations

from dataclasses import dataclass

from dsl.diagnostics.articles import article
from dsl.schema import moves
from dsl.schema.model import Schema

from ..project.loading import Settings
from ..store.objects import stored_properties
from ..talks.typed import Reader
from .making import GIVEN
from .places import pipeline_of


@dataclass(frozen=True, slots=True)
class Asked:
    """One line of the form. `needed`: "error" where nothing is made without it, "warning" where the schema wants it,
    else "". `note` says how it is written."""

    name: str
    label: str
    needed: str
    note: str


@dataclass(frozen=True, slots=True)
class Blank:
    """`stages` to begin in, the first where none is said. What is needed comes first."""

    object: str
    pipeline: str
    label: str
    stages: tuple[str, ...]
    properties: tuple[Asked, ...]
    ties: tuple[Asked, ...]


def blank(settings: Settings, of: str, pipeline: str | None = None) -> Blank:
    """Raises UnknownName, InvalidInput."""
    schema = settings.schema
    into = pipeline_of(schema, of, pipeline)
    return Blank(of, into.name, into.label, moves.begins(into), _properties(settings, of), _ties(schema, of))


def _properties(settings: Settings, of: str) -> tuple[Asked, ...]:
    read = Reader.of(settings.project, [user.name for user in settings.project.users.values() if user.active])
    found = []
    for p in stored_properties(settings.schema.objects[of]):
        if p.name not in GIVEN:
            needed = "error" if p.required and p.default is None else ""
            found.append(Asked(p.name, p.label or p.name, needed, read.example(p.type)))
    return tuple(sorted(found, key=lambda one: not one.needed))


def _ties(schema: Schema, of: str) -> tuple[Asked, ...]:
    found = []
    for a in schema.objects[of].associations.values():
        several = "; several with a comma between" if a.many else ""
        by = "an address or id" if "email" in schema.objects[a.target].properties else "an id"
        label = a.name.replace("_", " ")
        of = "" if label == a.target else f"{article(a.target)}: "
        found.append(Asked(a.name, label, a.required or "", f"{of}{by}{several}"))
    return tuple(sorted(found, key=lambda one: not one.needed))
