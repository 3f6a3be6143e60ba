"""Dates against now: `within 30 days`, `older than 1 year`, `in last quarter` (X14)."""

from __future__ import annotations

from ..diagnostics.diagnostic import FixKind
from ..diagnostics.suggest import closest
from ..program.conditions import DateTest, Duration, InPeriod, Unit
from ..schema.model import Kind
from ..source import Span
from ..syntax import nodes
from .events import window
from .findings import choices, replace
from .forms import reads
from .has import needs_has
from .operands import left_side
from .placed import Placed
from .scope import Resolved, Scope
from .types import described, is_day

PERIODS = ("week", "month", "quarter", "year")


@reads(nodes.DateTest)
def date_test(scope: Scope, node: nodes.DateTest) -> Placed | None:
    """`created_at within 30 days`, `older than`, `within next`."""
    if isinstance(node.left, nodes.Path) and is_event_name(scope, node.left):
        needs_has(scope, node.left)
        return None
    left = left_side(scope, node.left, node.span)
    length = window(scope, node.length)
    if left is None or length is None or not _is_date(scope, left, node.op_span):
        return None
    if not has_clock(scope, left, length, node.length.span):
        return None
    return Placed(DateTest(left.value, node.op, length), node.span, left.inner, left.missing, left.span)


def is_event_name(scope: Scope, path: nodes.Path) -> bool:
    """Whether a path can only be an event here."""
    return path.text in scope.schema.events and path.names[0].text not in scope.subject.properties


def _is_date(scope: Scope, left: Resolved, op_span: Span) -> bool:
    if is_day(left.value.type):
        return True
    scope.findings.error(
        "wrong-operator",
        op_span,
        f"{scope.findings.text(left.span)} is {described(left.value.type)}, not a date",
        "only for dates",
    )
    return False


def has_clock(scope: Scope, left: Resolved, length: Duration, span: Span) -> bool:
    """Whether the value is exact enough for that length: hours need a clock time. Reports if not."""
    if left.value.type.kind is not Kind.DATE or length.unit not in (Unit.HOURS, Unit.MINUTES):
        return True
    scope.findings.error(
        "wrong-operator",
        span,
        f"{scope.findings.text(left.span)} is a day without a clock time",
        "hours and minutes need a clock time",
        help="count in days",
    )
    return False


@reads(nodes.InPeriod)
def in_period(scope: Scope, node: nodes.InPeriod) -> Placed | None:
    """`created_at in last quarter`: whole calendar periods in the account's zone."""
    left = left_side(scope, node.left, node.span)
    known = node.unit.text in PERIODS
    if not known:
        _unknown_period(scope, node)
    if left is None or not known or not _is_date(scope, left, node.op_span):
        return None
    return Placed(InPeriod(left.value, node.which, node.unit.text), node.span, left.inner, left.missing, left.span)


def _unknown_period(scope: Scope, node: nodes.InPeriod) -> None:
    word = node.unit.text
    meant = closest(word.removesuffix("s"), PERIODS)
    help_ = f"write {choices(PERIODS)}"
    if word.removesuffix("s") == "day":
        help_ = "write `within 1 day` for today, or `within next 1 day`"
    scope.findings.error(
        "unknown-period",
        node.unit.span,
        f"`{node.which} {word}` is no period of the calendar",
        "no such period",
        help=f"did you mean `{meant}`?" if meant else help_,
        fix=replace(node.unit.span, meant, FixKind.UNSAFE) if meant else None,
    )
