"""Candidates: the outbox rows that are due and whose enrollment is active, with what decides whether they go now."""

from __future__ import annotations

from ...store.ids import bucket_of, stable_hash
from ...store.session import Session
from ..intake.opt_outs import barred, refusable
from ..rules import Rules

# Open rows that may go: what a pass planned, and what was deferred and is due again. Nobody rests at a webhook or at
# Slack: a call once made goes on until it is answered.
OPEN = (
    "o.settled_at IS NULL AND o.state IN ('planned', 'deferred') AND o.due <= :now AND e.bucket = o.bucket"
    " AND e.id = o.enrollment_id AND (e.status = 'active' AND e.ended_at IS NULL OR o.kind <> 'email'"
    " AND o.attempts > 0 AND e.status <> 'paused')"
)
KEY = "(bucket, enrollment_id, ordinal)"
# The oldest first: by when they were planned, whatever held them back meanwhile (S18).
ORDER = "q.planned_at, q.bucket, q.enrollment_id, q.ordinal"


class Candidates:
    def __init__(self, session: Session, rules: Rules) -> None:
        self.session, self.rules = session, rules

    def gather(self, now: int) -> int:
        """Fill the table; how many there are. `at_once`: the window does not hold a mail that is the first step of an
        enrollment made by hand, without a wait before it (X16), nor a call that was planned just now, as it was looked
        at then. The recipient's bucket may be another than the enrollment's."""
        return self.session.count(
            "INSERT INTO candidate SELECT o.bucket, o.enrollment_id, o.ordinal, o.contact_id, e.version_id, o.kind,"
            " o.topic, o.template, e.zone, CASE WHEN o.contact_id = e.contact_id THEN e.person_zone ELSE c.time_zone"
            " END, CASE WHEN o.kind = 'email' AND e.by_hand AND e.last_step_at IS NULL AND NOT e.waited"
            " OR o.kind <> 'email' AND p.at = :now THEN 1 ELSE 0 END,"
            " c.email__n, coalesce(p.at, o.due), NULL, NULL, NULL"
            " FROM segue_outbox o CROSS JOIN segue_enrollment e LEFT JOIN segue_step p ON p.bucket = o.bucket"
            " AND p.enrollment_id = o.enrollment_id AND p.ordinal = o.ordinal LEFT JOIN contact c ON c.bucket ="
            f" o.contact_id % 256 AND c.id = o.contact_id WHERE {OPEN}",
            {"now": now},
        )

    def forbid(self) -> None:
        """The law comes first (L15): what consent or suppression refuses is handed on at once, to be refused there,
        and takes nobody's place."""
        self.session.run("UPDATE candidate SET verdict = 'law' WHERE kind = 'email' AND address IS NULL")
        for topic, asked in refusable(self.rules.program):
            self.session.run(
                "UPDATE candidate SET verdict = 'law' WHERE verdict IS NULL AND kind = 'email' AND topic = :topic AND"
                f" {barred('candidate.contact_id', 'candidate.topic', asked)}",
                topic=topic,
            )
        self._suppressed()

    def _suppressed(self) -> None:
        """Addresses have buckets of their own, which Python knows."""
        rows = self.session.run("SELECT DISTINCT address FROM candidate WHERE verdict IS NULL AND kind = 'email'")
        self.session.many(
            "INSERT INTO address VALUES (:b, :a)", [{"b": bucket_of(stable_hash(a)), "a": a} for (a,) in rows]
        )
        self.session.run(
            "UPDATE candidate SET verdict = 'law' WHERE kind = 'email' AND address IN (SELECT x.address FROM address a"
            " CROSS JOIN segue_suppression x WHERE x.bucket = a.bucket AND x.address = a.address)"
        )
        self.session.run("DELETE FROM address")
