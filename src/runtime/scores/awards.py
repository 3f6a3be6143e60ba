"""Points for events: how many each occurrence gives, within what its rule gives at most in a period (X35)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from dsl.program.others import Score, ScoreRule

from ..times.zones import local_day, to_date, weekday

# (number of the rule in the score, instant in µs): an event that the rule's match is true of.
Occurrence = tuple[int, int]
# (instant in µs, signed points).
Award = tuple[int, float]


def awards(score: Score, occurrences: Iterable[Occurrence], zone: str) -> list[Award]:
    """What each occurrence gives, in the order of time; `zone` is the account's. The order of `occurrences` does not
    matter. Where a period is full, later occurrences of it give nothing, and the one that fills it gives the rest."""
    by_rule: dict[int, list[int]] = {}
    for number, at in occurrences:
        by_rule.setdefault(number, []).append(at)
    return sorted(
        award for number, instants in by_rule.items() for award in _of_rule(score.rules[number], instants, zone)
    )


def _of_rule(rule: ScoreRule, instants: Sequence[int], zone: str) -> list[Award]:
    if rule.match is None:
        raise ValueError("a rule over a condition has no occurrences")
    left: dict[int, float] = {}  # what a period may still take, by its first day
    found = []
    for at in sorted(instants):
        points = abs(rule.points)
        if rule.cap is not None and rule.per is not None:
            period = period_start(local_day(at, zone), rule.per)
            points = min(points, left.get(period, rule.cap))
            left[period] = left.get(period, rule.cap) - points
        if points:
            found.append((at, points if rule.points > 0 else -points))
    return found


def period_start(day: int, per: str) -> int:
    """The first day of the day, week (from Monday), month or year that holds `day`; days count from 1970-01-01.
    Raises ValueError for another period."""
    date = to_date(day)
    match per:
        case "day":
            return day
        case "week":
            return day - weekday(day)
        case "month":
            return day - date.day + 1
        case "year":
            return day - date.timetuple().tm_yday + 1
    raise ValueError(f"{per} is no period of a score")
