"""Deletion of a record (X9, M24): what says who it was goes, what happened stays under its number alone, so that no
figure shrinks."""

from __future__ import annotations

from dsl.schema.model import Kind, ObjectType
from dsl.schema.standard import ACTIVITY_OBJECTS

from ...query.points import score_id
from ...store.names import event_table, folded_column, link_table, quoted
from .facts import Facts
from .said import forget

_SORTS = ("outcome", "kind")  # texts that sort calls, meetings and tasks: figures count by them
DELETED = "deleted "  # the token of a touch: with the object's name


class Deletions(Facts):
    def delete(self, of: ObjectType, t: int) -> None:
        """Its record, links, history of values and memberships end; its mails keep neither address nor subject, its
        events no free text, its tasks and notifications no words. Consent stays: somebody who comes back has still
        opted out."""
        rows = (
            "SELECT DISTINCT b.bucket, b.id, b.at, CAST(NULL AS BIGINT) AS event_id, b.live FROM batch b CROSS JOIN"
            f" {quoted(of.name)} r WHERE b.kind = 'delete' AND b.object = :object AND r.bucket = b.bucket"
            " AND r.id = b.id"
        )
        if not self.touches.add(DELETED + of.name, rows, {"object": of.name}):
            return
        gone = "(SELECT x.bucket, x.id FROM touch x WHERE x.token = :token AND x.fresh = 0)"
        values: dict[str, object] = {"token": DELETED + of.name}
        if of.name == "contact":
            self._remember(of, gone, values)
            self._written_down(of, gone, values)
        for association in of.associations.values():
            self._unlink(of.name, association.name, association.target, association.inverse, gone, values)
        self.session.bound(
            f"UPDATE segue_membership SET left_at = :t WHERE left_at IS NULL AND (bucket, id) IN {gone} AND segment_id"
            " IN (SELECT g.id FROM segue_segment g WHERE g.object = :object)",
            values | {"t": t, "object": of.name},
        )
        self._points(of, gone, values | {"t": t})
        self.session.bound(
            f"DELETE FROM segue_property_history WHERE object = :object AND (bucket, id) IN {gone}",
            values | {"object": of.name},
        )
        self._texts(of, gone, values)
        self._by_hand(of, gone, values)
        forget(self.session, of.name, gone, values, notes="note" in self.scope.schema.objects)
        for statement in (
            "UPDATE segue_outbox SET address = NULL, subject = NULL, payload = NULL WHERE settled_at IS NOT NULL AND",
            "UPDATE segue_task SET title = '(deleted)' WHERE",
            "UPDATE segue_notification SET words = '(deleted)' WHERE",
        ):
            self.session.bound(f"{statement} (bucket, contact_id) IN {gone}", values)
        self.session.bound(f"DELETE FROM {quoted(of.name)} WHERE (bucket, id) IN {gone}", values)

    def _points(self, of: ObjectType, gone: str, values: dict[str, object]) -> None:
        """No condition holds for who is gone: the points for it end, as the membership does (X35), and it is planned
        when that leaves a window. Those for events stay with the events."""
        those = gone.replace(":token", ":deleted")
        rows = f"SELECT g.bucket, g.id, :t AS at, CAST(NULL AS BIGINT) AS event_id, 0 AS live FROM {those} g"
        for score in self.scope.program.scores.values():
            if score.object != of.name or all(rule.condition is None for rule in score.rules):
                continue
            ended = self.session.count(
                "INSERT INTO segue_award (bucket, score_id, id, at, rule, day, points)"
                " SELECT a.bucket, a.score_id, a.id, :t, a.rule, NULL, -sum(a.points)"
                f" FROM {gone} g CROSS JOIN segue_award a WHERE a.bucket = g.bucket AND a.score_id = :score"
                " AND a.id = g.id AND a.day IS NULL GROUP BY a.bucket, a.score_id, a.id, a.rule"
                " HAVING sum(a.points) <> 0 ON CONFLICT (bucket, score_id, id, at, rule)"
                " DO UPDATE SET points = segue_award.points + excluded.points",
                values | {"score": score_id(score.name)},
            )
            if ended:
                self.touches.add(f"score {score.name}", rows, {"t": values["t"], "deleted": values["token"]})

    def _remember(self, of: ObjectType, gone: str, values: dict[str, object]) -> None:
        """Whose company and deals they were, while they are in figures."""
        for name in sorted(of.associations.keys() & {"company", "deal"}):
            self.session.bound(
                "INSERT INTO segue_tombstone (bucket, id, name, to_bucket, to_id, at)"
                " SELECT l.bucket, l.id, CAST(:name AS TEXT), l.to_bucket, l.to_id, l.at FROM"
                f" {quoted(link_table(of.name, name))} l WHERE (l.bucket, l.id) IN {gone} AND EXISTS (SELECT 1 FROM"
                " segue_enrollment e WHERE e.bucket = l.bucket AND e.contact_id = l.id) ON CONFLICT DO NOTHING",
                values | {"name": name},
            )

    def _written_down(self, of: ObjectType, gone: str, values: dict[str, object]) -> None:
        """Notes on them, and what calls, meetings, mails and tasks of the CRM say; not what is on somebody else too."""
        for way in of.associations.values():
            if way.target not in ACTIVITY_OBJECTS:
                continue
            texts = [
                p
                for p in self.scope.schema.objects[way.target].properties.values()
                if p.type.kind is Kind.TEXT and p.derived is None and p.name not in _SORTS
            ]
            theirs = (
                f"SELECT l.to_bucket, l.to_id FROM {quoted(link_table(of.name, way.name))} l WHERE (l.bucket, l.id) IN"
                f" {gone} AND NOT EXISTS (SELECT 1 FROM {quoted(link_table(way.target, way.inverse))} o WHERE"
                f" o.bucket = l.to_bucket AND o.id = l.to_id AND (o.to_bucket, o.to_id) NOT IN {gone})"
            )
            for text in texts:
                word = "NULL" if text.may_be_missing else "'(deleted)'"
                self.session.bound(
                    f"UPDATE {quoted(way.target)} SET {quoted(text.name)} = {word},"
                    f" {quoted(folded_column(text.name))} = {word} WHERE (bucket, id) IN ({theirs})",
                    values,
                )
                self.session.bound(
                    "DELETE FROM segue_property_history WHERE object = :activity AND property = :text AND (bucket, id)"
                    f" IN ({theirs})",
                    values | {"activity": way.target, "text": text.name},
                )

    def _by_hand(self, of: ObjectType, gone: str, values: dict[str, object]) -> None:
        """What people did with it stays, without what they said or put right (P15)."""
        those = f"(SELECT g.id FROM {gone} g)"
        for statement in (
            f"UPDATE segue_audit SET detail = '{{}}' WHERE object = :object AND record_id IN {those}",
            f"UPDATE segue_repair SET old = NULL, new = NULL WHERE object = :object AND (bucket, id) IN {gone}",
            f"DELETE FROM segue_reviewed WHERE (bucket, id) IN {gone}",
        ):
            self.session.bound(statement, values | {"object": of.name})

    def _texts(self, of: ObjectType, gone: str, values: dict[str, object]) -> None:
        """Free text of their events goes: what they searched for, an address within a link. What names a template, a
        topic, a form or a survey stays, for figures count by it."""
        for kind in self.scope.schema.events.values():
            if kind.builtin is not None or kind.of != of.name:
                continue
            free = [f.name for f in kind.fields.values() if f.type.kind is Kind.TEXT and not f.names]
            if free:
                blank = ", ".join(f"{quoted(c)} = NULL" for name in free for c in (name, folded_column(name)))
                self.session.bound(
                    f"UPDATE {quoted(event_table(kind.name))} SET {blank} WHERE (bucket, record_id) IN {gone}", values
                )

    def _unlink(self, owner: str, name: str, target: str, inverse: str, gone: str, values: dict[str, object]) -> None:
        """Whoever it was linked to is looked at again."""
        there, back = quoted(link_table(owner, name)), quoted(link_table(target, inverse))
        held = f"SELECT l.* FROM {there} l WHERE (l.bucket, l.id) IN {gone}"
        self.touches.add(
            f"link {target}.{inverse}",
            "SELECT h.to_bucket AS bucket, h.to_id AS id, max(h.at) AS at, CAST(NULL AS BIGINT) AS event_id, 1 AS live"
            f" FROM ({held.replace(':token', ':deleted')}) h GROUP BY h.to_bucket, h.to_id",
            {"deleted": values["token"]},
        )
        self.session.bound(
            f"DELETE FROM {back} WHERE (bucket, id, to_bucket, to_id) IN (SELECT h.to_bucket, h.to_id, h.bucket, h.id"
            f" FROM ({held}) h)",
            values,
        )
        self.session.bound(f"DELETE FROM {there} WHERE (bucket, id) IN {gone}", values)
