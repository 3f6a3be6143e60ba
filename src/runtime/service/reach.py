"""How far back the rules look: the events that a condition may still ask for, whatever becomes of the others.

A window reaches as far as it is long. What has no window reaches everything, unless it asks only whether, how often or
when first and last: that is kept per record and kind of event (`segue_activity`) and needs no event any more.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from dsl.program.conditions import Aggregate, Duration, EventMatch, Happened, Moved, ScoreValue, Unit
from dsl.program.definitions import Pinned, Program
from dsl.program.others import Report, Score
from dsl.program.parts import parts

from ..query.scope import Scope
from ..times import edges

_KEPT_BESIDE = ("count", "first", "last")


@dataclass(frozen=True, slots=True)
class Reach:
    """The window through which one part of a rule looks at a kind of event; `length` None: at all there ever were.
    `beyond`: windows that lie before that one."""

    event: str
    length: Duration | None
    beyond: tuple[Duration, ...] = ()

    def last(self, t: int, zone: str) -> int | None:
        """The last instant it does not reach at `t`."""
        if self.length is None:
            return None
        for window in (self.length, *self.beyond):
            t = edges.cut(t, window, zone)
        return t


def horizons(scope: Scope, pinned: Sequence[Pinned], t: int) -> Mapping[str, int | None]:
    """Per kind of event that something looks back at: the last instant nothing reaches at `t`; None where all is."""
    found: dict[str, int | None] = {}
    for reach in _reaches(scope.program, pinned):
        for kind in scope.kinds(reach.event):
            last = reach.last(t, scope.zone)
            before = found.get(kind, last)
            found[kind] = None if last is None or before is None else min(before, last)
    return found


def _reaches(program: Program, pinned: Sequence[Pinned]) -> Iterator[Reach]:
    for report in program.reports.values():
        yield from _of_report(report)
    for score in program.scores.values():
        yield from _of_score(score, _moved(program, score, pinned))
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


def _of_score(score: Score, moved: Sequence[Duration]) -> Iterator[Reach]:
    """Points that expire need no event beyond; half of something is never nothing. Whether a rule ever fired is kept
    beside, unless it has a filter. A late event counts the period of a cap anew, which may have begun before: two are
    never shorter than the calendar's one. Who asks what the score was reaches that much further."""
    for rule in score.rules:
        if rule.match is not None:
            period = (Duration(2, Unit(f"{rule.per}s")),) if rule.per is not None else ()
            for window in ((), *((m,) for m in moved)):
                yield Reach(rule.match.event, score.expires_after if _beside(rule.match) else None, window + period)


def _moved(program: Program, score: Score, pinned: Sequence[Pinned]) -> list[Duration]:
    """The windows in which something asks whether the score fell or rose."""
    asked = (part for part in parts((*_declarations(program), *pinned)) if isinstance(part, Moved))
    return [
        part.within
        for part in asked
        if isinstance(part.left, ScoreValue) and part.left.score == score.name and part.within is not None
    ]


def _beside(match: EventMatch) -> bool:
    """Whether what is kept per record and kind of event says if, how often and when: no filter, people only."""
    return match.filter is None and not match.machines
