"""Compiled conditions as an author would write them: one line each, for `why`, hovers and messages."""

from __future__ import annotations

from ..program.conditions import (
    Aggregate,
    Ago,
    Ahead,
    All,
    AnswerValue,
    AnyOf,
    Between,
    Call,
    Changed,
    Compare,
    Condition,
    Consent,
    Const,
    ContainsList,
    CountOf,
    CreatedValue,
    DateTest,
    Duration,
    EventMatch,
    EventValue,
    Field,
    Happened,
    InDefinition,
    InPeriod,
    InSegment,
    Matches,
    Missing,
    Moved,
    Not,
    OneOf,
    Outcome,
    Quantified,
    ScoreValue,
    TaskDone,
    TextTest,
    TriggerValue,
    Unit,
    Value,
    WasEver,
    WasMember,
)
from ..program.definitions import Definition, Manually, OnChange, OnCondition, OnDate, OnEvents, OnSchedule
from .literals import constant, duration, field_name, quoted
from .schedules import schedule

_DATE = {"within": "within", "older_than": "older than", "within_next": "within next"}


def phrase(c: Condition) -> str:
    """As it could stand in a rule file: it compiles to the same condition."""
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
            return f"{value(left)} {'not in' if negated else 'in'} {_list(options)}"
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
        case _:
            return _other(c)


def _other(c: Condition) -> str:
    match c:
        case InSegment(segment, negated):
            return f"{'not ' if negated else ''}in segment {segment}"
        case Consent(topic, opted_in):
            return f"subscribed to {topic}" if opted_in else f"opted out of {topic}"
        case InDefinition(kind, name):
            return f"in {kind} {name}"
        case WasMember(kind, name):
            return f"was ever in {kind} {name}"
        case Moved(left, direction, by, within):
            return f"{value(left)} {direction} by {value(by)}{f' within {duration(within)}' if within else ''}"
        case WasEver(left, options):
            return f"{value(left)} was ever {value(options[0]) if len(options) == 1 else f'in {_list(options)}'}"
        case Changed(left, within):
            return f"{value(left)} changed{f' within {duration(within)}' if within else ''}"
        case Matches(left, pattern):
            return f"{value(left)} matches {quoted(pattern)}"
        case InPeriod(left, which, unit):
            return f"{value(left)} in {which} {unit}"
        case ContainsList(left, quantifier, options):
            return f"{value(left)} contains {quantifier} {_list(options)}"
        case TaskDone(task):
            return f"{task}.done"
        case Outcome(outcome):
            return outcome
    raise AssertionError(type(c))  # `phrase` has taken all others


def filtered(match: EventMatch, field: str = "") -> str:
    """`clicked_email(link.topic = pricing)` without its count, `field` behind it."""
    filter_ = f"({phrase(match.filter)})" if match.filter is not None else ""
    return f"{match.event}{filter_}{field}{' including machines' if match.machines else ''}"


def event(match: EventMatch) -> str:
    """`clicked_email(link.topic = pricing) at least 2 times`"""
    return f"{filtered(match)}{f' at least {match.at_least} times' if match.at_least > 1 else ''}"


def happened(c: Happened) -> str:
    bounded = c.within is not None or c.since_enrollment or c.since is not None
    has = "has" if not c.negated else "has not" if bounded else "has never"
    return f"{has} {event(c.match)}{_window(c)}"


def _window(c: Happened) -> str:
    if c.within is not None:
        return f" within {duration(c.within)}"
    if c.since is not None:
        return f" since {aggregate(c.since).removesuffix('.at')}"
    return " since enrollment" if c.since_enrollment else ""


# --- values ---


def value(v: Value) -> str:
    """`company.industry`, `100 JPY`, `last(purchased).at`: it could stand in a rule file."""
    match v:
        case Field(path, _, name):
            return ".".join((*path, name))
        case EventValue(field):
            return field_name(field)
        case Const():
            return constant(v)
        case TriggerValue(_, field):
            return f"trigger.{field_name(field)}"
        case Aggregate():
            return aggregate(v)
        case CountOf(path, _, _, condition):
            return f"count({_linked(path, condition)})"
        case ScoreValue(score):
            return f"score({score})"
        case Ago(length):
            return f"{duration(length)} ago"
        case Ahead(length):
            return f"{duration(length)} from now" if length.n else "today" if length.unit is Unit.DAYS else "now"
        case AnswerValue(name):
            return f"answers.{name}"
        case CreatedValue(name, _, property_):
            return f"{name}.{property_}"
        case Call(function, arguments):
            return f"{function}({', '.join(value(a) for a in arguments)})"


def aggregate(v: Aggregate) -> str:
    """`sum(purchased.amount within 1 year)`, `last(purchased).at`, `count(viewed_page)`"""
    behind = v.function in ("last", "first")
    field = f".{field_name(v.field)}" if v.field else ""
    window = f" within {duration(v.within)}" if v.within else " since enrollment" if v.since_enrollment else ""
    return f"{v.function}({filtered(v.match, '' if behind else field)}{window}){field if behind else ''}"


def _linked(path: tuple[str, ...], condition: Condition | None) -> str:
    return f"{'.'.join(path)} ({phrase(condition)})" if condition is not None else ".".join(path)


def shifted(moved: Duration) -> str:
    """`- 30 days`: how far a date is moved, back if the length is negative."""
    return f"{'-' if moved.n < 0 else '+'} {duration(Duration(abs(moved.n), moved.unit))}"


def trigger(d: Definition) -> str:
    """What `when:` says."""
    match d.trigger:
        case OnEvents(events):
            return " or ".join(event(e) for e in events)
        case OnCondition(condition):
            return phrase(condition)
        case OnChange(field, to):
            return f"{value(field)} becomes {value(to)}"
        case OnSchedule():
            return schedule(d.trigger)
        case OnDate(date, length, before):
            moved = Duration(-length.n if before else length.n, length.unit) if length else None
            return f"at {value(date)}{f' {shifted(moved)}' if moved else ''}"
        case Manually():
            return "manually"


def _list(options: tuple[Const, ...]) -> str:
    return f"[{', '.join(value(o) for o in options)}]"


def _grouped(c: Condition) -> str:
    return f"({phrase(c)})" if isinstance(c, All | AnyOf) else phrase(c)


def _quantified(c: Quantified) -> str:
    linked = _linked(c.path, c.condition)
    return f"count({linked}) {c.op} {c.number}" if c.quantifier == "count" else f"{c.quantifier} {linked}"
