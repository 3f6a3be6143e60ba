"""What a pinned version reads and the project no longer has: whoever is inside may still come to it (X26)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass

from dsl.program.blocks import (
    Add,
    Clear,
    Graph,
    If,
    JoinSegment,
    LeaveSegment,
    Send,
    SendTo,
    Set,
    WaitCondition,
    following,
)
from dsl.program.conditions import EventMatch, Field
from dsl.program.definitions import Pinned, Program
from dsl.schema.model import Schema

from ..store.session import Session
from .rules import segments_read


def still_needed(
    session: Session, versions: Mapping[int, Pinned], schema: Schema, program: Program | None = None
) -> dict[str, int]:
    """What is gone and how many enrollments still need it. Without a program the schema alone is looked at."""
    gone = {number: _gone(v.graph, range(len(v.graph.blocks)), schema, program) for number, v in versions.items()}
    counts: Counter[str] = Counter()
    if not any(gone.values()):
        return counts
    for version, block, automated, count in session.run(
        "SELECT version_id, block, CASE WHEN engaged_at IS NULL THEN 1 ELSE 0 END, count(*) FROM segue_enrollment"
        " WHERE ended_at IS NULL GROUP BY 1, 2, 3"
    ):
        if gone.get(version):
            graph = versions[version].graph
            entry = [graph.rep_led] if automated and graph.rep_led is not None else []
            ahead = _gone(graph, reachable(graph, [block, *entry]), schema, program)
            counts.update(dict.fromkeys(ahead, count))
    return counts


def counted(count: int) -> str:
    return "1 enrollment still needs it" if count == 1 else f"{count:,} enrollments still need it"


def _gone(graph: Graph, blocks: Iterable[int], schema: Schema, program: Program | None) -> set[str]:
    found: set[str] = set()
    for i in blocks:
        found |= set(_of_schema(graph.blocks[i], schema))
        if program is not None:
            found |= set(_of_rules(graph.blocks[i], program))
    return found


def _of_rules(block: object, program: Program) -> Iterator[str]:
    """Templates and segments that the rule files no longer have."""
    if isinstance(block, Send | SendTo) and block.template not in program.templates:
        yield f"template `{block.template}` is gone from the rule files"
    read: frozenset[str] = frozenset()
    if isinstance(block, JoinSegment | LeaveSegment):
        read = frozenset({block.segment})
    if isinstance(block, If | WaitCondition | SendTo) and block.condition is not None:
        read = segments_read(block.condition)
    for name in sorted(read - program.segments.keys()):
        yield f"segment `{name}` is gone from the rule files"


def _of_schema(block: object, schema: Schema) -> Iterator[str]:
    """Properties and events that the schema no longer has, or has as another type."""
    for part in _parts(block):
        match part:
            case Field(object=of, property=name):
                present = schema.objects[of].properties.get(name) if of in schema.objects else None
                if present is None or present.type.kind is not part.type.kind:
                    yield f"property `{of}.{name}` is gone or of another type"
            case Set(object=of, property=name) | Clear(object=of, property=name) | Add(object=of, property=name):
                if of not in schema.objects or name not in schema.objects[of].properties:
                    yield f"property `{of}.{name}` is gone or of another type"
            case EventMatch(event=kind) if kind not in schema.events:
                yield f"event `{kind}` is gone"


def _parts(value: object) -> Iterator[object]:
    """The value and every compiled value inside it; no recursion, for conditions may be deep."""
    waiting = [value]
    while waiting:
        part = waiting.pop()
        if isinstance(part, tuple):
            waiting.extend(part)
        elif is_dataclass(part):
            yield part
            waiting.extend(getattr(part, field.name) for field in fields(part))


def reachable(graph: Graph, starts: Iterable[int]) -> set[int]:
    """The blocks an enrollment at one of `starts` may still come to."""
    found: set[int] = set()
    ahead = list(starts)
    while ahead:
        i = ahead.pop()
        if i not in found:
            found.add(i)
            ahead += following(graph.blocks[i])
    return found
