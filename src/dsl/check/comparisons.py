"""`=`, `!=`, `<`, `<=`, `>`, `>=` between two values."""

from __future__ import annotations

from ..program.conditions import Compare, Const
from ..schema.model import Kind
from ..source import Span
from ..syntax import nodes
from .later import not_yet
from .literals import resolve_operand, value_for
from .placed import Placed
from .scope import Resolved, Scope
from .types import ORDER_OPERATORS, bound_shown, described, orders

_TURNED = {"=": "=", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}
_WORDS = {"<": "below", "<=": "at most", ">": "above", ">=": "at least"}


def left_side(scope: Scope, operand: nodes.Operand, whole: Span) -> Resolved | None:
    """What is compared: always something named. None after a finding."""
    match operand:
        case nodes.Path():
            return resolve_operand(scope, operand, whole)
        case nodes.Unsupported():
            not_yet(scope.findings, operand)
            return None
        case nodes.Bad():
            return None
    scope.findings.error(
        "literal-on-the-left",
        operand.span,
        f"{scope.findings.text(operand.span)} is a fixed value",
        "nothing to compare",
        help="write the property first: `amount > 10`",
    )
    return None


def compared(scope: Scope, node: nodes.Compare) -> Placed | None:
    """One comparison; `3 < nps` is read as `nps > 3`."""
    op, first, second = node.op, node.left, node.right
    if not isinstance(first, nodes.Path | nodes.Unsupported | nodes.Bad) and isinstance(second, nodes.Path):
        op, first, second = _TURNED[op], second, first
    left = left_side(scope, first, node.span)
    if left is None:
        return None
    if op in ORDER_OPERATORS and not orders(left.value.type):
        _no_order(scope, left, node)
        return None
    right = value_for(scope, left, second, node.span)
    if right is None:
        return None
    if isinstance(right, Const) and out_of_range(scope, left, op, right, node):
        return None
    missing = left.missing or (not isinstance(right, Const) and _other_may_be_missing(scope, second))
    return Placed(Compare(left.value, op, right), node.span, (), missing, left.span)


def _other_may_be_missing(scope: Scope, operand: nodes.Operand) -> bool:
    mark = scope.findings.mark()
    found = resolve_operand(scope, operand) if isinstance(operand, nodes.Path) else None
    del scope.findings.found[mark:]
    return found is not None and found.missing


def _no_order(scope: Scope, left: Resolved, node: nodes.Compare) -> None:
    kind = left.value.type.kind
    choice = kind in (Kind.CHOICE, Kind.MULTI_CHOICE)
    scope.findings.error(
        "wrong-operator",
        node.op_span,
        f"{scope.findings.text(left.span)} is {described(left.value.type)}, which has no order",
        f"nothing is {_WORDS[node.op]} it",
        help="list the options you mean: `in [..]`"
        if choice
        else "write `=`, `contains`, `starts with` or `ends with`",
    )


def out_of_range(scope: Scope, left: Resolved, op: str, right: Const, node: nodes.Compare) -> bool:
    """Whether the schema's minimum or maximum already decides that the comparison is never true."""
    value = right.value
    if isinstance(value, str | bool):
        return False
    low, high = left.minimum, left.maximum
    name = scope.findings.text(left.span)
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
    scope.findings.error(
        "never-true", node.span, f"{scope.findings.text(node.span)} is never true", f"{name} is {bound}"
    )
    return True
