"""`wait until`: an event, a condition, a date, a time of day (X17)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..diagnostics.suggest import perhaps
from ..program.blocks import WaitClock, WaitCondition, WaitDate, WaitEvent
from ..program.conditions import Const, Duration, Unit, Value
from ..schema.model import Kind
from ..source import Span
from ..syntax import nodes
from ..syntax.wording import missing_up_to
from ..values import replace
from .body_names import is_body_name
from .conditions import check_condition
from .durations import duration
from .findings import choices
from .free_values import as_constant
from .operands import left_side
from .path_hints import event_named, no_date
from .scope import Resolved, Scope
from .triggers import alternatives, is_event, plain_events
from .types import DATES, described
from .whole import check_whole

if TYPE_CHECKING:
    from .statements import BodyWriter

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def wait_until(
    writer: BodyWriter, node: nodes.WaitUntil, following: int
) -> WaitEvent | WaitCondition | WaitDate | None:
    """`wait until EVENT up to D`, `wait until CONDITION up to D`; a bare path without `up to` may be a date."""
    scope, what = writer.scope, node.what
    timeout = writer.body(node.otherwise.statements, following) if node.otherwise else following
    if not (isinstance(what, nodes.Path) and is_body_name(scope, what)):
        parts = list(alternatives(what))
        if all(is_event(scope, part) for part in parts):
            events = [part for part in parts if isinstance(part, nodes.Event | nodes.Path)]
            matches = plain_events(scope, events, "`wait until`")
            limit = _limit(scope, node)
            return WaitEvent(matches, limit, following, timeout) if matches and limit else None
        if isinstance(what, nodes.Path | nodes.Aggregate) and node.up_to is None:
            return _date_or_endless(scope, node, what, following, timeout)
        if isinstance(what, nodes.Path) and _limits_date(scope, node, what):
            return None
    placed = check_condition(scope, what)
    limit = _limit(scope, node)
    if placed is None or limit is None:
        return None
    check_whole(scope, placed)
    return WaitCondition(placed.condition, limit, following, timeout)


def _limit(scope: Scope, node: nodes.WaitUntil) -> Duration | None:
    """Every wait has an end. The parser reports those without, except where it could be a date."""
    if node.up_to is not None:
        return duration(node.up_to)
    if isinstance(node.what, nodes.Path | nodes.Aggregate):
        start = Span(node.span.file, node.span.start, node.what.span.end)
        scope.findings.found.append(missing_up_to(start))
    return None


def _limits_date(scope: Scope, node: nodes.WaitUntil, path: nodes.Path) -> bool:
    """`wait until renewal_date up to 3 days`: a date is a limit of its own; reports it."""
    found = scope.subject.properties.get(path.text)
    if found is None or found.type.kind not in DATES or node.up_to is None:
        return False
    message = f"{scope.findings.text(path.span)} is {described(found.type)}; the date itself ends the wait"
    scope.findings.error("not-a-condition", node.up_to.span, message, "a second end", help="leave `up to` out")
    return True


def _date_or_endless(
    scope: Scope, node: nodes.WaitUntil, path: nodes.Path | nodes.Aggregate, following: int, timeout: int
) -> WaitDate | None:
    found = left_side(scope, path, path.span)
    if found is None:
        return None
    if found.value.type.kind not in DATES:
        _limit(scope, node)
        return None
    return _until(scope, found, node, following, timeout)


def wait_until_date(writer: BodyWriter, node: nodes.WaitUntilDate, following: int) -> WaitDate | None:
    """`wait until contact.renewal_date - 1 day at 09:00`, `wait until 2026-05-01 09:00`."""
    timeout = writer.body(node.otherwise.statements, following) if node.otherwise else following
    found = _date(writer.scope, node.date)
    if found is None or not _one_time(writer.scope, node, found):
        return None
    until = _until(writer.scope, found, node, following, timeout)
    return replace(until, at=node.at.minute if node.at else None, moved=_moved(node.moved)) if until else None


def _moved(node: nodes.MovedBy | None) -> Duration | None:
    if node is None:
        return None
    length = duration(node.length)
    return Duration(-length.n if node.sign == "-" else length.n, length.unit)


def _one_time(scope: Scope, node: nodes.WaitUntilDate, found: Resolved) -> bool:
    """Only a day can be given a time: a date, or an instant that is moved by days. Reports any other."""
    if node.at is None:
        return True
    moved = node.moved
    if moved is not None and Unit(moved.length.unit) in (Unit.MINUTES, Unit.HOURS):
        shown = scope.findings.text(moved.span)
        message, help_ = f"{shown} leads to a time of its own", "leave `at ..` out, or count in days"
    elif moved is None and found.value.type.kind is Kind.DATETIME:
        message, help_ = f"{scope.findings.text(found.span)} has a time of its own", "leave `at ..` out"
    else:
        return True
    scope.findings.error("wrong-operator", node.at.span, message, "a second time", help=help_)
    return False


def _date(scope: Scope, operand: nodes.Operand) -> Resolved | None:
    if isinstance(operand, nodes.Date | nodes.DateTime):
        constant = as_constant(scope, operand)
        return Resolved(constant, operand.span, False) if constant else None
    if isinstance(operand, nodes.Path) and (event := event_named(scope, operand.names)):
        repaired = f"last({event}).at"
        no_date(scope, operand.names, event, f"write `{repaired}`; who has none takes `else {{ .. }}`", repaired)
        return None
    found = left_side(scope, operand, operand.span)
    if found is not None and found.value.type.kind not in DATES:
        message = f"{scope.findings.text(operand.span)} is {described(found.value.type)}, not a date"
        help_ = "name a property that is a date, or write one: `2026-05-01`"
        scope.findings.error("type-mismatch", operand.span, message, "not a date", help=help_)
        return None
    return found


def _until(
    scope: Scope,
    found: Resolved,
    node: nodes.WaitUntil | nodes.WaitUntilDate,
    following: int,
    timeout: int,
) -> WaitDate | None:
    """A value that may be missing demands `else` (X17)."""
    value: Value = found.value
    if found.missing and node.otherwise is None and not isinstance(value, Const):
        written = scope.findings.text(found.span)
        scope.findings.error(
            "needs-else",
            found.span,
            f"{written} may be missing, and then there is nothing to wait for",
            "may be missing",
            help="say what happens then: `else { .. }`; who has no date takes it, and who comes too late",
        )
        return None
    return WaitDate(value, following, timeout)


def wait_until_time(scope: Scope, node: nodes.WaitUntilTime, following: int) -> WaitClock | None:
    """`wait until 09:00`, `wait until monday 09:00`: the next time the clock shows it."""
    if node.weekday is None:
        return WaitClock(node.at.minute, following)
    if node.weekday.text in WEEKDAYS:
        return WaitClock(node.at.minute, following, WEEKDAYS.index(node.weekday.text))
    hint = perhaps(node.weekday.text, WEEKDAYS) or f"write {choices(WEEKDAYS)}"
    message = f"`{node.weekday.text}` is no day of the week"
    scope.findings.error("unknown-option", node.weekday.span, message, "no weekday", help=hint)
    return None
