"""Problems as JUnit's XML: a suite for each file, a failed case for each problem, a passed one for a clean file."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from .diagnostic import Diagnostic
from .regions import Places
from .render_full import render_full

_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def render_junit(diagnostics: Sequence[Diagnostic], places: Places, files: Iterable[str]) -> str:
    """`files`: the names of all files that were checked."""
    by_file: dict[str, list[Diagnostic]] = {name: [] for name in files}
    for diagnostic in diagnostics:
        by_file.setdefault(diagnostic.label.span.file, []).append(diagnostic)
    root = Element("testsuites", {"name": "segue check", **_counts(list(by_file.values()))})
    for file, found in sorted(by_file.items()):
        _suite(root, places, file, found)
    indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, encoding="unicode")


def _suite(root: Element, places: Places, file: str, found: list[Diagnostic]) -> None:
    path = xml_text(places.path(file))
    suite = SubElement(root, "testsuite", {"name": path, **_counts([found])})
    if not found:
        SubElement(suite, "testcase", name="segue check", classname=path, file=path)
    for diagnostic in found:
        region = places.region(diagnostic.label.span)
        name = f"{diagnostic.code} at {region.line}:{region.column}"
        case = SubElement(suite, "testcase", name=name, classname=path, file=path, line=str(region.line))
        failure = SubElement(case, "failure", message=xml_text(diagnostic.message), type=diagnostic.severity.value)
        failure.text = xml_text(render_full(diagnostic, places.sources))


def _counts(suites: list[list[Diagnostic]]) -> dict[str, str]:
    return {
        "tests": str(sum(max(len(found), 1) for found in suites)),
        "failures": str(sum(len(found) for found in suites)),
        "errors": "0",
    }


def xml_text(text: str) -> str:
    """Without the characters that XML has no place for."""
    return _NOT_XML.sub("\ufffd", text)
