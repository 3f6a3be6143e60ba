"""Conditions: from what is written to the compiled form, every name found and every comparison typed."""

from __future__ import annotations

from collections.abc import Sequence

from ..program.conditions import (
    Between,
    Compare,
    Const,
    DateTest,
    InSegment,
    Missing,
    OneOf,
    TextTest,
    Unit,
)
from ..schema.model import Kind, Type
from ..syntax import nodes
from .body_names import body_condition, is_body_name
from .comparisons import compared, left_side
from .events import happened, needs_has, window
from .findings import replace
from .later import not_yet
from .linked import count_between, counted, quantified
from .literals import is_day, mismatch, resolve_operand, value_for
from .membership import consent, member
from .placed import Placed, both, either, negated
from .scope import Scope
from .types import described, orders


def check_condition(scope: Scope, node: nodes.Condition) -> Placed | None:
    """The compiled condition with its places; None where a part was reported or is of a later version."""
    match node:
        case nodes.And(parts) | nodes.Or(parts) | nodes.Mixed(parts):
            return _group(scope, node, parts)
        case nodes.Not():
            return _not(scope, node)
        case nodes.Compare(nodes.Count()) | nodes.Compare(right=nodes.Count()):
            return counted(scope, node)
        case nodes.Compare():
            return compared(scope, node)
        case nodes.OneOf():
            return _one_of(scope, node)
        case nodes.TextTest():
            return _text_test(scope, node)
        case nodes.Between():
            return _between(scope, node)
        case nodes.DateTest():
            return _date_test(scope, node)
        case nodes.Missing():
            return _missing(scope, node)
        case nodes.Has():
            return happened(scope, node)
        case nodes.Quantified():
            return quantified(scope, node)
        case nodes.Member():
            return member(scope, node)
        case nodes.Consent():
            return consent(scope, node)
        case nodes.Path():
            return _bare(scope, node)
        case nodes.Unsupported():
            not_yet(scope.findings, node)
            return None
        case nodes.Bad():
            return None
        case nodes.Event():
            needs_has(scope, node)
            return None
    _no_condition(scope, node)
    return None


def _group(scope: Scope, node: nodes.And | nodes.Or | nodes.Mixed, parts: Sequence[nodes.Condition]) -> Placed | None:
    checked = [check_condition(scope, part) for part in parts]
    sound = [part for part in checked if part is not None]
    if len(sound) < len(checked) or isinstance(node, nodes.Mixed):
        return None
    return both(sound, node.span) if isinstance(node, nodes.And) else either(sound, node.span)


def _not(scope: Scope, node: nodes.Not) -> Placed | None:
    part = check_condition(scope, node.part)
    if part is not None and isinstance(part.condition, InSegment) and not part.condition.negated:
        return Placed(InSegment(part.condition.segment, True), node.span)
    return negated(part, node.span) if part else None


def _one_of(scope: Scope, node: nodes.OneOf) -> Placed | None:
    left = left_side(scope, node.left, node.span)
    if left is None:
        return None
    if left.value.type.kind is Kind.BOOL:
        mismatch(scope, left, node.options.span, None)
        return None
    options = [value_for(scope, left, item) for item in node.options.items]
    constants = tuple(o for o in options if isinstance(o, Const))
    if len(constants) < len(options):
        return None
    if not constants:
        scope.findings.error(
            "empty-list", node.options.span, "nothing is in an empty list", "no values", help="write at least one value"
        )
        return None
    return Placed(OneOf(left.value, constants, node.negated), node.span, (), left.missing, left.span)


def _text_test(scope: Scope, node: nodes.TextTest) -> Placed | None:
    left = left_side(scope, node.left, node.span)
    if left is None:
        return None
    if left.value.type.kind is not Kind.TEXT:
        scope.findings.error(
            "wrong-operator",
            node.op_span,
            f"{scope.findings.text(left.span)} is {described(left.value.type)}, not a text",
            "only for texts",
            help="write `=` or `in [..]`" if left.value.type.kind in (Kind.CHOICE, Kind.MULTI_CHOICE) else "",
        )
        return None
    right = value_for(scope, left, node.right)
    return Placed(TextTest(left.value, node.op, right), node.span, (), left.missing, left.span) if right else None


def _between(scope: Scope, node: nodes.Between) -> Placed | None:
    if isinstance(node.left, nodes.Count):
        return count_between(scope, node)
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
    low, high = value_for(scope, left, node.low), value_for(scope, left, node.high)
    if low is None or high is None:
        return None
    return Placed(Between(left.value, low, high), node.span, (), left.missing, left.span)


def _date_test(scope: Scope, node: nodes.DateTest) -> Placed | None:
    if isinstance(node.left, nodes.Path) and _is_event(scope, node.left):
        needs_has(scope, node.left)
        return None
    left = left_side(scope, node.left, node.span)
    length = window(scope, node.length)
    if left is None or length is None:
        return None
    if not is_day(left.value.type):
        scope.findings.error(
            "wrong-operator",
            node.op_span,
            f"{scope.findings.text(left.span)} is {described(left.value.type)}, not a date",
            "only for dates",
        )
        return None
    if left.value.type.kind is Kind.DATE and length.unit in (Unit.HOURS, Unit.MINUTES):
        scope.findings.error(
            "wrong-operator",
            node.length.span,
            f"{scope.findings.text(left.span)} is a day without a clock time",
            "hours and minutes need a clock time",
            help="count in days",
        )
        return None
    return Placed(DateTest(left.value, node.op, length), node.span, (), left.missing, left.span)


def _missing(scope: Scope, node: nodes.Missing) -> Placed | None:
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
    return Placed(Missing(left.value, node.negated), node.span, (), False, left.span)


def _bare(scope: Scope, node: nodes.Path) -> Placed | None:
    """A name alone: right for what is true or false (`closed`)."""
    if is_body_name(scope, node):
        return body_condition(scope, node)
    if _is_event(scope, node) and not scope.events:
        needs_has(scope, node)
        return None
    kinds = scope.names.kinds_of(node.text, ("segment", "sequence", "workflow"))
    if kinds and node.names[0].text not in scope.subject.properties and not scope.events:
        hint = f"in {kinds[0]} {node.text}"
        scope.findings.error(
            "not-a-condition",
            node.span,
            f"`{node.text}` is a {kinds[0]}",
            "not a condition by itself",
            help=f"write `{hint}`",
            fix=replace(node.span, hint),
        )
        return None
    found = resolve_operand(scope, node, node.span)
    if found is None:
        return None
    if found.value.type.kind is not Kind.BOOL:
        scope.findings.error(
            "not-a-condition",
            node.span,
            f"{scope.findings.text(node.span)} is {described(found.value.type)}; alone it says nothing",
            "compare it with something",
            help=f"write `{node.text} is known` if any value will do",
        )
        return None
    condition = Compare(found.value, "=", Const(True, Type(Kind.BOOL)))
    return Placed(condition, node.span, (), found.missing, found.span)


def _is_event(scope: Scope, path: nodes.Path) -> bool:
    return path.text in scope.schema.events and path.names[0].text not in scope.subject.properties


def _no_condition(scope: Scope, node: nodes.Condition) -> None:
    if isinstance(node, nodes.Becomes):
        change = f"when: {scope.findings.raw(node.span)}"
        help_ = f"a change starts something: write `{change}`, and what else must hold under `only:`; or compare by `=`"
        scope.findings.error(
            "not-a-condition", node.span, "`becomes` is only for `when:`", "not a condition", help=help_
        )
        return
    scope.findings.error(
        "not-a-condition", node.span, f"{scope.findings.text(node.span)} is a value", "not a condition"
    )
