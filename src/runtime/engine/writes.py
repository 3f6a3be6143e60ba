"""Writes: `set`, `enroll in` and `unenroll from` become inbox rows that the next pass sees."""

from __future__ import annotations

from dsl.program.blocks import EnrollIn, Set, Text, UnenrollFrom
from dsl.schema.model import Kind

from ..query.scope import Params
from ..query.values import Values
from ..store.dialect import json_object
from ..store.names import quoted
from .moving import FROM, HERE, KEY, Group, Moving


class Writes(Moving):
    def set(self, g: Group, block: Set, now: int) -> None:
        """A write is an inbox row: the next pass sees it. No record there: skipped, and on (X23)."""
        kind = self.rules.scope.schema.objects[block.object].properties[block.property].type.kind
        params = Params()
        values = Values(self.rules.scope, params, "e")
        values.objects["s"] = g.version.pinned.object
        if isinstance(block.value, Text):
            value, folded = self.texts.choose(
                block.value, g.version.pinned.object, f"SELECT m.bucket, m.id FROM mover m WHERE {HERE}", g.values, now
            )
            joined = " CROSS JOIN chosen c"
            where = " AND c.bucket = e.bucket AND c.id = e.id"
        else:
            value, joined, where = values.sql(block.value, "s"), "", ""
            folded = values.sql(block.value, "s", fold=True) if kind is Kind.TEXT else ""
        target, bucket = self._target(g, block, values)
        pairs = [("v", value)] + ([("n", folded)] if kind is Kind.TEXT else [])
        rows = (
            f"FROM mover m CROSS JOIN segue_enrollment e CROSS JOIN {quoted(g.version.pinned.object)} s{joined}"
            f" WHERE {HERE} AND e.bucket = m.bucket AND e.id = m.id AND s.bucket = e.bucket AND s.id ="
            f" e.contact_id{where}"
        )
        self.session.bound(
            "INSERT INTO segue_inbox (bucket, at, key, rank, kind, object, id, name, fields, payload, live,"
            " received_at)"
            f" SELECT {bucket}, :now, {KEY}, e.contact_id, 'set', :object, {target}, :property, '',"
            f" {json_object(self.session.dialect, pairs)}, TRUE, :now {rows} AND {target} IS NOT NULL",
            params.constants | g.values | {"now": now, "object": block.object, "property": block.property},
        )
        name = ".".join((*block.path, block.property))
        outcome = f"CASE WHEN {target} IS NULL THEN :skipped ELSE 'done' END"
        self.session.bound(
            "INSERT INTO segue_step (bucket, enrollment_id, ordinal, at, block, what, name, outcome, detail)"
            f" SELECT e.bucket, e.id, e.ordinal + 1, :now, :block, 'set', :name, {outcome}, NULL {rows}",
            params.constants | g.values | {"now": now, "name": name, "skipped": f"skipped(no {block.object})"},
        )
        self.go(
            g,
            block.next,
            now,
            "waited = FALSE, ordinal = ordinal + 1, last_step_at = :at, last_step = :label",
            "",
            {"at": now, "label": f"set {name}"},
        )
        if joined:
            self.session.run("DELETE FROM chosen")

    def _target(self, g: Group, block: Set, values: Values) -> tuple[str, str]:
        """SQL of the id and bucket of the record a `set` writes to."""
        if not block.path:
            return "s.id", "s.bucket"
        joins, end = values.hops(block.path, g.version.pinned.object, "s")
        return f"(SELECT {end}.id {joins} LIMIT 1)", f"(SELECT {end}.bucket {joins} LIMIT 1)"

    def _command(self, g: Group, kind: str, target: str, payload: str, now: int) -> None:
        self.session.bound(
            "INSERT INTO segue_inbox (bucket, at, key, rank, kind, object, id, name, fields, payload, live,"
            " received_at)"
            f" SELECT e.bucket, :now, {KEY}, e.contact_id, :kind, :object, e.contact_id, :target, '',"
            f" {payload}, TRUE, :now {FROM}",
            g.values | {"now": now, "kind": kind, "object": g.version.pinned.object, "target": target},
        )

    def enroll_in(self, g: Group, block: EnrollIn, now: int) -> None:
        """By the same enroller; not by hand (X16, X20)."""
        by = json_object(self.session.dialect, [("by", "e.enrolled_by")])
        self._command(g, "enroll", f"{block.kind} {block.name}", by, now)
        self.step(g, block.next, now, "enroll", f"{block.kind} {block.name}")

    def unenroll_from(self, g: Group, block: UnenrollFrom, now: int) -> None:
        self._command(g, "unenroll", f"{block.kind} {block.name}", "'{}'", now)
        self.step(g, block.next, now, "unenroll", f"{block.kind} {block.name}")
