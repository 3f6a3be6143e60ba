"""A deal, a ticket: the record of a pipeline as lists and boards show it."""

from __future__ import annotations

from dataclasses import dataclass, field

from dsl.schema.model import Schema
from runtime.pipelines.cards import Card
from runtime.reading.values import money

_DAY = 86_400_000_000
_HOUR = _DAY // 24


@dataclass(frozen=True, slots=True)
class Picked:
    """A card as it stood before the eyes of who chose it. `stage` and `owner`: as they were asked for already."""

    id: int
    external_id: str = field(compare=False)
    name: str = field(compare=False)
    pipeline: str | None = field(compare=False)
    stage: str | None = field(compare=False)
    owner: str | None = field(compare=False)


def picked(card: Card) -> Picked:
    return Picked(
        card.id, card.external_id, card.name, card.pipeline, card.asked or card.stage, card.given or card.owner
    )


def stage_label(schema: Schema, of: str, pipeline: str | None, stage: str | None) -> str:
    """What a stage is called; its name where the pipeline does not have it."""
    known = schema.pipelines.get((of, pipeline or ""))
    return next((s.label for s in known.stages if s.name == stage), stage or "") if known else stage or ""


def age(since: int, clock: int | None) -> str:
    """`3 d`, `5 h`: how long it stands there by the store's clock."""
    length = max((clock or since) - since, 0)
    return f"{length // _DAY} d" if length >= _DAY else f"{length // _HOUR} h"


def worth(amount: int, currency: str, width: int) -> str:
    """A sum of money in at most `width` cells if that can be: without its cents, then in thousands or millions."""
    whole = money(amount, currency)
    number = whole.rpartition(" ")[0].partition(".")[0]
    units = int(number.replace(",", ""))
    forms = (whole, f"{number} {currency}", f"{units / 1e3:,.0f}k {currency}", f"{units / 1e6:,.1f}M {currency}")
    return next((form for form in forms if len(form) <= width), forms[-1])
