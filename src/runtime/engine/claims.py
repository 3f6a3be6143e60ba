"""Which planned mail may go now: claimed by this worker, in the transaction of the pass (architecture 4)."""

from __future__ import annotations

from ..store.session import Session
from .rules import Rules


class Claims:
    """`owner` names this worker in claimed rows."""

    def __init__(self, session: Session, rules: Rules, owner: str = "worker") -> None:
        self.session, self.rules, self.owner = session, rules, owner

    def claim(self, now: int) -> int:
        """Claim what is planned and may go: its enrollment is active. Part of the pass's transaction."""
        return self.session.count(
            "UPDATE segue_outbox SET state = 'claimed', owner = :owner WHERE settled_at IS NULL AND state ="
            " 'planned' AND due <= :now AND EXISTS"
            " (SELECT 1 FROM segue_enrollment e WHERE e.bucket = segue_outbox.bucket AND e.id ="
            " segue_outbox.enrollment_id"
            " AND e.status = 'active' AND e.ended_at IS NULL)",
            {"owner": self.owner, "now": now},
        )

    def waiting(self, now: int) -> bool:
        return self.session.one(
            "SELECT 1 FROM segue_outbox o WHERE o.settled_at IS NULL AND o.state = 'planned' AND o.due <= :now"
            " AND EXISTS (SELECT 1 FROM segue_enrollment e"
            " WHERE e.bucket = o.bucket AND e.id = o.enrollment_id AND e.status = 'active') LIMIT 1",
            now=now,
        ) is not None  # fmt: skip
