"""What the rules of a score over events give, and on which day that has faded to one point, as SQL: for the few that
were touched, and for everybody in an audit (G18-G20, X35)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from dsl.program.conditions import EventMatch
from dsl.program.others import ScoreRule

from ...query.conditions import match_sql
from ...query.days import local_day, period_of
from ...query.happenings import CREATED
from ...query.passing import DAY_PARTS, gives_and_takes
from ...query.scope import Params, Scope
from ...scores.fading import scale_of
from ...store.names import event_table, quoted
from ...times.zones import DAY
from ..rules import Scored, ScoredRule

EVER = -(1 << 61)  # before every event
_LONGEST = {"day": 3 * DAY, "week": 10 * DAY, "month": 34 * DAY, "year": 369 * DAY}  # no period is longer
_LN2 = 0.6931471805599453


@dataclass(frozen=True)
class Awards:
    """`whose`: SQL of (bucket, id, since, until) of those counted, from the first instant to the last. Statements take
    the parameters :score, :rule and :zone; those of `fading` :score, :half and :today."""

    scope: Scope
    scored: Scored
    whose: str = "rescored"

    def rows(self, rule: ScoredRule, params: Params) -> str:
        """(bucket, score, id, at, rule, day, points): where a period is full, later events give nothing, and the one
        that fills it gives the rest."""
        scale, given = scale_of(self.scored.score), rule.rule
        span = span_of(given)
        events = " UNION ALL ".join(self._events(rule.match, span, params))
        events = f"SELECT e.*, {local_day('e.at', ':zone')} AS day FROM ({events}) e"
        points = scale.units(given.points)
        if given.cap is None or given.per is None:
            return (
                f"SELECT e.bucket, :score, e.id, e.at, :rule, e.day, count(*) * ({points}) FROM ({events}) e"
                " GROUP BY e.bucket, e.id, e.at, e.day"
            )
        left = f"{scale.units(given.cap)} - (n.nth - 1) * {abs(points)}"
        award = f"CASE WHEN {left} >= {abs(points)} THEN {abs(points)} WHEN {left} > 0 THEN {left} ELSE 0 END"
        period = period_of("e.day", given.per, self.scope.dialect)
        return (
            f"SELECT n.bucket, :score, n.id, n.at, :rule, n.day, sum({award}) * {1 if points > 0 else -1} FROM (SELECT"
            f" e.*, row_number() OVER (PARTITION BY e.bucket, e.id, {period} ORDER BY e.at, e.kind, e.event_id) AS nth"
            f" FROM ({events}) e) n WHERE {self.counted('n.at', 'n.day', given, 'n')} AND n.at >= n.since"
            f" AND {left} > 0"
            " GROUP BY n.bucket, n.id, n.at, n.day"
        )

    def counted(self, at: str, day: str, rule: ScoreRule, m: str = "m") -> str:
        """Up to the last touched instant or, where there is a cap, to the end of its period."""
        if rule.cap is None or rule.per is None:
            return f"{at} <= {m}.until"
        period, last = (period_of(d, rule.per, self.scope.dialect) for d in (day, local_day(f"{m}.until", ":zone")))
        return f"{period} <= {last}"

    def _events(self, match: EventMatch, span: int, params: Params) -> Iterator[str]:
        """(bucket, id, since, until, at, kind, event_id) of their events, per kind behind the name."""
        of = self.scored.score.object
        for n, kind in enumerate(self.scope.kinds(match.event)):
            holds = match_sql(self.scope, match, kind, of, params)
            mine = "s.bucket = m.bucket AND s.id = m.id"
            if kind == CREATED:
                yield (
                    f"SELECT m.bucket, m.id, m.since, m.until, s.created_at AS at, {n} AS kind, 0 AS event_id"
                    f" FROM {self.whose} m CROSS JOIN {quoted(of)} s WHERE {mine} AND {holds}"
                )
                continue
            yield (
                f"SELECT m.bucket, m.id, m.since, m.until, v.at, {n} AS kind, v.id AS event_id FROM {self.whose} m"
                f" CROSS JOIN {quoted(event_table(kind))} v CROSS JOIN {quoted(of)} s WHERE v.bucket = m.bucket"
                f" AND v.record_id = m.id AND v.at >= m.since - {span} AND v.at <= m.until + {span}"
                f" AND {mine} AND {holds}"
            )

    def fading(self) -> str:
        """SELECT of (bucket, score, id, lasts, fades): the day on which what somebody has would be worth one point
        (`query/passing.py`)."""
        scale = scale_of(self.scored.score)
        assert scale.half is not None
        gross, net = (_worth_one(f"q.{total}", scale.half, scale.divisor * 100) for total in ("gross", "net"))
        return (
            f"SELECT q.bucket, :score, q.id, {gross} AS lasts,"
            f" {net if gives_and_takes(self.scored.score) else 'CAST(NULL AS BIGINT)'} AS fades"
            " FROM (SELECT m.bucket, m.id, sum(abs(a.points) * f.factor) AS gross, sum(a.points * f.factor) AS net"
            f" FROM {self.whose} m CROSS JOIN segue_award a CROSS JOIN segue_fade f WHERE a.bucket = m.bucket"
            " AND a.score_id = :score AND a.id = m.id AND a.day IS NOT NULL AND f.half = :half"
            " AND f.age = :today - a.day GROUP BY m.bucket, m.id) q"
        )


def _worth_one(total: str, half: int, whole: int) -> str:
    worth = f"ln(CAST(abs({total}) AS DOUBLE PRECISION) / {whole})"
    days = f"(:today + {half / _LN2!r} * {worth})"
    return f"CASE WHEN {total} <> 0 THEN CAST({days} * {DAY_PARTS} AS BIGINT) END"


def span_of(rule: ScoreRule) -> int:
    """How far the cap of a rule reaches at most: what happens within it may count less for what was before."""
    return _LONGEST[rule.per] if rule.cap is not None and rule.per is not None else 0
