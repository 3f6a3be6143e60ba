"""Values as a column holds them: what `set`, `add` and `create` write (encodings: `store.objects`)."""

from __future__ import annotations

from dsl.program.conditions import Aggregate, Ago, Ahead, Const, Duration, Value
from dsl.schema.model import Kind

from ...query.scope import Moment
from ...query.values import Values
from ...store.names import folded_column
from ...times import durations, edges, zones
from ...times.calendars import working_calendar

Pairs = list[tuple[str, str]]  # name in a payload, SQL of its value
_WHOLE = (Kind.MONEY, Kind.DATETIME, Kind.DURATION)  # an average of them is rounded to the unit they are kept in


def pairs(values: Values, value: Value, kind: Kind, name: str, folded: str = "") -> Pairs:
    """`name` with the value as a property of `kind` keeps it; a text also folded, as `folded` or NAME__n (X31)."""
    found = [(name, column(values, value, kind))]
    if kind is Kind.TEXT:
        found.append((folded or folded_column(name), values.sql(value, "s", fold=True)))
    return found


def column(values: Values, value: Value, kind: Kind) -> str:
    """SQL of `value`, about the record `s`, as a column of `kind` holds it."""
    zone = values.scope.zone
    match value:
        case Ago(length) if kind is Kind.DATE:
            return values.params.moment(lambda t: _first_day(t, length, zone))
        case Ahead(length):
            return values.params.moment(_coming(values, length, kind))
        case Const(day) if kind is Kind.DATETIME and value.type.kind is Kind.DATE:
            return values.params.const(zones.day_start(zones.epoch_day(str(day)), zone))
        case Const(moment) if kind is Kind.DATE:
            return values.params.const(str(moment)[:10])
        case Const(option) if kind is Kind.MULTI_CHOICE and not str(option).startswith(";"):
            return values.params.const(f";{option};")
        case Const():
            return values.constant(value, fold=False)
    sql = values.sql(value, "s")
    averaged = isinstance(value, Aggregate) and value.function == "avg"
    return f"CAST(round({sql}) AS BIGINT)" if averaged and kind in _WHOLE else sql


def _first_day(t: int, length: Duration, zone: str) -> str:
    """The day that is D ago: the first of them where several lead to today (X14)."""
    return zones.iso_date(zones.epoch_day(edges.date_cut_before(t, length, zone)) + 1)


def _coming(values: Values, length: Duration, kind: Kind) -> Moment:
    """Where a wait of that length would end, on the account's clock and calendar; of a date the day (X13, X15)."""
    zone, project = values.scope.zone, values.scope.program.project
    calendar = working_calendar(project.calendars.get(project.account.calendar or ""))
    if kind is Kind.DATE:
        return lambda t: zones.iso_date(durations.move(zones.local_day(t, zone), length, calendar))
    return lambda t: durations.after(t, length, zone, calendar)
