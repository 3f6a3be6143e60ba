"""Settle: whoever rests at a send goes on when its fate is known, and the wait that follows counts from then (X12)."""

from __future__ import annotations

from collections.abc import Iterable

from ..store.dialect import json_object
from ..store.names import folded, folded_column
from ..store.session import Session
from .ending import Ending
from .rules import Rules


class Settle:
    """Works on the table `settled`: outbox rows with what became of them."""

    def __init__(self, session: Session, rules: Rules, ending: Ending) -> None:
        self.session, self.rules, self.ending = session, rules, ending

    def __call__(self, now: int) -> None:
        """Mark what went and what was refused; those who rest there go on, and wait from now on (X12)."""
        for state in ("sent", "refused"):
            sets = "UPDATE segue_outbox SET state = q.state, settled_at = :now" + (
                ", reason = q.reason" if state == "refused" else ""
            )
            self.note(sets, state, now)
        self._received(now)
        self._onward(now)
        self.session.run("DELETE FROM settled")

    def note(self, sets: str, state: str, now: int) -> None:
        self.session.bound(
            f"{sets} FROM settled q WHERE q.state = :state AND segue_outbox.bucket = q.bucket"
            " AND segue_outbox.enrollment_id = q.enrollment_id AND segue_outbox.ordinal = q.ordinal",
            {"state": state} | ({"now": now} if ":now" in sets else {}),
        )

    def _received(self, now: int) -> None:
        """A mail sent is an event of its own: `received_email` on the contact's timeline."""
        if "received_email" not in self.rules.scope.schema.events:
            return
        names = {"template": self.rules.program.templates, "topic": self.rules.program.schema.topics}
        values: dict[str, object] = {"now": now}
        pairs = [("id", "o.bucket + 256 * (o.enrollment_id * 4096 + o.ordinal)")]
        pairs += [("enrollment", "o.enrollment_id"), ("ordinal", "o.ordinal")]
        for column, known in names.items():
            pairs += [(column, f"o.{column}"), (folded_column(column), _folded(f"o.{column}", column, known, values))]
        self.session.bound(
            "INSERT INTO segue_inbox (bucket, at, key, rank, kind, object, id, name, fields, payload, live,"
            " received_at)"
            " SELECT o.bucket, :now, 'sent ' || o.key, 0, 'event', 'received_email', o.contact_id, NULL,"
            f" 'template,topic', {json_object(self.session.dialect, pairs)}, TRUE, :now"
            " FROM settled q CROSS JOIN segue_outbox o WHERE q.state = 'sent' AND o.bucket = q.bucket"
            " AND o.enrollment_id = q.enrollment_id AND o.ordinal = q.ordinal ON CONFLICT DO NOTHING",
            values,
        )

    def _onward(self, now: int) -> None:
        self.session.run(
            "INSERT INTO segue_step (bucket, enrollment_id, ordinal, at, block, what, name, outcome, detail)"
            " SELECT e.bucket, e.id, e.ordinal + 1, :now, e.block, 'send', o.template, q.state,"
            " CASE WHEN q.state = 'refused' THEN coalesce(q.hash, q.reason) ELSE q.reason END"
            " FROM settled q CROSS JOIN segue_outbox o CROSS JOIN segue_enrollment e WHERE o.bucket = q.bucket"
            " AND o.enrollment_id = q.enrollment_id AND o.ordinal = q.ordinal"
            " AND e.bucket = q.bucket AND e.id = q.enrollment_id",
            now=now,
        )
        for version, block in self.session.run(
            "SELECT DISTINCT e.version_id, e.block FROM settled q CROSS JOIN segue_enrollment e WHERE e.bucket"
            " = q.bucket"
            " AND e.id = q.enrollment_id ORDER BY 1, 2"
        ):
            self._past(version, block, now)

    def _past(self, version: int, block: int, now: int) -> None:
        """Those who rest at one send go on. A refused one is a step: a workflow goes on, a sequence ends (X24). What
        became of an unknown one shows later; it counts as sent."""
        pinned = self.rules.versions[version].pinned
        here = pinned.graph.blocks[block]
        ends = pinned.kind == "sequence" and self._end_refused(version, block)
        settled = "SELECT q.bucket, q.enrollment_id FROM settled q" + (" WHERE q.state <> 'refused'" if ends else "")
        self.session.run(
            "UPDATE segue_enrollment SET block = :next, waited = FALSE, ordinal = ordinal + 1,"
            " due = CASE WHEN status = 'active' THEN :now END,"
            " resume_due = CASE WHEN status = 'paused' THEN paused_at END, last_step_at = :now, last_step = :label"
            f" WHERE version_id = :version AND block = :block AND ended_at IS NULL AND (bucket, id) IN ({settled})",
            version=version,
            block=block,
            now=now,
            next=getattr(here, "next", block),
            label=f"send {getattr(here, 'template', '')}",
        )
        if ends:
            self.ending.some = True
            self.ending.finish(now)

    def _end_refused(self, version: int, block: int) -> bool:
        """Whether there are any; they end with the reason of the refusal."""
        found = self.session.count(
            "INSERT INTO ended SELECT e.bucket, e.id, 'unenrolled', q.reason, coalesce(q.hash, 'send refused'), NULL,"
            " e.block"
            " FROM settled q CROSS JOIN segue_enrollment e WHERE q.state = 'refused'"
            " AND e.bucket = q.bucket AND e.id = q.enrollment_id"
            " AND e.version_id = :version AND e.block = :block AND e.ended_at IS NULL ON CONFLICT DO NOTHING",
            {"version": version, "block": block},
        )
        if found:
            self.session.run(
                "UPDATE segue_enrollment SET ordinal = ordinal + 1 WHERE (bucket, id) IN (SELECT n.bucket, n.id"
                " FROM ended n)"
            )
        return found > 0


def _folded(column: str, prefix: str, known: Iterable[str], values: dict[str, object]) -> str:
    """SQL of a name as comparisons see it (X31); only names that look different folded need a word."""
    cases = ""
    for i, name in enumerate(n for n in sorted(known) if folded(n) != n):
        values[f"{prefix}{i}"], values[f"{prefix}{i}n"] = name, folded(name)
        cases += f" WHEN :{prefix}{i} THEN :{prefix}{i}n"
    return f"CASE {column}{cases} ELSE {column} END" if cases else column
