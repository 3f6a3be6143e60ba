"""Recovery: what a crash left in the outbox is put back or settled by what the channel knows of it."""

from __future__ import annotations

from collections.abc import Mapping

from ...channels.base import SENT, Channel, Outcome, Result
from ...store.session import Row, Session
from ..rules import Rules
from .answers import Answers
from .dispatch import SLICE
from .settle import Settle

_CUT_SHORT = "the worker ended while it was being sent"


class Recovery:
    def __init__(self, session: Session, channel: Channel, settle: Settle, rules: Rules) -> None:
        self.session, self.channel, self.settle, self.rules = session, channel, settle, rules
        self.answers = Answers(session, rules, settle)

    def __call__(self, t: int, now: int) -> None:
        """What was claimed at the instant `t` that a crash cut short was never sent: it is claimed again if guards and
        hours still let it. What was being sent is settled by what the channel knows of it; `now` is when a message
        goes out that was only staged."""
        with self.session.transaction():
            self._put_back()
        while self._slice(t, max(t, now)):
            pass

    def _slice(self, t: int, now: int) -> bool:
        rows = self.session.run(
            "SELECT key, bucket, enrollment_id, ordinal FROM segue_outbox WHERE settled_at IS NULL"
            " AND state = 'sending' LIMIT :most",
            most=SLICE,
        )
        outcomes = self.channel.outcomes([row[0] for row in rows])
        settled = [row for row in rows if outcomes.get(row[0]) != "staged"]
        staged = [row for row in rows if outcomes.get(row[0]) == "staged"]
        self._settle(settled, {key: _known(outcomes.get(key)) for key, *_ in settled}, t)
        if staged:
            self._settle(staged, self.channel.publish([row[0] for row in staged]), now)
        return len(rows) == SLICE

    def _settle(self, rows: list[Row], results: Mapping[str, Result], now: int) -> None:
        if not rows:
            return
        with self.session.transaction():
            self.session.many(
                "INSERT INTO settled VALUES (:b, :e, :o, 'sending', NULL, NULL, :k, NULL)",
                [{"b": b, "e": e, "o": o, "k": key} for key, b, e, o in rows],
            )
            self.answers(results, now)
            self.settle(now)

    def _put_back(self) -> None:
        """What was claimed has not left: it is planned, as it was, and claimed again when its time is come. So is a
        webhook under way: it may be called again, for it says by its key that it is the same; nothing else may (X24).
        """
        self.session.run(
            "UPDATE segue_outbox SET state = 'planned', owner = NULL WHERE settled_at IS NULL"
            " AND (state = 'claimed' OR (state = 'sending' AND kind = 'webhook'))"
        )


def _known(outcome: Outcome | None) -> Result:
    return SENT if outcome == "sent" else Result("unknown", _CUT_SHORT)
