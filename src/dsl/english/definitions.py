"""Whole rules in plain English: what `segue explain` says of a name."""

from __future__ import annotations

from collections.abc import Iterator

from ..program.conditions import Condition
from ..program.definitions import (
    Definition,
    Manually,
    OnChange,
    OnCondition,
    OnDate,
    OnEvents,
    OnSchedule,
    Segment,
)
from ..program.others import Score, ScoreRule
from .lines import Line
from .literals import duration
from .phrases import trigger
from .schedules import clock, spoken
from .sentences import happening, named, said
from .steps import outline, who

_NEVER_AGAIN = "once per record, for ever"


def of_segment(segment: Segment) -> tuple[Line, ...]:
    """Who is in it."""
    if segment.condition is None:
        return (Line(f"A {segment.object} is in it when put there by hand, an import or a rule."),)
    return (_holding(f"A {segment.object} is in it while", segment.condition),)


def of_definition(d: Definition) -> tuple[Line, ...]:
    """Who enters, what happens, who leaves."""
    return (*_entry(d), Line("What happens", outline(d.pinned.graph)), *_leaving(d))


def of_score(score: Score) -> tuple[Line, ...]:
    lines = [Line(_points(rule)) for rule in score.rules]
    if score.half_every:
        lines.append(Line(f"points count half every {duration(score.half_every)}"))
    if score.expires_after:
        lines.append(Line(f"points are gone after {duration(score.expires_after)}"))
    if score.cap is not None:
        lines.append(Line(f"never more than {score.cap:g}"))
    return tuple(lines)


def _points(rule: ScoreRule) -> str:
    points = f"{'+' if rule.points >= 0 else ''}{rule.points:g}"
    if rule.match is not None:
        cap = f", at most {rule.cap:g} per {rule.per}" if rule.cap is not None else ""
        return f"{points} each time: {happening(rule.match)}{cap}"
    return f"{points} while {said(rule.condition).text}" if rule.condition is not None else points


# --- sequences and workflows ---


def _entry(d: Definition) -> Iterator[Line]:
    who = d.pinned.object
    match d.trigger:
        case OnEvents(events):
            yield Line(f"A {who} enters when it happens that", tuple(Line(happening(e)) for e in events))
        case OnCondition(condition):
            yield _holding(f"A {who} enters when it becomes so that", condition)
        case OnChange(field, value):
            yield Line(f"A {who} enters when {named(field)} becomes {named(value)}, having been something else")
        case OnSchedule():
            yield Line(f"A {who} enters {spoken(d.trigger)[:1].lower()}{spoken(d.trigger)[1:]}")
        case OnDate():
            yield Line(f"A {who} enters {trigger(d)}")
        case Manually():
            yield Line(f"A {who} enters by hand alone")
    if d.only is not None:
        yield _holding("Only if", d.only)
    yield Line(f"Again: {_again(d)}")
    if d.existing:
        yield Line("Who matches when it goes live enters too")
    yield from _manners(d)


def _again(d: Definition) -> str:
    if d.again.after is not None:
        return f"{duration(d.again.after)} after the last time ended"
    return _NEVER_AGAIN if d.again.policy == "never" else "as often as it comes, but never twice at once"


def _manners(d: Definition) -> Iterator[Line]:
    p = d.pinned
    if p.sender is not None:
        yield Line(f"Mails come from {who(p.sender)}")
    if p.window is not None:
        days = "every day" if p.window.every_day else "working days"
        yield Line(
            f"Steps happen on {days} from {clock(p.window.start)} to {clock(p.window.end)}, by the {p.zone}'s clock"
        )
    if p.kind == "sequence" and d.exclusive:
        yield Line(f"A person is in one exclusive sequence at a time; this one has priority {d.priority}")


def _leaving(d: Definition) -> Iterator[Line]:
    g = d.guards
    stops = tuple(Line(f"{happening(match)} ({reason})") for match, reason in g.stop_on)
    if stops:
        yield Line("It ends at once when", stops)
    if g.stop_company_on:
        events = tuple(Line(happening(match)) for match in g.stop_company_on)
        yield Line("It ends for everybody of the same company when", events)
    named_: tuple[tuple[str, Condition | None], ...] = (
        ("It also ends when", g.stop_when),
        ("The goal, which ends it and keeps out whoever has reached it:", g.goal),
        ("Kept out, and thrown out:", g.suppress),
    )
    for words, condition in named_:
        if condition is not None:
            yield _holding(words, condition)


def _holding(before: str, condition: Condition) -> Line:
    line = said(condition)
    return Line(f"{before} {line.text}", line.parts)
