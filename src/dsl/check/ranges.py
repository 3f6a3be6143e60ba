"""Comparisons that the schema's minimum and maximum already decide, and bounds that stand the wrong way round."""

from __future__ import annotations

from ..diagnostics.diagnostic import Edit, Fix, FixKind
from ..program.conditions import Ago, Const, Value
from ..source import Span
from ..syntax import nodes
from .ages import longest, shortest
from .scope import Resolved, Scope
from .types import bound_shown


def never_reached(scope: Scope, left: Resolved, op: str, right: Const, whole: Span) -> bool:
    """Whether no value between the property's bounds satisfies the comparison; reports if so."""
    value = right.value
    if isinstance(value, str | bool):
        return False
    low, high = left.minimum, left.maximum
    below = low is not None and ((value < low and op in ("=", "<=")) or (value <= low and op == "<"))
    above = high is not None and ((value > high and op in ("=", ">=")) or (value >= high and op == ">"))
    if not below and not above:
        return False
    type_ = left.value.type
    bound = (
        f"never below {bound_shown(low, type_)}"
        if below and low is not None
        else f"never above {bound_shown(high or 0, type_)}"
    )
    name = scope.findings.text(left.span)
    scope.findings.error("never-true", whole, f"{scope.findings.text(whole)} is never true", f"{name} is {bound}")
    return True


def never_between(scope: Scope, left: Resolved, low: Value, high: Value, node: nodes.Between) -> bool:
    """Whether nothing lies between the two; reports if so."""
    if is_reversed(low, high):
        reversed_bounds(scope, node)
        return True
    return (isinstance(low, Const) and never_reached(scope, left, ">=", low, node.span)) or (
        isinstance(high, Const) and never_reached(scope, left, "<=", high, node.span)
    )


def is_reversed(low: Value, high: Value) -> bool:
    """Whether the first of two bounds is above the second, whatever the day."""
    match low, high:
        case Const(str(a)), Const(str(b)):
            return a[: len(b)] > b[: len(a)]  # a day, or a day with a time: a day is all of it (X14)
        case Const(int() | float() as a), Const(int() | float() as b):
            return a > b
        case Ago(far), Ago(near):
            return shortest(near) > longest(far)
    return False


def reversed_bounds(scope: Scope, node: nodes.Between) -> None:
    """`between 10 and 5`"""
    low, high = scope.findings.raw(node.low.span), scope.findings.raw(node.high.span)
    ago = isinstance(node.low, nodes.Ago)
    scope.findings.error(
        "never-true",
        node.low.span.to(node.high.span),
        f"never true: nothing is between `{low}` and `{high}`",
        "the later one stands first"
        if ago or isinstance(node.low, nodes.Date | nodes.DateTime)
        else "the greater one stands first",
        help=f"write `between {high} and {low}`",
        fix=Fix(FixKind.UNSAFE, (Edit(node.low.span, high), Edit(node.high.span, low))),
    )
