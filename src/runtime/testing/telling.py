"""Failures as diagnostics: at the expectation, with what happened instead, and the log of those concerned."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dsl.diagnostics import Diagnostic, Label, Severity
from dsl.diagnostics.columns import shown, width

from .outcome import Failure, Outcome, PersonLog


def diagnostics(outcome: Outcome) -> Iterator[tuple[Diagnostic, tuple[PersonLog, ...]]]:
    """Each failure, and the logs to show behind it: of each person once, behind their last failure."""
    for i, failure in enumerate(outcome.failures):
        later = {log.name for other in outcome.failures[i + 1 :] for log in other.log}
        yield _failed(outcome, failure), tuple(log for log in failure.log if log.name not in later)
    if outcome.trouble:
        label = Label(outcome.test.span, "stopped here" if outcome.failures else "could not be run")
        yield Diagnostic("test-not-run", Severity.ERROR, outcome.trouble, label, (), outcome.hint), ()


def _failed(outcome: Outcome, failure: Failure) -> Diagnostic:
    label = Label(failure.span, failure.instead)
    note = f'in the test "{outcome.test.title}"' + (f" with {outcome.test.row}" if outcome.test.row else "")
    return Diagnostic("expectation-failed", Severity.ERROR, failure.message, label, note=note)


def log_lines(logs: Sequence[PersonLog], zone: str) -> Iterator[str]:
    """What happened with each person, indented under the failure."""
    for log in logs:
        yield f"  {shown(log.name)}, until {log.until} {zone}:"
        columns = [(line.at or "-", shown(line.definition), shown(line.words)) for line in log.lines]
        wide = [max((width(row[i]) for row in columns), default=0) for i in (0, 1)]
        for at, definition, words in columns:
            yield f"    {_wide(at, wide[0])}  {_wide(definition, wide[1])}  {words}".rstrip()
        if not columns:
            yield "    nothing happened"


def _wide(text: str, columns: int) -> str:
    return text + " " * (columns - width(text))
