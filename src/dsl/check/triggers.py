"""`when:`: events joined by `or`, a condition, a change, a schedule, a date, or `manually`; never mixed (X4)."""

from __future__ import annotations

from collections.abc import Iterator

from ..program.conditions import Duration, EventMatch, Field, Unit
from ..program.definitions import Manually, OnChange, OnCondition, OnDate, OnEvents, OnSchedule, Trigger
from ..schema.model import EventKind
from ..source import Span
from ..syntax import nodes
from ..values import dataclass
from .conditions import check_condition
from .events import event_match
from .findings import Findings, replace
from .forms import is_condition
from .literals import value_for
from .paths import resolve_operand
from .placed import Placed
from .schedules import date_property, schedule
from .scope import Scope
from .stage_names import ambiguous_change
from .whole import check_whole

EventNode = nodes.Event | nodes.Path


@dataclass(frozen=True, slots=True)
class When:
    """`kinds`: the events behind `trigger.`, None where no event starts the definition. `placed`: the condition."""

    trigger: Trigger
    span: Span
    kinds: tuple[EventKind, ...] | None = None
    placed: Placed | None = None


def check_when(scope: Scope, value: nodes.SettingValue) -> When | None:
    """What starts the definition; None after a finding."""
    if isinstance(value, nodes.Path) and value.text == "manually":
        return When(Manually(), value.span)
    if isinstance(value, nodes.Becomes):
        return _becomes(scope, value)
    if isinstance(value, nodes.Listing):
        _listed(scope, value)
        return None
    if isinstance(value, nodes.Schedule):
        scheduled = schedule(scope, value)
        return When(scheduled, value.span) if scheduled else None
    if isinstance(value, nodes.AtDate):
        return _at_date(scope, value)
    if not is_condition(value):
        scope.findings.error("bad-setting", value.span, "this is nothing that starts a definition", "not for `when:`")
        return None
    parts = list(alternatives(value))
    if any(isinstance(part, nodes.Bad) for part in parts):
        return None
    events = [part for part in parts if is_event(scope, part)]
    by_hand = any(isinstance(part, nodes.Path) and part.text == "manually" for part in parts)
    if events and len(events) == len(parts) and not by_hand:
        return _events(scope, value, events)
    if events or any(isinstance(part, nodes.Becomes) for part in parts) or _event_and_more(scope, value):
        _mixed(scope, value, by_hand=by_hand)
        return None
    return _condition(scope, value)


def alternatives(node: nodes.SettingValue) -> Iterator[nodes.SettingValue]:
    """The parts joined by `or`; anything else is one part."""
    if isinstance(node, nodes.Or):
        for part in node.parts:
            yield from alternatives(part)
    else:
        yield node


def is_event(scope: Scope, node: object) -> bool:
    """Whether a part of a setting names an event rather than a condition."""
    if isinstance(node, nodes.Event):
        return True
    if not isinstance(node, nodes.Path):
        return False
    return node.text in scope.schema.events or (len(node.names) == 1 and node.text not in scope.subject.properties)


def _event_and_more(scope: Scope, node: nodes.SettingValue) -> bool:
    """Whether `and` ties an event, named as `when:` takes it, or a change to something else."""
    parts = node.parts if isinstance(node, nodes.And) else ()
    named = (part.path if isinstance(part, nodes.Event) else part for part in parts)
    return any(isinstance(one, nodes.Becomes) or _names_event(scope, one) for one in named)


def _names_event(scope: Scope, node: object) -> bool:
    return isinstance(node, nodes.Path) and node.text in scope.schema.events


def trigger_kinds(scope: Scope, value: nodes.SettingValue) -> tuple[EventKind, ...] | None:
    """What `trigger.` can read: the kinds of event a `when:` names. None where no event starts the definition,
    nothing at all where that cannot be said: then what is wrong is told elsewhere."""
    if isinstance(value, nodes.Bad):
        return ()
    if isinstance(value, nodes.Path) and value.text == "manually":
        return None
    parts = list(alternatives(value))
    events = [part for part in parts if isinstance(part, nodes.Event | nodes.Path) and is_event(scope, part)]
    if not events or len(events) < len(parts):
        return None
    names = [part.path.text if isinstance(part, nodes.Event) else part.text for part in events]
    kinds = [scope.schema.events[name] for name in names if name in scope.schema.events]
    return tuple(kinds) if len(kinds) == len(names) else ()


def plain_events(scope: Scope, events: list[EventNode], where: str) -> tuple[EventMatch, ...] | None:
    """Events without window and count, as `when:`, `stop_on:` and `wait until` take them."""
    matches = []
    for node in events:
        matched = event_match(scope, node)
        extra = _extra(node)
        if extra is not None:
            path = node.path if isinstance(node, nodes.Event) else node
            scope.findings.error(
                "window-on-event",
                extra,
                f"{where} takes single events, without count and window",
                "not here",
                help=f"write a condition instead: `has {scope.findings.raw(node.span) or path.text}`",
            )
        if matched is not None and extra is None:
            if matched[1] is not None:
                check_whole(scope, matched[1])
            matches.append(matched[0])
    return tuple(matches) if len(matches) == len(events) else None


def _extra(node: EventNode) -> Span | None:
    if not isinstance(node, nodes.Event):
        return None
    if node.at_least is not None:
        return node.at_least.span
    if node.since is not None:
        return node.since.span
    return node.within.span if node.within is not None else node.since_enrollment


def _events(scope: Scope, value: nodes.SettingValue, parts: list[nodes.SettingValue]) -> When | None:
    events = [part for part in parts if isinstance(part, nodes.Event | nodes.Path)]
    matches = plain_events(scope, events, "`when:`")
    if matches is None:
        return None
    kinds = tuple(scope.schema.events[match.event] for match in matches)
    return When(OnEvents(matches), value.span, kinds)


def _becomes(scope: Scope, node: nodes.Becomes) -> When | None:
    if not isinstance(node.left, nodes.Path):
        return None
    left = resolve_operand(scope, node.left, node.span)
    if left is None:
        return None
    if not isinstance(left.value, Field) or left.value.path:
        scope.findings.error(
            "becomes-of-another",
            node.left.span,
            f"`becomes` watches a property of the {scope.subject.name} itself",
            "a property of another record",
            help=f"write a condition: `{scope.findings.raw(node.left.span)} = ..`",
        )
        return None
    value = value_for(scope, left, node.value)
    if value is None or ambiguous_change(scope, left.value, value, node):
        return None
    return When(OnChange(left.value, value), node.span)


def _condition(scope: Scope, value: nodes.Condition) -> When | None:
    placed = check_condition(scope, value)
    if placed is None:
        return None
    check_whole(scope, placed)
    return When(OnCondition(placed.condition), value.span, None, placed)


def _at_date(scope: Scope, node: nodes.AtDate) -> When | None:
    """`at renewal_date - 30 days`: a date of the record itself; who has none is never started (W14)."""
    if not isinstance(node.date, nodes.Path):
        if not isinstance(node.date, nodes.Bad):
            _no_date_of_its_own(scope, node.date)
        return None
    field = date_property(scope, node.date)
    length = Duration(node.length.n, Unit(node.length.unit)) if node.length else None
    if field is None:
        return None
    return When(OnDate(field, length, node.sign == "-"), node.span)


def _no_date_of_its_own(scope: Scope, date: nodes.Operand) -> None:
    text = scope.findings.text(date.span)
    if isinstance(date, nodes.Date | nodes.DateTime):
        message, help_ = f"{text} is the same for everybody", "a mail to many on one day is a `broadcast`"
    else:
        message = f"{text} is no property of the record"
        help_ = "name a property that is a date: `at renewal_date`; of an event write `when: EVENT`, and wait"
    scope.findings.error("bad-schedule", date.span, message, "not a date of the record", help=help_)


def _listed(scope: Scope, value: nodes.Listing) -> None:
    texts = [scope.findings.raw(item.span) for item in value.items]
    scope.findings.error(
        "mixed-trigger",
        value.span,
        "events under `when:` are joined by `or`",
        "joined by commas",
        help=f"write `{' or '.join(texts)}`",
        fix=replace(value.span, " or ".join(texts)),
    )


def _mixed(scope: Scope, value: nodes.SettingValue, *, by_hand: bool) -> None:
    if by_hand:
        message, help_ = "`when:` mixes `manually` with something else", "leave `manually` out: by hand works always"
        scope.findings.error("mixed-trigger", value.span, message, "one of them", help=help_)
        return
    if changes := _only_changes(value):
        _several_changes(scope, value, changes)
        return
    scope.findings.error(
        "mixed-trigger",
        value.span,
        "`when:` mixes events with conditions",
        "events, or one condition, or one change",
        help="name the event under `when:` and the condition under `only:`",
        note="an event happens at a moment, a condition holds for a while: joined they do not say when to start (X4)",
    )


def _only_changes(value: nodes.SettingValue) -> list[nodes.Becomes]:
    parts = list(alternatives(value))
    changes = [part for part in parts if isinstance(part, nodes.Becomes)]
    return changes if len(changes) == len(parts) else []


def _several_changes(scope: Scope, value: nodes.SettingValue, changes: list[nodes.Becomes]) -> None:
    raw = scope.findings.raw
    condition = " or ".join(f"{raw(one.left.span)} = {raw(one.value.span)}" for one in changes)
    scope.findings.error(
        "mixed-trigger",
        value.span,
        "`when:` takes one change, not several",
        "one change, or one condition",
        help=f"write a condition, which starts whoever comes to fit it: `{condition}`; or a definition for each",
    )


def needs_only(findings: Findings, when: When | None, named: bool) -> None:
    """A schedule would take in everybody: who is meant must be written (X4). `named`: `only:` is there."""
    if named or when is None or not isinstance(when.trigger, OnSchedule):
        return
    date = when.trigger.date
    known = f"everybody who has the date is `only: {'.'.join((*date.path, date.property))} is known`" if date else ""
    findings.error(
        "missing-setting",
        when.span,
        "a schedule does not say who is meant",
        "no `only:`",
        help=known or "write `only:` and a condition",
        note="" if date else "without one everybody would enter each time (X4)",
    )
