"""What the rules listen to: what nobody hears of is not told, and costs nothing."""

from __future__ import annotations

from collections.abc import Iterator

from dsl.program.conditions import EventMatch, InDefinition, InSegment, WasMember
from dsl.program.parts import parts

from ...query.values import LAST_OF, derived_events
from ..rules import Rules

RECEIVED = "event received_email"


def unheard(rules: Rules) -> frozenset[str]:
    """Tokens of what comes in crowds and turns nothing in these rules: the beginnings and ends of definitions that no
    condition reads and nobody waits for a turn in (X7); who joins and leaves segments that no condition reads; the
    mails people get."""
    segments = {in_segment(kept.name) for kept in rules.kept if kept.kind == "segment"}
    definitions = {enrolled(d.definition.kind, d.definition.name) for d in rules.live if not d.definition.exclusive}
    return frozenset((definitions | segments | {RECEIVED}) - _heard(rules))


def _heard(rules: Rules) -> set[str]:
    """Tokens of the kinds of event and of the definitions that anything in the rules speaks of: conditions, triggers,
    guards, values, texts; of today's rules, and of older versions with somebody inside. Rather one too many."""
    program = rules.program
    today = (program.definitions, program.segments, program.scores, program.templates)
    vanished = tuple(d.definition for d in rules.live)
    every = (
        *(one for named in today for one in named.values()),
        *vanished,
        *(v.pinned for v in rules.versions.values()),
    )
    return {token for part in parts(every) for token in _spoken_of(rules, part)}


def enrolled(kind: str, name: str) -> str:
    return f"enrolled {kind} {name}"


def in_segment(name: str) -> str:
    return f"segment {name}"


def _spoken_of(rules: Rules, part: object) -> Iterator[str]:
    match part:
        case EventMatch(event):
            yield from (f"event {kind}" for kind in rules.scope.kinds(event))
        case InSegment(name) | WasMember("segment", name):
            yield in_segment(name)
        case InDefinition(kind, name) | WasMember(kind, name):
            yield enrolled(kind, name)
    named = str(getattr(part, "property", ""))
    for of in rules.scope.schema.objects.values():
        derived = of.properties[named].derived if named in of.properties else None
        if derived in LAST_OF:
            yield from (f"event {kind}" for kind in derived_events(rules.scope, str(derived)))
