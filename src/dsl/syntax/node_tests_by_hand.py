"""Nodes of what people do by hand in a test: talks, moves, broadcasts, fixes."""

from __future__ import annotations

from ..source import Span
from ..values import dataclass
from .node_conditions import Event
from .node_values import Name, Text


@dataclass(frozen=True, slots=True)
class Refusal:
    """`but is refused because "lately"`: what is asked for is not done; `because`: words of the refusal."""

    because: Text | None
    span: Span


@dataclass(frozen=True, slots=True)
class Saves:
    """`rep saves discovery(budget = 100 JPY, outcome = connected) for d with ann`; `person` is on the line."""

    user: Name
    playbook: Event
    record: Name
    person: Name | None
    span: Span
    refused: Refusal | None = None


@dataclass(frozen=True, slots=True)
class Submits:
    """`ann submits demo(email = "ann@example.com")`: a contact of the test, or one that the form is to make."""

    who: Name
    form: Event
    span: Span
    refused: Refusal | None = None


@dataclass(frozen=True, slots=True)
class AnswersSurvey:
    """`ann answers nps(score = 9)`"""

    who: Name
    survey: Event
    span: Span
    refused: Refusal | None = None


@dataclass(frozen=True, slots=True)
class Moves:
    """`rep moves t to closed`"""

    user: Name
    record: Name
    stage: Name
    span: Span
    refused: Refusal | None = None


@dataclass(frozen=True, slots=True)
class SendsBroadcast:
    """`rep sends spring`"""

    user: Name
    broadcast: Name
    span: Span
    refused: Refusal | None = None


@dataclass(frozen=True, slots=True)
class Fixes:
    """`rep fixes names`: all that a hygiene can put right."""

    user: Name
    hygiene: Name
    span: Span
    refused: Refusal | None = None


ByHand = Saves | Submits | AnswersSurvey | Moves | SendsBroadcast | Fixes
