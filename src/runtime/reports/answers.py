"""Figures of surveys: the NPS and the share of the satisfied (P10, P11). The unit is the answer."""

from __future__ import annotations

from collections.abc import Mapping

from dsl.program.conversations import Conversation, Scale

from .measures import Parts, share

FIGURES = ("nps", "satisfied_rate")
_KINDS = {"nps": "nps", "satisfied_rate": "csat"}
Conversations = Mapping[tuple[str, str], Conversation]


def parts(figure: str, conversations: Conversations) -> Parts:
    """Only answers of surveys of that kind count: a 9 says nothing where the scale ends elsewhere."""
    scales = {
        name: talk.scale
        for (kind, name), talk in conversations.items()
        if kind == "survey" and talk.scale is not None and talk.scale.kind == _KINDS[figure]
    }
    if figure == "nps":
        return share(_of(scales), "v.score BETWEEN 9 AND 10", "v.score BETWEEN 0 AND 6")
    upper = [
        f"v.survey = {_text(name)} AND v.score BETWEEN {scale.high - 1} AND {scale.high}"
        for name, scale in scales.items()
    ]
    return share(_of(scales), f"({' OR '.join(upper)})" if upper else "FALSE")


def _of(scales: Mapping[str, Scale]) -> str:
    """What an import brought may be off the scale; then it is no answer."""
    ends = [f"v.survey = {_text(name)} AND v.score BETWEEN {s.low} AND {s.high}" for name, s in scales.items()]
    return f"({' OR '.join(ends)})" if ends else "FALSE"


def _text(name: str) -> str:
    """A name of the language: a word, which no quote can be in."""
    return f"'{name}'"
