"""Expectations on what people look at: rows of reports, findings of hygiene, snippets."""

from __future__ import annotations

from dataclasses import dataclass, replace

from dsl.program.tests import ExpectFinding, ExpectRow, ExpectSnippet
from dsl.program.tests_by_hand import Answer
from dsl.schema.model import Kind, Type

from ..errors import SegueError
from ..hygiene.finding import Findings
from ..hygiene.rules import Rule, found_sql, rules
from ..query.scope import Params
from ..reports.asking import Reports
from ..reports.naming import column_named
from ..reports.results import Cell, Column, Result, Row
from ..store.names import quoted
from ..talks.opening import reader
from ..writing import snippets
from .outcome import Failure
from .stage import PAGE, Stage

_ROWS = 6  # of a report in a message
_HUNDREDTH = 0.005  # a share is written with two decimals
_TARGET = "target"


# --- reports ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A cell that is expected: where it stands in a row, and its value."""

    place: int
    column: Column
    value: object


def row(stage: Stage, e: ExpectRow) -> Failure | None:
    """Whether the report has a row with these values; where `target` is among them, a period of its target."""
    if e.dashboard is not None and e.report not in stage.program.dashboards[e.dashboard].reports:
        reports = ", ".join(f"`{name}`" for name in stage.program.dashboards[e.dashboard].reports)
        return Failure(e.span, f"report `{e.report}` is not on dashboard `{e.dashboard}`", f"it shows {reports}")
    found = Reports(stage.session, stage.program, stage.now).run(e.report)
    stage.noted.add(("report", e.report, None, "shown"))
    if e.dashboard is not None:
        stage.noted.add(("dashboard", e.dashboard, None, "shown"))
    report = stage.program.reports[e.report]
    if report.target is not None and any(name == _TARGET for name, _ in e.cells):
        found = _to_target(found)
        stage.noted.add(("report", e.report, None, "target shown"))
    try:
        wanted = [_wanted(stage, found, *cell) for cell in e.cells]
    except SegueError as wrong:
        return Failure(e.span, wrong.message, wrong.hint)
    except KeyError as unknown:
        columns = ", ".join(f"`{column.name}`" for column in (*found.groups, *found.measures))
        return Failure(e.span, f"report `{e.report}` has no column `{unknown.args[0]}`", f"it has {columns}")
    there = any(all(_is(one, line) for one in wanted) for line in found.rows)
    if there is not e.negated:
        return None
    if e.negated:
        return Failure(e.span, f"report `{e.report}` shows such a row", _drawn(found))
    return Failure(e.span, f"report `{e.report}` shows no such row", _drawn(found))


def _to_target(found: Result) -> Result:
    """The same as periods of the target: `month`, the first figure, `target`, and the share `reached`."""
    first = found.measures[0]
    timeless = all(one.period is None for one in found.progress)
    period = () if found.per is None or timeless else (Column(found.per, found.per, Type(Kind.DATE), found.per),)
    measures = (first, Column(_TARGET, _TARGET, first.type), Column("reached", "reached", Type(Kind.PERCENT)))
    rows = tuple(
        Row(
            (one.period,) if period else (),
            (one.cell, Cell(one.target), Cell(None if one.share is None else 100 * one.share)),
        )
        for one in found.progress
    )
    return replace(found, groups=period, measures=measures, rows=rows)


def _wanted(stage: Stage, found: Result, written: str, value: Answer | None) -> _Wanted:
    """Raises KeyError where no column is written so, InvalidInput where the value is of another type."""
    columns = [*found.groups, *found.measures]
    place = next((i for i, column in enumerate(columns) if column.name == "".join(written.split())), None)
    if place is None and _TARGET not in [column.name for column in columns]:
        place = column_named(stage.program.reports[found.name], written)
    if place is None:
        raise KeyError(written)
    column = columns[place]
    raw = list(value) if isinstance(value, tuple) else value
    return _Wanted(place, column, None if raw is None else reader(stage.session, stage.loaded)(column.type, raw))


def _is(one: _Wanted, line: Row) -> bool:
    found = _values(line)[one.place]
    if isinstance(found, float) and isinstance(one.value, int | float):
        return abs(found - one.value) < _HUNDREDTH
    return found == one.value


def _values(line: Row) -> list[object]:
    return [*line.keys, *(cell.value for cell in line.cells)]


def _drawn(found: Result) -> str:
    columns = (*found.groups, *found.measures)
    lines = ["(" + ", ".join(f"{c.name} = {_shown(c, v)}" for c, v in zip(columns, _values(line), strict=True)) + ")"
             for line in found.rows[:_ROWS]]  # fmt: skip
    more = f" and {len(found.rows) - _ROWS} more" if len(found.rows) > _ROWS else ""
    return "; ".join(lines) + more if lines else "it has no rows"


def _shown(column: Column, value: object) -> str:
    if value is None:
        return "missing"
    if isinstance(value, float):
        return f"{value:.2f}".rstrip("0").rstrip(".") + ("%" if column.type.kind is Kind.PERCENT else "")
    return str(value)


# --- hygiene ----------------------------------------------------------------------------------


def finding(stage: Stage, e: ExpectFinding) -> Failure | None:
    """Whether a rule of it finds the record."""
    id_ = stage.id_of(e.who)
    told = [f"`{rule.name}`" for rule, held in finders(stage, e.hygiene) if id_ in held]
    if bool(told) is not e.negated:
        return None
    if e.negated:
        return Failure(e.span, f"hygiene `{e.hygiene}` finds `{e.who.name}`", f"found by {' and '.join(told)}")
    return Failure(e.span, f"hygiene `{e.hygiene}` does not find `{e.who.name}`", "no rule of it finds them")


def finders(stage: Stage, hygiene: str) -> list[tuple[Rule, set[int]]]:
    """Each rule of it with those it finds now; a run of tests has seen that."""
    found = Findings(stage.session, stage.loaded)
    looked = [(rule, _found(found, rule)) for rule in rules(stage.program, hygiene)]
    for rule, held in looked:
        stage.noted.update(_ways(rule, held, stage))
    return looked


def _found(found: Findings, rule: Rule) -> set[int]:
    params = Params()
    held = found_sql(found.scope, rule, params)
    rows = found.session.bound(f"SELECT s.id FROM {quoted(rule.hygiene.object)} s WHERE {held}", params.at(found.now))
    return {int(row[0]) for row in rows}


def _ways(rule: Rule, held: set[int], stage: Stage) -> set[tuple[str, str, int | None, str]]:
    """Whether the rule has found somebody, and left somebody alone."""
    everybody = {id_ for id_, who in stage.people.items() if who.object == rule.hygiene.object}
    ways = {("hygiene", rule.name, None, "finds")} if held else set()
    return ways | ({("hygiene", rule.name, None, "leaves")} if everybody - held else set())


# --- snippets ---------------------------------------------------------------------------------


def snippet(stage: Stage, e: ExpectSnippet) -> Failure | None:
    """What a rep gets who calls it up for that contact."""
    found = snippets.found(stage.loaded, e.shortcut)
    words = snippets.filled(stage.session, stage.loaded, found, stage.id_of(e.who), PAGE)
    stage.noted.add(("snippet", e.shortcut, None, "rendered"))
    if e.said.fits(words):
        return None
    with_ = "does not contain" if e.said.part else "is not"
    return Failure(e.span, f'snippet `{e.shortcut}` {with_} "{e.said.text}"', f'it is "{words}"')
