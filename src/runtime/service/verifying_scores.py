"""What is kept of scores against what it should be: every award with the events and memberships it follows from, and
the day on which a score has faded to one point with its awards (G18-G20, X35). It reads, and writes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ..engine.going_live.catalogues import over_conditions
from ..engine.judging.awards import EVER, Awards, span_of
from ..engine.judging.dependencies import goes_otherwise, score_hash
from ..engine.rules import Scored, ScoredRule
from ..query.passing import DAY_PARTS, HAIR
from ..query.points import score_id
from ..query.scope import Params, Scope
from ..scores.fading import scale_of
from ..store.names import quoted
from ..store.session import Session
from ..times.zones import local_day

_POINTS = "its points by rule {rule} are not those that follow from what happened"
_FADING = "when its score has faded is not what its points say"


@dataclass(frozen=True, slots=True)
class Found:
    """A score: `count` records with another award or day, the ids of the first of them with what is wrong of each;
    `skipped` says why it could not be compared."""

    score: str
    object: str
    count: int = 0
    wrong: tuple[tuple[int, str], ...] = ()
    skipped: str = ""


def compared(session: Session, scope: Scope, scored: Scored, t: int, first: int) -> Found:
    """A score at the instant `t`, `first` records of it at most."""
    name, of = scored.score.name, scored.score.object
    known = session.one("SELECT hash FROM segue_segment WHERE kind = 'score' AND name = :name", name=name)
    if goes_otherwise(session, scope.program) or known != score_hash(scope.program, scored.score):
        return Found(name, of, skipped="edited since the last run")
    wrong = dict(_Score(session, scope, scored, t).wrong())
    return Found(name, of, len(wrong), tuple(sorted(wrong.items())[:first]))


@dataclass(frozen=True)
class _Score:
    session: Session
    scope: Scope
    scored: Scored
    t: int

    def wrong(self) -> Iterator[tuple[int, str]]:
        """(record, what is wrong)"""
        if scale_of(self.scored.score).half is not None:
            yield from self._fading()
        for rule in self.scored.rules:
            yield from self._of_events(rule)
        yield from self._of_conditions()

    @property
    def _awards(self) -> Awards:
        everybody = (
            f"(SELECT q.bucket, q.id, CAST({EVER} AS BIGINT) AS since, CAST(:now AS BIGINT) AS until"
            f" FROM {quoted(self.scored.score.object)} q)"
        )
        return Awards(self.scope, self.scored, everybody)

    def _of_events(self, rule: ScoredRule) -> Iterator[tuple[int, str]]:
        """Where old events were vacuumed, what they gave is kept and cannot be counted again."""
        params = Params()
        should = self._awards.rows(rule, params)
        values = params.at(self.t) | {"zone": self.scope.zone, "now": self.t, "since": self._since(rule)}
        return self._other(rule.number, f"SELECT * FROM ({should}) r", values)

    def _since(self, rule: ScoredRule) -> int:
        gone: dict[str, str] = dict(self.session.run("SELECT key, value FROM segue_meta WHERE key LIKE 'vacuumed %'"))
        before = [int(gone[key]) for kind in self.scope.kinds(rule.match.event) if (key := f"vacuumed {kind}") in gone]
        return max(before) + span_of(rule.rule) if before else EVER

    def _of_conditions(self) -> Iterator[tuple[int, str]]:
        score = self.scored.score
        numbers = {(k, n): i for k, n, i in self.session.run("SELECT kind, name, id FROM segue_segment")}
        for key, rule in over_conditions(score):
            points, number = scale_of(score).units(rule.points), int(key[1].rpartition("/")[2])
            turns = " UNION ALL ".join(
                f"SELECT m.bucket, :score, m.id, m.{at}, :rule, 0, {sign * points} FROM segue_membership m"
                f" WHERE m.segment_id = :kept AND m.{at} IS NOT NULL"
                for at, sign in (("joined_at", 1), ("left_at", -1))
            )
            yield from self._other(number, turns, {"kept": numbers[key], "since": EVER})

    def _other(self, rule: int, should: str, values: dict[str, object]) -> Iterator[tuple[int, str]]:
        """Those with other points, or points of another day, at some instant. Of who is gone nobody asks the score."""
        rows = self.session.bound(
            f"WITH should (bucket, score, id, at, rule, day, points) AS ({should}) SELECT DISTINCT d.id FROM (SELECT"
            " q.bucket, q.id FROM (SELECT s.bucket, s.id, s.at, s.day AS day, s.points AS points FROM should s"
            " WHERE s.at >= :since UNION ALL SELECT a.bucket, a.id, a.at, -coalesce(a.day, 0), -a.points"
            " FROM segue_award a WHERE a.score_id = :score AND a.rule = :rule AND a.at >= :since AND a.points <> 0) q"
            " GROUP BY q.bucket, q.id, q.at HAVING sum(q.points) <> 0 OR sum(q.day) <> 0) d"
            f" JOIN {quoted(self.scored.score.object)} r ON r.bucket = d.bucket AND r.id = d.id",
            values | {"score": score_id(self.scored.score.name), "rule": rule},
        )
        return ((id_, _POINTS.format(rule=rule + 1)) for (id_,) in rows)

    def _fading(self) -> Iterator[tuple[int, str]]:
        """Of those who have a point or more still; rounded factors lead it astray by a hair. It may lie later than it
        should where points were taken back: then it is looked at early."""
        half, today = scale_of(self.scored.score).half, local_day(self.t, self.scope.zone)
        assert half is not None
        rows = self.session.bound(
            f"WITH should (bucket, score, id, lasts, fades) AS ({self._awards.fading()}) SELECT s.id FROM should s"
            " LEFT JOIN segue_fading k ON k.bucket = s.bucket AND k.score_id = :score AND k.id = s.id WHERE"
            " (s.lasts > :soon AND (k.lasts IS NULL OR abs(k.lasts - s.lasts) > :hair))"
            " OR (s.fades > :soon AND (k.fades IS NULL OR abs(k.fades - s.fades) > :hair))",
            {"score": score_id(self.scored.score.name), "half": half, "today": today, "now": self.t,
             "soon": today * DAY_PARTS, "hair": int(2 * HAIR * half * DAY_PARTS) + 1},
        )  # fmt: skip
        return ((id_, _FADING) for (id_,) in rows)
