"""From a step of a sequence or workflow to the people who stand there (001.17)."""

from __future__ import annotations

from textual.message import Message

from runtime.metrics import Filters, Place
from runtime.operators.reporting import Asked


class StepOpened(Message):
    """The step by its words and its places. `whom`: of whom its figures were, and `asked` the same as written."""

    def __init__(self, label: str, places: tuple[Place, ...], whom: Filters, asked: Asked) -> None:
        super().__init__()
        self.label, self.places, self.whom, self.asked = label, places, whom, asked
