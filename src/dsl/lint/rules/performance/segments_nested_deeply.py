"""A segment of segments of segments, which nobody can follow any more."""

from __future__ import annotations

from collections.abc import Iterator

from ....diagnostics.diagnostic import Severity
from ...overview import Facts, Overview
from ...rule import Example, Found, Rule

MOST = 4


def _whole(overview: Overview) -> Iterator[Found]:
    segments = {facts.name: facts for facts in overview.of("segment")}
    depths: dict[str, int] = {}
    for name in segments:
        _measure(name, segments, depths)
    for name, facts in segments.items():
        inner = _named(facts)
        deepest = max(inner, key=lambda other: depths.get(other, 0), default="")
        if depths[name] == MOST + 1:
            yield Found(
                facts.span,
                f"`{name}` stands on {MOST} segments, each built on the next",
                f"deeper than {MOST}",
                help=f"say here directly what is meant, instead of `in segment {deepest}`",
                note="a change at the lowest one moves them all, and each is kept up to date in turn",
            )


def _measure(name: str, segments: dict[str, Facts], depths: dict[str, int]) -> None:
    """How many segments deep it is, itself included. INVARIANT: no circles, which are an error."""
    waiting = [name]
    while waiting:
        inner = [other for other in _named(segments[waiting[-1]]) if other in segments]
        unknown = [other for other in inner if other not in depths]
        if unknown and waiting[-1] not in depths:
            waiting += unknown
        else:
            depths[waiting.pop()] = 1 + max((depths[other] for other in inner), default=0)


def _named(facts: Facts) -> list[str]:
    return [reference.name for reference in facts.references if reference.kind == "segment"]


def _chain(length: int) -> str:
    first = "segment s1 of contact { plan = paid }\n"
    rest = (f"segment s{n} of contact {{ in segment s{n - 1} and visits > {n} }}\n" for n in range(2, length + 1))
    return first + "".join(rest)


RULE = Rule(
    name="segments-nested-deeply",
    alias="SG662",
    category="performance",
    severity=Severity.WARNING,
    title="A segment more than four segments deep",
    why="Memberships are kept, and a change at the lowest segment is carried through all that stand on it, one "
    "after the other. That is cheap for two or three. Five deep nobody can say any more who is in it, and a small "
    "correction moves people nobody thought of.",
    domain=("G1", "G2"),
    bad=(Example(_chain(5)),),
    good=(Example(_chain(4)),),
    whole=_whole,
)
