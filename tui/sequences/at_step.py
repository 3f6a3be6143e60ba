"""From a step of a sequence to the people who stand there (001.17)."""

from __future__ import annotations

from textual.content import Content
from textual.message import Message

from runtime.metrics import Filters, FunnelStep


class StepOpened(Message):
    """`whom`: of whom its figures were; `words` say so."""

    def __init__(self, step: FunnelStep, whom: Filters, words: Content) -> None:
        super().__init__()
        self.step, self.whom, self.words = step, whom, words

    @property
    def said(self) -> Content:
        return Content.assemble(("at the step ", "$muted"), (self.step.label, "bold $accent"), " · ", self.words)
