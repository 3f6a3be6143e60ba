"""Choices: people's consent per topic (X24), and who is put into static segments by hand, import or rule (G1)."""

from __future__ import annotations

from dsl.schema.model import Kind

from .facts import Facts

# Of a row of segue_consent, whether the choice to be written replaces it: a refusal holds against one as old (L8).
LATER = (
    "(excluded.at > segue_consent.at OR excluded.at = segue_consent.at AND"
    " (segue_consent.state = 'opted_in' OR excluded.state = 'opted_out'))"
)


class Choices(Facts):
    def consent(self, topic: str) -> None:
        """A later choice replaces an earlier one; of two of one instant the refusal counts (L8). `subscribe` of a rule
        never lifts an opt-out (X24)."""
        values: dict[str, object] = {"topic": topic}
        j = {n: self.json("b.payload", n, Kind.TEXT) for n in ("state", "basis", "source", "words")}
        order = f"b.at DESC, CASE {j['state']} WHEN 'opted_out' THEN 0 ELSE 1 END, b.rank DESC, b.key DESC"
        rows = (
            f"SELECT b.*, row_number() OVER (PARTITION BY b.bucket, b.id ORDER BY {order}) AS nth FROM batch b"
            " WHERE b.kind = 'consent' AND b.name = :topic"
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
            " source = excluded.source, words = excluded.words WHERE "
            f"{LATER} AND NOT (coalesce(excluded.source, '') = 'rule' AND segue_consent.state = 'opted_out')",
            values,
        )

    def member(self, kind: str, object_name: str, name: str, t: int) -> None:
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
                f" r.id, :t FROM ({rows}) r WHERE TRUE ON CONFLICT (segment_id, bucket, id, joined_at) DO"
                " UPDATE SET left_at = NULL",
                values,
            )
        else:
            self.session.bound(
                "UPDATE segue_membership SET left_at = :t WHERE segment_id = :number AND left_at IS NULL AND"
                f" (bucket, id) IN (SELECT r.bucket, r.id FROM ({rows}) r)",
                values,
            )
