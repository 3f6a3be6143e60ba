"""Why somebody is not in a definition or a segment: the smallest parts of its conditions that do not hold now."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from dsl.english.phrases import trigger as written
from dsl.program.conditions import Compare, Condition, Happened
from dsl.program.definitions import Definition, OnChange, OnCondition, OnDate, OnEvents, OnSchedule

from ..why.proof import Part, Proof
from ..why.starts import by_clock
from .stage import Stage


def why_not(stage: Stage, d: Definition, id_: int) -> str:
    """Why the definition never took in the record `id_`."""
    proof = Proof(stage.session, stage.engine.rules.scope, d.pinned.object, id_, stage.now)
    match d.trigger:
        case OnCondition(condition):
            conditions: tuple[Condition, ...] = (condition,)
        case OnEvents(events):
            conditions = tuple(Happened(event) for event in events)
        case OnSchedule() | OnDate():
            told = by_clock(proof, d, _since(stage, d))
            return told if d.only is None or proof(d.only).holds else f"{told}; {_told([proof(d.only)])}"
        case OnChange(field, value):
            now = proof(Compare(field, "=", value)).because
            return f"{written(d)} has not happened" + (f" ({now})" if now else "")
        case _:
            return "nothing that starts it has happened"
    parts = [proof(condition) for condition in conditions]
    if any(part.holds for part in parts):
        return "what starts it held already before it could start anybody"
    return _told(parts)


def _since(stage: Stage, d: Definition) -> int:
    live = (one.activated_at for one in stage.engine.rules.live if one.definition == d)
    return next(live, stage.now)


def not_in_segment(stage: Stage, name: str, id_: int) -> str:
    """Why the record `id_` is no member; nobody has put it into a static one."""
    segment = stage.program.segments[name]
    if segment.condition is None:
        return "nobody has put them in"
    return _told([Proof(stage.session, stage.engine.rules.scope, segment.object, id_, stage.now)(segment.condition)])


def _told(parts: Iterable[Part]) -> str:
    found = [part for whole in parts for part in _false(whole)]
    return "; ".join(f"{p.words} does not hold" + (f" ({p.because})" if p.because else "") for p in found)


def _false(part: Part) -> Iterator[Part]:
    """The smallest parts that made it false."""
    inner = [p for p in part.parts if not p.holds]
    if not inner:
        yield part
    for one in inner:
        yield from _false(one)
