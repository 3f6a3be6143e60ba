"""A report to ONE statement, however many rows it looks at and whatever it groups by.

WITH cells AS (SELECT groups, parts FROM the rows GROUP BY groups)      each row is read once, a period as its day
SELECT 0, NULL, groups, figures FROM cells GROUP BY groups              days become weeks, months, ..
UNION ALL SELECT 1, period, NULLs, figures FROM cells GROUP BY period   all groups together, for the target
"""

from __future__ import annotations

from dataclasses import dataclass

from dsl.program.conditions import Call, Value
from dsl.program.others import Measure, Report
from dsl.schema.model import Kind

from ..query.conditions import Writer
from ..query.days import date_day
from ..query.scope import Params
from . import answers, enrollments, mails, measures, periods
from .measures import Parts
from .naming import column_named, period_of, timed
from .narrowing import of_companies
from .subjects import Subject


@dataclass(frozen=True)
class Statement:
    """Rows are (0 or 1, period of the target, groups .., figures ..): a group, or all groups together in one period of
    the target. Periods are numbers. `parts`: for each measure how its figures become a cell."""

    sql: str
    values: dict[str, object]
    parts: tuple[Parts, ...]


@dataclass(frozen=True)
class _Writing:
    """Values and conditions of the rows, as the engine writes them."""

    subject: Subject
    writer: Writer

    def sql(self, value: Value) -> str:
        return self.writer.values.sql(value, "s", "v" if self.subject.event else None)

    def group(self, value: Value) -> str:
        """A period by its day: what it is a day of is told apart later, of fewer rows."""
        if not isinstance(value, Call):
            return self.sql(value)
        return self.day(self.sql(value.arguments[0]), value.arguments[0].type.kind)

    def day(self, sql: str, kind: Kind) -> str:
        scope = self.subject.scope
        return date_day(sql, scope.dialect) if kind is Kind.DATE else periods.local_day(sql, scope.zone)


def statement(subject: Subject, report: Report, now: int, companies: tuple[int, ...] = ()) -> Statement:
    """`companies`: of what belongs to these alone; () for all."""
    params = Params()
    writing = _Writing(subject, Writer(subject.scope, params, None))
    writing.writer.values.objects["s"] = subject.of
    held = "TRUE"
    if report.where is not None:
        event = "v" if subject.event else None
        held = writing.writer.condition(report.where, subject.of, "s", event)
    if companies:
        held = f"({held}) AND {of_companies(subject, writing.writer, companies)}"
    parts = tuple(_parts(subject, measure, writing) for measure in report.measures)
    cells = _cells(writing, report, held, parts)
    whole = _groups(report, parts)
    if report.target is not None:
        whole += f" UNION ALL {_together(writing, report, parts)}"
    beside = "".join(f"{name} AS NOT MATERIALIZED ({sql}), " for name, sql in subject.beside.items())
    beside += "".join(f"{name} AS MATERIALIZED ({sql}), " for name, sql in subject.before.items())
    sql = f"WITH {beside}cells AS ({cells}) {whole}"
    values = {**params.at(now), **subject.values}
    if _ranked(report, parts) is not None:
        values["top"] = report.top
    return Statement(sql, values, parts)


def _parts(subject: Subject, measure: Measure, writing: _Writing) -> Parts:
    function, value = measure.function, measure.value
    if function == "count":
        return measures.count()
    if value is None:
        return _figure(subject, function)
    x = writing.sql(value)
    match function:
        case "sum":
            return measures.total(x, value.type, subject.scope.dialect)
        case "avg":
            return measures.average(x, value.type, subject.scope.dialect)
    return measures.extreme(function, x)


def _figure(subject: Subject, name: str) -> Parts:
    if subject.of == "enrollment":
        return enrollments.parts(name, subject.among)
    return mails.parts(name) if name in mails.FIGURES else answers.parts(name, subject.scope.program.conversations)


def _cells(writing: _Writing, report: Report, held: str, parts: tuple[Parts, ...]) -> str:
    groups = [f"{writing.group(value)} AS g{i}" for i, value in enumerate(report.by)]
    if writing.subject.who:
        groups.append(f"{writing.subject.who} AS who")
    inner = [f"{sql} AS {name}" for sql, name in _names(parts).items()]
    by = f" GROUP BY {', '.join(str(i + 1) for i in range(len(groups)))}" if groups else ""
    return f"SELECT {', '.join([*groups, *inner])} FROM {writing.subject.rows} WHERE {held}{by}"


def _names(parts: tuple[Parts, ...]) -> dict[str, str]:
    """Inner aggregates by their SQL: what several figures are made of is worked out once."""
    return {sql: f"p{i}" for i, sql in enumerate(dict.fromkeys(sql for part in parts for sql in part.inner))}


def _figures(parts: tuple[Parts, ...], once: bool = False) -> list[str]:
    """`once`: nobody is in two cells of one group, so that nobody has to be told apart."""
    found, names = [], _names(parts)
    for m, part in enumerate(parts):
        outer = part.once if once and part.once else part.outer
        mine = [names[sql] for sql in part.inner]
        found += [f"{sql.format(*mine)} AS f{m}_{i}" for i, sql in enumerate(outer)]
    return found


def _groups(report: Report, parts: tuple[Parts, ...]) -> str:
    groups = []
    for i, value in enumerate(report.by):
        per = period_of(value)
        groups.append(f"{periods.numbered(f'g{i}', per)} AS k{i}" if per else f"g{i} AS k{i}")
    by = f" GROUP BY {', '.join(str(i + 3) for i in range(len(groups)))}" if groups else ""
    once = not any(period_of(value) for value in report.by)  # a period is put together of its days
    columns = ["0 AS part", "CAST(NULL AS BIGINT) AS at", *groups, *_figures(parts, once)]
    whole = f"SELECT {', '.join(columns)} FROM cells{by}"
    measure = _ranked(report, parts)
    if measure is None:
        return whole
    assert report.sort is not None, "what is ranked is sorted"
    names = [f"f{measure}_{i}" for i in range(len(parts[measure].outer))]
    place, way = parts[measure].place.format(*names), "DESC" if report.sort[1] else "ASC"
    listed = ["part", "at", *(f"k{i}" for i in range(len(groups)))]
    listed += [f"f{m}_{i}" for m, part in enumerate(parts) for i in range(len(part.outer))]
    ranked = f"SELECT q.*, rank() OVER (ORDER BY ({place}) IS NULL, {place} {way}) AS place FROM ({whole}) q"
    return f"SELECT {', '.join(listed)} FROM ({ranked}) r WHERE r.place <= :top"


def _ranked(report: Report, parts: tuple[Parts, ...]) -> int | None:
    """The measure whose first groups the database can choose, those of the same rank with them. Where periods without
    anything have to be put in between, groups are chosen afterwards."""
    if report.top is None or report.sort is None or any(period_of(value) for value in report.by):
        return None
    found = column_named(report, report.sort[0])
    if found is None or found < len(report.by):
        return None
    return found - len(report.by) if parts[found - len(report.by)].place else None


def _together(writing: _Writing, report: Report, parts: tuple[Parts, ...]) -> str:
    """All groups together in each period of the target; without a time to group by in one."""
    assert report.target is not None, "asked for only where there is one"
    period = "CAST(NULL AS BIGINT)"
    found = timed(report)
    if found is not None:
        value = report.by[found]
        day = f"g{found}" if isinstance(value, Call) else writing.day(f"g{found}", value.type.kind)
        period = periods.numbered(day, report.target[1])
    columns = ["1 AS part", f"{period} AS at", *("NULL" for _ in report.by), *_figures(parts)]
    return f"SELECT {', '.join(columns)} FROM cells{' GROUP BY 2' if found is not None else ''}"
