"""`has E`, `has not E within D`, `has never E` (G3, X8), and events where `has` was forgotten."""

from __future__ import annotations

from ..diagnostics.diagnostic import FixKind
from ..diagnostics.suggest import perhaps
from ..program.conditions import Aggregate, Happened
from ..source import Span
from ..syntax import nodes
from ..values import replace as changed
from .aggregates import aggregate
from .events import event_match, has_enrollment, window
from .findings import insert_after, replace
from .forms import reads
from .placed import Placed
from .scope import Scope
from .types import described, is_day


@reads(nodes.Has)
def happened(scope: Scope, node: nodes.Has) -> Placed | None:
    """`has`, `has not` or `has never` an event: in a window, since the enrollment, or since another event."""
    event = node.event
    matched = event_match(changed(scope, events=()) if scope.events else scope, event)
    within = window(scope, event.within) if event.within else None
    since = _since(scope, event.since) if event.since else None
    if (event.within and within is None) or (event.since and since is None):
        return None
    _one_way_to_say_absence(scope, node)
    if not has_enrollment(scope, event.since_enrollment) or matched is None:
        return None
    match, inner = matched
    condition = Happened(match, within, event.since_enrollment is not None, bool(node.negation), since)
    return Placed(condition, node.span, (inner,) if inner else ())


def _since(scope: Scope, node: nodes.Aggregate) -> Aggregate | None:
    """`since last(clicked_email)`: an instant, so `.at` is understood."""
    found = aggregate(scope, node, default="at")
    if found is None:
        return None
    assert isinstance(found.value, Aggregate)
    if is_day(found.value.type):
        return found.value
    scope.findings.error(
        "type-mismatch",
        node.span,
        f"{scope.findings.text(node.span)} is {described(found.value.type)}, not a moment",
        "since when?",
        help="write `since last(..)` or `since first(..)` of an event",
    )
    return None


@reads(nodes.Event)
def event_alone(scope: Scope, node: nodes.Event) -> Placed | None:
    """An event where a condition is due."""
    needs_has(scope, node)
    return None


def _one_way_to_say_absence(scope: Scope, node: nodes.Has) -> None:
    event = node.event
    bounded = event.within is not None or event.since_enrollment is not None or event.since is not None
    if node.negation == "never" and bounded:
        scope.findings.warning(
            "never-with-window",
            node.keyword,
            "`has never` has no window",
            "`never` is for all time",
            help="write `has not` where there is a window",
            fix=replace(node.keyword, "has not"),
        )
    if node.negation == "not" and not bounded and node.event.at_least is None:
        scope.findings.warning(
            "not-without-window",
            node.keyword,
            "`has not` without a window means never",
            "says `has never`",
            help="write `has never`, or add a window: `within 30 days`",
            fix=replace(node.keyword, "has never"),
        )


def needs_has(scope: Scope, node: nodes.Event | nodes.Path) -> None:
    """An event stands where a condition is due."""
    path = node.path if isinstance(node, nodes.Event) else node
    if path.text not in scope.schema.events:
        help_ = perhaps(path.text, scope.schema.events)
        message = f"there is no event `{path.text}`"
        scope.findings.error("unknown-event", path.span, message, "not in the schema", help=help_)
        return
    start = Span(path.span.file, path.span.start, path.span.start)
    scope.findings.error(
        "event-needs-has",
        path.span,
        f"`{path.text}` is an event; a condition asks whether it happened",
        "an event alone",
        help=f"write `has {path.text}`",
        fix=insert_after(start, "has ", FixKind.SAFE),
    )
