"""The rules as the engine runs them: kept conditions, live definitions and pinned versions, compiled once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from dsl.program.blocks import If, WaitCondition, WaitDate, WaitEvent
from dsl.program.codec import decode
from dsl.program.conditions import (
    AnyOf,
    Condition,
    Const,
    EventMatch,
    Happened,
    Missing,
)
from dsl.program.definitions import Definition, OnCondition, Pinned, Program
from dsl.program.others import Score, ScoreRule

from ..query.conditions import Predicate, predicate
from ..query.points import score_id
from ..query.reads import Read, event_reads, reads
from ..query.scope import Scope
from ..query.sweeps import Sweep, sweeps
from ..store.session import Session, placeholders


@dataclass(frozen=True)
class Judged:
    """A condition with its SQL, what it reads and what time does to it. Subject alias `s`, enrollment alias `e`."""

    condition: Condition
    object: str
    predicate: Predicate
    reads: frozenset[Read]
    sweeps: tuple[Sweep, ...]


@dataclass(frozen=True)
class Given:
    """What a rule of a score over a condition gives: `points` in the parts of the score, signed."""

    score: int
    name: str
    rule: int
    points: int


@dataclass(frozen=True)
class Kept:
    """A condition whose members are kept: a segment, the `when` of a definition (then `starts` is its number), or a
    rule of a score (then `given` is what it gives)."""

    id: int
    kind: str
    name: str
    judged: Judged
    starts: int | None = None
    activated_at: int = 0
    given: Given | None = None


@dataclass(frozen=True)
class ScoredRule:
    """A rule of a score over an event; `judged` tells what else its filter reads."""

    number: int
    rule: ScoreRule
    match: EventMatch
    judged: Judged


@dataclass(frozen=True)
class Scored:
    """A score with its number in the store and its rules over events."""

    id: int
    score: Score
    rules: tuple[ScoredRule, ...]


@dataclass(frozen=True)
class Live:
    """A definition the rule files hold today; or one that vanished and still has somebody inside: it takes no one in,
    and its guards hold until the last one has left (X26)."""

    id: int
    version_id: int
    definition: Definition
    activated_at: int
    vanished: bool = False


@dataclass(frozen=True)
class Watch:
    """A block of a pinned version that rests until something happens: looked at when touched. `replans`: what is judged
    is whether the date waited for is there, and it may have become another."""

    version_id: int
    block: int
    object: str
    events: tuple[EventMatch, ...]
    judged: Judged | None
    replans: bool = False


@dataclass(frozen=True)
class Version:
    id: int
    definition_id: int
    pinned: Pinned


class Rules:
    """Everything compiled against one store. `versions` are all that somebody is inside of, and today's."""

    def __init__(self, scope: Scope, kept: list[Kept], live: list[Live], versions: Mapping[int, Version]) -> None:
        self.scope, self.kept, self.versions = scope, kept, dict(versions)
        self.live = sorted(live, key=lambda d: (-d.definition.priority, d.definition.name))
        self.by_id = {d.id: d for d in self.live}

    @property
    def program(self) -> Program:
        return self.scope.program

    @cached_property
    def scores(self) -> list[Scored]:
        return [self._scored(score) for _, score in sorted(self.program.scores.items())]

    def _scored(self, score: Score) -> Scored:
        rules = (
            ScoredRule(number, rule, rule.match, judge(self.scope, Happened(rule.match), score.object))
            for number, rule in enumerate(score.rules)
            if rule.match is not None
        )
        return Scored(score_id(score.name), score, tuple(rules))

    @cached_property
    def guards(self) -> dict[int, dict[str, Judged]]:
        """Per definition its goal, stop_when and suppress."""
        found = {}
        for d in self.live:
            guards, object_name = d.definition.guards, d.definition.pinned.object
            named = {"goal": guards.goal, "stop_when": guards.stop_when, "suppress": guards.suppress}
            found[d.id] = {n: judge(self.scope, c, object_name) for n, c in named.items() if c is not None}
        return found

    @cached_property
    def only(self) -> dict[int, Judged]:
        return {
            d.id: judge(self.scope, d.definition.only, d.definition.pinned.object)
            for d in self.live
            if d.definition.only is not None
        }

    @cached_property
    def watches(self) -> list[Watch]:
        return [w for v in self.versions.values() for w in self._watched(v)]

    def _watched(self, v: Version) -> Iterator[Watch]:
        of = v.pinned.object
        for i, block in enumerate(v.pinned.graph.blocks):
            if isinstance(block, WaitEvent):
                yield Watch(v.id, i, of, block.events, None)
            elif isinstance(block, WaitCondition):
                yield Watch(v.id, i, of, (), judge(self.scope, block.condition, of))
            elif isinstance(block, WaitDate) and not isinstance(block.value, Const):
                yield Watch(v.id, i, of, (), judge(self.scope, Missing(block.value), of), replans=True)

    @cached_property
    def sweeps(self) -> dict[str, Sweep]:
        """Every part that time can turn for somebody without an event, by name. `if` and `only` are judged when
        they are reached and need none."""
        timed = [k.judged for k in self.kept]
        timed += [rule.judged for scored in self.scores for rule in scored.rules]
        timed += [j for named in self.guards.values() for j in named.values()]
        timed += [w.judged for w in self.watches if w.judged is not None]
        return {s.part: s for j in timed for s in j.sweeps}

    @cached_property
    def branches(self) -> dict[tuple[int, int], Judged]:
        """(version, block) of every `if` and `wait until CONDITION`."""
        return {
            (v.id, i): judge(self.scope, block.condition, v.pinned.object)
            for v in self.versions.values()
            for i, block in enumerate(v.pinned.graph.blocks)
            if isinstance(block, If | WaitCondition)
        }

    def event_tokens(self, matches: tuple[EventMatch, ...], object_name: str) -> frozenset[Read]:
        return frozenset(r for m in matches for r in event_reads(self.scope, m, object_name))


def judge(scope: Scope, condition: Condition, object_name: str) -> Judged:
    """Compile one condition with all that is to be known of it."""
    timed = sweeps(scope, condition, object_name)
    read = reads(scope, condition, object_name) | {Read(f"time {s.part}", s.path) for s in timed}
    return Judged(condition, object_name, predicate(scope, condition, object_name, "s", "e"), frozenset(read), timed)


def load_versions(session: Session, today: Iterable[int]) -> dict[int, Version]:
    """Today's versions (an edit taken back is an older one), and those that somebody is inside of or may come back
    into (`late_engagement: reopen`)."""
    values: dict[str, object] = {}
    now = placeholders("v", today, values)
    rows = session.bound(
        f"SELECT v.id, v.definition_id, v.program FROM segue_version v WHERE v.id IN ({now})"
        " OR EXISTS (SELECT 1 FROM segue_enrollment e WHERE e.definition_id = v.definition_id AND e.version_id"
        " = v.id AND (e.ended_at IS NULL OR (e.status = 'finished' AND e.reason = 'no_engagement')))",
        values,
    )
    return {row[0]: Version(row[0], row[1], decode(row[2])) for row in rows}


def engagement(matches: tuple[EventMatch, ...]) -> Condition:
    return AnyOf(tuple(Happened(m) for m in matches))


def trigger_condition(definition: Definition) -> Condition | None:
    return definition.trigger.condition if isinstance(definition.trigger, OnCondition) else None
