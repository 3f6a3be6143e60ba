"""`=`, `!=`, `<`, `<=`, `>`, `>=` between two values."""

from __future__ import annotations

from ..program.conditions import Compare, Const
from ..schema.model import Kind
from ..syntax import nodes
from .counts import count_compared, is_count
from .forms import reads
from .literals import right_side
from .operands import Named, left_side
from .placed import Placed
from .ranges import never_reached
from .scope import Resolved, Scope
from .types import ORDER_OPERATORS, described, orders

_TURNED = {"=": "=", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}
_INSTEAD_OF_ORDER = {
    Kind.CHOICE: "list the options you mean: `in [..]`",
    Kind.MULTI_CHOICE: "list the options you mean: `contains any [..]`",
    Kind.TEXT: "write `=`, `contains`, `starts with` or `ends with`",
}
_WORDS = {"<": "below", "<=": "at most", ">": "above", ">=": "at least"}


@reads(nodes.Compare)
def compared(scope: Scope, node: nodes.Compare) -> Placed | None:
    """One comparison; `3 < nps` is read as `nps > 3`."""
    op, first, second = node.op, node.left, node.right
    if _fixed(first) and not _fixed(second):
        op, first, second = _TURNED[op], second, first
    if is_count(first) and isinstance(second, nodes.Number):
        return count_compared(scope, node, op, first, second)
    left = left_side(scope, first, node.span)
    if left is None:
        return None
    if op in ORDER_OPERATORS and not orders(left.value.type):
        _no_order(scope, left, node)
        return None
    right = right_side(scope, left, second, node.span)
    if right is None:
        return None
    if isinstance(right.value, Const) and never_reached(scope, left, op, right.value, node.span):
        return None
    condition = Compare(left.value, op, right.value)
    return Placed(condition, node.span, (*left.inner, *right.inner), left.missing or right.missing, left.span)


def _fixed(node: nodes.Operand) -> bool:
    return not isinstance(node, Named) or isinstance(node, nodes.Ago)


def _no_order(scope: Scope, left: Resolved, node: nodes.Compare) -> None:
    scope.findings.error(
        "wrong-operator",
        node.op_span,
        f"{scope.findings.text(left.span)} is {described(left.value.type)}, which has no order",
        f"nothing is {_WORDS[node.op]} it",
        help=_INSTEAD_OF_ORDER.get(left.value.type.kind, "write `=`"),
    )
