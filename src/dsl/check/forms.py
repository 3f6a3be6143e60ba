"""Which function reads which form of condition.

Conditions hold conditions: in parentheses, in the filter of an event, over linked records. So their readers need
each other; they stand in one table, filled by `@reads` where each is written. `conditions` brings all of them in.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from ..syntax import nodes
from .placed import Placed
from .scope import Scope

Form = TypeVar("Form")
_READERS: dict[type, Callable[[Scope, Any], Placed | None]] = {}


def reads(
    form: type[Form],
) -> Callable[[Callable[[Scope, Form], Placed | None]], Callable[[Scope, Form], Placed | None]]:
    """Marks the function that reads one form of condition."""

    def mark(reader: Callable[[Scope, Form], Placed | None]) -> Callable[[Scope, Form], Placed | None]:
        _READERS[form] = reader
        return reader

    return mark


def check_condition(scope: Scope, node: nodes.Condition) -> Placed | None:
    """The compiled condition with its places; None where a part was reported or is of a later version."""
    return _READERS[type(node)](scope, node)
