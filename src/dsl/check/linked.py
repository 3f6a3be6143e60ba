"""Associations: `any`, `no`, `every` and `count(..)` over records linked to the subject (G11, X29)."""

from __future__ import annotations

from collections.abc import Sequence

from ..diagnostics.articles import article
from ..diagnostics.diagnostic import FixKind
from ..diagnostics.suggest import closest
from ..program.conditions import CountOf, Quantified
from ..schema.model import Kind, ObjectType, Type
from ..syntax import nodes
from ..syntax.nodes import Name
from ..values import replace as changed
from .findings import listing, replace
from .forms import check_condition, reads
from .paths import walk
from .placed import Placed
from .scope import Resolved, Scope


@reads(nodes.Quantified)
def quantified(scope: Scope, node: nodes.Quantified) -> Placed | None:
    """`any deal (..)`, `no deal`, `every deal (..)`."""
    outer = changed(scope, events=())
    linked = linked_object(outer, node.path.names, node.quantifier)
    inner = _inner(outer, linked, node.condition)
    if linked is None or (node.condition is not None and inner is None):
        return None
    if node.quantifier == "every" and node.condition is None:
        scope.findings.error(
            "every-without-condition",
            node.span,
            f"`every {node.path.text}` says nothing about them",
            "every one does what?",
            help=f"write `every {node.path.text} (..)`, or `any {node.path.text}` if there must be one",
        )
        return None
    path = tuple(name.text for name in node.path.names)
    condition = Quantified(node.quantifier, path, linked.name, inner.condition if inner else None)
    return Placed(condition, node.span, (inner,) if inner else ())


def count_value(scope: Scope, node: nodes.Count) -> Resolved | None:
    """`count(deal (won))` as a value: how many linked records there are, never missing."""
    outer = changed(scope, events=())
    linked = linked_object(outer, node.path.names, "any")
    inner = _inner(outer, linked, node.condition)
    if linked is None or (node.condition is not None and inner is None):
        return None
    path = tuple(name.text for name in node.path.names)
    value = CountOf(path, linked.name, Type(Kind.NUMBER), inner.condition if inner else None)
    return Resolved(value, node.span, missing=False, inner=(inner,) if inner else ())


def linked_object(scope: Scope, names: Sequence[Name], quantifier: str) -> ObjectType | None:
    """The object at the end of the path: to-one steps, then one to-many."""
    walked = walk(scope, names[:-1], names, None)
    if walked is None:
        return None
    _, owner, _ = walked
    last = names[-1]
    link = owner.associations.get(last.text)
    if link is None:
        _not_linked(scope, owner, last)
        return None
    if not link.many:
        _only_one(scope, quantifier, last)
        return None
    scope.findings.refer("association", f"{owner.name}.{link.name}", last.span)
    return scope.schema.objects[link.target]


def _inner(scope: Scope, linked: ObjectType | None, node: nodes.Condition | None) -> Placed | None:
    if linked is None or node is None:
        return None
    return check_condition(changed(scope, subject=linked, person=False), node)


def _not_linked(scope: Scope, owner: ObjectType, last: Name) -> None:
    many = [name for name, link in owner.associations.items() if link.many]
    meant = closest(last.text, many)
    hint = f"did you mean `{meant}`?" if meant else f"{article(owner.name)} may have many {listing(many)}"
    if last.text in scope.schema.events:
        hint = f"`{last.text}` is an event; write `has {last.text}`"
    scope.findings.error(
        "unknown-association",
        last.span,
        f"{owner.name} is not linked to `{last.text}`",
        "not an association of the schema",
        help=hint,
        fix=replace(last.span, meant, FixKind.UNSAFE) if meant else None,
    )


def _only_one(scope: Scope, quantifier: str, last: Name) -> None:
    scope.findings.error(
        "not-many",
        last.span,
        f"there is at most one `{last.text}`, so `{quantifier}` has nothing to choose from",
        "to-one",
        help=f"write `{last.text}.name = ..`, or `{last.text}.name is known` if there must be one",
    )
