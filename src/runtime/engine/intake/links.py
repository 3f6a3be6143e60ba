"""Links between records. Both directions are kept, each in the table of its own association."""

from __future__ import annotations

from dsl.schema.model import Association, Kind

from ...store.names import link_table, quoted
from .facts import Facts


class Links(Facts):
    def last_words(self, a: Association) -> None:
        """Of what is said of one pair of records at once, from either side, the last word counts."""
        to = self.json("b.payload", "to", Kind.RECORD)
        kinds = "kind IN ('link', 'unlink')"
        said = (
            f"SELECT b.bucket, b.at, b.key, b.rank, b.id AS one, {to} AS other FROM batch b WHERE b.{kinds}"
            f" AND b.object = :owner AND b.name = :name UNION ALL SELECT b.bucket, b.at, b.key, b.rank, {to}, b.id"
            f" FROM batch b WHERE b.{kinds} AND b.object = :target AND b.name = :inverse"
        )
        self.session.run(
            f"DELETE FROM batch WHERE {kinds} AND (bucket, at, key) IN (SELECT z.bucket, z.at, z.key FROM (SELECT"
            " k.bucket, k.at, k.key, row_number() OVER (PARTITION BY k.one, k.other ORDER BY k.at DESC, k.rank DESC,"
            f" k.key DESC) AS nth FROM ({said}) k) z WHERE z.nth > 1)",
            owner=a.owner, name=a.name, target=a.target, inverse=a.inverse,
        )  # fmt: skip

    def link(self, a: Association) -> None:
        """Both directions are kept; the new end of a to-one association replaces the old, and of several new ones the
        last stays. A link told from the side of the many is one of the other side's."""
        values: dict[str, object] = {"object": a.owner, "name": a.name}
        to = self.json("b.payload", "to", Kind.RECORD)
        told = (
            f"SELECT b.bucket, b.id, {to} % 256 AS to_bucket, {to} AS to_id, b.at, b.live, b.rank, b.key FROM batch b"
            " WHERE b.kind = 'link' AND b.object = :object AND b.name = :name"
        )
        back = self.scope.schema.objects[a.target].associations[a.inverse]
        if a.many and not back.many:
            a = back
            told = (
                "SELECT k.to_bucket AS bucket, k.to_id AS id, k.bucket AS to_bucket, k.id AS to_id, k.at, k.live,"
                f" k.rank, k.key FROM ({told}) k"
            )
        if not a.many:
            told = (
                "SELECT z.* FROM (SELECT k.*, row_number() OVER (PARTITION BY k.bucket, k.id ORDER BY k.at DESC,"
                f" k.rank DESC, k.key DESC) AS nth FROM ({told}) k) z WHERE z.nth = 1"
            )
        self._link(a, told, values)

    def _link(self, a: Association, told: str, values: dict[str, object]) -> None:
        rows = (
            "SELECT k.bucket, k.id, k.to_bucket, k.to_id, min(k.at) AS at, max(k.live) AS live"
            f" FROM ({told}) k GROUP BY k.bucket, k.id, k.to_bucket, k.to_id"
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

    def unlink(self, a: Association) -> None:
        values: dict[str, object] = {"object": a.owner, "name": a.name}
        to = self.json("b.payload", "to", Kind.RECORD)
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
