"""What a condition reads: which touches of which records may turn it, and by which way to its subject.

A token names what can change: `contact.plan` (a property), `event purchased`, `link contact.deal`, `segment x`,
`consent newsletter`, `score engagement`, `enrolled sequence x`, `created contact`. The path leads from the subject to
the record touched.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from dsl.program.conditions import (
    Aggregate,
    All,
    AnyOf,
    Between,
    Changed,
    Compare,
    Condition,
    Consent,
    ContainsList,
    CountOf,
    CreatedValue,
    DateTest,
    EventMatch,
    Field,
    Happened,
    InDefinition,
    InPeriod,
    InSegment,
    Matches,
    Missing,
    Moved,
    Not,
    OneOf,
    Quantified,
    ScoreValue,
    TaskDone,
    TextTest,
    Value,
    WasEver,
    WasMember,
)
from dsl.schema.model import ObjectType

from .scope import Scope
from .values import derived_events

Path = tuple[str, ...]
CREATED_AS = "@"  # before a name in a path: the record that `create .. as NAME` made in the enrollment


@dataclass(frozen=True, slots=True)
class Read:
    token: str
    path: Path = ()


def reads(scope: Scope, condition: Condition, object_name: str) -> frozenset[Read]:
    """Everything whose change could turn `condition` about a record of `object_name`; its creation always can."""
    return frozenset(_condition(scope, condition, object_name, ())) | {Read(f"created {object_name}")}


def _condition(scope: Scope, c: Condition, of: str, path: Path) -> Iterator[Read]:
    match c:
        case All(parts) | AnyOf(parts):
            for part in parts:
                yield from _condition(scope, part, of, path)
        case Not(part):
            yield from _condition(scope, part, of, path)
        case Compare(left, _, right) | TextTest(left, _, right):
            yield from _values(scope, of, path, left, right)
        case Between(left, low, high):
            yield from _values(scope, of, path, left, low, high)
        case OneOf(left) | Missing(left) | DateTest(left) | InPeriod(left) | Matches(left) | ContainsList(left):
            yield from _values(scope, of, path, left)
        case WasEver(left) | Changed(left) | Moved(left):
            yield from _values(scope, of, path, left)
        case Happened():
            yield from event_reads(scope, c.match, of, path)
            if c.since is not None:
                yield from _values(scope, of, path, c.since)
        case Quantified():
            yield from _links(scope, of, path, c.path)
            if c.condition is not None:
                yield from _condition(scope, c.condition, c.object, path + c.path)
        case InSegment():
            yield Read(f"segment {c.segment}", path)
        case Consent():
            yield Read(f"consent {c.topic}", path)
        case WasMember("segment", name):
            yield Read(f"segment {name}", path)
        case InDefinition(kind, name) | WasMember(kind, name):
            yield Read(f"enrolled {kind} {name}", path)
        case TaskDone():
            yield Read("task", path)


def event_reads(scope: Scope, match: EventMatch, of: str, path: Path = ()) -> Iterator[Read]:
    """What an event with its filter reads."""
    for kind in scope.kinds(match.event):
        yield Read(f"created {of}" if kind == "created" else f"event {kind}", path)
    if match.filter is not None:
        yield from _condition(scope, match.filter, of, path)


def _values(scope: Scope, of: str, path: Path, *values: Value) -> Iterator[Read]:
    for value in values:
        match value:
            case Field():
                yield from _links(scope, of, path, value.path)
                yield from _property(scope, scope.schema.objects[value.object], value.property, path + value.path)
            case Aggregate():
                yield from event_reads(scope, value.match, of, path)
            case ScoreValue(score):
                yield Read(f"score {score}", path)
            case CreatedValue(name, owner, property_):
                yield from _property(scope, scope.schema.objects[owner], property_, (*path, CREATED_AS + name))
            case CountOf():
                yield from _links(scope, of, path, value.path)
                if value.condition is not None:
                    yield from _condition(scope, value.condition, value.object, path + value.path)


def _links(scope: Scope, of: str, before: Path, path: Path) -> Iterator[Read]:
    """Each link on the way, and the record at its end: it may be linked before it exists (X2)."""
    for i, name in enumerate(path):
        yield Read(f"link {of}.{name}", before + path[:i])
        of = scope.schema.objects[of].associations[name].target
        yield Read(f"created {of}", before + path[: i + 1])


def _property(scope: Scope, owner: ObjectType, name: str, path: Path) -> Iterator[Read]:
    """A derived property reads what it is derived from."""
    match owner.properties[name].derived:
        case None:
            yield Read(f"{owner.name}.{name}", path)
        case "full_name":
            for part in ("first_name", "last_name", "email"):
                yield Read(f"{owner.name}.{part}", path)
        case "closed" | "won":
            yield Read(f"{owner.name}.pipeline", path)
            yield Read(f"{owner.name}.stage", path)
        case last:
            for kind in derived_events(scope, last):
                yield Read(f"event {kind}", path)
