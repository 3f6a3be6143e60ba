"""What people write to the desk about: tickets that somebody looks after and, mostly, closes."""

from __future__ import annotations

from collections.abc import Iterator

from dsl.schema.model import Schema

from ..store.ids import record_id
from ..store.inbox import InboxRow, link_row, record_row, set_row
from ..store.names import folded
from ..store.values import Storage
from .dice import Dice

HOUR = 3_600_000_000
DAY = 24 * HOUR
_SUBJECTS = ("The grinder is loud", "Beans came late", "How do I clean it?", "Wrong invoice", " Milk does not foam")
_PRIORITIES = ("low", "medium", "high")


class Tickets:
    """At most one a person, in the first pipeline of the schema."""

    def __init__(self, schema: Schema, dice: Dice) -> None:
        self.dice = dice
        pipelines = schema.pipelines_of("ticket") if "ticket" in schema.objects else ()
        self.pipeline = pipelines[0] if pipelines else None

    def of(self, n: int, contact: int, owner: str | None, first: int, days: int) -> Iterator[InboxRow]:
        """Person `n` writes on one of the `days` from `first` (µs) on; one ticket in five is still open at the end."""
        if self.pipeline is None or self.dice.roll("ticket", n) > 0.08:
            return
        at = first + self.dice.between(0, max(days - 1, 0), "writes", n) * DAY
        at += self.dice.between(2, 11, "writes at", n) * HOUR
        subject = self.dice.pick(_SUBJECTS, "subject", n)
        values: dict[str, Storage] = {"subject": subject, "subject__n": folded(subject)}
        values["priority"] = self.dice.weighted(_PRIORITIES, (3, 5, 2), "priority", n)
        values |= {"pipeline": self.pipeline.name, "stage": self.pipeline.stages[0].name}
        if owner is not None and self.dice.roll("looked after", n) < 0.9:
            values["owner"] = owner
        external_id = f"ticket{n}"
        yield record_row("ticket", external_id, values, at=at)
        ticket = record_id("ticket", external_id)
        yield link_row("contact", contact, "ticket", ticket, at=at)
        for nth, stage in enumerate(self.pipeline.stages[1:]):
            at += self.dice.between(3, 40, "moves", n, nth) * HOUR
            if stage.closed and self.dice.roll("stays open", n) < 0.2:
                return
            yield set_row("ticket", ticket, "stage", stage.name, at=at)
