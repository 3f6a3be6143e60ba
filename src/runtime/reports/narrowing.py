"""A report of fewer rows than it says itself: of some days, some owners, some companies (001.16).

Days are of the time the report is grouped by, without one of when its rows came to be. The owner is the record's, of
enrollments who enrolled. Companies are those a record is linked to, itself or through its contact.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from dsl.program.conditions import All, Call, Compare, Condition, Const, EventValue, Field, OneOf, Value
from dsl.program.others import Report
from dsl.schema.model import Kind, ObjectType, Schema, Type

from ..errors import InvalidInput
from ..metrics.filters import Filters
from ..query.conditions import Writer
from ..times import zones
from .naming import timed
from .subjects import ANSWERS, Subject

EVERYTHING = Filters()
_USER, _DATE, _INSTANT = Type(Kind.USER), Type(Kind.DATE), Type(Kind.DATETIME)


def narrowed(report: Report, among: Filters, schema: Schema, zone: str) -> Report:
    """The report with the days and owners of `among` as conditions beside its own. Raises InvalidInput where its rows
    have no such thing."""
    more = (*_in_days(report, among, schema, zone), *_of_owners(report, among, schema))
    if not more:
        return report
    own = () if report.where is None else (report.where,)
    parts = (*own, *more)
    return replace(report, where=parts[0] if len(parts) == 1 else All(parts))


def of_companies(subject: Subject, writer: Writer, companies: tuple[int, ...]) -> str:
    """SQL: whether the row belongs to one of these companies. Raises InvalidInput where it cannot."""
    params = writer.params
    ids = ", ".join(params.const(id_) for id_ in companies)
    if subject.of == "company":
        return f"s.id IN ({ids})"
    rows, end = writer.values.hops(_way(subject), subject.of, "s", many=True)
    return f"EXISTS (SELECT 1 {rows} AND {end}.id IN ({ids}))"


def _way(subject: Subject) -> tuple[str, ...]:
    objects = subject.scope.schema.objects
    of = objects[subject.of]
    if (direct := _leading(of, "company")) is not None:
        return (direct,)
    contact = _leading(of, "contact", many=False)
    if contact is not None and (further := _leading(objects["contact"], "company", many=False)) is not None:
        return contact, further
    raise InvalidInput(f"this report is of {subject.of}, which belongs to no company", "choose all companies")


def _leading(of: ObjectType, target: str, many: bool | None = None) -> str | None:
    """The association to that object, the one called like it before others."""
    found = [a.name for a in of.associations.values() if a.target == target and many in (None, a.many)]
    return target if target in found else next(iter(found), None)


def _in_days(report: Report, among: Filters, schema: Schema, zone: str) -> Iterator[Condition]:
    """The first instant counts, the last one no longer; of a date the days that have an instant of these."""
    if among.since is None and among.until is None:
        return
    when = time_of(report, schema)
    if when is None:
        raise InvalidInput("this report has no time to choose days of", "choose all days")
    dated = when.type.kind is Kind.DATE
    if among.since is not None:
        yield Compare(when, ">=", _day(among.since, zone) if dated else _instant(among.since, zone))
    if among.until is not None:
        yield Compare(when, *(("<=", _day(among.until - 1, zone)) if dated else ("<", _instant(among.until, zone))))


def _day(at: int, zone: str) -> Const:
    return Const(zones.iso_date(zones.local_day(at, zone)), _DATE)


def _instant(at: int, zone: str) -> Const:
    return Const(f"{zones.to_datetime(at, zone):%Y-%m-%dT%H:%M:%S}", _INSTANT)


def time_of(report: Report, schema: Schema) -> Value | None:
    """What days are chosen by; None where there is no time at all."""
    at = timed(report)
    if at is not None:
        grouped = report.by[at]
        return grouped.arguments[0] if isinstance(grouped, Call) else grouped
    if report.object == "enrollment":
        return Field((), "enrollment", "enrolled_at", _INSTANT)
    if report.object == ANSWERS:
        return EventValue("answered_at", _INSTANT)
    if report.object in schema.events:
        return EventValue("happened_at", _INSTANT)
    known = schema.objects[report.object].properties.get("created_at")
    return Field((), report.object, known.name, known.type) if known is not None else None


def _of_owners(report: Report, among: Filters, schema: Schema) -> Iterator[Condition]:
    if not among.enrolled_by:
        return
    owner = owner_of(report, schema)
    if owner is None:
        raise InvalidInput("what this report is of has no owner", "choose everybody's")
    yield OneOf(owner, tuple(Const(name, _USER) for name in among.enrolled_by))


def owner_of(report: Report, schema: Schema) -> Field | None:
    """Whose a row is; None where it is nobody's."""
    if report.object == "enrollment":
        return Field((), "enrollment", "enrolled_by", _USER)
    of = "contact" if report.object == ANSWERS else report.object
    of = schema.events[of].of if of in schema.events and of not in schema.objects else of
    known = schema.objects[of].properties
    named = [p.name for p in known.values() if p.type.kind is Kind.USER]
    name = "owner" if "owner" in named else next(iter(named), None)
    return Field((), of, name, _USER) if name is not None else None
