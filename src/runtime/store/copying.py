"""Rows as PostgreSQL's COPY reads them in its text format, column by column."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

_SPECIAL = re.compile(r"[\\\t\n\r\b\f\v]")
_ESCAPES = str.maketrans({"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r", "\b": r"\b", "\f": r"\f", "\v": r"\v"})


def copy_text(columns: Sequence[Sequence[Any]]) -> bytes:
    """Rows of text, numbers, booleans and None, given as columns of the same length; UTF-8."""
    rows = zip(*map(_texts, columns), strict=True)
    return "".join([f"{line}\n" for line in map("\t".join, rows)]).encode()


def _texts(column: Sequence[Any]) -> Iterable[str]:
    try:
        return column if _SPECIAL.search("".join(column)) is None else map(_text, column)
    except TypeError:  # not all of them are texts
        return map(_text, column)


def _text(value: Any) -> str:
    if value is None:
        return r"\N"
    return value.translate(_ESCAPES) if isinstance(value, str) else str(value)
