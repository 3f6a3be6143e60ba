"""Which ways the enrollments of a test went, and who was in its segments: read from the store, for coverage."""

from __future__ import annotations

from ..query.points import score_id
from .outcome import Seen
from .stage import Stage


def seen(stage: Stage) -> frozenset[Seen]:
    """(kind, name, block, outcome) of every branch and wait; (kind, name, None, ..) `entered`, `switch` and how
    enrollments ended or were `refused`; ("segment", name, None, ..) `inside` and `outside`; ("score", name, rule, ..)
    `gives`; what the test's acts and looks have noted."""
    return _steps(stage) | _refusals(stage) | _members(stage) | _awards(stage) | frozenset(stage.noted)


def _steps(stage: Stage) -> frozenset[Seen]:
    rows = stage.session.run(
        "SELECT DISTINCT d.kind, d.name, CASE WHEN s.what IN ('branch', 'wait', 'split') THEN s.block END, CASE s.what"
        " WHEN 'ended' THEN 'ended ' || s.outcome WHEN 'entered' THEN 'entered' WHEN 'switch' THEN 'switch'"
        " ELSE s.outcome END FROM segue_step s JOIN segue_enrollment e ON e.bucket = s.bucket AND e.id ="
        " s.enrollment_id JOIN segue_definition d ON d.id = e.definition_id"
        " WHERE s.what IN ('branch', 'wait', 'split', 'switch', 'ended', 'entered')"
    )
    return frozenset((kind, name, block, what) for kind, name, block, what in rows)


def _refusals(stage: Stage) -> frozenset[Seen]:
    rows = stage.session.run(
        "SELECT DISTINCT d.kind, d.name, r.reason FROM segue_refusal r JOIN segue_definition d"
        " ON d.id = r.definition_id"
    )
    return frozenset((kind, name, None, f"refused {reason}") for kind, name, reason in rows)


def _awards(stage: Stage) -> frozenset[Seen]:
    """Which rules of scores have given or taken points."""
    names = {score_id(name): name for name in stage.program.scores}
    rows = stage.session.run("SELECT DISTINCT score_id, rule FROM segue_award WHERE points <> 0")
    return frozenset(("score", names[score], rule, "gives") for score, rule in rows if score in names)


def _members(stage: Stage) -> frozenset[Seen]:
    """Of each segment that is live in the test: whether somebody was in it, and whether somebody was outside, at its
    end or before they joined."""
    rows = list(stage.session.run("SELECT segment_id, id, joined_at, left_at FROM segue_membership"))
    seen: set[Seen] = set()
    for name, segment in stage.program.segments.items():
        number = stage.engine.rules.scope.segment_ids[name]
        stays = [(id_, joined_at, left_at) for of, id_, joined_at, left_at in rows if of == number]
        always = {id_ for id_, joined_at, left_at in stays if joined_at <= stage.began and left_at is None}
        if stays:
            seen.add(("segment", name, None, "inside"))
        if any(who.object == segment.object and id_ not in always for id_, who in stage.people.items()):
            seen.add(("segment", name, None, "outside"))
    return frozenset(seen)
