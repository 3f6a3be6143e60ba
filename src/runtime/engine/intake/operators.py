"""What operators ask for through the inbox: pause, resume, a task given away, done or skipped (S40, X22)."""

from __future__ import annotations

from dsl.program.blocks import WaitDate
from dsl.schema.model import Kind

from ...store.dialect import json_object, json_value
from ...store.session import Session
from ..judging.touches import Touches
from ..rows import LOOKS, STEP, TO_INBOX
from ..rules import Rules

# Pauses and resumes with their place among those of the same definition and record.
_TURNS = (
    "SELECT b.*, row_number() OVER (PARTITION BY b.bucket, b.object, b.id, b.name ORDER BY b.at, b.rank, b.key) AS turn"
    " FROM batch b WHERE b.kind IN ('pause', 'resume')"
)


class Operators:
    def __init__(self, session: Session, rules: Rules, touches: Touches) -> None:
        self.session, self.rules, self.touches = session, rules, touches

    def __call__(self, t: int, commands: frozenset[str]) -> None:
        if "pause" in commands and "resume" in commands:
            self._in_turns(t)
        elif "pause" in commands:
            self._pause(t)
        elif "resume" in commands:
            self._resume(t)
        if "assign" in commands:
            self._assign()
        if "task" in commands:
            self._tasks(t)

    def _in_turns(self, t: int) -> None:
        """Both of them: of each definition and record in the order given, one a turn (X2)."""
        turns = self.session.one(f"SELECT max(turn) FROM ({_TURNS}) q")
        for turn in range(1, turns + 1):
            self._pause(t, turn)
            self._resume(t, turn)

    def _commanded(self, kind: str, status: str, turn: int | None) -> int:
        """Choose the enrollments a command of this pass, or of one turn of it, names."""
        rows = "batch" if turn is None else f"(SELECT q.* FROM ({_TURNS}) q WHERE q.turn = :turn)"
        number, paused = (
            json_value(self.session.dialect, "b.payload", name, Kind.RECORD) for name in ("enrollment", "paused")
        )
        return self.session.count(
            f"INSERT INTO chosen (bucket, id, value) SELECT e.bucket, e.id, max(b.key) FROM {rows} b CROSS JOIN"
            " segue_definition f"
            " CROSS JOIN segue_enrollment e WHERE b.kind = :kind AND f.kind || ' ' || f.name = b.name"
            " AND e.bucket = b.bucket AND e.contact_id = b.id AND e.definition_id = f.id AND e.ended_at IS NULL"
            f" AND ({number} IS NULL OR {number} = e.id) AND ({paused} IS NULL OR {paused} = e.paused_at)"
            f" AND e.status {status} GROUP BY e.bucket, e.id",
            {"kind": kind} | ({"turn": turn} if turn is not None else {}),
        )

    def _pause(self, t: int, turn: int | None = None) -> None:
        """The countdown freezes: what is left of a delay is kept (S40). A mail not yet claimed is held back. The reason
        is `manual` unless the command says another, such as `ooo` (S35, S43)."""
        if not self._commanded("pause", "IN ('active', 'waiting_task', 'pending')", turn):
            return
        self._log("paused", t)
        self._until(t)
        why = json_value(self.session.dialect, "b.payload", "reason", Kind.TEXT)
        asked = (
            f"SELECT {why} FROM chosen c CROSS JOIN batch b WHERE c.bucket = segue_enrollment.bucket AND c.id ="
            " segue_enrollment.id AND b.kind = 'pause' AND b.bucket = c.bucket AND b.key = c.value"
        )
        self.session.run(
            f"UPDATE segue_enrollment SET resume_status = status, status = 'paused', reason = coalesce(({asked}),"
            " 'manual'), paused_at = :t,"
            " resume_due = due, due = NULL, rests = NULL, ordinal = ordinal + 1 WHERE (bucket, id) IN"
            " (SELECT c.bucket, c.id FROM chosen c)",
            t=t,
        )
        self.session.run("DELETE FROM chosen")

    def _until(self, t: int) -> None:
        """A pause with an end: a resume waits in the inbox, for this pause and no later one."""
        until = json_value(self.session.dialect, "b.payload", "until", Kind.RECORD)
        payload = json_object(self.session.dialect, [("enrollment", "c.id"), ("paused", ":t")])
        self.session.run(
            f"{TO_INBOX} SELECT b.bucket, {until}, 'until ' || b.key || '/' || CAST(c.id AS TEXT), 0, 'resume',"
            " b.object, b.id,"
            f" b.name, '', {payload}, TRUE, :t FROM chosen c CROSS JOIN batch b WHERE b.kind = 'pause'"
            f" AND b.bucket = c.bucket AND b.key = c.value AND {until} IS NOT NULL ON CONFLICT DO NOTHING",
            t=t,
        )

    def _resume(self, t: int, turn: int | None = None) -> None:
        if not self._commanded("resume", "= 'paused'", turn):
            return
        self._log("resumed", t)
        self.session.run(
            "UPDATE segue_enrollment SET status = resume_status,"
            " reason = CASE WHEN resume_status = 'pending' THEN 'exclusive' END,"
            " due = CASE WHEN resume_due IS NULL THEN NULL WHEN resume_due <= paused_at THEN :t ELSE resume_due"
            " + (:t - paused_at) END,"
            " resume_status = NULL, paused_at = NULL, resume_due = NULL, ordinal = ordinal + 1"
            " WHERE (bucket, id) IN (SELECT c.bucket, c.id FROM chosen c)",
            t=t,
        )
        self._appointments(t)
        self.session.run("DELETE FROM chosen")

    def _appointments(self, t: int) -> None:
        """What is waited for on a clock, at a date or for the window is not moved by a pause: it is looked at anew. A
        delay that ends there is kept (S40, X17)."""
        for number, place in self.session.run(
            "SELECT DISTINCT e.version_id, e.block FROM chosen c CROSS JOIN segue_enrollment e WHERE e.bucket ="
            " c.bucket AND e.id = c.id"
        ):
            block = self.rules.versions[number].pinned.graph.blocks[place]
            if isinstance(block, LOOKS):
                began = "" if isinstance(block, WaitDate) else ", began_at = NULL"
                self.session.run(
                    f"UPDATE segue_enrollment SET due = :t{began} WHERE version_id = :version AND block = :block"
                    " AND status = 'active' AND began_at IS NOT NULL"
                    " AND (bucket, id) IN (SELECT c.bucket, c.id FROM chosen c)",
                    version=number,
                    block=place,
                    t=t,
                )

    def _log(self, what: str, t: int) -> None:
        self.session.run(
            f"{STEP} SELECT e.bucket, e.id, e.ordinal + 1, :t, e.block, :what, NULL, 'done', NULL FROM chosen c"
            " CROSS JOIN segue_enrollment e WHERE e.bucket = c.bucket AND e.id = c.id",
            t=t,
            what=what,
        )

    def _assign(self) -> None:
        """An open task is somebody else's from now on."""
        d = self.session.dialect
        number, ordinal = (json_value(d, "b.payload", name, Kind.RECORD) for name in ("enrollment", "ordinal"))
        to = json_value(d, "b.payload", "to", Kind.TEXT)
        rows = f"SELECT b.bucket, {number} AS enrollment, {ordinal} AS ordinal, max({to}) AS assignee FROM batch b"
        self.session.run(
            f"UPDATE segue_task SET assignee = q.assignee FROM ({rows} WHERE b.kind = 'assign' GROUP BY 1, 2, 3) q"
            " WHERE segue_task.bucket = q.bucket AND segue_task.enrollment_id = q.enrollment"
            " AND segue_task.ordinal = q.ordinal AND segue_task.state = 'open'"
        )

    def _tasks(self, t: int) -> None:
        """A task done or skipped lets its sequence go on (X22, S22)."""
        d = self.session.dialect
        number, ordinal = (
            json_value(d, "b.payload", "enrollment", Kind.RECORD),
            json_value(d, "b.payload", "ordinal", Kind.RECORD),
        )
        state = json_value(d, "b.payload", "state", Kind.TEXT)
        rows = (
            f"SELECT k.bucket, k.enrollment_id, k.ordinal, max({state}) AS state FROM batch b CROSS JOIN segue_task k"
            f" WHERE b.kind = 'task' AND k.bucket = b.bucket AND k.enrollment_id = {number} AND k.ordinal = {ordinal}"
            " AND k.state = 'open' GROUP BY k.bucket, k.enrollment_id, k.ordinal"
        )
        self.session.run(
            "INSERT INTO chosen (bucket, id, value) SELECT e.bucket, e.id, q.state FROM"
            f" ({rows}) q CROSS JOIN segue_enrollment e CROSS JOIN segue_task k WHERE k.bucket = q.bucket"
            " AND k.enrollment_id = q.enrollment_id AND k.ordinal = q.ordinal AND e.bucket = q.bucket AND e.id"
            " = q.enrollment_id"
            " AND e.ended_at IS NULL AND k.waits AND k.block = e.block AND (e.status = 'waiting_task' OR"
            " e.resume_status = 'waiting_task')"
            " ON CONFLICT DO NOTHING"
        )
        self.touches.add(
            "task",  # who waits for it looks again in the next pass
            "SELECT DISTINCT k.bucket, k.contact_id AS id, CAST(:t AS BIGINT) AS at, CAST(NULL AS BIGINT) AS event_id,"
            f" 1 AS live FROM ({rows}) q CROSS JOIN segue_task k WHERE k.bucket = q.bucket"
            " AND k.enrollment_id = q.enrollment_id AND k.ordinal = q.ordinal AND k.name IS NOT NULL",
            {"t": t},
            later=True,
        )
        self.session.run(
            f"UPDATE segue_task SET state = q.state, done_at = :t FROM ({rows}) q WHERE segue_task.bucket = q.bucket"
            " AND segue_task.enrollment_id = q.enrollment_id AND segue_task.ordinal = q.ordinal",
            t=t,
        )
        self.session.run(
            f"{STEP} SELECT e.bucket, e.id, e.ordinal + 1, :t, e.block, 'task', NULL, c.value, NULL FROM chosen c"
            " CROSS JOIN segue_enrollment e WHERE e.bucket = c.bucket AND e.id = c.id",
            t=t,
        )
        self._past_task(t)
        self.session.run("DELETE FROM chosen")

    def _past_task(self, t: int) -> None:
        places = self.session.run(
            "SELECT DISTINCT e.version_id, e.block FROM chosen c CROSS JOIN segue_enrollment e WHERE e.bucket ="
            " c.bucket AND e.id = c.id"
        )
        for number, block in places:
            following = getattr(self.rules.versions[number].pinned.graph.blocks[block], "next", block)
            self.session.run(
                "UPDATE segue_enrollment SET block = :following, waited = FALSE, ordinal = ordinal + 1,"
                " last_step_at = :t,"
                " due = CASE WHEN status = 'paused' THEN NULL ELSE :t END,"
                " resume_due = CASE WHEN status = 'paused' THEN paused_at ELSE NULL END,"
                " resume_status = CASE WHEN status = 'paused' THEN 'active' ELSE NULL END,"
                " status = CASE WHEN status = 'paused' THEN 'paused' ELSE 'active' END"
                " WHERE version_id = :version AND block = :block AND (bucket, id) IN (SELECT c.bucket, c.id"
                " FROM chosen c)",
                following=following,
                version=number,
                block=block,
                t=t,
            )
