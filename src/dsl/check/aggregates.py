"""Values out of many events: `last(purchased).at`, `sum(purchased.amount within 1 year)`, `count(viewed_page)`."""

from __future__ import annotations

from collections.abc import Sequence

from ..program.conditions import Aggregate, EventMatch
from ..schema.model import EventField, EventKind, Kind, Type
from ..syntax import nodes
from ..values import replace as changed
from .event_paths import field_names, no_field
from .events import event_match, has_enrollment, window
from .findings import choices, listing
from .placed import Placed
from .scope import Resolved, Scope
from .types import described

AT = Type(Kind.DATETIME)
WHOLE = Type(Kind.NUMBER)
_ADDED = frozenset({Kind.NUMBER, Kind.MONEY, Kind.PERCENT, Kind.DURATION})
_COMPARED = _ADDED | {Kind.DATE, Kind.DATETIME}
_WORKS_ON = {"sum": _ADDED, "avg": _ADDED, "min": _COMPARED, "max": _COMPARED}
_DOES = {"sum": "adds up", "avg": "averages", "min": "finds the lowest of", "max": "finds the highest of"}
_OF = {"sum": "numbers and amounts", "avg": "numbers and amounts"}


def aggregate(scope: Scope, node: nodes.Aggregate, default: str = "") -> Resolved | None:
    """The value, which is missing where no event matches; `count` and `sum` are 0 there. None after a finding.

    `default` is the field that is understood where none is written."""
    if _linked_records(scope, node):
        return None
    kind = scope.schema.events.get(node.event.path.text)
    matched = event_match(changed(scope, events=()), node.event)
    within = window(scope, node.event.within) if node.event.within else None
    if matched is None or kind is None or (node.event.within and within is None):
        return None
    if not _plain(scope, node) or not has_enrollment(scope, node.event.since_enrollment):
        return None
    field = _field(scope, node, kind, default)
    if field is None:
        return None
    name, type_, names = field
    since = node.event.since_enrollment is not None
    value = Aggregate(node.function, matched[0], name, type_, within, since)
    inner = (matched[1],) if matched[1] is not None else ()
    return Resolved(value, node.span, node.function not in ("count", "sum"), names, inner=inner)


def counted_events(node: nodes.Count, matched: tuple[EventMatch, Placed | None]) -> Resolved:
    """`count(purchased(amount > 3 USD))` as a value."""
    match, inner = matched
    return Resolved(Aggregate("count", match, "", WHOLE, None), node.span, False, inner=(inner,) if inner else ())


def _linked_records(scope: Scope, node: nodes.Aggregate) -> bool:
    """`sum(deal.amount)`: only events are added up."""
    path = node.event.path
    link = scope.subject.associations.get(path.text)
    if link is None or path.text in scope.schema.events:
        return False
    better = (
        f"count({path.text} (..))" if link.many else f"{path.text}.{'.'.join(n.text for n in node.field) or 'name'}"
    )
    what = "are linked records" if link.many else "is a linked record"
    scope.findings.error(
        "bad-aggregate",
        path.span,
        f"`{node.function}` looks at events, and `{path.text}` {what}",
        "not an event",
        help=f"write `{better}`" + (f", or `any {path.text} (..)`" if link.many else ""),
    )
    return True


def _plain(scope: Scope, node: nodes.Aggregate) -> bool:
    """Whether nothing stands inside that a value has no use for."""
    extra = node.event.at_least.span if node.event.at_least else node.event.since.span if node.event.since else None
    if extra is None:
        return True
    scope.findings.error(
        "bad-aggregate",
        extra,
        f"`{node.function}(..)` takes a filter and a window, nothing else",
        "not inside a value",
        help="write it in a condition of its own with `has`",
    )
    return False


def _field(scope: Scope, node: nodes.Aggregate, kind: EventKind, default: str) -> tuple[str, Type, str | None] | None:
    """Which field of the event, its type, and what its text names."""
    written = ".".join(name.text for name in node.field) or default
    if node.function == "count":
        if node.field:
            counts_no_field(scope, (*node.event.path.names, *node.field))
            return None
        return "", WHOLE, None
    if not written:
        _which_field(scope, node, kind)
        return None
    if written == "at" and "at" not in kind.fields:
        return _fits(scope, node, EventField("at", AT))
    found = kind.fields.get(written.replace(".", "_"))
    if found is None:
        no_field(scope, kind, node.field, node.field[0].span.to(node.field[-1].span), also=("at",))
        return None
    if node.field:
        scope.findings.refer("field", f"{kind.name}.{found.name}", node.field[0].span.to(node.field[-1].span))
    return _fits(scope, node, found)


def _fits(scope: Scope, node: nodes.Aggregate, field: EventField) -> tuple[str, Type, str | None] | None:
    allowed = _WORKS_ON.get(node.function)
    if allowed is None or field.type.kind in allowed:
        return field.name, field.type, field.names
    span = node.field[0].span.to(node.field[-1].span) if node.field else node.span
    works_on = _OF.get(node.function, "numbers, amounts and dates")
    others = [name for name, kinds in _WORKS_ON.items() if field.type.kind in kinds]
    what = f"{scope.findings.text(span)} is {described(field.type)}"
    scope.findings.error(
        "bad-aggregate",
        span,
        f"`{node.function}` {_DOES[node.function]} {works_on}, and {what}",
        f"not for `{node.function}`",
        help=f"write `last(..)`, `first(..)`, {choices(others)}" if others else "write `last(..)` or `first(..)`",
    )
    return None


def counts_no_field(scope: Scope, names: Sequence[nodes.Name]) -> None:
    """`count(purchased.amount)`: events are counted, whatever their values."""
    event, field = names[0], names[1:]
    scope.findings.error(
        "bad-aggregate",
        field[0].span.to(field[-1].span),
        "`count` counts events, whatever their values",
        "not needed",
        help=f"write `count({event.text})`, or a filter: `count({event.text}(..))`",
    )


def _which_field(scope: Scope, node: nodes.Aggregate, kind: EventKind) -> None:
    fields = [name for name in ["at", *field_names(kind)] if _suits(node.function, kind, name)]
    event = scope.findings.raw(node.event.span)
    best = next((name for name in fields if name != "at"), "at")
    example = f"{node.function}({event}).at"
    if node.function not in ("last", "first"):
        plain = node.event.filter is None
        example = f"{node.function}({event.replace(kind.name, f'{kind.name}.{best}', 1) if plain else event})"
        example += "" if plain else f".{best}"
    scope.findings.error(
        "bad-aggregate",
        node.span,
        f"{scope.findings.text(node.span)} does not say which value of `{kind.name}`",
        "which value?",
        help=f"write `{example}`" + (f"; the values are {listing(fields)}" if len(fields) > 1 else "")
        if fields
        else f"`{kind.name}` has no value that `{node.function}` works on",
    )


def _suits(function: str, kind: EventKind, name: str) -> bool:
    field = kind.fields.get(name.replace(".", "_"))
    allowed = _WORKS_ON.get(function)
    return allowed is None or (field.type if field else AT).kind in allowed
