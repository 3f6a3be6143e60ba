"""Where the ways of a branch come together again: the outline of a graph needs it to know where a branch ends."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce

from ..program import blocks as b

END = -1  # behind the last block of every way


def ways_of(block: b.Block) -> tuple[int, ...]:
    """The blocks that can follow."""
    match block:
        case b.If(_, then, otherwise):
            return then, otherwise
        case b.Split(arms):
            return tuple(arm.next for arm in arms)
        case b.WaitEvent() | b.WaitCondition() | b.WaitDate():
            return block.next, block.timeout
        case b.Exit() | b.Finish():
            return ()
    return (block.next,)


def meetings(blocks: Sequence[b.Block]) -> dict[int, int]:
    """For each block the first one that every way from it comes through (its immediate post-dominator), or END.

    Ways that all end in an `exit` do not count beside others: what follows is told behind the branch, not inside
    its `else`."""
    met: dict[int, int] = {}
    depth = {END: 0}
    leaving: set[int] = set()

    def common(a: int, c: int) -> int:
        while a != c:
            if depth[a] >= depth[c]:
                a = met[a]
            else:
                c = met[c]
        return a

    for index in _last_first(blocks):
        every = ways_of(blocks[index])
        ways = [way for way in every if way not in leaving] or every
        if all(way in leaving for way in every) and not isinstance(blocks[index], b.Finish):
            leaving.add(index)
        met[index] = reduce(common, ways) if ways else END
        depth[index] = depth[met[index]] + 1
    return met


def _last_first(blocks: Sequence[b.Block]) -> list[int]:
    """Every block after all that can follow it. INVARIANT: a compiled body has no circles."""
    order: list[int] = []
    seen: set[int] = set()
    for start in range(len(blocks)):
        waiting = [(start, False)]
        while waiting:
            index, done = waiting.pop()
            if done:
                order.append(index)
            elif index not in seen:
                seen.add(index)
                waiting.append((index, True))
                waiting.extend((way, False) for way in ways_of(blocks[index]))
    return order
