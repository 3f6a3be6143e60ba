"""The value of a score at an instant, and by how much it moved (G18-G20, X35)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import copysign, floor

from dsl.program.conditions import Duration
from dsl.program.others import Score

from ..times.edges import cut, expires
from ..times.zones import local_day
from .awards import Occurrence, awards
from .fading import factor, scale_of

# (number of the rule in the score, since, until): a rule's condition held from the first instant (µs) up to, not
# including, the second; None: it still holds.
Holding = tuple[int, int, int | None]


def worth(
    score: Score, occurrences: Iterable[Occurrence], holdings: Iterable[Holding], t: int, zone: str
) -> float | None:
    """The value at `t` with two decimals, in the account's `zone`; None where no event rule ever fired (`is missing`).

    Awards fade in steps at the account's midnight or vanish after their time; points for conditions do neither. What
    is later than `t` is not seen (X2). The score's cap bounds the sum last, from above."""
    seen = [(number, at) for number, at in occurrences if at <= t]
    if not seen:
        return None
    scale = scale_of(score)
    total = sum(scale.units(points) * _left(score, at, t, zone) for at, points in awards(score, seen, zone))
    total += sum(scale.units(score.rules[number].points) * scale.weight for number in _holding(holdings, t))
    if score.cap is not None:
        total = min(total, scale.units(score.cap) * scale.weight)
    return scale.hundredths(total) / 100


def fell(
    score: Score,
    occurrences: Sequence[Occurrence],
    holdings: Sequence[Holding],
    by: float,
    within: Duration,
    t: int,
    zone: str,
) -> bool:
    """`fell by N within D`: the value at the start of the window less that at `t` is N or more (G18)."""
    moved = _moved(score, occurrences, holdings, within, t, zone)
    return moved is not None and -moved >= by


def rose(
    score: Score,
    occurrences: Sequence[Occurrence],
    holdings: Sequence[Holding],
    by: float,
    within: Duration,
    t: int,
    zone: str,
) -> bool:
    """`rose by N within D`: the value at `t` less that at the start of the window is N or more (G18)."""
    moved = _moved(score, occurrences, holdings, within, t, zone)
    return moved is not None and moved >= by


def _moved(
    score: Score,
    occurrences: Sequence[Occurrence],
    holdings: Sequence[Holding],
    within: Duration,
    t: int,
    zone: str,
) -> float | None:
    """The change over the window, None while the score is missing. Missing at the start counts as 0 there: who came
    since then rose from nothing."""
    now = worth(score, occurrences, holdings, t, zone)
    if now is None:
        return None
    start = cut(t, within, zone) + 1  # the window is what lies after the cut (X14)
    before = worth(score, occurrences, holdings, start, zone) or 0.0
    return _two_decimals(now - before)


def _left(score: Score, at: int, t: int, zone: str) -> int:
    """The weight at `t` of a part of a point that was given at `at`."""
    scale = scale_of(score)
    if score.expires_after is not None:
        return scale.weight if t < expires(at, score.expires_after, zone) else 0
    if scale.half is not None:
        return factor(local_day(t, zone) - local_day(at, zone), scale.half)
    return scale.weight


def _holding(holdings: Iterable[Holding], t: int) -> set[int]:
    """The rules whose condition holds at `t`."""
    return {number for number, since, until in holdings if since <= t and (until is None or t < until)}


def _two_decimals(value: float) -> float:
    """Rounded half away from zero, as both stores round; never -0.0."""
    return copysign(floor(abs(value) * 100 + 0.5) / 100, value) + 0.0
