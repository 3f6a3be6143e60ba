"""Writes: what a step changes becomes an inbox row that the next pass sees (X12, X23)."""

from __future__ import annotations

from dataclasses import dataclass

from dsl.program.blocks import Add, Clear, EnrollIn, JoinSegment, LeaveSegment, Set, Text, UnenrollFrom
from dsl.schema.model import Kind

from ..query.scope import Params
from ..query.values import Values
from ..store.dialect import json_object
from ..store.names import quoted
from .moving import FROM, HERE, INBOX, KEY, Group, Moving


@dataclass(frozen=True)
class _Fact:
    """A write to one property: `kind` of inbox row, `what` it is called in the log, the SQL of its payload. `needed`:
    SQL of a value without which the step is skipped; `chosen`: it reads the table `chosen`."""

    kind: str
    what: str
    pairs: list[tuple[str, str]]
    needed: str = ""
    chosen: bool = False


class Writes(Moving):
    def set(self, g: Group, block: Set, now: int) -> None:
        values = self._values(g)
        text = self._kind(block) is Kind.TEXT
        if isinstance(block.value, Text):
            value, folded = self.texts.choose(
                block.value, g.version.pinned.object, f"SELECT m.bucket, m.id FROM mover m WHERE {HERE}", g.values, now
            )
        else:
            value = values.sql(block.value, "s")
            folded = values.sql(block.value, "s", fold=True) if text else ""
        pairs = [("v", value), *([("n", folded)] if text else [])]
        self._write(g, block, _Fact("set", "set", pairs, chosen=isinstance(block.value, Text)), values, now)

    def clear(self, g: Group, block: Clear, now: int) -> None:
        """A `set` to nothing."""
        pairs = [("v", "NULL"), *([("n", "NULL")] if self._kind(block) is Kind.TEXT else [])]
        self._write(g, block, _Fact("set", "clear", pairs), self._values(g), now)

    def add(self, g: Group, block: Add, now: int) -> None:
        """Additions of one instant sum up (X23). To a missing value it adds as to nought; a missing amount adds
        nothing."""
        values = self._values(g)
        amount = values.sql(block.amount, "s")
        self._write(g, block, _Fact("add", "add", [("v", amount)], needed=amount), values, now)

    def _write(self, g: Group, block: Set | Clear | Add, fact: _Fact, values: Values, now: int) -> None:
        """No record there, or nothing to write: skipped, and on (X23)."""
        target, bucket = self._target(g, block, values)
        joined, where = (
            (" CROSS JOIN chosen c", " AND c.bucket = e.bucket AND c.id = e.id") if fact.chosen else ("", "")
        )
        rows = (
            f"FROM mover m CROSS JOIN segue_enrollment e CROSS JOIN {quoted(g.version.pinned.object)} s{joined}"
            f" WHERE {HERE} AND e.bucket = m.bucket AND e.id = m.id AND s.bucket = e.bucket AND s.id ="
            f" e.contact_id{where}"
        )
        constants = values.params.constants
        given = f" AND {fact.needed} IS NOT NULL" if fact.needed else ""
        self.session.bound(
            f"INSERT INTO segue_inbox ({INBOX})"
            f" SELECT {bucket}, :now, {KEY}, e.contact_id, :kind, :object, {target}, :property, '',"
            f" {json_object(self.session.dialect, fact.pairs)}, TRUE, :now {rows} AND {target} IS NOT NULL{given}",
            constants | g.values | {"now": now, "kind": fact.kind, "object": block.object, "property": block.property},
        )
        name = ".".join((*block.path, block.property))
        missing = f" WHEN {fact.needed} IS NULL THEN 'skipped(nothing to add)'" if fact.needed else ""
        outcome = f"CASE WHEN {target} IS NULL THEN :skipped{missing} ELSE 'done' END"
        self.session.bound(
            "INSERT INTO segue_step (bucket, enrollment_id, ordinal, at, block, what, name, outcome, detail)"
            f" SELECT e.bucket, e.id, e.ordinal + 1, :now, :block, :what, :name, {outcome}, NULL {rows}",
            constants
            | g.values
            | {"now": now, "what": fact.what, "name": name, "skipped": f"skipped(no {block.object})"},
        )
        self.go(
            g,
            block.next,
            now,
            "waited = FALSE, ordinal = ordinal + 1, last_step_at = :at, last_step = :label",
            "",
            {"at": now, "label": f"{fact.what} {name}"},
        )
        if fact.chosen:
            self.session.run("DELETE FROM chosen")

    def _values(self, g: Group) -> Values:
        values = Values(self.rules.scope, Params(), "e")
        values.objects["s"] = g.version.pinned.object
        return values

    def _kind(self, block: Set | Clear | Add) -> Kind:
        return self.rules.scope.schema.objects[block.object].properties[block.property].type.kind

    def _target(self, g: Group, block: Set | Clear | Add, values: Values) -> tuple[str, str]:
        """SQL of the id and bucket of the record written to."""
        if not block.path:
            return "s.id", "s.bucket"
        joins, end = values.hops(block.path, g.version.pinned.object, "s")
        return f"(SELECT {end}.id {joins} LIMIT 1)", f"(SELECT {end}.bucket {joins} LIMIT 1)"

    # --- segments, definitions ------------------------------------------------------------------

    def _command(self, g: Group, kind: str, target: str, payload: str, now: int) -> None:
        self.session.bound(
            f"INSERT INTO segue_inbox ({INBOX})"
            f" SELECT e.bucket, :now, {KEY}, e.contact_id, :kind, :object, e.contact_id, :target, '',"
            f" {payload}, TRUE, :now {FROM}",
            g.values | {"now": now, "kind": kind, "object": g.version.pinned.object, "target": target},
        )

    def segment(self, g: Group, block: JoinSegment | LeaveSegment, now: int) -> None:
        """Into or out of a static segment (G1)."""
        joins = isinstance(block, JoinSegment)
        self._command(g, "segment_add" if joins else "segment_remove", block.segment, "'{}'", now)
        self.step(g, block.next, now, "add to" if joins else "remove from", f"segment {block.segment}")

    def enroll_in(self, g: Group, block: EnrollIn, now: int) -> None:
        """By the same enroller; not by hand (X16, X20)."""
        by = json_object(self.session.dialect, [("by", "e.enrolled_by")])
        self._command(g, "enroll", f"{block.kind} {block.name}", by, now)
        self.step(g, block.next, now, "enroll", f"{block.kind} {block.name}")

    def unenroll_from(self, g: Group, block: UnenrollFrom, now: int) -> None:
        self._command(g, "unenroll", f"{block.kind} {block.name}", "'{}'", now)
        self.step(g, block.next, now, "unenroll", f"{block.kind} {block.name}")
