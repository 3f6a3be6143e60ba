"""Where a definition decides: its branches, waits and guards with their places, for what is told about them later."""

from __future__ import annotations

from ..program.blocks import If, Split, WaitCondition, WaitDate, WaitEvent
from ..program.definitions import Place
from ..syntax import nodes
from .graphs import numbered
from .statements import BodyWriter

_GUARDS = ("goal", "suppress", "stop_when", "stop_on", "stop_company_on")


def decided_at(writer: BodyWriter, entry: int, rep_led: int | None = None) -> tuple[Place, ...]:
    """The blocks with several ways, by their numbers in the graph."""
    order = numbered(writer.blocks, entry, rep_led)
    return tuple(
        Place(number, "", writer.spans[index])
        for index, number in order.items()
        if isinstance(writer.blocks[index], If | Split | WaitEvent | WaitCondition | WaitDate)
    )


def guarded_at(node: nodes.Sequence | nodes.Workflow) -> tuple[Place, ...]:
    """The guards it writes itself, and the part that the rep leads."""
    guards = [Place(None, s.name, s.span) for s in node.body.settings if s.name in _GUARDS]
    return (*guards, *(Place(None, "rep_led", part.engaged.span) for part in node.body.rep_led))
