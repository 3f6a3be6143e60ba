"""One line per problem, for editors, `grep` and logs."""

from __future__ import annotations

from collections.abc import Mapping

from ..source import Source
from .columns import shown
from .diagnostic import Diagnostic


def render_concise(diagnostic: Diagnostic, sources: Mapping[str, Source]) -> str:
    """`path:line:col: severity[code] message`; without position where the file was not read. A message that only says
    that something is wrong there goes on with what was expected, and what to do."""
    span = diagnostic.label.span
    source = sources.get(span.file)
    place = span.file
    if source is not None:
        line, column = source.position(span.start)
        place = f"{span.file}:{line}:{column}"
    what, expects, sign = diagnostic.label.text.partition("expected ")
    told = (diagnostic.label.text, diagnostic.help) if expects and not what and sign not in diagnostic.message else ()
    message = "; ".join(text.replace("\n", " ") for text in (diagnostic.message, *told) if text)
    said = f"{diagnostic.severity}[{diagnostic.code}] {message}"
    return shown(f"{place}: {said}" if place else said)
