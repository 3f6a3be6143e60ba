"""What the check of one declaration gives."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import fields, is_dataclass
from typing import TypeVar

from ...program.conversations import Conversation
from ...program.others import Broadcast, Dashboard, Hygiene, Report, Score, Snippet
from ...source import Span
from ...values import dataclass
from ..asked_consent import Topic, segments_named, unasked
from ..bodies import Effects
from ..placed import Placed
from ..scope import Names
from .kinds import Node, kind_of_other, name_of_other

Part = TypeVar("Part")
Compiled = Score | Snippet | Broadcast | Conversation | Hygiene | Report | Dashboard


@dataclass(frozen=True, slots=True)
class Mailing:
    """The mail of a declaration that is no definition, for the checks over the whole project: `sends` are templates
    and where they are sent, `to` the conditions that decide who gets them (X8), `unasked` and `segments` as of a
    definition, `advice` how to ask for consent here (X24)."""

    sends: tuple[tuple[str, Span], ...] = ()
    to: tuple[Placed, ...] = ()
    unasked: tuple[Topic, ...] = ()
    segments: frozenset[str] = frozenset()
    advice: str = "write `if subscribed to {topic} {{ .. }}` around it"


@dataclass(frozen=True, slots=True)
class CheckedOther:
    """`compiled` is None where a part was reported. `scored`: the segments that the rules of a score name."""

    node: Node
    compiled: Compiled | None
    mailing: Mailing = Mailing()
    scored: tuple[tuple[str, Span], ...] = ()

    @property
    def kind(self) -> str:
        return kind_of_other(self.node)

    @property
    def name(self) -> str:
        return name_of_other(self.node)


def mailing_of(names: Names, effects: Effects, conditions: Sequence[Placed]) -> Mailing:
    """What the steps behind `effects` mail; `conditions` are all that are written there."""
    return Mailing(
        tuple(effects.sends),
        tuple(effects.chosen),
        unasked(names, None, effects, conditions),
        segments_named(conditions),
    )


def label_of(node: Node) -> str:
    """The label behind the name, or nothing."""
    return node.label.value if node.label else ""


def within(value: object, kind: type[Part]) -> Iterator[Part]:
    """Every part of a compiled value that is of one class, the value itself included."""
    if isinstance(value, kind):
        yield value
    if isinstance(value, tuple):
        for item in value:
            yield from within(item, kind)
    elif is_dataclass(value) and not isinstance(value, type):
        for one in fields(value):
            yield from within(getattr(value, one.name), kind)
