"""The outcomes as plain values for `--json`."""

from __future__ import annotations

from collections.abc import Sequence

from dsl.diagnostics.regions import Places
from dsl.source import Span

from .coverage import Coverage
from .outcome import Failure, Outcome, PersonLog


def as_plain(outcomes: Sequence[Outcome], coverage: Coverage, places: Places, seconds: float) -> dict[str, object]:
    """Times are local in the zone of each test, `2026-03-02 10:00`."""
    return {
        "passed": sum(o.passed for o in outcomes),
        "failed": sum(not o.passed for o in outcomes),
        "seconds": round(seconds, 3),
        "tests": [_test(o, places) for o in outcomes],
        "coverage": {
            "percent": round(coverage.percent, 1),
            "ways": coverage.ways,
            "covered": coverage.covered,
            "missing": [
                {"definition": " ".join(way.definition), "what": way.words, **_place(way.span, places)}
                for way in coverage.missing
            ],
        },
    }


def _test(outcome: Outcome, places: Places) -> dict[str, object]:
    test = outcome.test
    return {
        "title": test.title,
        "row": test.row,
        "of": [" ".join(key) for key in test.of],
        **_place(test.span, places),
        "zone": test.zone,
        "passed": outcome.passed,
        "seconds": round(outcome.seconds, 4),
        "failures": [_failure(failure, places) for failure in outcome.failures],
        "trouble": outcome.trouble,
    }


def _failure(failure: Failure, places: Places) -> dict[str, object]:
    said = {"message": failure.message, "instead": failure.instead}
    return {**said, **_place(failure.span, places), "log": [_log(log) for log in failure.log]}


def _log(log: PersonLog) -> dict[str, object]:
    lines = [{"when": line.at, "definition": line.definition, "what": line.words} for line in log.lines]
    return {"who": log.name, "until": log.until, "lines": lines}


def _place(span: Span, places: Places) -> dict[str, object]:
    region = places.region(span)
    return {"file": region.path, "line": region.line, "column": region.column}
