"""Bytes of a rule file that are no UTF-8. Whoever reads the file keeps them as lone surrogates (`surrogateescape`), so
that they have a place like everything else and the rest of the file is still checked."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .diagnostics.diagnostic import Diagnostic, Label, Severity
from .source import Source, Span

_BYTES = re.compile("[\udc80-\udcff]+")


def not_utf8(source: Source) -> Iterator[Diagnostic]:
    """One finding per file, at the first such byte: a file in another encoding has many."""
    found = None if source.text.isascii() else _BYTES.search(source.text)
    if found is not None:
        yield Diagnostic(
            "not-utf8",
            Severity.ERROR,
            "this file is not UTF-8",
            Label(Span(source.name, *found.span()), "no letter in UTF-8"),
            help="save it as UTF-8",
        )


def readable(source: Source) -> Source:
    """The same text, character for character, with a sign for what could not be read."""
    if source.text.isascii() or _BYTES.search(source.text) is None:
        return source
    return Source(source.name, _BYTES.sub(lambda m: "\ufffd" * len(m.group()), source.text))
