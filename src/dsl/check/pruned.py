"""Leaves out of a program what names something left out, so that nothing in it points nowhere."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass

from ..program.blocks import EnrollIn, Send, Task, UnenrollFrom
from ..program.conditions import InDefinition, InSegment
from ..program.definitions import Definition, Segment, Template
from ..source import NOWHERE
from .findings import Findings, listing

Key = tuple[str, str]


def pruned(
    segments: Mapping[str, Segment],
    templates: Mapping[str, Template],
    definitions: Mapping[Key, Definition],
    findings: Findings,
) -> tuple[dict[str, Segment], dict[Key, Definition]]:
    """The segments and definitions all of whose names are there; a word about each of the others."""
    present: dict[Key, object] = {("segment", name): value for name, value in segments.items()}
    present |= {("template", name): value for name, value in templates.items()}
    present |= definitions
    names = {key: frozenset(referred(value)) for key, value in present.items()}
    while lost := [key for key in present if not names[key] <= present.keys()]:
        for key in lost:
            lacking = sorted(name for kind, name in names[key] - present.keys())
            span = getattr(present.pop(key), "span", NOWHERE)
            findings.info(
                "left-out", span, f"`{key[1]}` is left out, as {listing(lacking)} is", "not part of the program"
            )
    return (
        {name: s for name, s in segments.items() if ("segment", name) in present},
        {key: d for key, d in definitions.items() if key in present},
    )


def referred(value: object) -> Iterator[Key]:
    """Every segment, template, sequence or workflow that a compiled value names."""
    match value:
        case InSegment(name):
            yield "segment", name
        case InDefinition(kind, name) | EnrollIn(kind, name) | UnenrollFrom(kind, name):
            yield kind, name
        case Send(template):
            yield "template", template
        case Task(template=template) if template is not None:
            yield "template", template
        case tuple():
            for item in value:
                yield from referred(item)
            return
    if is_dataclass(value) and not isinstance(value, type):
        for field in fields(value):
            inner = getattr(value, field.name)
            if isinstance(inner, tuple) or is_dataclass(inner):
                yield from referred(inner)
