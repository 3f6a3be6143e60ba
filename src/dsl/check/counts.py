"""Counts against a fixed number: of linked records, and of events, where they say what `has` says."""

from __future__ import annotations

from typing import TypeGuard

from ..diagnostics.diagnostic import FixKind
from ..program.conditions import Aggregate, Compare, Condition, Const, CountOf, Happened, Quantified
from ..schema.model import Kind, Type
from ..source import Span
from ..syntax import nodes
from ..values import replace as changed
from .findings import replace
from .operands import left_side
from .placed import Placed, both
from .ranges import reversed_bounds
from .scope import Resolved, Scope

CountNode = nodes.Count | nodes.Aggregate


def is_count(node: nodes.Operand) -> TypeGuard[CountNode]:
    """Whether something is counted."""
    return isinstance(node, nodes.Count) or (isinstance(node, nodes.Aggregate) and node.function == "count")


def count_compared(scope: Scope, node: nodes.Compare, op: str, count: CountNode, number: nodes.Number) -> Placed | None:
    """`count(deal (..)) >= 2`, `count(purchased within 30 days) = 0`."""
    found = left_side(scope, count, node.span)
    n = _whole(scope, number)
    if found is None or n is None or _never(scope, node, op, n):
        return None
    _shorter(scope, node, found, count, op, n)
    return Placed(_condition(found, op, n), node.span, found.inner, left=found.span)


def count_between(scope: Scope, node: nodes.Between, count: CountNode) -> Placed | None:
    """`count(deal) between 2 and 5`: at least the one and at most the other."""
    found = left_side(scope, count, node.span)
    ends = (node.low, node.high)
    numbers = [_whole(scope, end) for end in ends]
    low, high = numbers
    if found is None or low is None or high is None:
        return None
    if low > high:
        reversed_bounds(scope, node)
        return None
    parts = [Placed(_condition(found, op, n), node.span, found.inner) for op, n in ((">=", low), ("<=", high))]
    return both(parts, node.span)


def _whole(scope: Scope, node: nodes.Operand) -> int | None:
    if isinstance(node, nodes.Number) and isinstance(node.value, int):
        return node.value
    if not isinstance(node, nodes.Bad):
        scope.findings.error("bad-count", node.span, "a count is compared with a whole number", "not a whole number")
    return None


def _condition(count: Resolved, op: str, n: int) -> Condition:
    """A count of events as `has` says it where it can: one form for one meaning."""
    value = count.value
    if isinstance(value, CountOf):
        return Quantified("count", value.path, value.object, value.condition, op, n)
    assert isinstance(value, Aggregate)
    least = {">=": n, ">": n + 1, "<": n, "<=": n + 1}.get(op, 1 if n == 0 else 0)
    if least < 1:
        return Compare(value, op, Const(n, Type(Kind.NUMBER)))
    fewer = op in ("<", "<=", "=")
    return Happened(changed(value.match, at_least=least), value.within, value.since_enrollment, fewer)


def _never(scope: Scope, node: nodes.Compare, op: str, number: int) -> bool:
    """Whether no count can be that; a count that every one is gets a warning."""
    never = (number < 0 and op in ("=", "<", "<=")) or (number == 0 and op == "<")
    always = (number < 0 and op in ("!=", ">", ">=")) or (number == 0 and op == ">=")
    written = scope.findings.text(node.span)
    if never:
        scope.findings.error("never-true", node.span, f"{written} is never true", "a count is never below 0")
    if always:
        scope.findings.warning("always-true", node.span, f"{written} is always true", "a count is never below 0")
    return never


def _shorter(scope: Scope, node: nodes.Compare, found: Resolved, count: CountNode, op: str, number: int) -> None:
    """One way to say a thing: `any deal (..)`, `no deal (..)`, `has purchased`, `has never purchased`."""
    some = (op, number) in ((">=", 1), (">", 0), ("!=", 0))
    none = (op, number) in (("=", 0), ("<", 1), ("<=", 0))
    if not some and not none:
        return
    if isinstance(count, nodes.Count):
        inner = Span(count.span.file, count.path.span.start, count.span.end - 1)
    else:
        inner = count.event.span
    better = f"{_keyword(found, some=some)} {scope.findings.raw(inner)}"
    scope.findings.warning(
        "count-for-any",
        node.span,
        f"{scope.findings.text(node.span)} counts where one look is enough",
        "there is a shorter way",
        help=f"write `{better}`",
        fix=replace(node.span, better, FixKind.SAFE),
    )


def _keyword(found: Resolved, *, some: bool) -> str:
    if isinstance(found.value, CountOf):
        return "any" if some else "no"
    assert isinstance(found.value, Aggregate)
    bounded = found.value.within is not None or found.value.since_enrollment
    return "has" if some else "has not" if bounded else "has never"
