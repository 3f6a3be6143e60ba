"""What comes of a meeting: a deal that moves through its stages, until it is won or lost."""

from __future__ import annotations

from collections.abc import Iterator

from dsl.schema.model import Schema

from ..store.ids import record_id
from ..store.inbox import InboxRow, link_row, record_row, set_row
from ..store.names import folded
from ..store.values import Storage
from .dice import Dice

DAY = 86_400_000_000


class Deals:
    """One deal a person. It begins with the first meeting and takes the first pipeline of the schema."""

    def __init__(self, schema: Schema, dice: Dice) -> None:
        self.dice = dice
        pipelines = schema.pipelines_of("deal") if "deal" in schema.objects else ()
        self.pipeline = pipelines[0] if pipelines else None
        self._begun: set[int] = set()

    def won(self, contact: int) -> bool:
        return self.dice.roll("won", contact) < 0.3 + 0.4 * self.dice.roll("interest", contact)

    def begun(self, contact: int, owner: str, at: int) -> Iterator[InboxRow]:
        """The deal with its link, and each stage at its day; nothing where there is one already."""
        if self.pipeline is None or contact in self._begun or self.dice.roll("deal", contact) > 0.8:
            return
        self._begun.add(contact)
        stages = [stage.name for stage in self.pipeline.stages if not stage.closed]
        name, amount = f"Coffee for {contact % 10_000}", self.dice.between(6, 90, "amount", contact) * 10_000
        values: dict[str, Storage] = {"name": name, "name__n": folded(name), "amount": amount, "owner": owner}
        place: dict[str, Storage] = {"pipeline": self.pipeline.name, "stage": stages[0]}
        external_id = f"deal of {contact}"
        yield record_row("deal", external_id, values | place, at=at)
        deal = record_id("deal", external_id)
        yield link_row("contact", contact, "deal", deal, at=at)
        last = [s.name for s in self.pipeline.stages if s.closed and s.won == self.won(contact)]
        for n, stage in enumerate((*stages[1:], *last[:1]), 1):
            at += self.dice.between(1, 4, "stage", contact, n) * DAY
            yield set_row("deal", deal, "stage", stage, at=at)
