"""What `segue test` prints: failures with their logs, what no test has seen, and one line that sums up."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

from .output import coloured, plural, say, show_json

if TYPE_CHECKING:
    from pathlib import Path

    from dsl.diagnostics.regions import Places
    from dsl.source import Span
    from runtime.testing import Outcome
    from runtime.testing.coverage import Coverage

TestFormat = Literal["full", "concise", "json", "github", "junit"]
_MOST = 20  # lines of what no test has seen


def show_outcomes(
    outcomes: Sequence[Outcome], coverage: Coverage, places: Places, root: Path, format: TestFormat, seconds: float
) -> None:
    """To stdout; where all is well there is nothing to say in full, concise and github. `root`: the project's."""
    match format:
        case "json":
            from runtime.testing.told_json import as_plain

            show_json(as_plain(outcomes, coverage, places, seconds))
        case "junit":
            from runtime.testing.junit import junit

            print(junit(outcomes, places))
        case _:
            for outcome in outcomes:
                _show_failures(outcome, places, root, format)


def _show_failures(outcome: Outcome, places: Places, root: Path, format: TestFormat) -> None:
    from dsl.diagnostics import render_concise, render_full
    from dsl.diagnostics.render_github import render_github
    from runtime.testing.telling import diagnostics, log_lines

    from .from_here import from_here

    for diagnostic, logs in diagnostics(outcome):
        if format == "github":
            print(render_github(diagnostic, places))
            continue
        [shown], sources = from_here([diagnostic], places.sources, root)
        if format == "concise":
            print(render_concise(shown, sources) + f": {shown.label.text}")
        else:
            print(render_full(shown, sources, coloured(sys.stdout)))
            print("\n".join(["", *log_lines(logs, outcome.test.zone), ""]) if logs else "")


def say_missing(coverage: Coverage, places: Places) -> None:
    """What no test has seen, by file and line."""
    for way in coverage.missing[:_MOST]:
        region = places.region(way.span)
        kind, name = way.definition
        say(f"{region.path}:{region.line}: {kind} {name}: {_said(way.words, way.span, places)}")
    if len(coverage.missing) > _MOST:
        say(f"and {len(coverage.missing) - _MOST} more; `--json` has them all")


def _said(words: str, span: Span, places: Places) -> str:
    source = places.sources.get(span.file)
    written = " ".join(source.text[span.start : span.end].split("{")[0].split()) if source else ""
    return words if words.startswith(("nobody", "no ", "`")) else f"`{written}` {words}"


def sum_up(outcomes: Sequence[Outcome], coverage: Coverage, seconds: float) -> str:
    """`12 passed, 1 failed in 0.8 s; coverage 93% of definitions' branches`."""
    failed = sum(not o.passed for o in outcomes)
    counts = f"{plural(len(outcomes) - failed, 'passed', 'passed')}" + (f", {failed:,} failed" if failed else "")
    covered = f"; coverage {int(coverage.percent)}% of definitions' branches" if coverage.ways else ""
    return f"{counts} in {seconds:.1f} s{covered}"
