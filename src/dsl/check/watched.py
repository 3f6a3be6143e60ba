"""`repeat .. until C`: C is watched while the steps of a run wait, and leaves at once (X18)."""

from __future__ import annotations

from ..program.blocks import Block, If, Task, Wait, WaitClock, WaitCondition, WaitDate, WaitEvent
from ..program.conditions import AnyOf, Condition
from ..values import replace


def watch(blocks: list[Block], first: int, condition: Condition, leave: int) -> None:
    """Changes the blocks from index `first` on, so that whoever waits there goes to `leave` when C comes true.

    A plain wait and one for a condition are ended by C itself. One for an event, a date, a time or a task cannot have
    two ends: there C is asked when it is over.
    """

    def asked(following: int) -> int:
        blocks.append(If(condition, leave, following))
        return len(blocks) - 1

    for index in range(first, len(blocks)):
        match blocks[index]:
            case Wait(length, following):
                blocks[index] = WaitCondition(condition, length, leave, following)
            case WaitCondition(other, _, following) as wait:
                blocks[index] = replace(wait, condition=AnyOf((other, condition)), next=asked(following))
            case WaitEvent() | WaitDate() as wait:
                blocks[index] = replace(wait, next=asked(wait.next), timeout=asked(wait.timeout))
            case WaitClock() as wait:
                blocks[index] = replace(wait, next=asked(wait.next))
            case Task(waits=True) as task:
                blocks[index] = replace(task, next=asked(task.next))
