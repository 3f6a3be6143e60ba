"""Which planned mail may go now: claimed by this worker, in the transaction of the pass (architecture 4).

In this order, each for those the one before let through (L15): law, quiet hours and window, frequency cap, rate limits.
"""

from __future__ import annotations

from collections.abc import Mapping

from ...store.session import Session
from ...times.calendars import WorkingCalendar
from ..leaving.ending import Ending
from ..rows import SAME, STEP
from ..rules import Rules
from .candidates import KEY, OPEN, Candidates
from .cap import Cap
from .hours import Hours
from .settle import Settle
from .throttle import Throttle

# What is put off, a rate limit with its name behind it: `limit(account)`.
_HELD = "(q.verdict IN ('quiet_hours', 'window', 'cap') OR q.verdict LIKE 'limit(%')"


class Claims:
    """`owner` names this worker in claimed rows."""

    def __init__(
        self,
        session: Session,
        rules: Rules,
        settle: Settle,
        ending: Ending,
        calendars: Mapping[str | None, WorkingCalendar],
        owner: str = "worker",
    ) -> None:
        self.session, self.rules, self.settle, self.ending, self.owner = session, rules, settle, ending, owner
        self.candidates, self.cap = Candidates(session, rules), Cap(session, rules)
        self.hours, self.throttle = Hours(session, rules, ending, calendars), Throttle(session, settle.rates)

    @property
    def at_once(self) -> str | None:
        """Who claims a mail as it is planned, where neither a cap nor a rate may hold it: this worker, or None."""
        return self.owner if self.cap.cap is None and not self.settle.rates else None

    def waiting(self, now: int) -> bool:
        sql = f"SELECT 1 FROM segue_outbox o CROSS JOIN segue_enrollment e WHERE {OPEN} LIMIT 1"
        return self.session.one(sql, now=now) is not None

    def claim(self, now: int) -> int:
        """Claim what may go: its enrollment is active and nothing holds it. Part of the pass's transaction, and all of
        it in sets."""
        self.candidates.gather(now)
        self.candidates.forbid()
        self.hours(now)
        self.cap(now)
        self.throttle(now)
        self.hours.clip(now)
        claimed = self.session.count(
            "UPDATE segue_outbox SET state = 'claimed', owner = :owner, due = :now, reason = NULL WHERE"
            f" {KEY} IN (SELECT bucket, enrollment_id, ordinal FROM candidate WHERE verdict IS NULL OR verdict IN"
            " ('law', 'go'))",
            {"owner": self.owner, "now": now},
        )
        self._defer(now)
        self._skip(now)
        self.ending.finish(now)
        self.session.run("DELETE FROM candidate")
        return claimed

    def _defer(self, now: int) -> None:
        """Held until its time; the step log says so, once for each reason (S18)."""
        if not self.session.one(f"SELECT 1 FROM candidate q WHERE {_HELD} LIMIT 1"):
            return
        told = (
            f"FROM candidate q CROSS JOIN segue_outbox o WHERE {_HELD} AND {SAME}"
            " AND o.reason IS DISTINCT FROM q.verdict"
        )
        self.session.run(
            f"{STEP} SELECT e.bucket, e.id, e.ordinal + n.nth, :now, e.block, 'send', n.template, 'deferred',"
            " n.verdict FROM"
            " (SELECT q.bucket, q.enrollment_id, q.template, q.verdict, row_number() OVER (PARTITION BY q.bucket,"
            f" q.enrollment_id ORDER BY q.ordinal) AS nth {told}) n CROSS JOIN segue_enrollment e"
            " WHERE e.bucket = n.bucket AND e.id = n.enrollment_id",
            now=now,
        )
        self.session.run(
            "UPDATE segue_enrollment AS e SET ordinal = e.ordinal + n.many FROM (SELECT q.bucket, q.enrollment_id,"
            f" count(*) AS many {told} GROUP BY q.bucket, q.enrollment_id) n WHERE e.bucket = +n.bucket"
            " AND e.id = +n.enrollment_id"
        )
        self.session.run(
            "UPDATE segue_outbox AS o SET state = 'deferred', reason = q.verdict, due = q.until FROM candidate q WHERE"
            f" {_HELD} AND o.bucket = +q.bucket AND o.enrollment_id = +q.enrollment_id AND o.ordinal = +q.ordinal"
        )

    def _skip(self, now: int) -> None:
        """`when_reached: skip`: refused for the cap, which ends nobody's sequence."""
        found = self.session.count(
            "INSERT INTO settled (bucket, enrollment_id, ordinal, state, reason) SELECT q.bucket, q.enrollment_id,"
            " q.ordinal, 'refused', 'cap' FROM candidate q WHERE q.verdict = 'skip'",
            {},
        )
        if found:
            self.settle(now)
