"""Writes: what a step changes becomes an inbox row that the next pass sees (X12, X23)."""

from __future__ import annotations

from dataclasses import dataclass

from dsl.program.blocks import Add, Clear, EnrollIn, JoinSegment, LeaveSegment, RecordRef, Set, Text, UnenrollFrom
from dsl.program.conditions import Const
from dsl.schema.model import Kind
from dsl.schema.moves import forbidden

from ...query.needs import lacks
from ...query.values import Values
from ...store.dialect import json_object
from ...store.names import quoted
from ..rows import TO_INBOX
from .moving import FROM, HERE, KEY, Group, Moving
from .written import Pairs, column, pairs


@dataclass(frozen=True)
class _Fact:
    """A write to one property: `kind` of inbox row, `what` it is called in the log, the SQL of its payload. `needed`:
    SQL of a value without which the step is skipped; `chosen`: it reads the table `chosen`; `moves`: it puts the record
    into another stage."""

    kind: str
    what: str
    pairs: Pairs
    needed: str = ""
    chosen: bool = False
    moves: bool = False


class Writes(Moving):
    def set(self, g: Group, block: Set, now: int) -> None:
        values, kind = self.values(g), self._kind(block)
        if isinstance(block.value, Text):
            here = f"SELECT m.bucket, m.id FROM mover m WHERE {HERE}"
            value, folded = self.texts.choose(block.value, g.version.pinned.object, here, g.values, now)
            found = [("v", value), *([("n", folded)] if kind is Kind.TEXT else [])]
        else:
            found = pairs(values, block.value, kind, "v", "n")
        fact = _Fact("set", "set", found, chosen=isinstance(block.value, Text), moves=block.property == "stage")
        self._write(g, block, fact, values, now)

    def clear(self, g: Group, block: Clear, now: int) -> None:
        """A `set` to nothing."""
        nothing = [("v", "NULL"), *([("n", "NULL")] if self._kind(block) is Kind.TEXT else [])]
        self._write(g, block, _Fact("set", "clear", nothing), self.values(g), now)

    def add(self, g: Group, block: Add, now: int) -> None:
        """Additions of one instant sum up (X23). To a missing value it adds as to nought; a missing amount adds
        nothing."""
        values = self.values(g)
        amount = column(values, block.amount, self._kind(block))
        self._write(g, block, _Fact("add", "add", [("v", amount)], needed=amount), values, now)

    def _write(self, g: Group, block: Set | Clear | Add, fact: _Fact, values: Values, now: int) -> None:
        """No record there, nothing to write, or a move that its pipeline forbids: skipped, and on (X23, W18)."""
        target = self.record(g, values, RecordRef(block.path, block.object))
        rows = self.rows(g, fact.chosen)
        given = f" AND {fact.needed} IS NOT NULL" if fact.needed else ""
        missing = f" WHEN {fact.needed} IS NULL THEN 'skipped(nothing to add)'" if fact.needed else ""
        if fact.moves and (barred := self._barred(values, block, target, fact.pairs[0][1])):
            given += f" AND NOT {barred}"
            missing += f" WHEN {barred} THEN 'skipped(pipeline rule)'"
        outcome = f"CASE WHEN {target} IS NULL THEN :skipped{missing} ELSE 'done' END"
        known = values.params.at(now)
        self.session.bound(
            f"{TO_INBOX} SELECT {target} % 256, :now, {KEY}, e.contact_id, :kind, :object, {target}, :property, '',"
            f" {json_object(self.session.dialect, fact.pairs)}, TRUE, :now {rows} AND {target} IS NOT NULL{given}",
            known | g.values | {"now": now, "kind": fact.kind, "object": block.object, "property": block.property},
        )
        name = ".".join((*block.path, block.property))
        skipped = {"skipped": f"skipped(no {block.object})"}
        self.steps(g, block.next, now, fact.what, name, outcome, rows, known | skipped)
        if fact.chosen:
            self.session.run("DELETE FROM chosen")

    def _barred(self, values: Values, block: Set | Clear | Add, target: str, stage: str) -> str:
        """SQL: whether the rules of its pipeline keep the record from going to the stage (SQL) from where it stands, or
        it lacks what that stage needs; "" where no pipeline forbids it."""
        const, of = values.params.const, self.rules.scope.schema.objects[block.object]
        given = block.value.value if isinstance(block, Set) and isinstance(block.value, Const) else None
        parts = [
            f"(r.pipeline = {const(pipeline.name)}{'' if given else f' AND {stage} = {const(to.name)}'}"
            f" AND coalesce(r.stage, '') <> {const(to.name)}"
            f" AND ({' OR '.join(lacks(of, name, 'r') for name in to.needs)}))"
            for pipeline in self.rules.scope.schema.pipelines_of(block.object)
            for to in pipeline.stages
            if to.needs and given in (None, to.name)
        ]
        parts += [
            f"(r.pipeline = {const(pipeline.name)}{'' if given else f' AND {stage} = {const(to)}'}"
            f" AND r.stage IN ({', '.join(const(here) for here in stages)}))"
            for pipeline in self.rules.scope.schema.pipelines_of(block.object)
            for to, stages in forbidden(pipeline)
            if given in (None, to)
        ]
        if not parts:
            return ""
        record = f"{quoted(block.object)} r WHERE r.bucket = {target} % 256 AND r.id = {target}"
        return f"EXISTS (SELECT 1 FROM {record} AND ({' OR '.join(parts)}))"

    def _kind(self, block: Set | Clear | Add) -> Kind:
        return self.rules.scope.schema.objects[block.object].properties[block.property].type.kind

    # --- segments, definitions ------------------------------------------------------------------

    def _command(self, g: Group, kind: str, of: str, target: str, payload: str, now: int) -> None:
        """About the record enrolled, or the person on the line where the target is one of contacts (X20)."""
        who = self.meant(g, of)
        self.session.bound(
            f"{TO_INBOX} SELECT {who} % 256, :now, {KEY}, e.contact_id, :kind, :object, {who}, :target, '',"
            f" {payload}, TRUE, :now {FROM}",
            g.values | {"now": now, "kind": kind, "object": of, "target": target},
        )

    def _of(self, g: Group, kind: str, name: str) -> str:
        """The object of a definition; what vanished can be no other's than the enrollment's own."""
        found = self.rules.program.definitions.get((kind, name))
        return found.pinned.object if found is not None else g.version.pinned.object

    def segment(self, g: Group, block: JoinSegment | LeaveSegment, now: int) -> None:
        """Into or out of a static segment (G1)."""
        joins = isinstance(block, JoinSegment)
        found = self.rules.program.segments.get(block.segment)
        of = found.object if found is not None else g.version.pinned.object
        self._command(g, "segment_add" if joins else "segment_remove", of, block.segment, "'{}'", now)
        self.step(g, block.next, now, "add to" if joins else "remove from", f"segment {block.segment}")

    def enroll_in(self, g: Group, block: EnrollIn, now: int) -> None:
        """By the same enroller; not by hand (X16, X20)."""
        by = json_object(self.session.dialect, [("by", "e.enrolled_by")])
        of = self._of(g, block.kind, block.name)
        self._command(g, "enroll", of, f"{block.kind} {block.name}", by, now)
        self.step(g, block.next, now, "enroll", f"{block.kind} {block.name}")

    def unenroll_from(self, g: Group, block: UnenrollFrom, now: int) -> None:
        of = self._of(g, block.kind, block.name)
        self._command(g, "unenroll", of, f"{block.kind} {block.name}", "'{}'", now)
        self.step(g, block.next, now, "unenroll", f"{block.kind} {block.name}")
