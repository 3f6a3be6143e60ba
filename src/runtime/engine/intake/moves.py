"""Moves: a person puts a record into another stage, from the one it stood in when they decided so (P8).

Two may move one record at once. The first move is made; the other was about a record that stood elsewhere, and is not:
it is told in the audit, so that who asked for it hears of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

import orjson

from dsl.schema.model import Kind, ObjectType

from ...store.ids import stable_hash
from ...store.session import Row
from ...times import zones
from .facts import Facts

LOST = "moved elsewhere"  # how the audit calls a move that came too late
CLOSED_AT = "closed_at"  # the property that tells when a record was closed, where a schema has one


class Moves(Facts):
    def __call__(self, of: ObjectType) -> None:
        """Those of one object become writes, or are told to be lost. What else writes the stage in this pass counts in
        its turn."""
        rows = self.session.run(
            "SELECT b.bucket, b.id, b.kind, b.at, b.rank, b.key, b.payload, b.live, b.received_at, o.pipeline, o.stage"
            f" FROM batch b CROSS JOIN \"{of.name}\" o WHERE b.object = :object AND b.name = 'stage'"
            " AND b.kind IN ('set', 'move') AND EXISTS (SELECT 1 FROM batch m WHERE m.kind = 'move' AND m.object ="
            " :object AND m.bucket = b.bucket AND m.id = b.id) AND o.bucket = b.bucket AND o.id = b.id"
            " ORDER BY b.bucket, b.id, b.at, b.rank, b.key",
            object=of.name,
        )
        made: list[dict[str, object]] = []
        lost: list[dict[str, object]] = []
        for _, mine in groupby(rows, key=lambda row: row[:2]):
            self._one(of, list(mine), made, lost)
        self.session.run("DELETE FROM batch WHERE kind = 'move' AND object = :object", object=of.name)
        self.session.many(
            "INSERT INTO batch (bucket, at, key, rank, kind, object, id, name, fields, payload, live, received_at)"
            " VALUES (:bucket, :at, :key, :rank, 'set', :object, :id, :name, '', :payload, :live, :received_at)",
            made,
        )
        self.session.many(
            "INSERT INTO segue_audit (id, at, by_user, role, act, refused, object, record_id, name, detail) VALUES"
            " (:id, :at, :by, :role, :act, 1, :object, :record, :pipeline, :detail) ON CONFLICT DO NOTHING",
            lost,
        )

    def _one(
        self, of: ObjectType, rows: list[Row], made: list[dict[str, object]], lost: list[dict[str, object]]
    ) -> None:
        """What is said of one record, in its order."""
        stands = rows[0][-1]
        for row in rows:
            said = orjson.loads(row[6])
            if row[2] == "set":
                stands = said["v"]
            elif said["from"] == stands:
                made += self._written(of, row, stands, said["to"])
                stands = said["to"]
            else:
                lost.append(_told(of, row, said, stands))

    def _written(self, of: ObjectType, row: Row, stood: str | None, to: str) -> Iterator[dict[str, object]]:
        bucket, id_, _, at, rank, key, _, live, received_at, pipeline, _ = row
        about = {"bucket": bucket, "at": at, "key": key, "rank": rank, "object": of.name, "id": id_}
        about |= {"live": live, "received_at": received_at}
        yield about | {"name": "stage", "payload": orjson.dumps({"v": to}).decode()}
        property_ = of.properties.get(CLOSED_AT)
        stages = {s.name: s.closed for p in self.scope.schema.pipelines_of(of.name) if p.name == pipeline
                  for s in p.stages}  # fmt: skip
        closed, before = stages.get(to, False), stages.get(stood or "", False)
        if property_ is None or property_.derived is not None or closed == before:
            return
        now = at if property_.type.kind is Kind.DATETIME else zones.iso_date(zones.local_day(at, self.scope.zone))
        if property_.type.kind in (Kind.DATETIME, Kind.DATE):
            yield about | {"name": CLOSED_AT, "payload": orjson.dumps({"v": now if closed else None}).decode()}


def _told(of: ObjectType, row: Row, said: dict[str, str | None], stood: str | None) -> dict[str, object]:
    bucket, id_, _, at, _, key, _, _, _, pipeline, _ = row
    detail = {"from": said["from"], "to": said["to"], "stood": stood}
    return {
        "id": stable_hash(f"{LOST}/{bucket}/{at}/{key}"), "at": at, "by": said.get("by") or "", "act": LOST,
        "role": said.get("role") or "", "object": of.name, "record": id_, "pipeline": pipeline,
        "detail": orjson.dumps(detail).decode(),
    }  # fmt: skip
