"""Compiled conditions in the words an author would write: one line each, for `segue why`."""

from __future__ import annotations

from dsl.program.conditions import (
    All,
    AnyOf,
    Between,
    Compare,
    Condition,
    Consent,
    Const,
    DateTest,
    Duration,
    EventMatch,
    EventValue,
    Field,
    Happened,
    InDefinition,
    InSegment,
    Missing,
    Not,
    OneOf,
    Quantified,
    TextTest,
    TriggerValue,
    Value,
)
from dsl.program.definitions import Definition, Manually, OnChange, OnCondition, OnEvents
from dsl.schema.model import Kind

from .reading.values import money


def phrase(c: Condition) -> str:
    """As it could stand in a rule file."""
    match c:
        case All(parts):
            return " and ".join(_grouped(p) for p in parts)
        case AnyOf(parts):
            return " or ".join(_grouped(p) for p in parts)
        case Not(part):
            return f"not ({phrase(part)})" if isinstance(part, All | AnyOf) else f"not {phrase(part)}"
        case Compare(left, op, right):
            return f"{value(left)} {op} {value(right)}"
        case OneOf(left, options, negated):
            return f"{value(left)} {'not in' if negated else 'in'} [{', '.join(value(o) for o in options)}]"
        case Between(left, low, high):
            return f"{value(left)} between {value(low)} and {value(high)}"
        case TextTest(left, op, right):
            return f"{value(left)} {op.replace('_', ' ')} {value(right)}"
        case Missing(left, negated):
            return f"{value(left)} is {'known' if negated else 'missing'}"
        case DateTest(left, op, length):
            return f"{value(left)} {_DATE[op]} {duration(length)}"
        case Happened():
            return happened(c)
        case Quantified():
            return _quantified(c)
        case InSegment(segment, negated):
            return f"{'not ' if negated else ''}in segment {segment}"
        case Consent(topic, opted_in):
            return f"subscribed to {topic}" if opted_in else f"opted out of {topic}"
        case InDefinition(kind, name):
            return f"in {kind} {name}"
    raise AssertionError(f"{type(c).__name__} is not run yet")


def event(match: EventMatch) -> str:
    """`clicked_email(link.topic = pricing) at least 2 times`."""
    filter_ = f"({phrase(match.filter)})" if match.filter is not None else ""
    machines = " including machines" if match.machines else ""
    times = f" at least {match.at_least} times" if match.at_least > 1 else ""
    return f"{match.event}{filter_}{machines}{times}"


def happened(c: Happened) -> str:
    bounded = c.within is not None or c.since_enrollment
    has = "has" if not c.negated else "has not" if bounded else "has never"
    window = f" within {duration(c.within)}" if c.within else " since enrollment" if c.since_enrollment else ""
    return f"{has} {event(c.match)}{window}"


def trigger(d: Definition) -> str:
    """What `when:` says."""
    match d.trigger:
        case OnEvents(events):
            return " or ".join(event(e) for e in events)
        case OnCondition(condition):
            return phrase(condition)
        case OnChange(field, to):
            return f"{value(field)} becomes {value(to)}"
        case Manually():
            return "manually"
    raise AssertionError(f"{type(d.trigger).__name__} is not run yet")


def value(v: Value) -> str:
    match v:
        case Field(path, _, name):
            return ".".join((*path, name))
        case EventValue(field):
            return field.replace("link_", "link.", 1) if field.startswith("link_") else field
        case Const():
            return _constant(v)
        case TriggerValue(_, field):
            return f"trigger.{field}"
    raise AssertionError(f"{type(v).__name__} is not run yet")


def duration(length: Duration) -> str:
    unit = length.unit.value.replace("_", " ")
    return f"{length.n} {unit.removesuffix('s') if length.n == 1 else unit}"


def _constant(v: Const) -> str:
    match v.type.kind:
        case Kind.TEXT:
            return f'"{v.value}"'
        case Kind.BOOL:
            return "true" if v.value else "false"
        case Kind.MONEY if isinstance(v.value, int) and v.type.currency:
            return money(v.value, v.type.currency).replace(",", "_")
        case Kind.PERCENT:
            return f"{v.value}%"
        case Kind.DATETIME:
            return str(v.value).replace("T", " ")
    return str(v.value)


def _grouped(c: Condition) -> str:
    return f"({phrase(c)})" if isinstance(c, All | AnyOf) else phrase(c)


def _quantified(c: Quantified) -> str:
    inside = f" ({phrase(c.condition)})" if c.condition is not None else ""
    path = ".".join(c.path)
    return f"count({path}{inside}) {c.op} {c.number}" if c.quantifier == "count" else f"{c.quantifier} {path}{inside}"


_DATE = {"within": "within", "older_than": "older than", "within_next": "within next"}
