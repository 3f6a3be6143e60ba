"""The single tests that a condition makes when it must hold: `and` apart, `not` carried inwards, segments opened."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ..program.conditions import All, AnyOf, Condition, Happened, InSegment, Missing, Not
from ..source import Span
from ..values import dataclass
from .placed import Placed

# Segments may name many others: what is found is found among the first, and each question stays cheap.
MOST_SEGMENTS = 16


@dataclass(frozen=True, slots=True)
class Claim:
    """`condition` must hold; it is never an `and`. `span` is where the declaration at hand says so. What a segment
    brought in has its name in `segment` and in `behind` the place in it. `missing`: the value may be missing;
    `ways`: the parts of an `or`."""

    condition: Condition
    span: Span
    missing: bool = False
    segment: str = ""
    behind: Span | None = None
    ways: tuple[Placed, ...] = ()


@dataclass(frozen=True, slots=True)
class _Part:
    placed: Placed
    holds: bool  # or must not hold
    span: Span | None  # of the whole `not` or `in segment` around it
    segment: str = ""
    turned: Span | None = None  # inside the segment, of the whole `not` around it


def claims(whole: Placed, *, holds: bool = True, segments: Mapping[str, Placed] | None = None) -> tuple[Claim, ...]:
    """What must be true for `whole` to hold (or not to). `segments` are those to look into."""
    return tuple(_claims(_Part(whole, holds, None), segments or {}))


def _claims(first: _Part, segments: Mapping[str, Placed]) -> Iterator[Claim]:
    waiting, opened = [first], set[tuple[str, bool]]()
    while waiting:
        part = waiting.pop()
        placed, span = part.placed, part.span or part.placed.span
        match placed.condition:
            case All() | AnyOf() as joined if isinstance(joined, All) == part.holds:
                waiting += [_Part(one, part.holds, part.span, part.segment, part.turned) for one in placed.parts[::-1]]
            case Not():
                turned = part.turned or placed.span
                waiting.append(_Part(placed.parts[0], not part.holds, span, part.segment, turned))
            case InSegment(name, negated):
                yield _claim(part, span)
                inside = (name, part.holds != negated)
                if name in segments and inside not in opened and len(opened) < MOST_SEGMENTS:
                    opened.add(inside)
                    waiting.append(_Part(segments[name], inside[1], span, name))
            case _:
                yield _claim(part, span)


def _claim(part: _Part, span: Span) -> Claim:
    condition = part.placed.condition
    behind = (part.turned or part.placed.span) if part.segment else None
    # Whether a value is missing is asked of what may be; `has` says something of the last event, too.
    missing = part.placed.missing or isinstance(condition, Missing | Happened)
    ways = part.placed.parts if isinstance(condition, AnyOf) and part.holds else ()
    return Claim(_signed(condition, part.holds), span, missing, part.segment, behind, ways)


def way_of(claim: Claim, way: Placed) -> tuple[Claim, ...]:
    """The tests of one way in which an `or` of a segment can hold."""
    return tuple(_claims(_Part(way, True, claim.span, claim.segment), {}))


def _signed(condition: Condition, holds: bool) -> Condition:
    if holds:
        return condition
    return InSegment(condition.segment, not condition.negated) if isinstance(condition, InSegment) else Not(condition)
