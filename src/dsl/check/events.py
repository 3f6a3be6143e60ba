"""Events: which kind is meant, what its filter asks, in which window (G3, X14, X30)."""

from __future__ import annotations

from ..diagnostics.articles import article
from ..diagnostics.diagnostic import FixKind
from ..diagnostics.suggest import closest
from ..program.conditions import Duration, EventMatch, Unit
from ..schema.model import ANY_OBJECT, EventKind
from ..source import Span
from ..syntax import nodes
from ..values import replace as changed
from .findings import listing, replace
from .forms import check_condition
from .placed import Placed
from .scope import Scope


def event_kind(scope: Scope, path: nodes.Path) -> EventKind | None:
    """The kind of event of that name in the subject's timeline; None after a finding."""
    kind = scope.schema.events.get(path.text)
    if kind is None:
        _unknown(scope, path)
        return None
    scope.findings.refer("event", kind.name, path.span)
    if kind.of not in (scope.subject.name, ANY_OBJECT):
        link = scope.subject.associations.get(kind.of)
        scope.findings.error(
            "wrong-object",
            path.span,
            f"`{kind.name}` happens to {article(kind.of)}, and this is about {article(scope.subject.name)}",
            f"an event of {kind.of}",
            help=f"write `any {kind.of} (has {kind.name})`" if link and link.many else "",
        )
        return None
    return kind


def event_match(scope: Scope, node: nodes.Event | nodes.Path) -> tuple[EventMatch, Placed | None] | None:
    """One kind of event with its filter; the window is the caller's business. None after a finding."""
    event = node if isinstance(node, nodes.Event) else _plain(node)
    kind = event_kind(scope, event.path)
    if kind is None:
        return None
    inner: Placed | None = None
    if event.filter is not None:
        inner = _filter(scope, kind, event.filter)
    times = _times(scope, event)
    if event.machines is not None and not kind.classed:
        _no_machines(scope, kind, event.machines)
        return None
    if times is None or (event.filter is not None and inner is None):
        return None
    return EventMatch(kind.name, inner.condition if inner else None, times, event.machines is not None), inner


def _plain(path: nodes.Path) -> nodes.Event:
    return nodes.Event(path, None, None, None, None, None, path.span)


def _filter(scope: Scope, kind: EventKind, node: nodes.Condition) -> Placed | None:
    return check_condition(changed(scope, events=(kind,)), node)


def has_enrollment(scope: Scope, since: Span | None) -> bool:
    """Whether `since enrollment`, where it is written, has something to count from; reports if not."""
    if since is None or scope.enrolled:
        return True
    scope.findings.error(
        "no-enrollment",
        since,
        "there is no enrollment to count from here",
        "only for the steps and guards of a sequence or workflow",
        help="write a window: `within 30 days`",
    )
    return False


def window(scope: Scope, length: nodes.Duration) -> Duration | None:
    """A length of time inside a condition: never in business days (X14)."""
    unit = Unit(length.unit)
    if unit is Unit.BUSINESS_DAYS:
        scope.findings.error(
            "business-days-in-condition",
            length.span,
            "conditions count calendar days, not business days",
            "not in a condition",
            help=f"write `{length.n} days`",
            note="which days are worked on differs between calendars, and a condition has none",
            fix=replace(length.span, f"{length.n} days", FixKind.UNSAFE),
        )
        return None
    if length.n < 1:
        message = f"there is no time in {scope.findings.text(length.span)}"
        scope.findings.error("never-true", length.span, message, "an empty window")
        return None
    return Duration(length.n, unit)


def _times(scope: Scope, event: nodes.Event) -> int | None:
    number = event.at_least
    if number is None:
        return 1
    if isinstance(number.value, int) and number.value >= 1:
        return number.value
    scope.findings.error("bad-count", number.span, "a count is a whole number from 1 up", "not a count")
    return None


def _no_machines(scope: Scope, kind: EventKind, span: Span) -> None:
    classed = [e.name for e in scope.schema.events.values() if e.classed]
    scope.findings.error(
        "no-machines",
        span,
        f"`{kind.name}` is never done by machines",
        "means nothing here",
        help=f"only {listing(classed)} are; leave this out" if classed else "leave this out",
        fix=replace(span, "", FixKind.UNSAFE),
    )


def _unknown(scope: Scope, path: nodes.Path) -> None:
    meant = closest(path.text, scope.schema.events)
    hint = f"did you mean `{meant}`?" if meant else f"the events are {listing(scope.schema.events)}"
    if path.text in scope.subject.properties:
        hint = f"`{path.text}` is a property of {scope.subject.name}; compare it, or write `{path.text} is known`"
    kinds = scope.names.kinds_of(path.text, ("segment", "sequence", "workflow"))
    if kinds and not meant:
        hint = f"`{path.text}` is a {kinds[0]}; write `in {kinds[0]} {path.text}`"
    scope.findings.error(
        "unknown-event",
        path.span,
        f"there is no event `{path.text}`",
        "not in the schema",
        help=hint,
        fix=replace(path.span, meant, FixKind.UNSAFE) if meant else None,
    )
