"""What the answers on a scale come to (P10, P11): NPS, effort by its polarity, the share of the satisfied. Who gave no
answer is in none of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dsl.program.conversations import Scale


@dataclass(frozen=True, slots=True)
class Figures:
    """`figure` is nps (-100 to 100), satisfied_rate (0 to 100), ces or mean (on the scale); `value` None without
    answers. `parts`: how many answers are of which kind; `scores`: how many gave each answer; `off_scale`: answers from
    elsewhere that are not on the scale, and in nothing else."""

    figure: str
    value: float | None
    mean: float | None
    answers: int
    parts: Mapping[str, int]
    scores: Mapping[int, int]
    off_scale: int


def figures(scale: Scale, given: Mapping[float, int]) -> Figures:
    """`given`: how many answered what."""
    scores = dict.fromkeys(range(scale.low, scale.high + 1), 0)
    off = 0
    for score, n in given.items():
        if score in scores:
            scores[int(score)] += n
        else:
            off += n
    answers = sum(scores.values())
    mean = sum(score * n for score, n in scores.items()) / answers if answers else None
    parts = _parts(scale, scores)
    match scale.kind:
        case "nps":
            share = (parts["promoters"] - parts["detractors"]) * 100 / answers if answers else None
            return Figures("nps", share, mean, answers, parts, scores, off)
        case "csat":
            share = parts["satisfied"] * 100 / answers if answers else None
            return Figures("satisfied_rate", share, mean, answers, parts, scores, off)
    return Figures(scale.kind or "mean", mean, mean, answers, parts, scores, off)


def _parts(scale: Scale, scores: Mapping[int, int]) -> dict[str, int]:
    def between(low: int, high: int) -> int:
        return sum(n for score, n in scores.items() if low <= score <= high)

    low, high = scale.low, scale.high
    match scale.kind:
        case "nps":
            return {"promoters": between(9, 10), "passives": between(7, 8), "detractors": between(0, 6)}
        case "csat":  # the upper two of five or seven
            return {"satisfied": between(high - 1, high), "not_satisfied": between(low, high - 2)}
        case "ces":  # the half at the good end, which the polarity tells
            upper = sum(n for score, n in scores.items() if 2 * score > low + high)
            lower = sum(n for score, n in scores.items() if 2 * score < low + high)
            easy, hard = (upper, lower) if scale.polarity == "high" else (lower, upper)
            return {"easy": easy, "neither": sum(scores.values()) - easy - hard, "hard": hard}
    return {}
