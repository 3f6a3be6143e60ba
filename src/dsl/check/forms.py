"""Which function reads which form of condition.

Conditions hold conditions: in parentheses, in the filter of an event, over linked records. So their readers need
each other; they stand in one table, filled by `@reads` where each is written. `conditions` brings all of them in.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeGuard, TypeVar

from ..syntax import nodes
from .placed import Placed
from .scope import Scope

Reader = TypeVar("Reader", bound=Callable[[Scope, Any], Placed | None])
_READERS: dict[type, Callable[[Scope, Any], Placed | None]] = {}


def reads(form: type) -> Callable[[Reader], Reader]:
    """Marks the function that reads one form of condition."""

    def mark(reader: Reader) -> Reader:
        _READERS[form] = reader
        return reader

    return mark


def check_condition(scope: Scope, node: nodes.Condition) -> Placed | None:
    """The compiled condition with its places; None where a part was reported or is of a later version."""
    return _READERS[type(node)](scope, node)


def is_condition(value: nodes.SettingValue) -> TypeGuard[nodes.Condition]:
    """Whether the value of a setting is written as a condition, not as a schedule, a list, .."""
    return type(value) in _READERS
