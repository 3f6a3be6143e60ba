"""Reports and dashboards in plain English: what is counted, of what, in which groups."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..program.conditions import Call, Value
from ..program.others import Dashboard, Measure, Report
from .lines import Line
from .literals import constant
from .sentences import named, said, words

_OF = {
    "count": "how many",
    "sum": "the sum of",
    "avg": "the average of",
    "min": "the least",
    "max": "the greatest",
}
_ROWS = {"enrollment": "time somebody was enrolled", "survey_answer": "answer of a survey", "email": "e-mail"}


def of_report(report: Report) -> tuple[Line, ...]:
    """What stands behind its figures."""
    return tuple(_lines(report))


def of_dashboard(dashboard: Dashboard) -> tuple[Line, ...]:
    return (Line(f"It shows the reports {', '.join(dashboard.reports)}"),)


def _lines(report: Report) -> Iterator[Line]:
    every = f"It looks at every {_ROWS.get(report.object, words(report.object))}"
    if report.where is None:
        yield Line(every)
    else:
        held = said(report.where)
        yield Line(f"{every} for which {held.text}", held.parts)
    yield Line(f"It tells {_listed([_measured(m) for m in report.measures])}")
    if report.by:
        yield Line(f"For each {_listed([_grouped(value) for value in report.by])}")
    if report.target is not None:
        amount, per = report.target
        yield Line(f"The target of all groups together is {constant(amount)} in each {per}")
    if report.sort is not None:
        column, down = report.sort
        first = f"; the first {report.top} are shown" if report.top is not None else ""
        yield Line(f"In the order of {column}, {'from the greatest down' if down else 'from the least up'}{first}")


def _measured(measure: Measure) -> str:
    if measure.value is None:
        return "the NPS" if measure.function == "nps" else _OF.get(measure.function, f"the {words(measure.function)}")
    return f"{_OF[measure.function]} {named(measure.value)}"


def _grouped(value: Value) -> str:
    return f"{value.function} of {named(value.arguments[0])}" if isinstance(value, Call) else named(value)


def _listed(texts: Sequence[str]) -> str:
    return " and ".join(filter(None, (", ".join(texts[:-1]), texts[-1])))
