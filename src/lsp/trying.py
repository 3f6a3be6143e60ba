"""One rule test, played for an editor with the texts it shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dsl.program.definitions import Program
from dsl.program.tests import Test

from .project import Project


@dataclass(frozen=True, slots=True)
class Ready:
    """A test that can be played; a test with rows is several."""

    program: Program
    tests: tuple[Test, ...]


@dataclass(frozen=True, slots=True)
class Played:
    """`lines` tell what failed and what happened."""

    passed: bool
    summary: str
    lines: tuple[str, ...] = ()


def ready(project: Project, file: str, title: str) -> Ready | str:
    """The test of that title, or why it cannot be played."""
    program, found = project.workspace.program()
    if program is None:
        count = sum(d.severity == "error" for d in found)
        return f"the project has {count} error{'' if count == 1 else 's'}; put that right first"
    tests = tuple(test for test in program.tests if test.span.file == file and test.title == title)
    return Ready(program, tests) if tests else f'there is no test "{title}" any more'


def play(given: Ready) -> Played:
    """Through the real engine, in virtual time. Touches nothing of the editor's, so it may take a thread of its own."""
    from runtime.project.unrun import runnable
    from runtime.testing.run import Runner
    from runtime.testing.telling import diagnostics, log_lines

    runner = Runner(*runnable(given.program))
    try:
        outcomes = [runner(test) for test in given.tests]
    finally:
        runner.close()
    lines: list[str] = []
    for outcome in outcomes:
        for diagnostic, logs in diagnostics(outcome):
            lines += [
                f"{outcome.title}: {diagnostic.message}: {diagnostic.label.text}",
                *log_lines(logs, outcome.test.zone),
            ]
    return _summed_up(given.tests[0].title, [outcome.passed for outcome in outcomes], tuple(lines))


def _summed_up(title: str, passed: Sequence[bool], lines: tuple[str, ...]) -> Played:
    if all(passed):
        rows = f" with each of {len(passed)} rows" if len(passed) > 1 else ""
        return Played(True, f'"{title}" passed{rows}')
    rows = f" with {passed.count(False)} of {len(passed)} rows" if len(passed) > 1 else ""
    return Played(False, f'"{title}" failed{rows}: {lines[0].partition(": ")[2] if lines else "see the log"}', lines)
