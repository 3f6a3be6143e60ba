"""One hygiene's fixes worked out: all its rules in one walk over the records, in the order of their keys."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from dsl.program.blocks import Clear, Set
from dsl.program.conditions import Field
from dsl.program.parts import parts

from ..project.loading import Loaded
from ..query.scope import Params
from ..store.ids import bucket_of
from ..store.names import quoted
from ..store.session import Row, Session, placeholders
from ..store.values import Storage
from .finding import FIRST, PAGE, Findings
from .kept import Repair, last_repairs, waiting
from .rules import Rule, found_sql, rules
from .values import Leaves, Made, Make, stored

Repairs = Mapping[tuple[int, str], Repair]  # by record and property


@dataclass(frozen=True, slots=True)
class Change:
    """One property of one record, and the names of the rules that make it; values as the store keeps them."""

    object: str
    id: int
    external_id: str
    property: str
    old: Storage
    new: Storage
    rules: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Stuck:
    """A record that the fix of a rule does not help: nothing changes, or what it wrote before is found again."""

    rule: str
    id: int
    external_id: str


@dataclass(frozen=True, slots=True)
class _Write:
    """`builds`: the new value is made of the property's own, so it may follow another write of it."""

    property: str
    make: Make
    builds: bool


@dataclass(frozen=True, slots=True)
class _Fix:
    rule: Rule
    writes: tuple[_Write, ...]


class Work:
    """`name` is a hygiene or one rule of it (`names.2`); `records`: only these. `kinds` are those of the properties it
    writes; `waiting` counts the records it passed over."""

    def __init__(self, session: Session, loaded: Loaded, name: str, records: Sequence[int] | None = None) -> None:
        chosen = [rule for rule in rules(loaded.program, name) if rule.rule.kind == "fix"]
        self.session, self.findings = session, Findings(session, loaded)
        self.hygiene = loaded.program.hygiene[name.partition(".")[0]]
        self.records = None if records is None else sorted(records, key=lambda id_: (bucket_of(id_), id_))
        self.of, self.params, self.waiting = self.hygiene.object, Params(), 0
        scope, properties = self.findings.scope, loaded.schema.objects[self.of].properties
        leaves = Leaves(scope, self.of, self.params)
        self.rules = {rule.name: rule for rule in chosen}
        self.fixes = [_Fix(rule, tuple(self._writes(rule, leaves))) for rule in chosen]
        names = dict.fromkeys(write.property for fix in self.fixes for write in fix.writes)
        self.kinds = {name: properties[name].type.kind for name in names}
        self.held = [found_sql(scope, fix.rule, self.params) for fix in self.fixes]
        self.leaves = leaves.columns

    def _writes(self, rule: Rule, leaves: Leaves) -> Iterator[_Write]:
        properties = leaves.scope.schema.objects[self.of].properties
        for block in rule.rule.graph.blocks if rule.rule.graph else ():
            match block:
                case Set(property=name, value=value):
                    make = leaves.written(value, properties[name].type.kind, self.findings.renderer)
                    yield _Write(name, make, _reads(value, name))
                case Clear(property=name):
                    yield _Write(name, lambda row, made: None, builds=False)

    def pages(self) -> Iterator[tuple[list[Change], list[Stuck]]]:
        """What changes and what is stuck, page by page."""
        if self.records is None:
            place = FIRST
            while self.fixes and (rows := self._page(*place)):
                place = (rows[-1][0], rows[-1][1])
                yield self._worked(rows)
            return
        for start in range(0, len(self.records) if self.fixes else 0, PAGE):
            yield self._worked(self._those(self.records[start : start + PAGE]))

    def _worked(self, rows: list[Row]) -> tuple[list[Change], list[Stuck]]:
        ids = [row[1] for row in rows]
        later = waiting(self.session, self.of, ids)
        before = last_repairs(self.session, self.of, ids)
        changes: list[Change] = []
        stuck: list[Stuck] = []
        for row in rows:
            if row[1] not in later:
                self._record(row, before, changes, stuck)
        self.waiting += len(later)
        return changes, stuck

    def _page(self, bucket: int, id_: int) -> list[Row]:
        return self._found("(s.bucket, s.id) > (:bucket, :id)", {"bucket": bucket, "id": id_})

    def _those(self, ids: Sequence[int]) -> list[Row]:
        values: dict[str, object] = {}
        buckets = placeholders("bucket", sorted({bucket_of(id_) for id_ in ids}), values)
        return self._found(f"s.bucket IN ({buckets}) AND s.id IN ({placeholders('id', ids, values)})", values)

    def _found(self, where: str, values: dict[str, object]) -> list[Row]:
        hits = [f"CASE WHEN {held} THEN 1 ELSE 0 END" for held in self.held]
        olds = [f"s.{quoted(name)}" for name in self.kinds]
        columns = ", ".join(["s.bucket", "s.id", "s.external_id", *hits, *olds, *self.leaves])
        return self.session.bound(
            f"SELECT {columns} FROM {quoted(self.of)} s WHERE {where}"
            f" AND ({' OR '.join(self.held)}) ORDER BY s.bucket, s.id LIMIT {PAGE}",
            self.params.at(self.findings.now) | values,
        )

    def _record(self, row: Row, before: Repairs, changes: list[Change], stuck: list[Stuck]) -> None:
        _, id_, external, *rest = row
        hits, values, leaves = _cut(rest, len(self.fixes), len(self.kinds))
        old = {name: stored(kind, raw) for (name, kind), raw in zip(self.kinds.items(), values, strict=True)}
        made: dict[str, Storage] = {}
        by: dict[str, tuple[str, ...]] = {}
        for fix in (fix for fix, hit in zip(self.fixes, hits, strict=True) if hit):
            overlaps = [write for write in fix.writes if write.property in made]
            new = _made(fix, leaves, old, made)
            if overlaps and (not new or not all(write.builds for write in overlaps)):
                continue  # an earlier rule has just written it: its turn comes when that is done
            kept = ((before.get((id_, name)), old[name]) for name in new)
            if not new or any(repair and repair.left(fix.rule.mark, value) for repair, value in kept):
                stuck.append(Stuck(fix.rule.name, id_, external))
                continue
            made |= new
            by |= {name: (*by.get(name, ()), fix.rule.name) for name in new}
        changes += [
            Change(self.of, id_, external, name, old[name], value, by[name])
            for name, value in made.items()
            if value != old[name]
        ]


def _cut(row: list[object], *lengths: int) -> tuple[list[object], ...]:
    """The parts of a row: of these lengths, and what is left."""
    parts, start = [], 0
    for length in lengths:
        parts.append(row[start : start + length])
        start += length
    return (*parts, row[start:])


def _made(fix: _Fix, leaves: Sequence[object], old: Made, made: Made) -> dict[str, Storage]:
    """What a fix changes of what earlier rules have made of the record."""
    mine: dict[str, Storage] = {}
    for write in fix.writes:
        mine[write.property] = write.make(leaves, {**made, **mine})
    return {name: value for name, value in mine.items() if value != made.get(name, old[name])}


def _reads(value: object, name: str) -> bool:
    return any(isinstance(part, Field) and not part.path and part.property == name for part in parts(value))
