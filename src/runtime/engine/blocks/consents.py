"""`subscribe` and `unsubscribe`: a rule's word on consent, heard by the next pass like a person's own (X24)."""

from __future__ import annotations

from dsl.program.blocks import Subscribe, Unsubscribe

from ...store.dialect import json_object
from ...store.ids import made_sql
from ...store.names import folded, folded_column
from ..rows import TO_INBOX
from .moving import FROM, HERE, KEY, Group, Moving


class Consents(Moving):
    def subscribe(self, g: Group, block: Subscribe, now: int) -> None:
        """Basis and text are recorded; an opt-out stays one."""
        assert block.because is not None  # the checker demands it
        words, _ = self.texts.choose(
            block.because, g.version.pinned.object, f"SELECT m.bucket, m.id FROM mover m WHERE {HERE}", g.values, now
        )
        definition, who = self.rules.by_id[g.version.definition_id].definition, self.meant(g, "contact")
        pairs = [("state", "'opted_in'"), ("source", "'rule'"), ("basis", "CAST(:basis AS TEXT)"), ("words", words)]
        self.session.bound(
            f"{TO_INBOX} SELECT {who} % 256, :now, {KEY}, e.contact_id, 'consent', 'contact', {who}, :topic, '',"
            f" {json_object(self.session.dialect, pairs)}, TRUE, :now FROM mover m CROSS JOIN segue_enrollment e"
            f" CROSS JOIN chosen c WHERE {HERE} AND e.bucket = m.bucket AND e.id = m.id AND c.bucket = e.bucket"
            " AND c.id = e.id",
            g.values | {"now": now, "topic": block.topic, "basis": f"{definition.kind} {definition.name}"},
        )
        self.session.run("DELETE FROM chosen")
        self.step(g, block.next, now, "subscribe", block.topic)

    def unsubscribe(self, g: Group, block: Unsubscribe, now: int) -> None:
        """The event that an unsubscribe link makes: it ends what sends this topic (X9)."""
        pairs, who = [("id", made_sql("e.bucket", "e.id", "e.ordinal + 1"))], self.meant(g, "contact")
        values: dict[str, object] = {}
        fields = ""
        if block.topic is not None:
            fields, values = "topic", {"topic": block.topic, "folded": folded(block.topic)}
            pairs += [("topic", "CAST(:topic AS TEXT)"), (folded_column("topic"), "CAST(:folded AS TEXT)")]
        self.session.bound(
            f"{TO_INBOX} SELECT {who} % 256, :now, {KEY}, e.contact_id, 'event', 'unsubscribed', {who}, NULL,"
            " :fields,"
            f" {json_object(self.session.dialect, pairs)}, TRUE, :now {FROM}",
            g.values | values | {"now": now, "fields": fields},
        )
        self.step(g, block.next, now, "unsubscribe", block.topic or "all")
