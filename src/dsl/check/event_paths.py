"""Fields of events: inside the filter of an event, and behind `trigger.` (X4)."""

from __future__ import annotations

from collections.abc import Sequence

from ..diagnostics.diagnostic import FixKind
from ..diagnostics.suggest import closest, perhaps
from ..program.conditions import EventValue, TriggerValue
from ..schema.model import EventKind
from ..source import Span
from ..syntax.nodes import Name
from .findings import listing, replace
from .scope import Resolved, Scope


def resolve_event_field(scope: Scope, words: Sequence[Name]) -> Resolved | None:
    """A field of the event inside its filter: `score`, or `link.url` for the field `link_url`."""
    name = "_".join(word.text for word in words)
    span = words[0].span.to(words[-1].span)
    kinds = scope.events
    fields = [f for kind in kinds if (f := kind.fields.get(name)) is not None]
    if len(fields) < len(kinds) or not fields:
        no_field(scope, kinds[0], words, span)
        return None
    first = fields[0]
    for kind in kinds:
        scope.findings.refer("field", f"{kind.name}.{first.name}", span)
    return Resolved(EventValue(first.name, first.type), span, not first.required, first.names)


def field_names(kind: EventKind) -> list[str]:
    """The fields as authors write them."""
    return [name.replace("link_", "link.", 1) if name.startswith("link_") else name for name in kind.fields]


_NO_FIELDS = (
    "it has no fields; read a property of the record instead",
    "these events have no field in common",
)


def trigger_field(scope: Scope, words: Sequence[Name]) -> Resolved | None:
    """A field of the event that made the enrollment; under `or` only what all events have (X4)."""
    span = words[0].span.to(words[-1].span)
    if scope.trigger == ():
        return None
    if scope.trigger is None:
        _no_trigger(scope, span)
        return None
    name = "_".join(word.text for word in words[1:])
    fields = [(kind, kind.fields.get(name)) for kind in scope.trigger]
    lacking = [kind for kind, found in fields if found is None]
    if lacking:
        common = [n for n in field_names(scope.trigger[0]) if _common(scope, n)]
        scope.findings.error(
            "unknown-field",
            words[0].span.to(words[-1].span),
            f"`{lacking[0].name}` has no field `{'.'.join(w.text for w in words[1:])}`",
            "not a field of every event that starts this" if len(scope.trigger) > 1 else "no such field",
            help=_meant_field(name, common) if common else _NO_FIELDS[len(scope.trigger) > 1],
        )
        return None
    present = [found for _, found in fields if found is not None]
    types = {found.type for found in present}
    if len(types) > 1:
        scope.findings.error(
            "type-mismatch", span, f"`{name}` is of another type in each of the events that start this"
        )
        return None
    missing = not all(found.required for found in present)
    for kind in scope.trigger:
        scope.findings.refer("field", f"{kind.name}.{present[0].name}", words[1].span.to(words[-1].span))
    value = TriggerValue(tuple(kind.name for kind in scope.trigger), present[0].name, present[0].type)
    return Resolved(value, span, missing, present[0].names)


def _no_trigger(scope: Scope, span: Span) -> None:
    reads = f"{scope.findings.text(span)} reads the event that started the enrollment"
    if scope.template:
        message, under = f"{reads}, and not every definition that sends this starts by one", "not always there"
    else:
        message, under = f"{reads}, and no event starts this", "`when:` names no event"
    help_ = "write the events under `when:`, or read a property of the record instead"
    scope.findings.error("no-trigger-event", span, message, under, help=help_)


def _common(scope: Scope, name: str) -> bool:
    stored = name.replace(".", "_")
    return all(kind.fields.get(stored) is not None for kind in scope.trigger or ())


def no_field(scope: Scope, kind: EventKind, words: Sequence[Name], span: Span, also: Sequence[str] = ()) -> None:
    """The event has no such field; `also` are values that it has beside its fields."""
    written = ".".join(word.text for word in words)
    names = [*field_names(kind), *also]
    fix = closest(written, names)
    scope.findings.error(
        "unknown-field",
        span,
        f"`{kind.name}` has no field `{written}`",
        "not a field of this event",
        help=_meant_field(written, names),
        fix=replace(span, fix, FixKind.UNSAFE) if fix else None,
    )


def _meant_field(written: str, names: Sequence[str]) -> str:
    if not names:
        return "it has no fields; leave the parentheses out"
    return perhaps(written, names) or f"its fields are {listing(names)}"
