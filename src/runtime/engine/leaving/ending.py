"""Ending: what ends is first gathered, in the order of precedence, then ended at once: exactly one end each (S44)."""

from __future__ import annotations

from collections.abc import Mapping

from dsl.program.conversations import KINDS as TALKS

from ...store.session import Session
from ..judging.touches import Touches
from ..rows import STEP

# What follows a talk ends at once: that says nothing about its tasks.
_AFTER_TALKS = "SELECT f.id FROM segue_definition f WHERE f.kind IN ({})".format(", ".join(f"'{k}'" for k in TALKS))


class Ending:
    """`some` tells whether anything has been gathered that is not ended yet."""

    def __init__(self, session: Session, touches: Touches) -> None:
        self.session, self.touches = session, touches
        self.some = False

    def gather(self, rows: str, values: Mapping[str, object]) -> int:
        """Add `rows`, a SELECT of (bucket, id, status, reason, detail, evidence, block) that has a WHERE; the first to
        name an enrollment ends it. How many were not named before."""
        found = self.session.count(f"INSERT INTO ended {rows} ON CONFLICT DO NOTHING", values)
        self.some = self.some or found > 0
        return found

    def finish(self, t: int) -> None:
        """End what was gathered: the state, its step row, its unsent mail, the mark on its open tasks (X10)."""
        if not self.some:
            return
        mine = "(bucket, enrollment_id) IN (SELECT n.bucket, n.id FROM ended n)"
        reason = "(SELECT n.reason FROM ended n WHERE n.bucket = {0}.bucket AND n.id = {0}.enrollment_id)"
        self.session.run(
            f"UPDATE segue_outbox SET state = 'cancelled', settled_at = :t, reason = {reason.format('segue_outbox')}"
            # A call once made goes on until it is answered: nobody rests at it.
            " WHERE state IN ('planned', 'claimed', 'deferred') AND (kind = 'email' OR attempts = 0)"
            f" AND {mine}",
            t=t,
        )
        self.session.run(
            f"UPDATE segue_task SET note = 'enrollment ended (' || {reason.format('segue_task')} || ')' WHERE"
            f" state = 'open' AND {mine} AND definition_id NOT IN ({_AFTER_TALKS})"
        )
        self.session.tally["ended"] += self.session.count(
            f"{STEP} SELECT e.bucket, e.id, e.ordinal + 1, :t, n.block, 'ended', n.status, n.reason, n.detail"
            " FROM ended n CROSS JOIN segue_enrollment e WHERE e.bucket = n.bucket AND e.id = n.id",
            {"t": t},
        )
        self.session.run(
            "UPDATE segue_enrollment AS e SET status = n.status, reason = n.reason, detail = n.detail, evidence"
            " = n.evidence,"
            # +: SQLite must walk those who end, not all enrollments.
            " ended_at = :t, due = NULL, rests = NULL, ordinal = e.ordinal + 1 FROM ended n WHERE e.bucket ="
            " +n.bucket AND e.id = +n.id",
            t=t,
        )
        self._tell(t)
        self.session.run("DELETE FROM ended")
        self.some = False

    def _tell(self, t: int) -> None:
        """Conditions that read `in sequence X` see the end in the next pass."""
        names = self.session.run(
            "SELECT DISTINCT f.id, f.kind, f.name FROM ended n CROSS JOIN segue_enrollment e CROSS JOIN"
            " segue_definition f"
            " WHERE e.bucket = n.bucket AND e.id = n.id AND f.id = e.definition_id"
        )
        for number, kind, name in names:
            rows = (
                "SELECT e.bucket, e.contact_id AS id, :t AS at, CAST(NULL AS BIGINT) AS event_id, 1 AS live"
                " FROM ended n CROSS JOIN segue_enrollment e"
                " WHERE e.bucket = n.bucket AND e.id = n.id AND e.definition_id = :definition"
            )
            self.touches.add(f"enrolled {kind} {name}", rows, {"t": t, "definition": number}, later=True)
