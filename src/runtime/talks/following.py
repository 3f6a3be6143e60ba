"""What follows a save, in sentences, as far as the answers settle it (P5)."""

from __future__ import annotations

import re
from collections.abc import Mapping

from dsl.english.lines import spoken
from dsl.english.steps import outline
from dsl.program import conditions as c
from dsl.program.blocks import Graph, Merge, Text
from dsl.program.parts import parts

from ..store.values import Storage
from .questions import Sitting, asks

# What the answers alone decide, so that it is known before anything is saved.
_SETTLED = (
    c.All, c.AnyOf, c.Not, c.Compare, c.OneOf, c.Between, c.TextTest, c.Missing, c.Matches, c.ContainsList,
    c.AnswerValue, c.Const,
)  # fmt: skip
_FULL, _OF_FULL = "full_name", ("first_name", "last_name")


def follows(at: Sitting, answers: Mapping[str, Storage]) -> tuple[str, ...]:
    """An `if` on answers is gone: only the way it takes is told. One on the record is told with both of its ways, for
    it is asked when it runs. So are values that the save itself writes: they will be others."""
    graph = at.talk.on_save
    if graph is None:
        return ()

    def decide(condition: c.Condition) -> bool | None:
        known = all(isinstance(part, _SETTLED) for part in parts(condition))
        return at.holds(condition, answers) if known else None

    told = outline(graph, decide)
    filled = _filled(at, graph, answers)
    return tuple(_with(sentence, filled) for sentence in spoken(told))


def _filled(at: Sitting, graph: Graph, answers: Mapping[str, Storage]) -> Mapping[str, str]:
    """The words for merge fields, by how they are written."""
    asked = [ask for name, ask in asks(at.talk).items() if name in answers and at.present(ask) != answers[name]]
    written = {(ask.target.object, ask.target.property) for ask in asked if ask.target is not None}
    written |= {(of, _FULL) for of, name in written if name in _OF_FULL}
    merges = (part for part in parts(graph) if isinstance(part, Merge))
    return {
        merge.source: at.text(Text((merge,)), answers)
        for merge in merges
        if isinstance(merge.value, c.AnswerValue)
        or (isinstance(merge.value, c.Field) and (merge.value.object, merge.value.property) not in written)
    }


def _with(sentence: str, filled: Mapping[str, str]) -> str:
    """In one pass: what somebody answered may look like a merge field itself."""
    known = {" ".join(source.split()): words for source, words in filled.items()}
    any_of = "|".join(map(re.escape, sorted(known, key=len, reverse=True)))
    return re.sub(any_of, lambda found: known[found.group()], sentence) if known else sentence
