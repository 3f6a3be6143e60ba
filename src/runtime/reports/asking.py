"""Reports of a project asked of a store: one statement each, as of the store's clock (P14)."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from dsl.diagnostics.suggest import of_those_declared
from dsl.program.definitions import Program
from dsl.program.others import Report
from dsl.schema.model import Kind

from ..errors import UnknownName
from ..metrics.conversions import goals
from ..metrics.filters import Filters
from ..metrics.sequences import dynamic_definitions
from ..query.scope import SEGMENT_NUMBERS, Scope
from ..reading.records import names_of
from ..store import meta
from ..store.session import Row as Found
from ..store.session import Session
from . import enrollments, periods
from .measures import Parts, plain
from .naming import columns, period_of, timed
from .narrowing import EVERYTHING, narrowed
from .ordering import MOST_FILLED, Group, in_order
from .results import Cell, Column, Key, Progress, Result, Row
from .statement import Statement, statement
from .subjects import Known, subject_of

_AT_ONCE = 500  # records whose names are asked for


class Reports:
    """`now` (µs): what the store's clock shows, or before its first run the time of day."""

    def __init__(self, session: Session, program: Program, now: int | None = None) -> None:
        self.session, self.program = session, program
        clock = meta.clock(session) if now is None else now
        self.now = clock if clock is not None else time.time_ns() // 1000
        numbers = dict.fromkeys(program.segments, -1) | dict(session.run(SEGMENT_NUMBERS))
        definitions = session.run("SELECT kind, name, id FROM segue_definition")
        self._scope = Scope(program, session.dialect, numbers, {(kind, name): id_ for kind, name, id_ in definitions})
        events = meta.tables(session, "event_")
        asked = {measure.function for report in program.reports.values() for measure in report.measures}
        of_goals = goals(session, program.schema) if asked & enrollments.OF_GOALS else None
        among = dict.fromkeys(enrollments.OF_GOALS, of_goals.definitions) if of_goals else {}
        if asked & enrollments.OF_DYNAMIC:
            among |= dict.fromkeys(enrollments.OF_DYNAMIC, dynamic_definitions(session))
        self._known = Known(events, among, of_goals)

    def run(self, name: str, among: Filters = EVERYTHING) -> Result:
        """Of the days, owners and companies of `among` alone. Raises UnknownName; InvalidInput where the report cannot
        be narrowed so."""
        found = self.program.reports.get(name)
        if found is None:
            raise UnknownName(f"there is no report `{name}`", of_those_declared("report", name, self.program.reports))
        return self.of(found, among)

    def dashboard(self, name: str, among: Filters = EVERYTHING) -> tuple[Result, ...]:
        """Its reports in the order written. Raises UnknownName, InvalidInput."""
        found = self.program.dashboards.get(name)
        if found is None:
            hint = of_those_declared("dashboard", name, self.program.dashboards)
            raise UnknownName(f"there is no dashboard `{name}`", hint)
        return tuple(self.run(report, among) for report in found.reports)

    def of(self, report: Report, among: Filters = EVERYTHING) -> Result:
        """One statement."""
        asked = self.statement(report, among)
        found = _result(report, self._scope, self.now, asked, self.session.bound(asked.sql, asked.values))
        groups = (self._called(column, [row.keys[i] for row in found.rows]) for i, column in enumerate(found.groups))
        return replace(found, groups=tuple(groups))

    def _called(self, column: Column, keys: Sequence[Key]) -> Column:
        """With the names of the records that it is grouped by."""
        target = column.type.target
        if column.type.kind is not Kind.RECORD or target is None:
            return column
        ids = [key for key in keys if isinstance(key, int)]
        names: dict[Key, str] = {}
        for first in range(0, len(ids), _AT_ONCE):
            some = names_of(self.session, self._scope.schema, target, ids[first : first + _AT_ONCE])
            for id_, name in some.items():
                names[id_] = name
        return replace(column, names=names)

    def statement(self, report: Report, among: Filters = EVERYTHING) -> Statement:
        """The SQL of a report, to be looked at."""
        report = narrowed(report, among, self._scope.schema, self._scope.zone)
        return statement(subject_of(self._scope, report, self._known, self.now), report, self.now, among.companies)


def _result(report: Report, scope: Scope, now: int, asked: Statement, found: list[Found]) -> Result:
    groups, measures = columns(report, scope.schema)
    there = [_group(report, asked, row) for row in found if row[0] == 0]
    rows = in_order(report, there, lambda: tuple(part.nothing() for part in asked.parts))
    return Result(
        report.name,
        report.label,
        report.object,
        report.show,
        now,
        scope.zone,
        groups,
        measures,
        tuple(_row(report, group) for group in rows),
        report.target[1] if report.target else None,
        _progress(report, asked, [row for row in found if row[0] == 1]),
    )


def _group(report: Report, asked: Statement, row: Found) -> Group:
    """Keys as both databases would give them."""
    keys = (_key(value, value_.type.kind) for value, value_ in zip(row[2:], report.by, strict=False))
    return tuple(keys), _cells(asked.parts, row[2 + len(report.by) :])


def _key(value: Any, kind: Kind) -> Any:
    return bool(value) if kind is Kind.BOOL and value is not None else plain(value)


def _cells(parts: tuple[Parts, ...], figures: tuple[Any, ...]) -> tuple[Cell, ...]:
    cells, first = [], 0
    for part in parts:
        last = first + len(part.outer)
        cells.append(part.figure(figures[first:last]))
        first = last
    return tuple(cells)


def _row(report: Report, group: Group) -> Row:
    keys: list[Key] = []
    for value, key in zip(report.by, group[0], strict=True):
        per = period_of(value)
        keys.append(periods.first_day(key, per) if per and key is not None else key)
    return Row(tuple(keys), group[1])


def _progress(report: Report, asked: Statement, found: list[Found]) -> tuple[Progress, ...]:
    """Periods without anything between the first and the last are there with nothing."""
    if report.target is None:
        return ()
    target, per = float(report.target[0].value), report.target[1]
    target = int(target) if target.is_integer() else target
    first = 2 + len(report.by)
    cells = {row[1]: _cells(asked.parts[:1], row[first:])[0] for row in found}
    if timed(report) is None:
        return tuple(Progress(None, cell, target) for cell in cells.values())
    numbers = sorted(n for n in cells if n is not None)
    if numbers and numbers[-1] - numbers[0] < MOST_FILLED:
        numbers = list(range(numbers[0], numbers[-1] + 1))
    nothing = asked.parts[0].nothing()
    return tuple(Progress(periods.first_day(n, per), cells.get(n, nothing), target) for n in numbers)
