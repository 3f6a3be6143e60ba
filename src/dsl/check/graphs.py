"""A body to a graph whose blocks stand in the order they are reached, the first one at 0."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import fields
from functools import cache
from typing import Any

from ..program.blocks import Block, Graph, Split, following
from ..values import replace

_WAYS = ("then", "otherwise", "next", "timeout")


def ordered(blocks: Sequence[Block], entry: int, rep_led: int | None = None) -> Graph:
    """The graph of the blocks reachable from the entries. INVARIANT: the same body gives the same numbers, so a
    version's hash does not depend on how the compiler went about it (X26)."""
    order = numbered(blocks, entry, rep_led)
    renumbered = tuple(relinked(blocks[index], order.__getitem__) for index in order)
    return Graph(renumbered, order[entry], None if rep_led is None else order[rep_led])


def numbered(blocks: Sequence[Block], entry: int, rep_led: int | None = None) -> dict[int, int]:
    """The number that each reachable block has in the graph, in the order they are reached."""
    order: dict[int, int] = {}
    for start in (entry, rep_led):
        if start is not None:
            _visit(blocks, start, order)
    return order


def _visit(blocks: Sequence[Block], start: int, order: dict[int, int]) -> None:
    waiting = [start]
    while waiting:
        index = waiting.pop()
        if index in order:
            continue
        order[index] = len(order)
        waiting.extend(reversed(following(blocks[index])))


def relinked(block: Block, place: Callable[[int], int]) -> Block:
    """The block with each link led through `place`."""
    if isinstance(block, Split):
        return replace(block, arms=tuple(replace(arm, next=place(arm.next)) for arm in block.arms))
    kind: Any = type(block)
    changes: dict[str, Any] = {name: place(getattr(block, name)) for name in _ways(kind)}
    return replace(block, **changes) if changes else block


@cache
def _ways(kind: Any) -> list[str]:
    names = {field.name for field in fields(kind)}
    return [name for name in _WAYS if name in names]
