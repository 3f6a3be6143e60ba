"""Segments: their object, their condition, and whether they contain each other."""

from __future__ import annotations

from collections.abc import Iterator

from ..diagnostics.suggest import perhaps
from ..program.conditions import InSegment, WasMember
from ..program.definitions import Segment
from ..schema.model import ObjectType
from ..syntax import nodes
from .circles import Arrow
from .conditions import check_condition
from .findings import Findings, listing
from .placed import Placed
from .scope import Names, Scope
from .whole import check_whole


def check_segment(names: Names, findings: Findings, node: nodes.Segment) -> tuple[Segment | None, Placed | None]:
    """The compiled segment and its condition with places; None where it was reported or is of a later version."""
    subject = object_named(names, findings, node.of)
    label = node.label.value if node.label else ""
    if subject is None:
        return None, None
    if node.condition is None:
        return Segment(node.name.text, label, subject.name, None, node.name.span), None
    scope = Scope(names, findings, subject)
    placed = check_condition(scope, node.condition)
    if placed is None:
        return None, None
    check_whole(scope, placed)
    return Segment(node.name.text, label, subject.name, placed.condition, node.name.span), placed


def object_named(names: Names, findings: Findings, of: nodes.Name) -> ObjectType | None:
    """The object of `of OBJECT`; None after a finding."""
    found = names.schema.objects.get(of.text)
    if found is None:
        hint = perhaps(of.text, names.schema.objects) or f"the objects are {listing(names.schema.objects)}"
        if of.text == "contact":  # of the standard CRM alone, so whoever names it has left that out
            hint = "write `extends: standard` at the top of schema.yaml"
        findings.error("unknown-object", of.span, f"there is no object `{of.text}`", "not in the schema", help=hint)
    else:
        findings.refer("object", of.text, of.span)
    return found


def segment_arrows(node: nodes.Segment, placed: Placed | None) -> list[Arrow]:
    """The segments that this one names, directly or for linked records."""
    return [Arrow(node.name.text, name, part.span) for name, part in members(placed)] if placed else []


def members(part: Placed) -> Iterator[tuple[str, Placed]]:
    """Every `in segment` and `was ever in segment` inside a condition."""
    match part.condition:
        case InSegment(name) | WasMember("segment", name):
            yield name, part
    for inner in part.parts:
        yield from members(inner)
