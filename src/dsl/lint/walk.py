"""One walk over a declaration for all rules together: each node is met once and handed to those who asked for it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields, is_dataclass
from operator import attrgetter
from typing import Any

from ..check.placed import Placed

# What ends the walk, by the name an annotation has for it: nothing below could interest a rule.
_LEAVES = frozenset(("Span", "Name", "Text", "Number", "Percent", "Money", "Date", "DateTime", "Time", "TimeRange"))
_PLAIN = frozenset(("str", "int", "bool", "float", "Decimal", "Boolean", "None", "tuple"))
_WORD = re.compile(r"\w+")

Get = Callable[[Any], tuple[Any, ...]]


class Walk:
    """Knows, for the classes asked for, which fields of a node can lead to one of them."""

    def __init__(self, asked: Iterable[type]) -> None:
        self._ends = (_LEAVES - {cls.__name__ for cls in asked}) | _PLAIN
        self._getters: dict[type, Get | None] = {}

    def nodes(self, root: object, handlers: Mapping[type, Any]) -> Iterable[tuple[Any, Any]]:
        """Every (node, handler) below and including `root`, in the order written. Nesting has no limit."""
        getters = self._getters
        waiting: list[Any] = [root]
        while waiting:
            node = waiting.pop()
            cls = type(node)
            if cls is tuple:
                waiting.extend(node[::-1])
                continue
            if cls in handlers:
                yield node, handlers[cls]
            try:
                get = getters[cls]
            except KeyError:
                get = getters[cls] = self._getter(cls)
            if get is not None:
                waiting.extend(get(node))

    def _getter(self, cls: type) -> Get | None:
        """The fields that can hold nodes, last one first; None where there are none."""
        if not is_dataclass(cls):
            return None
        names = [f.name for f in fields(cls) if not self._ends >= set(_WORD.findall(str(f.type)))]
        if not names:
            return None
        get = attrgetter(*reversed(names))
        return get if len(names) > 1 else lambda node: (get(node),)


def conditions(whole: Iterable[Placed], handlers: Mapping[type, Any]) -> Iterable[tuple[Placed, Any]]:
    """Every (part, handler) of compiled conditions, by the class of what it compiled to, in the order written."""
    waiting = list(whole)[::-1]
    while waiting:
        placed = waiting.pop()
        if type(placed.condition) in handlers:
            yield placed, handlers[type(placed.condition)]
        waiting.extend(placed.parts[::-1])
