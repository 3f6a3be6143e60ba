"""The outcomes as JUnit's XML, which CI servers show: a suite for each file, a case for each test."""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from dsl.diagnostics import render_full
from dsl.diagnostics.regions import Places
from dsl.diagnostics.render_junit import xml_text

from .outcome import Outcome
from .telling import diagnostics, log_lines


def junit(outcomes: Sequence[Outcome], places: Places) -> str:
    by_file: dict[str, list[Outcome]] = {}
    for outcome in outcomes:
        by_file.setdefault(outcome.test.span.file, []).append(outcome)
    root = Element("testsuites", {"name": "segue test", **_counts(outcomes)})
    for file, own in sorted(by_file.items()):
        path = xml_text(places.path(file))
        suite = SubElement(root, "testsuite", {"name": path, **_counts(own)})
        for outcome in own:
            _case(suite, path, outcome, places)
    indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, encoding="unicode")


def _case(suite: Element, path: str, outcome: Outcome, places: Places) -> None:
    line, seconds = str(places.region(outcome.test.span).line), f"{outcome.seconds:.3f}"
    case = SubElement(
        suite, "testcase", name=xml_text(outcome.title), classname=path, file=path, line=line, time=seconds
    )
    told = list(diagnostics(outcome))
    if not told:
        return
    # One element a case, as most readers show the first only: its message is the first, its text has them all.
    kind = "failure" if outcome.failures else "error"
    found = SubElement(case, kind, message=xml_text(told[0][0].message), type=told[0][0].code)
    zone = outcome.test.zone
    parts = ["\n".join((render_full(d, places.sources), *log_lines(logs, zone))) for d, logs in told]
    found.text = xml_text("\n\n".join(parts))


def _counts(outcomes: Sequence[Outcome]) -> dict[str, str]:
    return {
        "tests": str(len(outcomes)),
        "failures": str(sum(bool(o.failures) for o in outcomes)),
        "errors": str(sum(bool(o.trouble and not o.failures) for o in outcomes)),
        "time": f"{sum(o.seconds for o in outcomes):.3f}",
    }
