"""When a score turns a condition by time alone (due-times, decision 0004).

What has faded is worth one point on a day that is kept for each record (`segue_fading`): x = n + H * log2(|S|), the
same on every day n until the next award. So the score passes a mark m on the day x - H * log2(m), and those who pass it
between two midnights are a range of the index on x. A computed logarithm is not exact: who passes within a hair of a
midnight is looked at on both days.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import combinations
from math import ceil, floor, log2

from dsl.program.conditions import EventMatch, Moved, ScoreValue
from dsl.program.others import Score

from ..scores.fading import scale_of
from ..times import edges, zones
from .points import score_id, window_start
from .scope import Scope

DAY_PARTS = 1_000_000  # of a day in `segue_fading`
_ROUNDING = 0.005  # a value of two decimals is passed half a hundredth beside it
_MOST_RULES = 5  # over conditions: their sums are 32 marks; above, everybody whose score still fades is looked at
HAIR = 0.0012  # of the days that halve a point: how far rounded factors can lead the logarithm astray

Test = tuple[str, float]  # operator and the fixed value


@dataclass(frozen=True)
class Passing:
    """A part of a condition that time turns, by the column x of `segue_fading` or `segue_award`, or by events that
    leave a window (`match`, then `rows` is empty). `every`: everybody beyond the horizon is looked at, then."""

    name: str
    turn: Callable[[int], int]
    horizon: Callable[[int], int]
    rows: str = ""
    column: str = ""
    match: EventMatch | None = None
    every: Callable[[int], int] | None = None


def value_turns(scope: Scope, v: ScoreValue, tests: tuple[Test, ...] | None) -> Iterator[Passing]:
    """How a test of the value turns; `tests` None: it is not compared with something fixed."""
    score, zone = scope.program.scores[v.score], scope.zone
    if (length := score.expires_after) is not None:
        turn = Passing(
            f"expires {length.n} {length.unit}",
            lambda x: edges.expires(x, length, zone),
            lambda t: edges.cut(t, length, zone),
        )
        yield from _of_events(score, turn)
    if score.half_every is None:
        return
    sums = _sums(score)
    if tests is None or sums is None:
        yield _daily(score, zone, _ROUNDING)
        return
    marks = {abs(edge - held) for op, k in tests for edge in _edges(op, k) for held in sums}
    for mark in sorted(marks):
        yield from _passes(score, zone, max(mark, 1e-9))


def moved_turns(scope: Scope, c: Moved) -> Iterator[Passing]:
    """Awards pass the start of the window one by one. Of a score that fades both ends change every day, so everybody
    is looked at who still has enough to move so far."""
    assert isinstance(c.left, ScoreValue) and c.within is not None
    score, within, zone = scope.program.scores[c.left.score], c.within, scope.zone
    named = f"{within.n} {within.unit}"
    start = Passing(
        f"begins {named}",
        lambda x: edges.expires(x - 1, within, zone),
        lambda t: window_start(t, within, zone),
    )
    yield from _of_events(score, start)
    rows = f"segue_award x WHERE x.score_id = {score_id(score.name)} AND x.day IS NULL AND"
    yield replace(start, rows=rows, column="x.at")
    if (length := score.expires_after) is not None:
        yield from value_turns(scope, c.left, None)
        before = Passing(
            f"expired {length.n} {length.unit} before {named}",
            lambda x: edges.expires(edges.expires(x, length, zone) - 1, within, zone),
            lambda t: edges.cut(window_start(t, within, zone), length, zone),
        )
        yield from _of_events(score, before)
    if score.half_every is not None:
        plain = all(rule.condition is None for rule in score.rules)
        needed = max(float(c.by.value) / 2 - _ROUNDING, _ROUNDING) if plain else _ROUNDING

        def start_of(t: int) -> int:
            return window_start(t, within, zone)

        yield _daily(score, zone, needed, start_of, lambda t: _next_start(t, c, zone), f"moved {named}")


def _next_start(t: int, c: Moved, zone: str) -> int:
    """The first instant after `t` at which the window begins on another day."""
    assert c.within is not None
    following = zones.day_start(zones.local_day(window_start(t, c.within, zone), zone) + 1, zone)
    return edges.expires(following - 1, c.within, zone)


def _of_events(score: Score, turn: Passing) -> Iterator[Passing]:
    for rule in score.rules:
        if rule.match is not None:
            yield replace(turn, match=rule.match)


# --- what fades -------------------------------------------------------------------------------


def _edges(op: str, k: float) -> tuple[float, ...]:
    """Where the unrounded value turns the test; half a hundredth is rounded away from nought."""
    low, high = k - _ROUNDING, k + _ROUNDING
    match op:
        case ">=" | "<":
            return (low,)
        case ">" | "<=":
            return (high,)
    return low, high


def _sums(score: Score) -> set[float] | None:
    """What the rules over conditions may give together."""
    given = [float(rule.points) for rule in score.rules if rule.condition is not None]
    if len(given) > _MOST_RULES:
        return None
    return {sum(some) for n in range(len(given) + 1) for some in combinations(given, n)}


def _stored(score: Score) -> tuple[str, str]:
    """Rows and column of the days kept for a score's value."""
    column = "x.fades" if gives_and_takes(score) else "x.lasts"
    return f"segue_fading x WHERE x.score_id = {score_id(score.name)} AND", column


def gives_and_takes(score: Score) -> bool:
    """Whether points for events have both signs."""
    return len({rule.points > 0 for rule in score.rules if rule.match is not None}) > 1


def _half(score: Score) -> int:
    half = scale_of(score).half
    assert half is not None
    return half


def _passes(score: Score, zone: str, mark: float) -> Iterator[Passing]:
    """The value passes the mark: on the first day on which it is below."""
    half = _half(score)
    length, hair = half * log2(mark), min(HAIR * half, 0.45)
    rows, column = _stored(score)
    for ahead in (-hair, hair):
        shift = length - ahead

        def at(x: int, shift: float = shift) -> int:
            return zones.day_start(floor(x / DAY_PARTS - shift) + 1, zone)

        def horizon(t: int, shift: float = shift) -> int:
            return ceil((zones.local_day(t, zone) + shift) * DAY_PARTS) - 1

        yield Passing(f"passes {mark} {ahead}", at, horizon, rows, column)


def _daily(
    score: Score,
    zone: str,
    needed: float,
    start: Callable[[int], int] = lambda t: t,
    also: Callable[[int], int] | None = None,
    name: str = "value",
) -> Passing:
    """Every day, for those whose points were still worth `needed` the day before `start`."""
    half = _half(score)
    length = half * (log2(needed) - HAIR) - 2

    def next_day(t: int) -> int:
        following = zones.day_start(zones.local_day(t, zone) + 1, zone)
        return following if also is None else min(following, also(t))

    def horizon(t: int) -> int:
        return ceil((zones.local_day(start(t), zone) + length) * DAY_PARTS)

    rows = f"segue_fading x WHERE x.score_id = {score_id(score.name)} AND"
    return Passing(f"daily {name} {needed}", next_day, horizon, rows, "x.lasts", every=next_day)
