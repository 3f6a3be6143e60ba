"""What happened with one person: their steps, refusals, what they wait for, and why they are in no definition."""

from __future__ import annotations

from collections.abc import Iterator

from dsl.program.tests import Person

from .ahead import ahead
from .outcome import LogLine, PersonLog
from .reasons import why_not
from .stage import Stage


def person_log(stage: Stage, who: Person) -> PersonLog:
    """Up to the present moment of the test."""
    lines = sorted([*_steps(stage, who), *_refusals(stage, who)], key=lambda line: line.at)
    return PersonLog(who.name, stage.local(stage.now), (*lines, *ahead(stage, who), *_never(stage, who)))


def those_concerned(stage: Stage, who: Person) -> tuple[PersonLog, ...]:
    """Of the person, and of the given records of other objects that something happened with: their rules may be the
    ones that mail the person."""
    others = (person_log(stage, other) for other in stage.people.values() if other.object != who.object)
    return (person_log(stage, who), *(log for log in others if any(line.at for line in log.lines)))


def everybody(stage: Stage) -> tuple[PersonLog, ...]:
    """Of all who have anything to tell: for expectations that are about nobody alone."""
    return tuple(log for who in stage.people.values() if (log := person_log(stage, who)).lines)


def _steps(stage: Stage, who: Person) -> Iterator[LogLine]:
    id_ = stage.id_of(who)
    rows = stage.session.run(
        "SELECT t.at, d.kind || ' ' || d.name, t.what, coalesce(t.name, ''), t.outcome, coalesce(t.detail, ''),"
        " coalesce(k.assignee, '') FROM segue_enrollment e JOIN segue_step t ON t.bucket = e.bucket AND"
        " t.enrollment_id = e.id JOIN segue_definition d ON d.id = e.definition_id LEFT JOIN segue_task k"
        " ON k.bucket = t.bucket AND k.enrollment_id = t.enrollment_id AND k.ordinal = t.ordinal"
        " WHERE e.bucket = :b AND e.contact_id = :id AND t.outcome <> 'planned' ORDER BY t.at, e.id, t.ordinal",
        b=id_ % 256,
        id=id_,
    )
    for at, definition, what, name, outcome, detail, assignee in rows:
        yield LogLine(stage.local(at), definition, _words(what, name, outcome, detail, assignee))


def _words(what: str, name: str, outcome: str, detail: str, assignee: str) -> str:
    more = f" ({detail})" if detail else ""
    match what:
        case "entered":
            return "enrolled" if outcome == "active" else f"enrolled: {outcome}"
        case "switch":
            return "handed to the rep"
        case "ended":
            return f"{name}: {outcome}{more}"
    said = f"{what} {name}".strip() + (f" for {assignee}" if assignee else "")
    return f"{said}: {outcome.replace('_', ' ')}{more}"


def _refusals(stage: Stage, who: Person) -> Iterator[LogLine]:
    id_ = stage.id_of(who)
    rows = stage.session.run(
        "SELECT r.at, d.kind || ' ' || d.name, r.reason, coalesce(r.detail, '') FROM segue_refusal r"
        " JOIN segue_definition d ON d.id = r.definition_id WHERE r.bucket = :b AND r.contact_id = :id ORDER BY r.at",
        b=id_ % 256,
        id=id_,
    )
    for at, definition, reason, detail in rows:
        yield LogLine(stage.local(at), definition, f"refused: {reason}" + (f" ({detail})" if detail else ""))


def _never(stage: Stage, who: Person) -> Iterator[LogLine]:
    """The definitions that never took them in, each with the parts of its conditions that do not hold now."""
    id_ = stage.id_of(who)
    rows = stage.session.run(
        "SELECT definition_id FROM segue_enrollment WHERE bucket = :b AND contact_id = :id UNION"
        " SELECT definition_id FROM segue_refusal WHERE bucket = :b AND contact_id = :id",
        b=id_ % 256,
        id=id_,
    )
    met = {row[0] for row in rows}
    for live in stage.engine.rules.live:
        d = live.definition
        if live.id not in met and d.pinned.object == who.object:
            yield LogLine("", f"{d.kind} {d.name}", f"never enrolled: {why_not(stage, d, id_)}")
