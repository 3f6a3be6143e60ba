"""How far back the rules look: the events that a condition may still ask for, whatever becomes of the others.

A window reaches as far as it is long. What has no window reaches everything, unless it asks only whether, how often or
when first and last: that is kept per record and kind of event (`segue_activity`) and needs no event any more.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from dsl.program.conditions import Aggregate, Duration, EventMatch, Happened, Unit
from dsl.program.definitions import Pinned, Program
from dsl.program.others import Report, Score
from dsl.program.parts import parts

from .query.scope import Scope
from .times import edges

_KEPT_BESIDE = ("count", "first", "last")


@dataclass(frozen=True, slots=True)
class Reach:
    """The window through which one part of a rule looks at a kind of event; `length` None: at all there ever were."""

    event: str
    length: Duration | None


def horizons(scope: Scope, pinned: Iterable[Pinned], t: int) -> Mapping[str, int | None]:
    """Per kind of event that something looks back at: the last instant nothing reaches at `t`; None where all is."""
    found: dict[str, int | None] = {}
    for reach in _reaches(scope.program, pinned):
        for kind in scope.kinds(reach.event):
            last = None if reach.length is None else edges.cut(t, reach.length, scope.zone)
            before = found.get(kind, last)
            found[kind] = None if last is None or before is None else min(before, last)
    return found


def _reaches(program: Program, pinned: Iterable[Pinned]) -> Iterator[Reach]:
    for report in program.reports.values():
        yield from _of_report(report)
    for score in program.scores.values():
        yield from _of_score(score)
    if (cap := program.project.limits.frequency_cap) is not None:
        yield Reach("received_email", Duration(cap.within_days, Unit.DAYS))
    # Broadcasts, hygiene, conversations and the rest say what they look back at in conditions, as rules do.
    for part in parts((*_declarations(program), *pinned)):
        match part:
            case Happened(match, within, since_enrollment, since=since) if not since_enrollment:
                if within is not None or since is not None or not _beside(match):
                    yield Reach(match.event, within if since is None else None)
            case Aggregate(function, match, field, within=within, since_enrollment=False):
                beside = function in _KEPT_BESIDE and field in ("", "at") and _beside(match)
                if within is not None or not beside:
                    yield Reach(match.event, within)


def _declarations(program: Program) -> Iterator[object]:
    for kind in ("segments", "definitions", "broadcasts", "conversations", "hygiene", "templates", "scores", "reports"):
        yield from getattr(program, kind).values()


def _of_report(report: Report) -> Iterator[Reach]:
    """A report of a kind of event shows all of them."""
    yield Reach(report.object, None)


def _of_score(score: Score) -> Iterator[Reach]:
    """Points that expire need no event beyond; half of something is never nothing. Whether a rule ever fired is kept
    beside, unless it has a filter."""
    for rule in score.rules:
        if rule.match is not None:
            yield Reach(rule.match.event, score.expires_after if _beside(rule.match) else None)


def _beside(match: EventMatch) -> bool:
    """Whether what is kept per record and kind of event says if, how often and when: no filter, people only."""
    return match.filter is None and not match.machines
