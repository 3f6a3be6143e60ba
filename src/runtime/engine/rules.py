"""The rules as the engine runs them: kept conditions, live definitions and pinned versions, compiled once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from dsl.program.blocks import If, WaitCondition, WaitEvent
from dsl.program.codec import decode, digest
from dsl.program.conditions import AnyOf, Condition, EventMatch, Happened
from dsl.program.definitions import Definition, OnCondition, Pinned, Program

from ..query.conditions import Predicate, predicate
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
class Kept:
    """A condition whose members are kept: a segment, or the `when` of a definition (then `starts` is its number)."""

    id: int
    kind: str
    name: str
    judged: Judged
    starts: int | None = None
    activated_at: int = 0


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
    """A block of a pinned version that rests until something happens: looked at when touched."""

    version_id: int
    block: int
    object: str
    events: tuple[EventMatch, ...]
    judged: Judged | None


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

    @cached_property
    def sweeps(self) -> dict[str, Sweep]:
        """Every part that time can turn for somebody without an event, by name. `if` and `only` are judged when
        they are reached and need none."""
        parts = [k.judged for k in self.kept]
        parts += [j for named in self.guards.values() for j in named.values()]
        parts += [w.judged for w in self.watches if w.judged is not None]
        return {s.part: s for j in parts for s in j.sweeps}

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


def in_order(program: Program) -> list[str]:
    """Names of the dynamic segments, each after those it reads (the checker refuses circles)."""
    done: dict[str, None] = {}

    def visit(name: str) -> None:
        segment = program.segments.get(name)
        if name in done or segment is None:
            return
        if segment.condition is not None:
            for inner in sorted(segments_read(segment.condition)):
                visit(inner)
            done[name] = None

    for name in sorted(program.segments):
        visit(name)
    return list(done)


def segments_read(condition: object) -> frozenset[str]:
    """Names of the segments a condition (or any compiled value) reads."""
    from dataclasses import fields, is_dataclass

    from dsl.program.conditions import InSegment, WasMember

    match condition:
        case InSegment(name) | WasMember("segment", name):
            return frozenset({name})
    if isinstance(condition, tuple):
        return frozenset().union(*(segments_read(c) for c in condition))
    if is_dataclass(condition) and not isinstance(condition, type):
        return frozenset().union(*(segments_read(getattr(condition, f.name)) for f in fields(condition)))
    return frozenset()


def condition_hash(program: Program, condition: Condition) -> str:
    """A hash of a condition and of every segment it reads: an edit there is an edit here (X1)."""
    inner = []
    for name in sorted(segments_read(condition)):
        segment = program.segments[name]
        inner.append(condition_hash(program, segment.condition) if segment.condition is not None else name)
    return digest((condition, tuple(inner)))


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
