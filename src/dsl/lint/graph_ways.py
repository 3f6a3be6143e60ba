"""Ways through the graph of a definition: where a sum over all ways is due, and no place in the text."""

from __future__ import annotations

from ..program.blocks import Block, Graph, Send, Task, Wait, WaitClock, WaitCondition, WaitDate, WaitEvent, following
from ..program.conditions import Duration
from .ways import DAY, minutes_of


def backwards(graph: Graph) -> list[int]:
    """The blocks that can be reached, each behind all those it leads to. INVARIANT: no way goes round in a circle."""
    found: list[int] = []
    done: set[int] = set()
    waiting = [(start, False) for start in (graph.entry, graph.rep_led) if start is not None]
    while waiting:
        number, left = waiting.pop()
        if left:
            found.append(number)
        elif number not in done:
            done.add(number)
            waiting.append((number, True))
            waiting += [(way, False) for way in following(graph.blocks[number]) if way not in done]
    return found


def longest_stay(block: Block, kind: str) -> int | None:
    """The most minutes spent at a block; None: without limit. `kind`: in a sequence tasks hold what follows (S20)."""
    match block:
        case Wait(length=Duration(n, unit)) | WaitEvent(up_to=Duration(n, unit)):
            return minutes_of(n, unit)
        case WaitCondition(up_to=Duration(n, unit)):
            return minutes_of(n, unit)
        case WaitDate():
            return None
        case WaitClock(weekday=weekday):
            return DAY if weekday is None else 7 * DAY
        case Task(waits=True) | Send(as_task=True) if kind == "sequence":
            return None
    return 0
