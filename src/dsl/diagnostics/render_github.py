"""Problems as workflow commands: GitHub Actions shows them beside the lines of a pull request."""

from __future__ import annotations

from ..source import Span
from .columns import shown
from .diagnostic import Diagnostic, Severity
from .regions import Places

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}


def render_github(diagnostic: Diagnostic, places: Places) -> str:
    """`::error file=..,line=..,endLine=..,col=..,endColumn=..,title=..::message`, one line."""
    told = [shown(diagnostic.message)]
    if diagnostic.label.text:
        told.append(shown(diagnostic.label.text))
    if diagnostic.help:
        told.append(f"help: {shown(diagnostic.help)}")
    told += [shown(f"{_where(label.span, places)}: {label.text}") for label in diagnostic.others]
    properties = ",".join(f"{name}={_property(value)}" for name, value in _properties(diagnostic, places).items())
    return f"::{_COMMANDS[diagnostic.severity]} {properties}::{_data(chr(10).join(told))}"


def _properties(diagnostic: Diagnostic, places: Places) -> dict[str, str]:
    region = places.region(diagnostic.label.span)
    found = {"file": region.path, "line": str(region.line), "endLine": str(region.end_line)}
    if region.line == region.end_line:  # columns of a range over several lines are refused
        found |= {"col": str(region.column), "endColumn": str(region.end_column)}
    return {**found, "title": diagnostic.code}


def _where(span: Span, places: Places) -> str:
    region = places.region(span)
    return f"{region.path}:{region.line}:{region.column}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(shown(text)).replace(":", "%3A").replace(",", "%2C")
