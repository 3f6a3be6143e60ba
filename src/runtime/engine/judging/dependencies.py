"""What of a program follows from what: segments and scores that read each other, and what all conditions go by."""

from __future__ import annotations

from dsl.program.codec import digest
from dsl.program.conditions import CreatedValue, Field, InSegment, ScoreValue, WasMember
from dsl.program.definitions import Program, Segment
from dsl.program.others import Score
from dsl.program.parts import parts

from ...store import meta
from ...store.session import Session

# What a whole name says hangs on the script since 0043: a store that was judged before is judged anew.
_WHOLE_NAMES = "whole names by their script"


def in_order(program: Program) -> list[str]:
    """Names of the dynamic segments, each after those it reads (the checker refuses circles)."""
    return [name for kind, name in parts_in_order(program) if kind == "segment"]


def parts_in_order(program: Program) -> list[tuple[str, str]]:
    """(segment or score, name) of all that follows from what others are: each after those it reads."""
    done: dict[tuple[str, str], None] = {}

    def visit(kind: str, name: str) -> None:
        part = program.scores.get(name) if kind == "score" else program.segments.get(name)
        if (kind, name) in done or part is None or (isinstance(part, Segment) and part.condition is None):
            return
        for inner in sorted(parts_read(part)):
            visit(*inner)
        done[kind, name] = None

    for name in sorted(program.segments):
        visit("segment", name)
    for name in sorted(program.scores):
        visit("score", name)
    return list(done)


def parts_read(value: object) -> frozenset[tuple[str, str]]:
    """(segment or score, name) of all that a condition (or any compiled value) reads."""
    return frozenset(read for part in parts(value) if (read := _read(part)) is not None)


def _read(part: object) -> tuple[str, str] | None:
    match part:
        case InSegment(name) | WasMember("segment", name):
            return "segment", name
        case ScoreValue(name):
            return "score", name
    return None


def condition_hash(program: Program, condition: object) -> str:
    """A hash of a condition and of every segment and score it reads: an edit there is an edit here (X1)."""
    inner = []
    for kind, name in sorted(parts_read(condition)):
        if kind == "score":
            inner.append(score_hash(program, program.scores[name]))
            continue
        segment = program.segments[name]
        inner.append(condition_hash(program, segment.condition) if segment.condition is not None else name)
    if any(_is_whole_name(program, part) for part in parts(condition)):
        inner.append(_WHOLE_NAMES)
    return digest((condition, tuple(inner)))


def _is_whole_name(program: Program, part: object) -> bool:
    if not isinstance(part, Field | CreatedValue):
        return False
    return program.schema.objects[part.object].properties[part.property].derived == "full_name"


def score_hash(program: Program, score: Score) -> str:
    """Of all that makes its value; whole days are those of the account."""
    rules = tuple(condition_hash(program, rule) for rule in score.rules)
    kept = (score.object, rules, score.half_every, score.expires_after, score.cap)
    return digest((*kept, program.project.account.time_zone))


def goes_by(program: Program) -> dict[str, str]:
    """What all conditions go by besides their own words, by its name in segue_meta: the account's zone (X13), which
    kinds of event are acts, and which stages are closed or won (X33)."""
    acts = sorted(kind.name for kind in program.schema.events.values() if kind.act and kind.builtin is None)
    stages = sorted(
        f"{p.object}.{p.name}.{stage.name}{' won' if stage.won else ''}"
        for p in program.schema.pipelines.values()
        for stage in p.stages
        if stage.closed or stage.won
    )
    return {"zone": program.project.account.time_zone, "acts": ",".join(acts), "stages": ",".join(stages)}


def goes_otherwise(session: Session, program: Program) -> bool:
    """Whether that is something else than when the store's conditions were judged, or `segue migrate` has written
    values since: an edit of them all (X1)."""
    told = goes_by(program) | {meta.REWRITTEN: ""}
    return any(meta.read(session, name) not in (None, value) for name, value in told.items())


def judged_by(session: Session, program: Program) -> None:
    """All conditions are judged by what they go by now; of acts the rows of `acted` say so (`intake/acts.py`)."""
    for name, told in (goes_by(program) | {meta.REWRITTEN: ""}).items():
        if name != "acts" and meta.read(session, name) != told:
            meta.write(session, name, told)
