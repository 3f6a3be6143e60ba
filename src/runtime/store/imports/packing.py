"""Columns as bytes, from one process to the other: whole columns of numbers or texts in one piece each.

That takes a fifth of the time of a list written value by value.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from typing import Any

import orjson

Packed = tuple[str, bytes]  # how it is packed, and what
_BETWEEN = "\0"  # no row of a file that can be read has one


def packed(column: Sequence[Any]) -> Packed:
    """A column of None, booleans, numbers and texts; `unpacked` gives equal values back."""
    first = column[0] if column else None
    if isinstance(first, str):
        try:
            joined = _BETWEEN.join(column)
        except TypeError:  # not all of them are texts
            return "mixed", orjson.dumps(column)
        return ("texts", joined.encode()) if joined.count(_BETWEEN) < len(column) else ("mixed", orjson.dumps(column))
    if type(first) is int and bool not in set(map(type, column)):
        try:
            return "numbers", array("q", column).tobytes()
        except (TypeError, OverflowError):
            pass
    return "mixed", orjson.dumps(column)


def unpacked(given: Packed) -> Sequence[Any]:
    how, content = given
    match how:
        case "texts":
            return content.decode().split(_BETWEEN)
        case "numbers":
            numbers = array("q")
            numbers.frombytes(content)
            return numbers.tolist()
    column: list[Any] = orjson.loads(content)
    return column
