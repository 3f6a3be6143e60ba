"""Conditions in plain English: one line for each test, an outline for what is joined by `and` and `or`."""

from __future__ import annotations

from ..program.conditions import (
    Aggregate,
    Ago,
    All,
    AnyOf,
    Between,
    Changed,
    Compare,
    Condition,
    Consent,
    Const,
    ContainsList,
    CountOf,
    DateTest,
    Duration,
    EventMatch,
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
    Value,
    WasEver,
    WasMember,
)
from ..schema.model import Kind
from .lines import Line
from .literals import duration, field_name
from .phrases import phrase
from .phrases import value as written

_COMPARED = {"=": "is", "!=": "is known and is not", "<": "is less than", "<=": "is at most", ">": "is more than"}
_COMPARED |= {">=": "is at least"}
_DATED = {"<": "is before", "<=": "is not after", ">": "is after", ">=": "is not before"}
_NUMBER = {"=": "exactly", "!=": "not", "<": "fewer than", "<=": "at most", ">": "more than", ">=": "at least"}
_PLACED = {"contains": "contains", "starts_with": "starts with", "ends_with": "ends with"}


def said(c: Condition) -> Line:
    """What must be so. Two-valued: a comparison with a missing value does not hold (X29)."""
    match c:
        case All(parts):
            return Line("all of these hold:", tuple(said(p) for p in parts))
        case AnyOf(parts):
            return Line("at least one of these holds:", tuple(said(p) for p in parts))
        case Not(part):
            inner = said(part)
            return Line(f"it is not so that {inner.text}", inner.parts)
        case Quantified():
            return _quantified(c)
        case Happened():
            return Line(_happened(c))
    return Line(_test(c))


def _test(c: Condition) -> str:
    match c:
        case Compare(left, "=", Const(value=bool() as yes)):
            return f"{named(left)} is {'true' if yes else 'false'}"
        case Compare(left, op, right):
            words = _DATED if _dated(left) and op in _DATED else _COMPARED
            return f"{named(left)} {words[op]} {named(right)}"
        case OneOf(left, options, negated):
            if negated:
                return f"{named(left)} is known and none of {_listed(options, 'and')}"
            return f"{named(left)} is {_listed(options, 'or')}"
        case Between(left, low, high):
            return f"{named(left)} is between {named(low)} and {named(high)}, both included"
        case TextTest(left, op, right):
            return f"{named(left)} {_PLACED[op]} {named(right)}"
        case Missing(left, known):
            return f"{named(left)} is {'known' if known else 'missing'}"
        case DateTest(left, op, length):
            return f"{named(left)} is {_when(op, length)}"
        case Matches(left, pattern):
            return f"{named(left)} matches the pattern {pattern}"
        case InPeriod(left, which, unit):
            return f"{named(left)} is in {which} {unit}"
        case ContainsList(left, quantifier, options):
            return f"{named(left)} holds {quantifier} of {_listed(options, 'and' if quantifier == 'all' else 'or')}"
    return _standing(c)


def _standing(c: Condition) -> str:
    match c:
        case InSegment(segment, negated):
            return f"they are {'not ' if negated else ''}a member of the segment {segment}"
        case Consent(topic, opted_in):
            return f"they have opted in to {topic}" if opted_in else f"they have opted out of {topic}"
        case InDefinition(kind, name):
            return f"they are inside the {kind} {name} at the moment"
        case WasMember(kind, name):
            return f"was at some time in the {kind} {name}"
        case Moved(left, direction, by, within):
            return f"{named(left)} {direction} by {named(by)} or more{_window(within)}"
        case WasEver(left, options):
            return f"{named(left)} is, or was at some time, {_listed(options, 'or')}"
        case Changed(left, within):
            return f"{named(left)} was changed{_window(within)}, its first value not counted"
        case TaskDone(task):
            return f"the task {task} was done"
        case Outcome(outcome):
            return f"the mail just before was {outcome}"
    raise AssertionError(type(c))  # `said` and `_test` have taken all others


def _quantified(c: Quantified) -> Line:
    where = (said(c.condition),) if c.condition is not None else ()
    what = words(" of ".join(reversed(c.path)))
    such = ", for which" if where else ""
    match c.quantifier:
        case "any":
            return Line(f"there is at least one {what}{such}", where)
        case "no":
            return Line(f"there is no {what}{such}", where)
        case "every":
            return Line(f"there is at least one {what}, and for every {what}", where)
    counted = ", counting those for which" if where else ""
    return Line(f"the number of {what} records is {_NUMBER[c.op]} {c.number}{counted}", where)


def _happened(c: Happened) -> str:
    since = _window(c.within)
    if c.since_enrollment:
        since = " since the enrollment"
    elif c.since is not None:
        since = f" since {named(c.since)}"
    what = happening(c.match)
    if not c.negated:
        times = f" at least {c.match.at_least} times" if c.match.at_least > 1 else ""
        return f"{what}{times}{since}"
    often = f"fewer than {c.match.at_least} times" if c.match.at_least > 1 else "never"
    return f"{often} {what}{since or ', at any time'} (who never did counts too)"


def happening(match: EventMatch) -> str:
    """`clicked email where link.topic is pricing`; opens and clicks count people alone (X30)."""
    where = f" where {_flat(match.filter)}" if match.filter is not None else ""
    return f"{words(match.event)}{where}{', machines counted too' if match.machines else ''}"


def _flat(c: Condition) -> str:
    """A filter on one line."""
    match c:
        case All(parts):
            return " and ".join(_flat(p) for p in parts)
        case AnyOf(parts):
            return f"({' or '.join(_flat(p) for p in parts)})"
        case Not(part):
            return f"not ({_flat(part)})"
        case Quantified():
            return phrase(c)
    return said(c).text


def named(v: Value) -> str:
    """`the industry of the company`, `the latest purchased`, `lead`"""
    match v:
        case Field(path, _, name):
            return words(name) + "".join(f" of the {words(p)}" for p in reversed(path))
        case Aggregate():
            return _aggregate(v)
        case CountOf(path, _, _, condition):
            return f"the number of {words(path[-1])} records{f' for which {_flat(condition)}' if condition else ''}"
        case ScoreValue(score):
            return f"the score {score}"
        case Ago(length):
            return f"{duration(length)} ago"
    return written(v)


def _aggregate(v: Aggregate) -> str:
    what = f"{happening(v.match)}{_window(v.within)}{' since the enrollment' if v.since_enrollment else ''}"
    field = words(field_name(v.field)) if v.field else ""
    match v.function:
        case "last" | "first":
            which = "latest" if v.function == "last" else "first"
            return f"{'the time' if v.field == 'at' else field} of the {which} {what}"
        case "count":
            return f"how often {what}"
        case "sum":
            return f"the sum of {field} over all {what}"
        case "avg":
            return f"the average {field} over all {what}"
    return f"the {'smallest' if v.function == 'min' else 'greatest'} {field} over all {what}"


def _when(op: str, length: Duration) -> str:
    text = duration(length)
    return {"within": f"in the last {text}", "within_next": f"in the next {text}"}.get(op, f"more than {text} ago")


def _window(length: Duration | None) -> str:
    return f" in the last {duration(length)}" if length is not None else ""


def _dated(v: Value) -> bool:
    return v.type.kind in (Kind.DATE, Kind.DATETIME)


def _listed(options: tuple[Const, ...], last: str) -> str:
    texts = [named(o) for o in options]
    return texts[0] if len(texts) == 1 else f"{', '.join(texts[:-1])} {last} {texts[-1]}"


def words(name: str) -> str:
    """`lifecycle stage` for `lifecycle_stage`."""
    return name.replace("_", " ")
