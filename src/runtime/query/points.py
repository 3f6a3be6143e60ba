"""Scores to SQL: their value, and how much it moved (G18-G20, X35).

A value is a sum over what is kept of the score's history (`segue_award`), weighted by what is left of each award at the
instant judged; whole numbers throughout, see `scores/fading.py`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from math import ceil

from dsl.program.conditions import Duration, Moved, ScoreValue
from dsl.program.others import Score

from ..scores.fading import FADING, HUNDREDTHS, scale_of
from ..store.dialect import least
from ..store.ids import stable_hash
from ..times import edges, zones
from .scope import Params, Scope

Moment = Callable[[int], int]  # the instant judged -> the instant whose value is asked for


def score_id(name: str) -> int:
    """The number of a score in the store."""
    return stable_hash(f"score\x1f{name}")


def window_start(t: int, within: Duration, zone: str) -> int:
    """The first instant of the window: what a score was worth then, it is compared with (X14)."""
    return edges.cut(t, within, zone) + 1


@dataclass(frozen=True)
class Points:
    scope: Scope
    params: Params

    def value(self, v: ScoreValue, subject: str) -> str:
        """In points, with two decimals; NULL while no event rule ever fired."""
        return f"({self._hundredths(v.score, subject, None)} / 100.0)"

    def shares(self, name: str, record: str) -> str:
        """SELECT of (rule, how often, hundredths): what each rule gives that record now; `record` tells it of `a`."""
        score = self.scope.program.scores[name]
        joined, weighted = self._weighted(score, None)
        divisor = scale_of(score).divisor
        return (
            f"SELECT a.rule, count(*), CAST(sum({weighted}) AS BIGINT) / {divisor} FROM segue_award a{joined}"
            f" WHERE a.score_id = {self.params.const(score_id(name))} AND {record} GROUP BY a.rule ORDER BY a.rule"
        )

    def moved(self, c: Moved, subject: str) -> str:
        """Who had no score when the window began rose from nothing."""
        assert isinstance(c.left, ScoreValue) and c.within is not None, "a score moves within a window"
        within, zone = c.within, self.scope.zone
        now = self._hundredths(c.left.score, subject, None)
        before = self._hundredths(c.left.score, subject, lambda t: window_start(t, within, zone))
        by = self.params.const(ceil(Decimal(repr(c.by.value)) * HUNDREDTHS))
        low, high = (f"coalesce({before}, 0)", now) if c.direction == "rose" else (now, f"coalesce({before}, 0)")
        return f"({high} - {low} >= {by})"

    def _hundredths(self, name: str, subject: str, moment: Moment | None) -> str:
        score = self.scope.program.scores[name]
        scale = scale_of(score)
        joined, weighted = self._weighted(score, moment)
        seen = f" AND a.at <= {self.params.moment(moment)}" if moment is not None else ""
        sums = (
            f"SELECT count(a.day) AS n, CAST(coalesce(sum({weighted}), 0) AS BIGINT) AS x FROM segue_award a{joined}"
            f" WHERE a.bucket = {subject}.bucket AND a.score_id = {self.params.const(score_id(name))}"
            f" AND a.id = {subject}.id{seen}"
        )
        cap = scale.units(score.cap) * scale.weight if score.cap is not None else None
        x = "q.x" if cap is None else least(self.scope.dialect, "q.x", str(cap))
        half = scale.divisor // 2
        rounded = (
            f"CASE WHEN q.n = 0 THEN NULL WHEN q.x < 0 THEN -(({half} - q.x) / {scale.divisor})"
            f" ELSE ({x} + {half}) / {scale.divisor} END"
        )
        return f"(SELECT {rounded} FROM ({sums}) q)"

    def _weighted(self, score: Score, moment: Moment | None) -> tuple[str, str]:
        """What is joined to the awards, and SQL of what each still counts."""
        at, zone = moment or (lambda t: t), self.scope.zone
        if (length := score.expires_after) is not None:
            cut = self.params.moment(lambda t: edges.cut(at(t), length, zone))
            return "", f"CASE WHEN a.day IS NULL OR a.at > {cut} THEN a.points * {HUNDREDTHS} ELSE 0 END"
        scale = scale_of(score)
        if scale.half is None:
            return "", f"a.points * {HUNDREDTHS}"
        day = self.params.moment(lambda t: zones.local_day(at(t), zone))
        half = self.params.const(scale.half)
        return (
            f" LEFT JOIN segue_fade f ON f.half = {half} AND f.age = {day} - a.day",
            f"a.points * CASE WHEN a.day IS NULL THEN {FADING} ELSE coalesce(f.factor, 0) END",
        )
