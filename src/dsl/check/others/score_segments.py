"""Scores that read a score through a segment: their history would no longer follow from the events alone (G20)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ...diagnostics.diagnostic import Label
from ...program.conditions import ScoreValue
from ...source import Span
from ..findings import Findings
from ..placed import Placed
from ..segments import members
from .checked import within

Named = tuple[str, Span]  # a segment, and where a rule of a score names it


def named_in(placed: Placed) -> tuple[Named, ...]:
    """The segments a condition names."""
    return tuple((name, part.span) for name, part in members(placed))


def check_scored(named: Iterable[Named], segments: Mapping[str, Placed], findings: Findings) -> None:
    """Reports each of them that reads a score, itself or through others."""
    for name, span in named:
        found = _reading(name, segments)
        if found is not None:
            score, where = found
            findings.error(
                "score-of-scores",
                span,
                f"a score is made of events and properties, and `{name}` reads the score `{score}`",
                "reads a score",
                others=[Label(where, "here")],
                help="write the conditions of the segment that read none",
            )


def _reading(name: str, segments: Mapping[str, Placed]) -> tuple[str, Span] | None:
    """The first score on the way, and the condition that reads it."""
    waiting, seen = [name], {name}
    while waiting:
        placed = segments.get(waiting.pop())
        if placed is None:
            continue
        for leaf in placed.leaves():
            score = next(within(leaf.condition, ScoreValue), None)
            if score is not None:
                return score.score, leaf.span
        for inner, _ in members(placed):
            if inner not in seen:
                seen.add(inner)
                waiting.append(inner)
    return None
