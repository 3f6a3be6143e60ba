"""Recovery: what a crash left in the outbox is planned anew or settled by what the channel knows of it."""

from __future__ import annotations

from ..channels.base import Channel
from ..store.session import Row, Session
from .settle import Settle


class Recovery:
    def __init__(self, session: Session, channel: Channel, settle: Settle) -> None:
        self.session, self.channel, self.settle = session, channel, settle

    def __call__(self, t: int, now: int) -> None:
        """What was claimed at the instant `t` that a crash cut short was never sent: it is planned anew, for window
        and guards may say otherwise now. What was being sent is settled by what the channel knows of it; `now` is when
        a message goes out that was only staged."""
        with self.session.transaction():
            self._plan_anew(t)
            rows = self.session.run(
                "SELECT bucket, enrollment_id, ordinal, key FROM segue_outbox WHERE settled_at IS NULL AND"
                " state = 'sending'"
            )
        outcomes = {row[3]: self.channel.outcome(row[3]) for row in rows}
        staged = [row for row in rows if outcomes[row[3]] == "staged"]
        self._settle_known([row for row in rows if outcomes[row[3]] != "staged"], t)
        self.channel.publish([row[3] for row in staged])
        self._settle_known(staged, max(t, now))

    def _plan_anew(self, t: int) -> None:
        """As if these had not been planned: the enrollment is due again at its send, without a trace in the log."""
        mine = (
            "(bucket, {}) IN (SELECT o.bucket, o.enrollment_id FROM segue_outbox o WHERE o.settled_at IS NULL"
            " AND o.state IN ('planned', 'claimed'))"
        )
        if self.session.one(
            "SELECT 1 FROM segue_outbox WHERE settled_at IS NULL AND state IN ('planned', 'claimed') LIMIT 1"
        ):
            self.session.run(
                "DELETE FROM segue_step WHERE (bucket, enrollment_id, ordinal) IN (SELECT o.bucket, o.enrollment_id,"
                " o.ordinal FROM segue_outbox o WHERE o.settled_at IS NULL AND o.state IN ('planned', 'claimed'))"
            )
            self.session.run(
                "UPDATE segue_enrollment SET ordinal = ordinal - 1,"
                " due = CASE WHEN status = 'paused' THEN NULL ELSE :t END,"
                f" resume_due = CASE WHEN status = 'paused' THEN paused_at END WHERE {mine.format('id')}",
                t=t,
            )
            self.session.run("DELETE FROM segue_outbox WHERE settled_at IS NULL AND state IN ('planned', 'claimed')")

    def _settle_known(self, rows: list[Row], now: int) -> None:
        if not rows:
            return
        marks = [
            {"b": b, "e": e, "o": o, "s": "unknown" if self.channel.outcome(key) is None else "sent"}
            for b, e, o, key in rows
        ]
        with self.session.transaction():
            self.session.many("INSERT INTO settled VALUES (:b, :e, :o, :s, NULL, NULL, NULL, NULL)", marks)
            self.settle.note("UPDATE segue_outbox SET state = 'unknown', settled_at = :now", "unknown", now)
            self.settle(now)
