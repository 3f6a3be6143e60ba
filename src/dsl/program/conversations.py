"""Playbooks, forms and surveys in compiled form (P1-P5, P10-P13)."""

from __future__ import annotations

from ..schema.model import Type
from ..source import NOWHERE, Span
from ..values import dataclass
from .blocks import Graph, Text
from .conditions import Condition, Duration, Field

KINDS = ("playbook", "form", "survey")
PERSON = "contact"  # the first name of a path to the person on the line (X20)


@dataclass(frozen=True, slots=True)
class Say:
    text: Text


@dataclass(frozen=True, slots=True)
class Ask:
    """`long`: a text of several lines. `target`: the property the answer is written to on save (P3); in a playbook
    with contact a `path` that begins with `contact` leads to the person on the line (X20)."""

    name: str
    question: Text
    type: Type
    long: bool = False
    target: Field | None = None
    required: bool = False


@dataclass(frozen=True, slots=True)
class When:
    """Items that are there only while `condition` over earlier answers and the record holds (P4)."""

    condition: Condition
    items: tuple[Say | Ask | When, ...]


@dataclass(frozen=True, slots=True)
class Scale:
    """`low..high`; `polarity` says which end is good: high (NPS, CSAT) or low (CES as effort, P11). `kind` is nps,
    ces, csat, or empty where no figure is made of the answers. The answer is `AnswerValue` `score`."""

    low: int
    high: int
    target: Field | None = None
    polarity: str = "high"
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Conversation:
    """`kind` is playbook, form or survey. `contact`: a playbook of another object says who is on the line (X20).
    `on_save` holds the actions of `on save` or `on submit`."""

    kind: str
    name: str
    label: str
    object: str
    items: tuple[Say | Ask | When, ...]
    outcomes: tuple[str, ...] = ()
    on_save: Graph | None = None
    contact: bool = False
    scale: Scale | None = None
    not_again_within: Duration | None = None
    span: Span = NOWHERE
