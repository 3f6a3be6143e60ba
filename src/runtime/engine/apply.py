"""Apply: what has come into the inbox becomes facts, at its instant and not before (X2, X12).

Rows of one shape (same kind, object and fields) are applied together. Each fact that changed something leaves a touch.
"""

from __future__ import annotations

from dsl.schema.model import Association, EventKind, Kind, ObjectType

from ..query.scope import Scope
from ..store.dialect import json_value
from ..store.ids import bucket_of, stable_hash
from ..store.names import event_table, folded_column, link_table, quoted
from ..store.session import Session
from .touches import Touches

HOUR = 3_600_000_000
_COLUMNS = "bucket, at, key, rank, kind, object, id, name, fields, payload, live, received_at"
_TAKEN = _COLUMNS.replace("live", "CASE WHEN live THEN 1 ELSE 0 END")
# Kinds of inbox row in the order they are applied; commands are left in the batch for the phases that obey them.
_FACTS = ("record", "set", "add", "link", "unlink", "consent", "segment_add", "segment_remove", "event")


class Apply:
    def __init__(self, session: Session, scope: Scope, touches: Touches) -> None:
        self.session, self.scope, self.touches = session, scope, touches
        self.late = scope.program.project.limits.late_hours * HOUR

    def __call__(self, t: int) -> frozenset[str]:
        """Take in everything with an instant up to `t`. Gives back the kinds of row found, commands among them."""
        if not self.session.one("SELECT 1 FROM segue_inbox WHERE at <= :t LIMIT 1", t=t):
            return frozenset()
        self._take(t)
        shapes = self.session.run(
            "SELECT kind, object, name, fields FROM batch GROUP BY kind, object, name, fields ORDER BY 1, 2, 3, 4"
        )
        for fact in _FACTS:
            for kind, object_name, name, fields in shapes:
                if kind == fact:
                    self._fact(kind, object_name, name, fields, t)
        return frozenset(shape[0] for shape in shapes)

    def clear(self) -> None:
        self.session.run("DELETE FROM batch")

    def _take(self, t: int) -> None:
        if self.session.dialect == "sqlite":
            self.session.run(f"INSERT INTO batch SELECT {_TAKEN} FROM segue_inbox WHERE at <= :t", t=t)
            self.session.run("DELETE FROM segue_inbox WHERE at <= :t", t=t)
        else:
            self.session.run(
                f"WITH taken AS (DELETE FROM segue_inbox WHERE at <= :t RETURNING {_COLUMNS})"
                f" INSERT INTO batch SELECT {_TAKEN} FROM taken",
                t=t,
            )
        # Late facts count, but start nothing (X1). Late by the store's own clock: an engine that was down for a week
        # takes in what came meanwhile at its own instant.
        self.session.run("UPDATE batch SET live = 0 WHERE live = 1 AND at < :earliest", earliest=t - self.late)

    def _fact(self, kind: str, object_name: str, name: str | None, fields: str, t: int) -> None:
        match kind:
            case "record":
                self._record(self.scope.schema.objects[object_name], fields)
            case "set":
                self._property(
                    self.scope.schema.objects[object_name], name or "", _rows("set", object_name, name), "v", "n"
                )
            case "add":
                self._add(self.scope.schema.objects[object_name], name or "")
            case "link" | "unlink":
                association = self.scope.schema.objects[object_name].associations[name or ""]
                self._link(association) if kind == "link" else self._unlink(association)
            case "consent":
                self._consent(name or "")
            case "segment_add" | "segment_remove":
                self._member(kind, object_name, name or "", t)
            case "event":
                self._event(self.scope.schema.events[object_name], fields)

    # --- records ------------------------------------------------------------------------------

    def _record(self, of: ObjectType, fields: str) -> None:
        """New records are inserted whole; of known ones each property that is given is written (X34)."""
        names = [n for n in fields.split(",") if n in of.properties and of.properties[n].derived is None]
        values: dict[str, object] = {"object": of.name, "fields": fields}
        rows = (
            "SELECT b.*, row_number() OVER (PARTITION BY b.bucket, b.id ORDER BY b.at, b.rank, b.key) AS nth"
            " FROM batch b"
            " WHERE b.kind = 'record' AND b.object = :object AND b.fields = :fields"
        )
        unknown = f"NOT EXISTS (SELECT 1 FROM {quoted(of.name)} o WHERE o.bucket = r.bucket AND o.id = r.id)"
        created = self.touches.add(
            f"created {of.name}",
            f"SELECT r.bucket, r.id, r.at, CAST(NULL AS BIGINT) AS event_id, r.live FROM ({rows}) r WHERE r.nth"
            f" = 1 AND {unknown}",
            values,
        )
        if created:
            self._insert(of, names, rows, unknown, values)
            total = self.session.one(f"SELECT count(*) FROM ({rows}) r", **values)
            if total == created:
                return
        source = f"({rows}) b WHERE TRUE"
        for name in names:
            if name != "created_at":
                self._property(of, name, source, name, folded_column(name), values)

    def _insert(self, of: ObjectType, names: list[str], rows: str, unknown: str, values: dict[str, object]) -> None:
        columns, picked = ["bucket", "id", "external_id", "created_at"], ["r.bucket", "r.id"]
        picked.append(f"coalesce({self._json('r.payload', 'external_id', Kind.TEXT)}, CAST(r.id AS TEXT))")
        given = self._json("r.payload", "created_at", Kind.DATETIME)
        picked.append(f"coalesce({given}, r.at)" if "created_at" in names else "r.at")
        for name in names:
            if name != "created_at":
                kind = of.properties[name].type.kind
                columns += [name, folded_column(name)] if kind is Kind.TEXT else [name]
                picked.append(self._json("r.payload", name, kind))
                if kind is Kind.TEXT:
                    picked.append(self._json("r.payload", folded_column(name), kind))
        self.session.bound(
            f"INSERT INTO {quoted(of.name)} ({', '.join(quoted(c) for c in columns)})"
            f" SELECT {', '.join(picked)} FROM ({rows}) r WHERE r.nth = 1 AND {unknown}",
            values,
        )

    def _property(
        self, of: ObjectType, name: str, source: str, key: str, folded_key: str, values: dict[str, object] | None = None
    ) -> None:
        """Write one property of known records: one statement per write of the same record, the oldest first."""
        if name == "created_at":
            return
        values = {"object": of.name, "name": name} | (values or {})
        ranked = (
            "SELECT b.*, row_number() OVER (PARTITION BY b.bucket, b.id ORDER BY b.at, b.rank, b.key) AS turn"
            f" FROM {source}"
        )
        turns = self.session.one(
            f"SELECT max(n) FROM (SELECT count(*) AS n FROM {source} GROUP BY b.bucket, b.id) m", **values
        )
        if turns == 1:  # nearly always: no need to sort
            return self._write(of, name, f"SELECT b.* FROM {source}", key, folded_key, values)
        for turn in range(1, (turns or 0) + 1):
            self._write(of, name, f"SELECT * FROM ({ranked}) k WHERE k.turn = {turn}", key, folded_key, values)

    def _write(
        self, of: ObjectType, name: str, rows: str, key: str, folded_key: str, values: dict[str, object]
    ) -> None:
        kind, column = of.properties[name].type.kind, quoted(name)
        new = self._json("w.payload", key, kind)
        # A fact older than the present value's date does not undo it: the same file imported twice changes nothing.
        newer = (
            "NOT EXISTS (SELECT 1 FROM segue_property_history h WHERE h.bucket = w.bucket AND h.object = :object"
            " AND h.id = w.id AND h.property = :property AND h.at > w.at)"
        )
        changed = (
            f"SELECT w.bucket, w.id, w.at, CAST(NULL AS BIGINT) AS event_id, w.live, w.key, o.{column} AS old,"
            f" {new} AS new"
            f" FROM ({rows}) w JOIN {quoted(of.name)} o ON o.bucket = w.bucket AND o.id = w.id"
            f" WHERE o.{column} IS DISTINCT FROM {new} AND {newer}"
        )
        values = values | {"property": name, "object": of.name}
        token = f"{of.name}.{name}"
        if not self.touches.add(token, changed, values):
            return
        self.session.bound(
            "INSERT INTO segue_property_history (bucket, object, id, property, at, seq, old, new, cause)"
            " SELECT c.bucket, :object, c.id, :property, c.at, (SELECT count(*) FROM segue_property_history h"
            " WHERE h.bucket = c.bucket AND h.object = :object AND h.id = c.id AND h.property = :property AND"
            " h.at = c.at),"
            f" CAST(c.old AS TEXT), CAST(c.new AS TEXT), c.key FROM ({changed}) c"
            " WHERE c.old IS NOT NULL OR EXISTS (SELECT 1 FROM segue_property_history h WHERE h.bucket = c.bucket"
            " AND h.object = :object AND h.id = c.id AND h.property = :property)",
            values,
        )
        sets = f"{column} = {self._json('w.payload', key, kind)}"
        if kind is Kind.TEXT:
            sets += f", {quoted(folded_column(name))} = {self._json('w.payload', folded_key, kind)}"
        self.session.bound(
            f"UPDATE {quoted(of.name)} AS o SET {sets} FROM ({rows}) w WHERE o.bucket = w.bucket AND o.id = w.id"
            " AND EXISTS (SELECT 1 FROM touch x WHERE x.token = :token AND x.fresh = 0 AND x.bucket = o.bucket"
            " AND x.id = o.id)"
            f" AND (NOT EXISTS (SELECT 1 FROM segue_property_history h WHERE h.bucket = w.bucket AND h.object = :object"
            f" AND h.id = w.id AND h.property = :property AND h.at > w.at))",
            values | {"token": token},
        )

    def _add(self, of: ObjectType, name: str) -> None:
        """Additions of one instant sum up (X23): they become one write."""
        self.session.run(
            "INSERT INTO batch SELECT b.bucket, max(b.at), max(b.key), 0, 'sum', b.object, b.id, b.name, '',"
            f" {self._sum(of, name)}, max(b.live), max(b.received_at) FROM batch b"
            " WHERE b.kind = 'add' AND b.object = :object AND b.name = :name GROUP BY b.bucket, b.object, b.id, b.name",
            object=of.name,
            name=name,
        )
        self._property(of, name, _rows("sum", of.name, name), "v", "n")

    def _sum(self, of: ObjectType, name: str) -> str:
        present = f"(SELECT o.{quoted(name)} FROM {quoted(of.name)} o WHERE o.bucket = b.bucket AND o.id = b.id)"
        total = f"coalesce({present}, 0) + sum({self._json('b.payload', 'v', Kind.NUMBER)})"
        if self.session.dialect == "sqlite":
            return f"json_object('v', {total})"
        return f"CAST(jsonb_build_object('v', {total}) AS text)"

    # --- links, consent, static segments ------------------------------------------------------

    def _link(self, a: Association) -> None:
        """Both directions are kept; the new end of a to-one association replaces the old."""
        values: dict[str, object] = {"object": a.owner, "name": a.name}
        to = self._json("b.payload", "to", Kind.RECORD)
        rows = (
            f"SELECT b.bucket, b.id, {to} % 256 AS to_bucket, {to} AS to_id, min(b.at) AS at, max(b.live) AS"
            " live FROM batch b WHERE b.kind = 'link' AND b.object = :object AND b.name = :name GROUP BY"
            f" b.bucket, b.id, {to}"
        )
        there, back = quoted(link_table(a.owner, a.name)), quoted(link_table(a.target, a.inverse))
        fresh = (
            f"SELECT r.* FROM ({rows}) r WHERE NOT EXISTS (SELECT 1 FROM {there} l WHERE l.bucket = r.bucket"
            " AND l.id = r.id AND l.to_bucket = r.to_bucket AND l.to_id = r.to_id)"
        )
        ends = (
            "SELECT f.to_bucket AS bucket, f.to_id AS id, f.at, CAST(NULL AS BIGINT) AS event_id, f.live FROM"
            f" ({fresh}) f"
        )
        self.touches.add(f"link {a.target}.{a.inverse}", ends, values)
        if not self.touches.add(
            f"link {a.owner}.{a.name}",
            f"SELECT f.bucket, f.id, f.at, CAST(NULL AS BIGINT) AS event_id, f.live FROM ({fresh}) f",
            values,
        ):
            return
        if not a.many:
            self._release(a, there, back, values, rows)
        self.session.bound(
            f"INSERT INTO {back} (bucket, id, to_bucket, to_id, at) SELECT f.to_bucket, f.to_id, f.bucket,"
            f" f.id, f.at FROM ({fresh}) f WHERE TRUE ON CONFLICT DO NOTHING",
            values,
        )
        self.session.bound(
            f"INSERT INTO {there} (bucket, id, to_bucket, to_id, at) SELECT f.bucket, f.id, f.to_bucket,"
            f" f.to_id, f.at FROM ({fresh}) f WHERE TRUE ON CONFLICT DO NOTHING",
            values,
        )

    def _release(self, a: Association, there: str, back: str, values: dict[str, object], rows: str) -> None:
        held = (
            "SELECT l.to_bucket AS bucket, l.to_id AS id, l.bucket AS to_bucket, l.id AS to_id, r.at, r.live"
            f" FROM ({rows}) r JOIN {there} l ON l.bucket = r.bucket AND l.id = r.id WHERE l.to_id <> r.to_id"
        )
        if self.touches.add(
            f"link {a.target}.{a.inverse}",
            f"SELECT h.bucket, h.id, h.at, CAST(NULL AS BIGINT) AS event_id, h.live FROM ({held}) h",
            values,
        ):
            self.session.bound(
                f"DELETE FROM {back} WHERE (bucket, id, to_bucket, to_id) IN (SELECT h.bucket, h.id,"
                f" h.to_bucket, h.to_id FROM ({held}) h)",
                values,
            )
            self.session.bound(
                f"DELETE FROM {there} WHERE (bucket, id) IN (SELECT r.bucket, r.id FROM ({rows}) r)", values
            )

    def _unlink(self, a: Association) -> None:
        values: dict[str, object] = {"object": a.owner, "name": a.name}
        to = self._json("b.payload", "to", Kind.RECORD)
        rows = (
            f"SELECT b.bucket, b.id, {to} % 256 AS to_bucket, {to} AS to_id, b.at, b.live FROM batch b WHERE"
            " b.kind = 'unlink' AND b.object = :object AND b.name = :name"
        )
        there, back = quoted(link_table(a.owner, a.name)), quoted(link_table(a.target, a.inverse))
        self.touches.add(
            f"link {a.owner}.{a.name}",
            f"SELECT r.bucket, r.id, r.at, CAST(NULL AS BIGINT) AS event_id, r.live FROM ({rows}) r",
            values,
        )
        self.touches.add(
            f"link {a.target}.{a.inverse}",
            "SELECT r.to_bucket AS bucket, r.to_id AS id, r.at, CAST(NULL AS BIGINT) AS event_id, r.live FROM"
            f" ({rows}) r",
            values,
        )
        self.session.bound(
            f"DELETE FROM {there} WHERE (bucket, id, to_bucket, to_id) IN (SELECT bucket, id, to_bucket, to_id"
            f" FROM ({rows}) r)",
            values,
        )
        self.session.bound(
            f"DELETE FROM {back} WHERE (bucket, id, to_bucket, to_id) IN (SELECT to_bucket, to_id, bucket, id"
            f" FROM ({rows}) r)",
            values,
        )

    def _consent(self, topic: str) -> None:
        """A later choice replaces an earlier one. `subscribe` of a rule never lifts an opt-out (X24)."""
        values: dict[str, object] = {"topic": topic}
        j = {n: self._json("b.payload", n, Kind.TEXT) for n in ("state", "basis", "source", "words")}
        rows = (
            "SELECT b.*, row_number() OVER (PARTITION BY b.bucket, b.id ORDER BY b.at DESC, b.rank DESC, b.key"
            " DESC) AS nth FROM batch b WHERE b.kind = 'consent' AND b.name = :topic"
        )
        self.touches.add(
            f"consent {topic}",
            f"SELECT r.bucket, r.id, r.at, CAST(NULL AS BIGINT) AS event_id, r.live FROM ({rows}) r WHERE r.nth = 1",
            values,
        )
        self.session.bound(
            "INSERT INTO segue_consent (bucket, id, topic, state, at, basis, source, words)"
            f" SELECT b.bucket, b.id, :topic, {j['state']}, b.at, {j['basis']}, {j['source']}, {j['words']}"
            f" FROM ({rows}) b WHERE b.nth = 1"
            " ON CONFLICT (bucket, id, topic) DO UPDATE SET state = excluded.state, at = excluded.at, basis ="
            " excluded.basis,"
            " source = excluded.source, words = excluded.words WHERE excluded.at >= segue_consent.at"
            " AND NOT (excluded.source = 'rule' AND segue_consent.state = 'opted_out')",
            values,
        )

    def _member(self, kind: str, object_name: str, name: str, t: int) -> None:
        """Static segments are changed by hand, by import or by a rule (G1)."""
        number = self.scope.segment_ids.get(name)
        if number is None:
            return
        values: dict[str, object] = {"object": object_name, "name": name, "number": number, "kind": kind}
        now = (
            "EXISTS (SELECT 1 FROM segue_membership m WHERE m.segment_id = :number AND m.bucket = b.bucket AND"
            " m.id = b.id AND m.left_at IS NULL)"
        )
        wanted = f"NOT {now}" if kind == "segment_add" else now
        rows = (
            "SELECT b.bucket, b.id, max(b.at) AS at, CAST(NULL AS BIGINT) AS event_id, max(b.live) AS live"
            f" FROM batch b WHERE b.kind = :kind AND b.object = :object AND b.name = :name AND {wanted} GROUP"
            " BY b.bucket, b.id"
        )
        if not self.touches.add(f"segment {name}", rows, values):
            return
        values["t"] = t
        if kind == "segment_add":
            self.session.bound(
                "INSERT INTO segue_membership (bucket, segment_id, id, joined_at) SELECT r.bucket, :number,"
                f" r.id, :t FROM ({rows}) r WHERE TRUE ON CONFLICT (bucket, segment_id, id, joined_at) DO"
                " UPDATE SET left_at = NULL",
                values,
            )
        else:
            self.session.bound(
                "UPDATE segue_membership SET left_at = :t WHERE segment_id = :number AND left_at IS NULL AND"
                f" (bucket, id) IN (SELECT r.bucket, r.id FROM ({rows}) r)",
                values,
            )

    # --- events -------------------------------------------------------------------------------

    def _event(self, kind: EventKind, fields: str) -> None:
        """Append-only, once per id; count, first and last per record are kept at ingestion."""
        table, token = quoted(event_table(kind.name)), f"event {kind.name}"
        values: dict[str, object] = {"object": kind.name, "fields": fields}
        number = self._json("b.payload", "id", Kind.RECORD)
        class_ = f"coalesce({self._json('b.payload', 'class', Kind.TEXT)}, 'human')" if kind.classed else "'human'"
        rows = (
            f"SELECT b.bucket, b.id, b.at, {number} AS event_id, b.live, b.payload, {class_} AS class FROM"
            " batch b WHERE b.kind = 'event' AND b.object = :object AND b.fields = :fields"
        )
        fresh = (
            f"SELECT r.* FROM ({rows}) r WHERE NOT EXISTS (SELECT 1 FROM {table} v WHERE v.bucket = r.bucket"
            " AND v.record_id = r.id AND v.at = r.at AND v.id = r.event_id)"
        )
        if not self.touches.add(
            token, f"SELECT DISTINCT f.bucket, f.id, f.at, f.event_id, f.live FROM ({fresh}) f", values
        ):
            return
        self.session.bound(
            "INSERT INTO segue_activity (bucket, id, event, count, first_at, last_at)"
            f" SELECT f.bucket, f.id, :object, count(DISTINCT f.event_id), min(f.at), max(f.at) FROM ({fresh})"
            " f WHERE f.class = 'human'"
            " GROUP BY f.bucket, f.id ON CONFLICT (bucket, id, event) DO UPDATE SET count ="
            " segue_activity.count + excluded.count,"
            f" first_at = {self._pick('min', 'first_at')}, last_at = {self._pick('max', 'last_at')}",
            values,
        )
        columns, picked = self._event_columns(kind, fields)
        self.session.bound(
            f"INSERT INTO {table} ({columns}) SELECT {picked} FROM ({rows}) r WHERE TRUE ON CONFLICT DO NOTHING", values
        )
        self._follow(kind.name, fields)

    def _event_columns(self, kind: EventKind, fields: str) -> tuple[str, str]:
        columns, picked = ["bucket", "record_id", "at", "id"], ["r.bucket", "r.id", "r.at", "r.event_id"]
        if kind.classed:
            columns.append("class")
            picked.append("r.class")
        if kind.mail:
            columns += ["enrollment_id", "ordinal"]
            picked += [
                self._json("r.payload", "enrollment", Kind.RECORD),
                self._json("r.payload", "ordinal", Kind.RECORD),
            ]
        for name in fields.split(","):
            if name in kind.fields:
                type_ = kind.fields[name].type.kind
                columns.append(quoted(name))
                picked.append(self._json("r.payload", name, type_))
                if type_ is Kind.TEXT:
                    columns.append(quoted(folded_column(name)))
                    picked.append(self._json("r.payload", folded_column(name), type_))
        return ", ".join(columns), ", ".join(picked)

    def _pick(self, which: str, column: str) -> str:
        name = which if self.session.dialect == "sqlite" else {"min": "least", "max": "greatest"}[which]
        return f"{name}(segue_activity.{column}, excluded.{column})"

    def _follow(self, kind: str, fields: str) -> None:
        """What the standard events mean for consent and suppression (X9, L3, L11)."""
        if kind in ("subscribed", "unsubscribed") and "topic" in fields.split(","):
            self._choose(kind)
        elif kind == "unsubscribed":
            self._suppress(kind, "b.topic IS NULL" if "topic" in self.scope.schema.events[kind].fields else "TRUE")
        elif kind == "marked_spam":
            self._suppress(kind, "TRUE")
        elif kind == "bounced":
            self._suppress(kind, "b.kind = 'hard'")

    def _choose(self, kind: str) -> None:
        state = "opted_in" if kind == "subscribed" else "opted_out"
        topics = self.session.run(
            f"SELECT DISTINCT v.topic FROM touch x JOIN {event_table(kind)} v ON v.bucket = x.bucket AND"
            " v.record_id = x.id AND v.at = x.at AND v.id = x.event_id WHERE x.token = :token AND x.fresh = 0",
            token=f"event {kind}",
        )
        for (topic,) in topics:
            values: dict[str, object] = {"token": f"event {kind}", "topic": topic, "state": state}
            rows = (
                "SELECT x.bucket, x.id, max(x.at) AS at, CAST(NULL AS BIGINT) AS event_id, max(x.live) AS live"
                f" FROM touch x JOIN {event_table(kind)} v ON v.bucket = x.bucket AND v.record_id = x.id AND"
                " v.at = x.at AND v.id = x.event_id WHERE x.token = :token AND x.fresh = 0 AND v.topic = :topic"
                " GROUP BY x.bucket, x.id"
            )
            self.session.bound(
                "INSERT INTO segue_consent (bucket, id, topic, state, at, basis, source) SELECT r.bucket,"
                f" r.id, :topic, :state, r.at, 'own act', 'event' FROM ({rows}) r WHERE TRUE ON CONFLICT"
                " (bucket, id, topic) DO UPDATE SET state = excluded.state, at = excluded.at, source ="
                " excluded.source WHERE excluded.at >= segue_consent.at",
                values,
            )
            mark = {key: value for key, value in values.items() if key != "token"} | {"event": f"event {kind}"}
            self.touches.add(f"consent {topic}", rows.replace(":token", ":event"), mark)

    def _suppress(self, kind: str, which: str) -> None:
        """The few addresses concerned are suppressed under their own bucket, on the address as on the person (L3)."""
        reason = {"bounced": "bounce", "marked_spam": "spam", "unsubscribed": "unsubscribed"}[kind]
        found = self.session.run(
            f"SELECT c.email__n, x.at FROM touch x JOIN {event_table(kind)} b ON b.bucket = x.bucket AND"
            " b.record_id = x.id AND b.at = x.at AND b.id = x.event_id"
            " JOIN contact c ON c.bucket = x.bucket AND c.id = x.id WHERE x.token = :token AND x.fresh = 0 AND"
            f" {which} AND c.email__n IS NOT NULL",
            token=f"event {kind}",
        )
        self.session.many(
            "INSERT INTO segue_suppression (bucket, address, reason, at) VALUES (:bucket, :address, :reason,"
            " :at) ON CONFLICT DO NOTHING",
            [
                {"bucket": bucket_of(stable_hash(address)), "address": address, "reason": reason, "at": at}
                for address, at in found
            ],
        )

    def _json(self, payload: str, name: str, kind: Kind) -> str:
        return json_value(self.session.dialect, payload, name, kind)


def _rows(kind: str, object_name: str, name: str | None) -> str:
    return f"batch b WHERE b.kind = '{kind}' AND b.object = :object AND b.name = :name"
