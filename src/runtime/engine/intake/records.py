"""Records and their properties: new ones whole, known ones property by property, with history (X34)."""

from __future__ import annotations

from collections.abc import Mapping

from dsl.schema.model import Kind, ObjectType

from ...store.names import folded_column, quoted
from ...store.session import placeholders
from .facts import Facts


class Records(Facts):
    def record(self, of: ObjectType, shapes: list[str]) -> None:
        """New records begin whole with the first that is said of them; of known ones each property that is given is
        written (X34). What is said in several shapes is taken in the order of its instants."""
        values: dict[str, object] = {"object": of.name}
        rows = (
            "SELECT b.*, row_number() OVER (PARTITION BY b.bucket, b.id ORDER BY b.at, b.rank, b.key) AS nth"
            " FROM batch b WHERE b.kind = 'record' AND b.object = :object"
        )
        unknown = f"NOT EXISTS (SELECT 1 FROM {quoted(of.name)} o WHERE o.bucket = r.bucket AND o.id = r.id)"
        created = self.touches.add(
            f"created {of.name}",
            f"SELECT r.bucket, r.id, r.at, CAST(NULL AS BIGINT) AS event_id, r.live FROM ({rows}) r WHERE r.nth"
            f" = 1 AND {unknown}",
            values,
        )
        if created:
            for fields in shapes:
                first = f"{unknown} AND r.fields = :fields"
                self._insert(of, _given(of, fields), rows, first, values | {"fields": fields})
            total = self.session.one("SELECT count(*) FROM batch WHERE kind = 'record' AND object = :object", **values)
            if total == created:
                return
        for name in sorted({name for fields in shapes for name in _given(of, fields)}):
            told = values.copy()
            those = placeholders("shape", [fields for fields in shapes if name in fields.split(",")], told)
            source = f"batch b WHERE b.kind = 'record' AND b.object = :object AND b.fields IN ({those})"
            self._property(of, name, source, name, folded_column(name), told)

    def _insert(self, of: ObjectType, names: list[str], rows: str, unknown: str, values: dict[str, object]) -> None:
        columns, picked = ["bucket", "id", "external_id", "created_at"], ["r.bucket", "r.id"]
        picked.append(f"coalesce({self.json('r.payload', 'external_id', Kind.TEXT)}, CAST(r.id AS TEXT))")
        given = self.json("r.payload", "created_at", Kind.DATETIME)
        picked.append(f"coalesce({given}, r.at)" if "created_at" in names else "r.at")
        for name in names:
            if name != "created_at":
                kind = of.properties[name].type.kind
                columns += [name, folded_column(name)] if kind is Kind.TEXT else [name]
                picked.append(self.json("r.payload", name, kind))
                if kind is Kind.TEXT:
                    picked.append(self.json("r.payload", folded_column(name), kind))
        self.session.bound(
            f"INSERT INTO {quoted(of.name)} ({', '.join(quoted(c) for c in columns)})"
            f" SELECT {', '.join(picked)} FROM ({rows}) r WHERE r.nth = 1 AND {unknown}",
            values,
        )

    def written(self, of: ObjectType, name: str) -> None:
        """`set` rows of one property."""
        self._property(of, name, _rows("set"), "v", "n")

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
        kind = of.properties[name].type.kind
        columns = {quoted(name): self.json("w.payload", key, kind)}
        if kind is Kind.TEXT:
            columns[quoted(folded_column(name))] = self.json("w.payload", folded_key, kind)
        values = values | {"property": name, "object": of.name, "token": f"{of.name}.{name}"}
        changed = _changed(of, rows, columns)
        if self.touches.add(f"{of.name}.{name}", changed, values):
            self._keep_history(changed, values)
            sets = ", ".join(f"{column} = {new}" for column, new in columns.items())
            self.session.bound(
                f"UPDATE {quoted(of.name)} AS o SET {sets} FROM ({rows}) w WHERE o.bucket = w.bucket AND o.id = w.id"
                " AND EXISTS (SELECT 1 FROM touch x WHERE x.token = :token AND x.fresh = 0 AND x.bucket = o.bucket"
                f" AND x.id = o.id) AND {_NEWER}",
                values,
            )

    def _keep_history(self, changed: str, values: dict[str, object]) -> None:
        """A first value writes no history row (X34)."""
        before = (
            "FROM segue_property_history h WHERE h.bucket = c.bucket AND h.object = :object AND h.id = c.id"
            " AND h.property = :property"
        )
        self.session.bound(
            "INSERT INTO segue_property_history (bucket, object, id, property, at, seq, old, new, old_n, new_n, cause)"
            f" SELECT c.bucket, :object, c.id, :property, c.at, (SELECT count(*) {before} AND h.at = c.at),"
            " CAST(c.old AS TEXT), CAST(c.new AS TEXT), CAST(c.old_n AS TEXT), CAST(c.new_n AS TEXT), c.key"
            f" FROM ({changed}) c WHERE c.old IS NOT NULL OR EXISTS (SELECT 1 {before})",
            values,
        )

    def add(self, of: ObjectType, name: str) -> None:
        """Additions of one instant sum up (X23): they become one write."""
        self.session.run(
            "INSERT INTO batch SELECT b.bucket, max(b.at), max(b.key), 0, 'sum', b.object, b.id, b.name, '',"
            f" {self._sum(of, name)}, max(b.live), max(b.received_at) FROM batch b"
            " WHERE b.kind = 'add' AND b.object = :object AND b.name = :name GROUP BY b.bucket, b.object, b.id, b.name",
            object=of.name,
            name=name,
        )
        self._property(of, name, _rows("sum"), "v", "n")

    def _sum(self, of: ObjectType, name: str) -> str:
        present = f"(SELECT o.{quoted(name)} FROM {quoted(of.name)} o WHERE o.bucket = b.bucket AND o.id = b.id)"
        total = f"coalesce({present}, 0) + sum({self.json('b.payload', 'v', Kind.NUMBER)})"
        if self.session.dialect == "sqlite":
            return f"json_object('v', {total})"
        return f"CAST(jsonb_build_object('v', {total}) AS text)"


# A fact older than the present value's date does not undo it: the same file imported twice changes nothing.
_NEWER = (
    "NOT EXISTS (SELECT 1 FROM segue_property_history h WHERE h.bucket = w.bucket AND h.object = :object"
    " AND h.id = w.id AND h.property = :property AND h.at > w.at)"
)


def _changed(of: ObjectType, rows: str, columns: Mapping[str, str]) -> str:
    """Those whose value becomes another, with both. Of a text the history keeps both forms: as it was written and as it
    is compared (X31)."""
    (column, new), *folded = columns.items()
    old_n, new_n = (f"o.{folded[0][0]}", folded[0][1]) if folded else ("NULL", "NULL")
    return (
        f"SELECT w.bucket, w.id, w.at, CAST(NULL AS BIGINT) AS event_id, w.live, w.key, o.{column} AS old,"
        f" {new} AS new, {old_n} AS old_n, {new_n} AS new_n"
        f" FROM ({rows}) w JOIN {quoted(of.name)} o ON o.bucket = w.bucket AND o.id = w.id"
        f" WHERE o.{column} IS DISTINCT FROM {new} AND {_NEWER}"
    )


def _given(of: ObjectType, fields: str) -> list[str]:
    return [n for n in fields.split(",") if n in of.properties and of.properties[n].derived is None]


def _rows(kind: str) -> str:
    return f"batch b WHERE b.kind = '{kind}' AND b.object = :object AND b.name = :name"
