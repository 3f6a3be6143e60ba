"""`enroll in`, `unenroll from`, `add to segment`, `remove from segment`."""

from __future__ import annotations

from ..diagnostics.diagnostic import Label
from ..program.blocks import EnrollIn, JoinSegment, LeaveSegment, UnenrollFrom
from ..syntax import nodes
from .bodies import Effects
from .references import declared, same_object
from .scope import Scope


def enroll(
    scope: Scope, node: nodes.Enroll | nodes.Unenroll, following: int, effects: Effects
) -> EnrollIn | UnenrollFrom | None:
    """Into or out of another definition about the same object (X20)."""
    found = declared(scope, node.kind, node.name)
    if found is None or not same_object(scope, found, node.name.span, condition=False):
        return None
    if isinstance(node, nodes.Unenroll):
        return UnenrollFrom(node.kind, found.name, following)
    effects.enrolls.append((node.kind, found.name, node.span))
    return EnrollIn(node.kind, found.name, following)


def segmented(
    scope: Scope, node: nodes.Segmented, following: int, effects: Effects
) -> JoinSegment | LeaveSegment | None:
    """Into or out of a static segment; the members of any other follow from its condition."""
    found = declared(scope, "segment", node.name)
    if found is None or not same_object(scope, found, node.name.span, condition=False):
        return None
    if not found.static:
        scope.findings.error(
            "not-static",
            node.name.span,
            f"who is in `{found.name}` follows from its condition",
            "nobody is put in or taken out",
            others=[Label(found.span, "declared here")],
            help=f"declare it as `static segment {found.name} of {found.object}`, or set what its condition reads",
        )
        return None
    if not node.joins:
        return LeaveSegment(found.name, following)
    effects.joined.append((found.name, node.span))
    return JoinSegment(found.name, following)
