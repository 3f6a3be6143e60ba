"""Tests of one value: `in [..]`, `contains`, `between`, `matches`, `is missing`."""

from __future__ import annotations

from ..diagnostics.diagnostic import FixKind
from ..program.conditions import Between, Const, ContainsList, Matches, Missing, OneOf, TextTest
from ..schema.model import Kind
from ..source import Span
from ..syntax import nodes
from .constants import mismatch
from .counts import count_between, is_count
from .findings import replace
from .forms import reads
from .literals import right_side, value_for
from .operands import left_side
from .patterns import is_sound_pattern
from .placed import Placed
from .ranges import never_between
from .scope import Resolved, Scope
from .types import bound_shown, described, orders


@reads(nodes.OneOf)
def one_of(scope: Scope, node: nodes.OneOf) -> Placed | None:
    """`plan in [free, trial]`, `plan not in [paid]`."""
    left = left_side(scope, node.left, node.span)
    if left is None:
        return None
    if left.value.type.kind is Kind.BOOL:
        mismatch(scope, left, node.options.span, None)
        return None
    options = listed(scope, left, node.options)
    if options is None:
        return None
    if not node.negated:
        _names_every_option(scope, left, node, options)
    return Placed(OneOf(left.value, options, node.negated), node.span, left.inner, left.missing, left.span)


def _names_every_option(scope: Scope, left: Resolved, node: nodes.OneOf, options: tuple[Const, ...]) -> None:
    type_ = left.value.type
    if type_.kind is not Kind.CHOICE or left.missing or set(type_.options) - {option.value for option in options}:
        return
    message = f"always true: these are all options of {scope.findings.text(left.span)}"
    scope.findings.warning("always-true", node.span, message, "holds for everyone", help="leave it out")


def listed(scope: Scope, left: Resolved, list_: nodes.ListOf) -> tuple[Const, ...] | None:
    """The values of a list, all of the left side's type; None after a finding."""
    options = [_item(scope, left, item) for item in list_.items]
    sound = tuple(option for option in options if option is not None)
    if len(sound) < len(options):
        return None
    if not sound:
        scope.findings.error(
            "empty-list", list_.span, "nothing is in an empty list", "no values", help="write at least one value"
        )
        return None
    return sound


def _item(scope: Scope, left: Resolved, item: nodes.Operand) -> Const | None:
    value = value_for(scope, left, item)
    if isinstance(value, Const):
        return value if _within_bounds(scope, left, value, item) else None
    if value is not None:
        message = f"a list holds fixed values, and {scope.findings.text(item.span)} is none"
        scope.findings.error("not-a-value", item.span, message, "not fixed", help="compare it with `=`")
    return None


def _within_bounds(scope: Scope, left: Resolved, option: Const, item: nodes.Operand) -> bool:
    value = option.value
    if isinstance(value, str | bool):
        return True
    low, high = left.minimum, left.maximum
    if (low is None or value >= low) and (high is None or value <= high):
        return True
    type_ = left.value.type
    bound = (
        f"below {bound_shown(low, type_)}"
        if low is not None and value < low
        else f"above {bound_shown(high or 0, type_)}"
    )
    name = scope.findings.text(left.span)
    scope.findings.error("out-of-range", item.span, f"{name} is never {bound}", "no record has it")
    return False


@reads(nodes.TextTest)
def text_test(scope: Scope, node: nodes.TextTest) -> Placed | None:
    """`email contains "@example.com"`, `starts with`, `ends with`."""
    left = _text(scope, node.left, node)
    if left is None:
        return None
    right = right_side(scope, left, node.right)
    if right is None:
        return None
    if isinstance(right.value, Const) and right.value.value == "":
        scope.findings.error("empty-text", right.span, "every text contains an empty one", "nothing to look for")
        return None
    missing = left.missing or right.missing
    return Placed(
        TextTest(left.value, node.op, right.value), node.span, (*left.inner, *right.inner), missing, left.span
    )


@reads(nodes.Matches)
def matches(scope: Scope, node: nodes.Matches) -> Placed | None:
    """`last_name matches "^A8"`: a pattern that means the same on every store (X31)."""
    left = _text(scope, node.left, node)
    if not is_sound_pattern(scope.findings, node.pattern) or left is None:
        return None
    return Placed(Matches(left.value, node.pattern.value), node.span, left.inner, left.missing, left.span)


def _text(scope: Scope, operand: nodes.Operand, node: nodes.TextTest | nodes.Matches) -> Resolved | None:
    left = left_side(scope, operand, node.span)
    if left is None or left.value.type.kind is Kind.TEXT:
        return left
    kind, fix, help_ = left.value.type.kind, None, ""
    if kind is Kind.CHOICE:
        help_ = "write `=` or `in [..]`"
    if kind is Kind.MULTI_CHOICE and isinstance(node, nodes.TextTest):
        better = f"contains any [{scope.findings.raw(node.right.span)}]"
        help_ = f"write `{better}`"
        fix = replace(node.op_span.to(node.right.span), better, FixKind.UNSAFE) if node.op == "contains" else None
    scope.findings.error(
        "wrong-operator",
        node.op_span,
        f"{scope.findings.text(left.span)} is {described(left.value.type)}, not a text",
        "only for texts",
        help=help_,
        fix=fix,
    )
    return None


@reads(nodes.ContainsList)
def contains_list(scope: Scope, node: nodes.ContainsList) -> Placed | None:
    """`tags contains any [red, blue]`, `tags contains all [..]`."""
    left = left_side(scope, node.left, node.span)
    if left is None:
        return None
    if left.value.type.kind is not Kind.MULTI_CHOICE:
        _not_several(scope, left, node)
        return None
    options = listed(scope, left, node.options)
    if options is None:
        return None
    condition = ContainsList(left.value, node.quantifier, options)
    return Placed(condition, node.span, left.inner, left.missing, left.span)


def _not_several(scope: Scope, left: Resolved, node: nodes.ContainsList) -> None:
    one = node.quantifier == "any" and left.value.type.kind is Kind.CHOICE
    in_list = f"in {scope.findings.raw(node.options.span)}"
    scope.findings.error(
        "wrong-operator",
        node.op_span,
        f"{scope.findings.text(left.span)} is {described(left.value.type)}; it does not hold several",
        "only for a choice of several",
        help=f"write `{in_list}`" if one else "",
        fix=replace(Span(node.span.file, node.op_span.start, node.span.end), in_list, FixKind.UNSAFE) if one else None,
    )


@reads(nodes.Between)
def between(scope: Scope, node: nodes.Between) -> Placed | None:
    """`amount between 10 USD and 20 USD`: both ends belong to it (X14)."""
    if is_count(node.left) and not _worked_out(node):
        return count_between(scope, node, node.left)
    left = left_side(scope, node.left, node.span)
    if left is None:
        return None
    if not orders(left.value.type):
        scope.findings.error(
            "wrong-operator",
            node.op_span,
            f"{scope.findings.text(left.span)} is {described(left.value.type)}, which has no order",
            "needs a number, an amount or a date",
        )
        return None
    low, high = right_side(scope, left, node.low), right_side(scope, left, node.high)
    if low is None or high is None or never_between(scope, left, low.value, high.value, node):
        return None
    missing = left.missing or low.missing or high.missing
    inner = (*left.inner, *low.inner, *high.inner)
    return Placed(Between(left.value, low.value, high.value), node.span, inner, missing, left.span)


def _worked_out(node: nodes.Between) -> bool:
    """Whether an end is no fixed number: `count(deal) between 1 and nps`."""
    return any(
        isinstance(end, nodes.Path | nodes.Aggregate | nodes.Count | nodes.ScoreOf) for end in (node.low, node.high)
    )


@reads(nodes.Missing)
def missing(scope: Scope, node: nodes.Missing) -> Placed | None:
    """`nps is missing`, `nps is known`."""
    left = left_side(scope, node.left, node.span)
    if left is None:
        return None
    if not left.missing:
        name = scope.findings.text(left.span)
        if node.negated:
            scope.findings.warning(
                "always-true", node.span, f"{name} is always known", "holds for everyone", help="leave it out"
            )
        else:
            scope.findings.error("never-true", node.span, f"{name} is never missing", "holds for no one")
    return Placed(Missing(left.value, node.negated), node.span, left.inner, False, left.span)
