"""Settle: whoever rests at a send goes on when its fate is known, and the wait that follows counts from then (X12)."""

from __future__ import annotations

from dsl.program.blocks import SendTo

from ...store.session import Session
from ..leaving.ending import Ending
from ..rows import SAME, STEP
from ..rules import Rules
from .rates import Rates
from .received import Received

# A mail that the frequency cap skips ends no sequence: the person may be written to, only not so often (X25). Neither
# does one that asks again too soon (P12).
_NOT_NOW = "('cap', 'answered_lately')"
_GOES_ON = f"(q.state <> 'refused' OR coalesce(q.reason, '') IN {_NOT_NOW})"
# INVARIANT: whose fate it was when they rested here. Who has just gone on from another send may rest here by now.
_FROM_HERE = "q.version_id = :version AND q.block = :block"


class Settle:
    """Works on the table `settled`: outbox rows with what became of them. `fate` has them with all that is told."""

    def __init__(self, session: Session, rules: Rules, ending: Ending, unheard: frozenset[str]) -> None:
        self.session, self.rules, self.ending = session, rules, ending
        self.rates, self.received = Rates(session, rules), Received(session, rules, unheard)

    def __call__(self, now: int) -> None:
        """Mark what went and what was refused; those who rest there go on, and wait from now on (X12)."""
        self._look()
        found = self.session.run("SELECT DISTINCT q.state, q.kind, q.version_id, q.block FROM fate q")
        for state in sorted({row[0] for row in found}):
            sets = "UPDATE segue_outbox SET state = q.state, settled_at = :now, reason = q.reason"
            self.session.tally[state] += self.note(sets, state, now)
        self.rates.note(now)
        self.received(now)
        if any(kind != "email" for _, kind, *_ in found):
            self._beside(now)
            self.session.run("DELETE FROM fate")
            self._look()
        self._onward(sorted({(version, block) for _, kind, version, block in found if kind == "email"}), now)
        self.session.run("DELETE FROM settled")
        self.session.run("DELETE FROM fate")

    def _look(self) -> None:
        """What is told of each, and where its enrollment stands."""
        self.session.run(
            "INSERT INTO fate SELECT q.bucket, q.enrollment_id, q.ordinal, q.state, q.reason, q.hash, o.contact_id,"
            " o.kind, o.template, o.topic, o.key, e.version_id, e.block, e.ordinal FROM settled q CROSS JOIN"
            f" segue_outbox o CROSS JOIN segue_enrollment e WHERE {SAME} AND e.bucket = q.bucket AND e.id ="
            " q.enrollment_id"
        )

    def note(self, sets: str, state: str, now: int) -> int:
        """Mark the rows of one state; how many there were."""
        return self.session.count(
            f"{sets} FROM settled q WHERE q.state = :state AND segue_outbox.bucket = q.bucket"
            " AND segue_outbox.enrollment_id = q.enrollment_id AND segue_outbox.ordinal = q.ordinal",
            {"state": state} | ({"now": now} if ":now" in sets else {}),
        )

    def _beside(self, now: int) -> None:
        """Nobody rests at a webhook or at Slack: the step log says what became of it, and nothing else changes."""
        sides = f"FROM settled q CROSS JOIN segue_outbox o WHERE {SAME} AND o.kind <> 'email'"
        found = self.session.count(
            f"{STEP} SELECT e.bucket, e.id, e.ordinal + c.nr, :now, t.block, c.kind, c.template, c.state,"
            " coalesce(c.hash, c.reason) FROM (SELECT q.bucket, q.enrollment_id, q.ordinal, q.state, q.reason, q.hash,"
            " o.kind, o.template, row_number() OVER (PARTITION BY q.bucket, q.enrollment_id ORDER BY q.ordinal) AS nr"
            f" {sides}) c CROSS JOIN segue_enrollment e CROSS JOIN segue_step t WHERE e.bucket = c.bucket"
            " AND e.id = c.enrollment_id AND t.bucket = c.bucket AND t.enrollment_id = c.enrollment_id"
            " AND t.ordinal = c.ordinal",
            {"now": now},
        )
        if found:
            self.session.run(
                f"UPDATE segue_enrollment SET ordinal = ordinal + (SELECT count(*) {sides}"
                " AND q.bucket = segue_enrollment.bucket AND q.enrollment_id = segue_enrollment.id)"
                f" WHERE (bucket, id) IN (SELECT q.bucket, q.enrollment_id {sides})"
            )
            self.session.run(
                f"DELETE FROM settled WHERE (bucket, enrollment_id, ordinal) IN (SELECT q.bucket,"
                f" q.enrollment_id, q.ordinal {sides})"
            )

    def _onward(self, places: list[tuple[int, int]], now: int) -> None:
        several = self.session.one(
            "SELECT 1 FROM settled q GROUP BY q.bucket, q.enrollment_id HAVING count(*) > 1 LIMIT 1"
        )
        nth = "row_number() OVER (PARTITION BY q.bucket, q.enrollment_id ORDER BY q.ordinal)" if several else "1"
        self.session.run(
            f"{STEP} SELECT q.bucket, q.enrollment_id, q.taken + {nth}, :now, q.block, 'send', q.template, q.state,"
            " CASE WHEN q.state <> 'sent' THEN coalesce(q.hash, q.reason) END FROM fate q",
            now=now,
        )
        for version, block in places:
            self._past(version, block, now)

    def _past(self, version: int, block: int, now: int) -> None:
        """Those who rest at one send go on. A refused one is a step: a workflow goes on, a sequence ends (X24). What
        became of an unknown one shows later; it counts as sent."""
        pinned = self.rules.versions[version].pinned
        here = pinned.graph.blocks[block]
        if isinstance(here, SendTo):
            return self._past_several(version, block, here, now)
        ends = pinned.kind == "sequence" and self._end_refused(version, block)
        settled = f"SELECT q.bucket, q.enrollment_id FROM fate q WHERE {_FROM_HERE}" + f" AND {_GOES_ON}" * ends
        self.session.run(
            "UPDATE segue_enrollment SET block = :next, waited = FALSE, ordinal = ordinal + 1,"
            " due = CASE WHEN status = 'active' THEN :now END, rests = NULL,"
            " resume_due = CASE WHEN status = 'paused' THEN paused_at END, last_step_at = :now, last_step = :label"
            f" WHERE version_id = :version AND block = :block AND ended_at IS NULL AND (bucket, id) IN ({settled})",
            version=version,
            block=block,
            now=now,
            next=getattr(here, "next", block),
            label=f"send {getattr(here, 'template', '')}",
        )
        if ends:
            self.ending.finish(now)

    def _past_several(self, version: int, block: int, here: SendTo, now: int) -> None:
        """Those who rest at a send to others go on once all of its mails are settled (X20). A sequence ends if all of
        them were refused (X24); a mail that the cap skips is no such refusal (X25)."""
        these = f"SELECT q.bucket, q.enrollment_id FROM fate q WHERE {_FROM_HERE}"
        self.session.run(
            "UPDATE segue_enrollment SET ordinal = ordinal + (SELECT count(*) FROM settled q WHERE q.bucket ="
            " segue_enrollment.bucket AND q.enrollment_id = segue_enrollment.id)"
            f" WHERE version_id = :version AND block = :block AND (bucket, id) IN ({these})",
            version=version,
            block=block,
        )
        all_settled = (
            "NOT EXISTS (SELECT 1 FROM segue_outbox o WHERE o.bucket = {0}.bucket AND o.enrollment_id = {0}.id AND"
            " o.settled_at IS NULL AND o.kind = 'email')"
        )
        if self.rules.versions[version].pinned.kind == "sequence":
            self._end_none_sent(version, block, all_settled.format("e"))
        self.session.run(
            "UPDATE segue_enrollment SET block = :next, waited = FALSE,"
            " due = CASE WHEN status = 'active' THEN :now END,"
            " resume_due = CASE WHEN status = 'paused' THEN paused_at END, last_step_at = :now, last_step = :label"
            f" WHERE version_id = :version AND block = :block AND ended_at IS NULL AND (bucket, id) IN ({these})"
            f" AND (bucket, id) NOT IN (SELECT n.bucket, n.id FROM ended n)"
            f" AND {all_settled.format('segue_enrollment')}",
            version=version,
            block=block,
            now=now,
            next=here.next,
            label=f"send {here.template}",
        )
        self.ending.finish(now)

    def _end_none_sent(self, version: int, block: int, all_settled: str) -> None:
        """None went, and none was skipped by the cap either: whichever of them is settled last. The first of the last
        tells the reason."""
        none_sent = (
            "NOT EXISTS (SELECT 1 FROM segue_step t WHERE t.bucket = e.bucket AND t.enrollment_id = e.id"
            " AND t.block = e.block AND t.what = 'send' AND (t.outcome IN ('sent', 'unknown')"
            f" OR t.outcome = 'refused' AND t.detail IN {_NOT_NOW}))"
        )
        self.ending.gather(
            "SELECT e.bucket, e.id, 'unenrolled', q.reason, coalesce(q.hash, 'send refused'), NULL, e.block"
            f" FROM fate q CROSS JOIN segue_enrollment e WHERE {_FROM_HERE} AND e.bucket = q.bucket AND e.id ="
            " q.enrollment_id"
            f" AND e.version_id = :version AND e.block = :block AND e.ended_at IS NULL AND {all_settled}"
            f" AND {none_sent} ORDER BY q.ordinal",
            {"version": version, "block": block},
        )

    def _end_refused(self, version: int, block: int) -> bool:
        """Whether there are any; they end with the reason of the refusal."""
        found = self.ending.gather(
            "SELECT e.bucket, e.id, 'unenrolled', q.reason, coalesce(q.hash, 'send refused'), NULL, e.block"
            f" FROM fate q CROSS JOIN segue_enrollment e WHERE {_FROM_HERE}"
            f" AND NOT {_GOES_ON} AND e.bucket = q.bucket AND e.id = q.enrollment_id"
            " AND e.version_id = :version AND e.block = :block AND e.ended_at IS NULL",
            {"version": version, "block": block},
        )
        if found:
            self.session.run(
                "UPDATE segue_enrollment SET ordinal = ordinal + 1 WHERE (bucket, id) IN (SELECT n.bucket, n.id"
                " FROM ended n)"
            )
        return found > 0
