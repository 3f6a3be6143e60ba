"""Associations: `any`, `no`, `every` and `count(..)` over records linked to the subject (G11, X29)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace as changed

from ..diagnostics.diagnostic import Fix, FixKind
from ..diagnostics.suggest import closest
from ..program.conditions import Quantified
from ..schema.model import ObjectType
from ..source import Span
from ..syntax import nodes
from ..syntax.nodes import Name
from .findings import listing, replace
from .later import not_yet
from .paths import walk
from .placed import Placed, both
from .scope import Scope

_TURNED = {"=": "=", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}


def quantified(scope: Scope, node: nodes.Quantified) -> Placed | None:
    """`any deal (..)`, `no deal`, `every deal (..)`."""
    outer = changed(scope, events=())
    linked = linked_object(outer, node.path.names, node.quantifier, node)
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


def counted(scope: Scope, node: nodes.Compare, between: bool = False) -> Placed | None:
    """`count(deal (..)) >= 2`; `between`: one end of two, which says nothing by itself."""
    op, count, number = node.op, node.left, node.right
    if not isinstance(count, nodes.Count):
        op, count, number = _TURNED[op], node.right, node.left
    assert isinstance(count, nodes.Count)
    if count.path.text in scope.schema.events:
        not_yet(scope.findings, nodes.Unsupported("counting events as a value", count.span))
        return None
    outer = changed(scope, events=())
    linked = linked_object(outer, count.path.names, "any", count)
    inner = _inner(outer, linked, count.condition)
    if isinstance(number, nodes.Unsupported):
        not_yet(scope.findings, number)
        return None
    if not isinstance(number, nodes.Number) or not isinstance(number.value, int):
        scope.findings.error("bad-count", number.span, "a count is compared with a whole number", "not a whole number")
        return None
    if linked is None or (count.condition is not None and inner is None):
        return None
    if not between:
        if _decided(scope, node, op, number.value):
            return None
        _shorter(scope, node, count, op, number.value)
    path = tuple(name.text for name in count.path.names)
    condition = Quantified("count", path, linked.name, inner.condition if inner else None, op, number.value)
    return Placed(condition, node.span, (inner,) if inner else ())


def count_between(scope: Scope, node: nodes.Between) -> Placed | None:
    """`count(deal) between 2 and 5`: at least the one and at most the other."""
    low = counted(scope, nodes.Compare(node.left, ">=", node.op_span, node.low, node.span), between=True)
    mark = scope.findings.mark()
    high = counted(scope, nodes.Compare(node.left, "<=", node.op_span, node.high, node.span), between=True)
    if low is None:
        del scope.findings.found[mark:]  # the same count, told once
    return both([low, high], node.span) if low is not None and high is not None else None


def linked_object(
    scope: Scope, names: Sequence[Name], quantifier: str, node: nodes.Quantified | nodes.Count
) -> ObjectType | None:
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
        _only_one(scope, quantifier, last, node)
        return None
    return scope.schema.objects[link.target]


def _inner(scope: Scope, linked: ObjectType | None, node: nodes.Condition | None) -> Placed | None:
    from .conditions import check_condition

    if linked is None or node is None:
        return None
    return check_condition(changed(scope, subject=linked), node)


def _not_linked(scope: Scope, owner: ObjectType, last: Name) -> None:
    many = [name for name, link in owner.associations.items() if link.many]
    meant = closest(last.text, many)
    hint = f"did you mean `{meant}`?" if meant else f"a {owner.name} may have many {listing(many)}"
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


def _only_one(scope: Scope, quantifier: str, last: Name, node: nodes.Quantified | nodes.Count) -> None:
    scope.findings.error(
        "not-many",
        last.span,
        f"there is at most one `{last.text}`, so `{quantifier}` has nothing to choose from",
        "to-one",
        help=f"write `{last.text}.name = ..`, or `{last.text}.name is known` if there must be one",
    )


def _decided(scope: Scope, node: nodes.Compare, op: str, number: int) -> bool:
    never = (number < 0 and op in ("=", "<", "<=")) or (number == 0 and op == "<")
    always = (number < 0 and op in ("!=", ">", ">=")) or (number == 0 and op == ">=")
    if never:
        scope.findings.error(
            "never-true", node.span, f"{scope.findings.text(node.span)} is never true", "a count is never below 0"
        )
    if always:
        scope.findings.warning(
            "always-true", node.span, f"{scope.findings.text(node.span)} is always true", "a count is never below 0"
        )
    return never


def _shorter(scope: Scope, node: nodes.Compare, count: nodes.Count, op: str, number: int) -> None:
    """One way to say a thing: `any deal (..)` and `no deal (..)`."""
    at_least_one = (op, number) in ((">=", 1), (">", 0), ("!=", 0))
    none = (op, number) in (("=", 0), ("<", 1), ("<=", 0))
    if not at_least_one and not none:
        return
    inner = Span(count.span.file, count.path.span.start, count.span.end - 1)
    better = f"{'any' if at_least_one else 'no'} {scope.findings.raw(inner)}"
    scope.findings.warning(
        "count-for-any",
        node.span,
        f"{scope.findings.text(node.span)} counts where one look is enough",
        "there is a shorter way",
        help=f"write `{better}`",
        fix=_safe(node.span, better),
    )


def _safe(span: Span, text: str) -> Fix:
    return replace(span, text, FixKind.SAFE)
