"""Unknown outcomes: settled by evidence that carries the key, by an operator, or by time (architecture 4).

Whoever was mailed has gone on since: an unknown mail counts as sent for what follows. What shows later changes the
outbox and says so; nobody is mailed again for it.
"""

from __future__ import annotations

from dsl.schema.model import Kind

from ...store.coming import PATIENCE
from ...store.dialect import json_value
from ...store.session import Session
from ..rules import Rules

# Of a mail: it had left, wherever it came to. One that bounced counts as one known to be sent that bounces (X25, M17).
_LEFT = ("opened_email", "clicked_email", "replied", "marked_spam", "unsubscribed", "bounced")
COMMAND = "settle"  # kind of inbox row: {"enrollment", "ordinal", "state"}


class Unknowns:
    def __init__(self, session: Session, rules: Rules) -> None:
        self.session, self.rules = session, rules

    def __call__(self, t: int) -> None:
        """Settle what this pass's inbox rows tell of, and what has been open for long enough."""
        if self.session.one("SELECT 1 FROM segue_outbox WHERE state = 'unknown' LIMIT 1") is None:
            return
        self._operators()
        self._evidence()
        self.session.run(
            "UPDATE segue_outbox SET state = 'sent', reason = 'no bounce came' WHERE state = 'unknown'"
            " AND settled_at <= :before",
            before=t - PATIENCE,
        )

    def _evidence(self) -> None:
        for kind in _LEFT:
            if kind in self.rules.scope.schema.events:
                self._told("sent", f"'{kind}'", "b.kind = 'event' AND b.object = :kind", {"kind": kind})

    def _operators(self) -> None:
        asked = json_value(self.session.dialect, "b.payload", "state", Kind.TEXT)
        for state in ("sent", "refused"):
            self._told(state, "'settled by hand'", f"b.kind = :kind AND {asked} = :state", {"kind": COMMAND})

    def _told(self, state: str, reason: str, which: str, values: dict[str, object]) -> None:
        """Rows of the batch that name an enrollment and an ordinal, and so a mail."""
        enrollment, ordinal = (
            json_value(self.session.dialect, "b.payload", name, Kind.RECORD) for name in ("enrollment", "ordinal")
        )
        self.session.bound(
            f"UPDATE segue_outbox SET state = :state, reason = {reason} WHERE state = 'unknown' AND (enrollment_id,"
            f" ordinal) IN (SELECT {enrollment}, {ordinal} FROM batch b WHERE {which})",
            values | {"state": state},
        )
