"""Plain values of a test: of properties, and of the fields of events."""

from __future__ import annotations

from collections.abc import Iterator

from ...program.conditions import Ago, Ahead, Const, EventValue, Field
from ...program.tests import Given
from ...schema.model import EventKind, Kind
from ...source import Span
from ...syntax import nodes
from ...values import replace as changed
from ..event_paths import resolve_event_field
from ..findings import listing
from ..literals import value_for
from ..paths import resolve_operand
from ..scope import Resolved, Scope
from ..writes import may_be_written, written_value

Named = tuple[str, Given]


def properties(scope: Scope, fields: tuple[nodes.Assigned, ...]) -> tuple[Named, ...] | None:
    """`plan = trial  owner = rep_1` of a record that is given; None after a finding."""
    found = [property_value(scope, one) for one in fields]
    whole = tuple(one for one in found if one is not None)
    return whole if len(whole) == len(found) else None


def property_value(scope: Scope, one: nodes.Assigned) -> Named | None:
    target = property_named(scope, one.path)
    if target is None or not isinstance(target.value, Field):
        return None
    name = target.value.property
    # When a record came to be is given like any other fact.
    if name != "created_at" and not may_be_written(scope, target.value, one.path.span, new=True):
        return None
    value = plain(scope, target, one.value)
    return (name, value) if value is not None else None


def property_named(scope: Scope, path: nodes.Path) -> Resolved | None:
    """A property of the record itself; None after a finding."""
    if len(path.names) > 1:
        message = f"`{path.text}` is not a property of the {scope.subject.name} itself"
        help_ = "give the other record a name of its own, and say it there"
        scope.findings.error("not-its-own", path.span, message, "of another record", help=help_)
        return None
    return resolve_operand(scope, path)


def plain(scope: Scope, target: Resolved, node: nodes.Operand) -> Given | None:
    """A value that is fixed when the test begins; None after a finding."""
    value = written_value(scope, target, node)
    if value is None or isinstance(value, Const):
        return value
    if isinstance(value, Ago | Ahead) and target.value.type.kind in (Kind.DATE, Kind.DATETIME):
        return value
    not_plain(scope, node.span)
    return None


def not_plain(scope: Scope, span: Span, help: str = "write the value itself") -> None:
    scope.findings.error(
        "not-a-plain-value",
        span,
        f"{scope.findings.text(span)} is not known before the test runs",
        "not a plain value",
        help=help,
    )


# --- events -----------------------------------------------------------------------------------


def event_fields(scope: Scope, kind: EventKind, event: nodes.Event) -> tuple[tuple[str, Const], ...] | None:
    """`(product = "x", amount = 3 JPY)`: what the event says; None after a finding."""
    inside = changed(scope, events=(kind,))
    found = [_field(inside, part) for part in parts_of(event.filter)]
    whole = tuple(one for one in found if one is not None)
    if len(whole) < len(found):
        return None
    missing = [f.name for f in kind.fields.values() if f.name not in dict(whole) and _must_be_said(kind, f.name)]
    if missing:
        _incomplete(scope, kind, event, missing)
        return None
    return whole


def parts_of(condition: nodes.Condition | None) -> Iterator[nodes.Condition]:
    """What stands between the commas, or beside `and`."""
    if isinstance(condition, nodes.And):
        yield from condition.parts
    elif condition is not None:
        yield condition


def _field(scope: Scope, part: nodes.Condition) -> tuple[str, Const] | None:
    if not isinstance(part, nodes.Compare) or part.op != "=" or not isinstance(part.left, nodes.Path):
        if not isinstance(part, nodes.Bad):
            scope.findings.error(
                "not-said-plainly",
                part.span,
                "here an event happens, so each of its fields has one value",
                "no `field = value`",
                help="write the fields as `template = intro`, joined by commas",
            )
        return None
    left = resolve_event_field(scope, part.left.names)
    if left is None or not isinstance(left.value, EventValue):
        return None
    value = value_for(scope, left, part.right)
    if value is not None and not isinstance(value, Const):
        not_plain(scope, part.right.span)
        return None
    return None if value is None else (left.value.field, value)


def _must_be_said(kind: EventKind, name: str) -> bool:
    """What a mail event says of its mail is known from the mail."""
    field = kind.fields[name]
    of_mail = kind.mail and (field.names in ("template", "topic") or name.startswith("link"))
    return field.required and not of_mail


def _incomplete(scope: Scope, kind: EventKind, event: nodes.Event, missing: list[str]) -> None:
    shown = [name.replace("link_", "link.", 1) if name.startswith("link_") else name for name in missing]
    example = ", ".join(f"{name} = .." for name in shown)
    scope.findings.error(
        "missing-event-field",
        event.path.span,
        f"every `{kind.name}` has {listing(shown)}",
        "not said here",
        help=f"write `{kind.name}({example})`",
    )
