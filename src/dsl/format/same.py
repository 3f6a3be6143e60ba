"""Whether two trees say the same, wherever it is written."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from functools import cache

from ..source import Span
from ..syntax import nodes as n


def same(one: object, other: object) -> bool:
    """Equal but for places; a text is the same when it says the same."""
    if type(one) is not type(other):
        return False
    if isinstance(one, tuple) and isinstance(other, tuple):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, n.Text) and isinstance(other, n.Text):
        return one.value == other.value
    if isinstance(one, Span):
        return True
    if not is_dataclass(one):
        return one == other
    return all(same(getattr(one, name), getattr(other, name)) for name in _names(one.__class__))


@cache
def _names(kind: type) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind))
