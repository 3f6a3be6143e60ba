"""Recovery: what a crash left in the outbox is planned anew or settled by what the channel knows of it."""

from __future__ import annotations

from collections.abc import Mapping

from dsl.program.blocks import SendTo

from ..channels.base import SENT, Channel, Outcome, Result
from ..store.session import Row, Session
from .answers import Answers
from .dispatch import SLICE
from .rules import Rules
from .settle import Settle

_CUT_SHORT = "the worker ended while it was being sent"


class Recovery:
    def __init__(self, session: Session, channel: Channel, settle: Settle, rules: Rules) -> None:
        self.session, self.channel, self.settle, self.rules = session, channel, settle, rules
        self.answers = Answers(session, rules, settle)

    def __call__(self, t: int, now: int) -> None:
        """What was claimed at the instant `t` that a crash cut short was never sent: it is planned anew, for window
        and guards may say otherwise now. What was being sent is settled by what the channel knows of it; `now` is when
        a message goes out that was only staged."""
        with self.session.transaction():
            self._put_back(t)
            self._plan_anew(t)
        while self._slice(t, max(t, now)):
            pass

    def _slice(self, t: int, now: int) -> bool:
        rows = self.session.run(
            "SELECT key, kind, bucket, enrollment_id, ordinal FROM segue_outbox WHERE settled_at IS NULL"
            " AND state = 'sending' LIMIT :most",
            most=SLICE,
        )
        outcomes = self.channel.outcomes([row[0] for row in rows])
        settled = [row for row in rows if outcomes.get(row[0]) != "staged"]
        staged = [row for row in rows if outcomes.get(row[0]) == "staged"]
        self._settle(settled, {key: _known(kind, outcomes.get(key)) for key, kind, *_ in settled}, t)
        self._settle(staged, self.channel.publish([row[0] for row in staged]), now)
        return len(rows) == SLICE

    def _settle(self, rows: list[Row], results: Mapping[str, Result], now: int) -> None:
        if not rows:
            return
        with self.session.transaction():
            self.session.many(
                "INSERT INTO settled VALUES (:b, :e, :o, 'sending', NULL, NULL, :k, NULL)",
                [{"b": b, "e": e, "o": o, "k": key} for key, _, b, e, o in rows],
            )
            self.answers(results, now)
            self.settle(now)

    def _put_back(self, t: int) -> None:
        """What had been put off before this instant waits again, as it did."""
        self.session.run(
            "UPDATE segue_outbox SET state = 'deferred', owner = NULL WHERE settled_at IS NULL AND state = 'claimed'"
            " AND EXISTS (SELECT 1 FROM segue_step t WHERE t.bucket = segue_outbox.bucket AND t.enrollment_id ="
            " segue_outbox.enrollment_id AND t.ordinal = segue_outbox.ordinal AND t.at < :t)",
            t=t,
        )
        # Of several mails of one step some may have gone: the others wait, the step is not taken again (X20).
        for version, block in self._sends_to_others():
            self.session.run(
                "UPDATE segue_outbox SET state = 'deferred', owner = NULL WHERE settled_at IS NULL AND state IN"
                " ('planned', 'claimed') AND kind = 'email' AND (bucket, enrollment_id) IN (SELECT e.bucket, e.id FROM"
                " segue_enrollment e WHERE e.version_id = :version AND e.block = :block AND e.ended_at IS NULL)",
                version=version,
                block=block,
            )

    def _sends_to_others(self) -> list[tuple[int, int]]:
        return [
            (version.id, i)
            for version in self.rules.versions.values()
            for i, block in enumerate(version.pinned.graph.blocks)
            if isinstance(block, SendTo)
        ]

    def _plan_anew(self, t: int) -> None:
        """As if these had not been planned: the enrollment is due again at its send, without a trace in the log."""
        self.session.run(
            "UPDATE segue_outbox SET state = 'planned', owner = NULL WHERE settled_at IS NULL AND state = 'claimed'"
            " AND kind <> 'email'"  # nobody rests there
        )
        which = "o.settled_at IS NULL AND o.state IN ('planned', 'claimed') AND o.kind = 'email'"
        if not self.session.one(f"SELECT 1 FROM segue_outbox o WHERE {which} LIMIT 1"):
            return
        rows = f"SELECT o.bucket, o.enrollment_id, o.ordinal FROM segue_outbox o WHERE {which}"
        self.session.run(f"DELETE FROM segue_step WHERE (bucket, enrollment_id, ordinal) IN ({rows})")
        self.session.run(
            "UPDATE segue_enrollment SET ordinal = ordinal - 1,"
            " due = CASE WHEN status = 'paused' THEN NULL ELSE :t END,"
            " resume_due = CASE WHEN status = 'paused' THEN paused_at END WHERE (bucket, id) IN"
            f" (SELECT o.bucket, o.enrollment_id FROM segue_outbox o WHERE {which})",
            t=t,
        )
        self.session.run(f"DELETE FROM segue_outbox AS o WHERE {which}")


def _known(kind: str, outcome: Outcome | None) -> Result:
    """A webhook may be called again, for it says by its key that it is the same; nothing else may (X24)."""
    if outcome == "sent":
        return SENT
    return Result("later" if kind == "webhook" else "unknown", _CUT_SHORT)
