"""Playbooks, forms and surveys in plain English."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..diagnostics.articles import article
from ..program.conversations import Ask, Conversation, Say, When
from .lines import Line
from .literals import duration
from .sentences import named, said
from .steps import outline, text_of

_SAVED = {"playbook": "When it is saved", "form": "When it is sent", "survey": "When it is answered"}


def of_conversation(talk: Conversation) -> tuple[Line, ...]:
    """What is said and asked, and what follows."""
    return tuple(_lines(talk))


def _lines(talk: Conversation) -> Iterator[Line]:
    if talk.contact:
        yield Line(f"It is about {article(talk.object)}, and one of its contacts is on the line")
    if talk.scale is not None:
        goes = f", which goes to {named(talk.scale.target)}" if talk.scale.target is not None else ""
        good = "high" if talk.scale.polarity == "high" else "low"
        yield Line(f"A number from {talk.scale.low} to {talk.scale.high} is asked for; {good} is good{goes}")
    if talk.items:
        yield Line("What is said and asked", _items(talk.items))
    if talk.outcomes:
        yield Line(f"It ends as {', '.join(talk.outcomes)}")
    if talk.not_again_within is not None:
        yield Line(f"Nobody is asked again within {duration(talk.not_again_within)}")
    if talk.on_save is not None:
        yield Line(_SAVED[talk.kind], outline(talk.on_save))


def _items(items: Sequence[Say | Ask | When]) -> tuple[Line, ...]:
    return tuple(_item(item) for item in items)


def _item(item: Say | Ask | When) -> Line:
    match item:
        case Say():
            return Line(f"say {text_of(item.text)}")
        case Ask():
            goes = f", which goes to {named(item.target)}" if item.target is not None else ""
            needed = "; it must be answered" if item.required else ""
            options = f" ({', '.join(item.type.options)})" if item.type.options else ""
            return Line(f"ask {text_of(item.question)}{options}{goes}{needed}")
        case When():
            condition = said(item.condition)
            return Line(f"only while {condition.text}", (*condition.parts, *_items(item.items)))
