"""Scores: what an event gave is kept when it comes, and what a condition gives when it turns (G18-G20, X35).

Only the records touched are counted again, by one rule at a time, from the touched instant to the end of its period: a
later event never changes what an earlier one gave, so late events find their place and a full count gives the same.
"""

from __future__ import annotations

from ...query.reads import Read
from ...query.scope import Params
from ...scores.fading import factor, gone, scale_of
from ...store.names import quoted
from ...store.session import Session, placeholders
from ...times.zones import day_shifts
from ...times.zones import local_day as day_of
from ..rules import Given, Rules, Scored, ScoredRule
from .awards import EVER, Awards
from .touches import Touches


class Scoring:
    def __init__(self, session: Session, rules: Rules, touches: Touches) -> None:
        self.session, self.rules, self.touches = session, rules, touches

    def __call__(self, t: int) -> None:
        """Count again for those to whom something happened that a rule looks at."""
        for scored in self.rules.scores:
            for rule in scored.rules:
                touched = self._touched(scored, rule, t)
                if touched and self._count(scored, rule, t):
                    self.touches.add(f"score {scored.score.name}", touched[0], touched[1])
                if touched:
                    self.session.run("DELETE FROM rescored")

    def rebuild(self, scored: Scored, t: int) -> None:
        """The whole history anew: of a score that is new or was edited (X1)."""
        of = quoted(scored.score.object)
        self._touch(scored, t)  # also who has none any more
        self.session.run("DELETE FROM segue_award WHERE score_id = :score", score=scored.id)
        self.session.run("DELETE FROM segue_fading WHERE score_id = :score", score=scored.id)
        self.session.run(f"INSERT INTO rescored SELECT q.bucket, q.id, :ever, :t FROM {of} q", ever=EVER, t=t)
        for rule in scored.rules:
            self._count(scored, rule, t)
        self.session.run("DELETE FROM rescored")
        for kept in self.rules.kept:
            if kept.given is not None and kept.given.score == scored.id:
                self._from_memberships(kept.id, kept.given)
        self._touch(scored, t)

    def _touch(self, scored: Scored, t: int) -> None:
        rows = (
            "SELECT DISTINCT a.bucket, a.id, :t AS at, CAST(NULL AS BIGINT) AS event_id, 0 AS live FROM segue_award a"
            " WHERE a.score_id = :score"
        )
        self.touches.add(f"score {scored.score.name}", rows, {"t": t, "score": scored.id})

    # --- points for events --------------------------------------------------------------------

    def _touched(self, scored: Scored, rule: ScoredRule, t: int) -> tuple[str, dict[str, object]] | None:
        """Fill `rescored` with who is to be counted again, and from which instant on; SQL of the touches. None where
        nobody is."""
        own = {Read(f"event {kind}") for kind in self.rules.scope.kinds(rule.match.event)}
        values: dict[str, object] = {"t": t}
        parts = []
        if named := sorted({read.token for read in own} & self.touches.tokens):
            tokens = placeholders("k", named, values)
            parts.append(
                f"SELECT x.bucket, x.id, x.at, x.live, x.at AS since, x.at AS until FROM touch x"
                f" WHERE x.token IN ({tokens}) AND x.fresh = 0"
            )
        whole = self.touches.subjects(rule.judged.reads - own, scored.score.object)
        if whole is not None:
            parts.append(
                f"SELECT d.bucket, d.id, :t AS at, d.live, CAST({EVER} AS BIGINT) AS since,"
                f" :t AS until FROM ({whole}) d"
            )
        if not parts:
            return None
        rows = " UNION ALL ".join(parts)
        self.session.bound(
            f"INSERT INTO rescored SELECT u.bucket, u.id, min(u.since), max(u.until) FROM ({rows}) u"
            " GROUP BY u.bucket, u.id",
            values,
        )
        return f"SELECT u.bucket, u.id, u.at, CAST(NULL AS BIGINT) AS event_id, u.live FROM ({rows}) u", values

    def _count(self, scored: Scored, rule: ScoredRule, t: int) -> bool:
        """What the rule gives those in `rescored`; whether anything is another than it was."""
        key = {"score": scored.id, "rule": rule.number, "zone": self.rules.scope.zone}
        awards = Awards(self.rules.scope, scored)
        counted = awards.counted("a.at", "a.day", rule.rule)
        gone_ = self.session.count(
            "DELETE FROM segue_award WHERE (bucket, score_id, id, at, rule) IN (SELECT a.bucket, a.score_id, a.id,"
            " a.at, a.rule FROM rescored m CROSS JOIN segue_award a WHERE a.bucket = m.bucket AND a.score_id = :score"
            f" AND a.id = m.id AND a.at >= m.since AND a.rule = :rule AND {counted})",
            key,
        )
        params = Params()
        rows = awards.rows(rule, params)
        given = self.session.count(
            f"INSERT INTO segue_award (bucket, score_id, id, at, rule, day, points) {rows}", params.at(t) | key
        )
        if (gone_ or given) and scored.score.half_every is not None:
            self._fading(scored, t)
        return bool(gone_ or given)

    def _fading(self, scored: Scored, t: int) -> None:
        """The day on which what somebody has would be worth one point (`query/passing.py`)."""
        half = scale_of(scored.score).half
        rows = Awards(self.rules.scope, scored).fading()
        self.session.bound(
            f"INSERT INTO segue_fading (bucket, score_id, id, lasts, fades) {rows} WHERE TRUE"
            " ON CONFLICT (bucket, score_id, id) DO UPDATE SET lasts = excluded.lasts, fades = excluded.fades",
            {"score": scored.id, "half": half, "today": day_of(t, self.rules.scope.zone)},
        )

    # --- points for conditions ----------------------------------------------------------------

    def held(self, given: Given, t: int) -> None:
        """The verdicts on a rule over a condition have changed: its points come or go, and who reads the score is
        looked at."""
        self.session.run(
            "INSERT INTO segue_award (bucket, score_id, id, at, rule, day, points)"
            " SELECT v.bucket, :score, v.id, :t, :rule, NULL, CASE WHEN v.held = 1 THEN :points ELSE -:points END"
            " FROM verdict v WHERE TRUE ON CONFLICT (bucket, score_id, id, at, rule)"
            " DO UPDATE SET points = segue_award.points + excluded.points",
            score=given.score, rule=given.rule, points=given.points, t=t,
        )  # fmt: skip
        rows = "SELECT v.bucket, v.id, :t AS at, CAST(NULL AS BIGINT) AS event_id, v.live FROM verdict v"
        self.touches.add(f"score {given.name}", rows, {"t": t})

    def _from_memberships(self, kept: int, given: Given) -> None:
        """The points of a condition, by when it is known to have held."""
        for at, sign, where in (("joined_at", "", "TRUE"), ("left_at", "-", "m.left_at IS NOT NULL")):
            self.session.run(
                "INSERT INTO segue_award (bucket, score_id, id, at, rule, day, points)"
                f" SELECT m.bucket, :score, m.id, m.{at}, :rule, NULL, {sign}:points FROM segue_membership m"
                f" WHERE m.segment_id = :kept AND {where} ON CONFLICT (bucket, score_id, id, at, rule)"
                " DO UPDATE SET points = segue_award.points + excluded.points",
                score=given.score, rule=given.rule, points=given.points, kept=kept,
            )  # fmt: skip


def fill_tables(session: Session, rules: Rules) -> None:
    """What SQL joins to know local days and what is left of points; written once."""
    zone = rules.scope.zone
    wanted = list(day_shifts(zone))
    there = session.run("SELECT at, shift FROM segue_local WHERE zone = :zone ORDER BY at", zone=zone)
    if there != wanted:  # a new store, another zone, or another edition of the zones
        session.run("DELETE FROM segue_local WHERE zone = :zone", zone=zone)
        rows = [{"zone": zone, "at": at, "shift": shift} for at, shift in wanted]
        session.many("INSERT INTO segue_local (zone, at, shift) VALUES (:zone, :at, :shift)", rows)
    for half in sorted({half for s in rules.scores if (half := scale_of(s.score).half) is not None}):
        if session.one("SELECT 1 FROM segue_fade WHERE half = :half LIMIT 1", half=half) is None:
            ages = range(gone(half))
            fades = [{"half": half, "age": age, "factor": factor(age, half)} for age in ages]
            session.many("INSERT INTO segue_fade (half, age, factor) VALUES (:half, :age, :factor)", fades)
