"""Rows as PostgreSQL's COPY reads them in its text format, column by column."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

_ESCAPES = {"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r", "\b": r"\b", "\f": r"\f", "\v": r"\v"}
_ESCAPED = str.maketrans(_ESCAPES)


def copy_lines(columns: Sequence[Sequence[Any]]) -> list[str]:
    """Rows of text, numbers, booleans and None, given as columns of the same length: a line each, with its end."""
    return [f"{line}\n" for line in map("\t".join, zip(*map(_texts, columns), strict=True))]


def _texts(column: Sequence[Any]) -> Iterable[str]:
    kinds = set(map(type, column))
    if kinds == {int}:
        return map(repr, column)
    if kinds != {str}:
        return map(_text, column)
    joined = "".join(column)
    return map(_text, column) if any(sign in joined for sign in _ESCAPES) else column


def _text(value: Any) -> str:
    if value is None:
        return r"\N"
    return value.translate(_ESCAPED) if isinstance(value, str) else str(value)
