"""A body to a graph whose blocks stand in the order they are reached, the first one at 0."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, replace
from typing import Any

from ..program.blocks import Block, Graph

_LINKS = ("next", "timeout", "then", "otherwise")


def ordered(blocks: Sequence[Block], entry: int, rep_led: int | None = None) -> Graph:
    """The graph of the blocks reachable from the entries. INVARIANT: the same body gives the same numbers, so a
    version's hash does not depend on how the compiler went about it (X26)."""
    order: dict[int, int] = {}
    for start in (entry, rep_led):
        if start is not None:
            _visit(blocks, start, order)
    renumbered = tuple(_renumbered(blocks[index], order) for index in order)
    return Graph(renumbered, order[entry], None if rep_led is None else order[rep_led])


def _visit(blocks: Sequence[Block], start: int, order: dict[int, int]) -> None:
    waiting = [start]
    while waiting:
        index = waiting.pop()
        if index in order:
            continue
        order[index] = len(order)
        waiting.extend(reversed(_following(blocks[index])))


def _following(block: Block) -> list[int]:
    names = {f.name for f in fields(block)}
    ways = ("then", "otherwise", "next", "timeout")
    return [getattr(block, name) for name in ways if name in names]


def _renumbered(block: Block, order: dict[int, int]) -> Block:
    names = {f.name for f in fields(block)}
    changes: dict[str, Any] = {name: order[getattr(block, name)] for name in _LINKS if name in names}
    return replace(block, **changes) if changes else block
