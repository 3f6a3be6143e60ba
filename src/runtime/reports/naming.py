"""What the columns of a report are called, and which of them is meant where a rule names one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Set
from dataclasses import replace

from dsl.program.conditions import Call, EventValue, Field, Value
from dsl.program.others import Measure, Report
from dsl.schema.model import Kind, Schema, Type

from .enrollments import REVENUE
from .results import Column, Key

_DATED = (Kind.DATE, Kind.DATETIME)
_COUNTED = {
    "email": "mails sent",
    "survey_answer": "answers of such surveys",
    "enrollment": "contacts enrolled",
    "revenue": "won deals",
}


def columns(report: Report, schema: Schema) -> tuple[tuple[Column, ...], tuple[Column, ...]]:
    """The groups and the measures."""
    groups = tuple(
        Column(_value(value), _label(value, schema), value.type, period_of(value), names=_stages(value, schema))
        for value in report.by
    )
    measures = tuple(_measure(report, measure, schema) for measure in report.measures)
    count = Counter(column.name for column in (*groups, *measures))
    twice = {name for name, n in count.items() if n > 1}
    return (
        tuple(_told_apart(column, value, twice) for column, value in zip(groups, report.by, strict=True)),
        tuple(_told_apart(column, of.value, twice) for column, of in zip(measures, report.measures, strict=True)),
    )


def _told_apart(column: Column, value: Value | None, twice: Set[str]) -> Column:
    """A property of an event's record that is called like a field of the event has its object before its name: a row
    of JSON has each name once."""
    inner = value.arguments[0] if isinstance(value, Call) else value
    if column.name not in twice or inner is None or not (of := _object(inner)):
        return column
    path = _value(inner)
    return replace(column, name=_of(of, path, column.name))


def _of(of: str, path: str, name: str) -> str:
    """`day(day)` with the object before the second `day`: the path ends the name, and the function may be called so."""
    before, _, behind = name.rpartition(path)
    return f"{before}{of}.{path}{behind}"


def _measure(report: Report, measure: Measure, schema: Schema) -> Column:
    name, of = written(measure), _COUNTED.get(report.object, "")
    if measure.function == "count":
        return Column(name, name, Type(Kind.NUMBER), of=report.object)
    if measure.value is not None:
        return Column(name, name, measure.value.type)
    if measure.function == REVENUE:
        return Column(name, name, schema.objects["deal"].properties["amount"].type, of=_COUNTED[REVENUE])
    if measure.function.endswith("_rate"):
        return Column(name, name.replace("_", " "), Type(Kind.PERCENT), of=of)
    return Column(name, name.replace("_", " "), Type(Kind.NUMBER), of=of)


def written(measure: Measure) -> str:
    return measure.function if measure.value is None else f"{measure.function}({_value(measure.value)})"


def _value(value: Value) -> str:
    match value:
        case Call(function, arguments):
            return f"{function}({_value(arguments[0])})"
        case Field(path, property=name):
            return ".".join((*path, name))
        case EventValue(field):
            return "link." + field.removeprefix("link_") if field.startswith("link_") else field
    return str(getattr(value, "score", None) or getattr(value, "field", "value"))


def _label(value: Value, schema: Schema) -> str:
    """What a missing value is a missing one of: `owner`, `close date`."""
    match value:
        case Call(_, arguments):
            return _label(arguments[0], schema)
        case Field(object=of, property=name):
            known = schema.objects[of].properties.get(name) if of in schema.objects else None
            return (known.label if known is not None else name.replace("_", " ")).lower()
    return _value(value).replace("_", " ").replace(".", " ")


def _stages(value: Value, schema: Schema) -> dict[Key, str]:
    """What stages or pipelines are called."""
    return dict(schema.labels_of(value.object, value.property).items()) if isinstance(value, Field) else {}


def period_of(value: Value) -> str | None:
    return value.function if isinstance(value, Call) else None


def timed(report: Report) -> int | None:
    """Which group the time is: the first one that is a period or a date."""
    return next((i for i, value in enumerate(report.by) if value.type.kind in _DATED), None)


def column_named(report: Report, text: str) -> int | None:
    """Which column is written so: groups first, then measures. `deal.amount` may stand for `amount`, and the record of
    an event has its object before the name: `contact.plan`, `contact.company.name`."""
    wanted = "".join(text.split())
    found = _spelt(report, wanted, {report.object})
    if found is not None or "." not in wanted:
        return found
    first = wanted.rpartition("(")[2].partition(".")[0]
    return _spelt(report, wanted, {first})


def _spelt(report: Report, wanted: str, objects: Set[str]) -> int | None:
    names = [_value(value) for value in report.by] + [written(measure) for measure in report.measures]
    whole = [*report.by, *(measure.value for measure in report.measures)]
    for i, (name, value) in enumerate(zip(names, whole, strict=True)):
        inner = value.arguments[0] if isinstance(value, Call) else value
        path = _value(inner) if inner is not None else name
        spelt = {name, *(_of(of, path, name) for of in {*objects, _object(inner)} if of)}
        if wanted in spelt:
            return i
    return None


def _object(value: Value | None) -> str:
    return value.object if isinstance(value, Field) and not value.path else ""
