"""Stop: guards, operators and the rep-led switch act at their instant, also during waits and pauses (X6, X9-X11).

What ends is first gathered, in the order of precedence, then ended at once: exactly one end per enrollment (S44).
"""

from __future__ import annotations

from dsl.program.conditions import EventMatch
from dsl.schema.model import Kind

from ..query.conditions import match_sql
from ..query.scope import Params
from ..store.dialect import json_value
from ..store.names import event_table, quoted
from ..store.session import Session
from .rules import Judged, Live, Rules, Watch
from .touches import Touches

_OPEN = "e.ended_at IS NULL"


class Stop:
    def __init__(self, session: Session, rules: Rules, touches: Touches) -> None:
        self.session, self.rules, self.touches = session, rules, touches
        self.some_ended = False

    def __call__(self, t: int, commands: frozenset[str]) -> None:
        for live in self.rules.live:
            self._stop_events(live, t)
            self._company(live, t)
            self._guards(live, t)
        if "unenroll" in commands:
            self._unenroll(t)
        self.finish(t)
        for live in self.rules.live:
            self._switch(live, t)
        for watch in self.rules.watches:
            self._wake(watch, t)
        if "pause" in commands:
            self._pause(t)
        if "resume" in commands:
            self._resume(t)
        if "task" in commands:
            self._tasks(t)

    def edited(self, definitions: set[int], t: int) -> None:
        """Guards are read live (X26): those of edited definitions are judged for everybody inside."""
        inside = (
            "SELECT e.bucket, e.contact_id AS id, 1 AS live FROM segue_enrollment e"
            " WHERE e.definition_id = :definition AND e.ended_at IS NULL"
        )
        for live in (d for d in self.rules.live if d.id in definitions):
            for reason, judged in self.rules.guards[live.id].items():
                self._guard(live, reason, judged, inside, t)

    # --- what ends ----------------------------------------------------------------------------

    def _gather(self, rows: str, values: dict[str, object]) -> None:
        """Add (bucket, id, status, reason, detail, evidence) rows; the first to name an enrollment ends it."""
        found = self.session.count(
            f"INSERT INTO ended SELECT q.bucket, q.id, q.status, q.reason, q.detail, q.evidence, NULL FROM ({rows}) q"
            " WHERE TRUE ON CONFLICT DO NOTHING",
            values,
        )
        self.some_ended = self.some_ended or found > 0

    def _stop_events(self, live: Live, t: int) -> None:
        """Any such event after enrollment counts, whatever mail it belongs to (S32)."""
        for match, reason in live.definition.guards.stop_on:
            for kind in self.rules.scope.kinds(match.event):
                if f"event {kind}" in self.touches.tokens:
                    self._stop_event(live, match, kind, reason, t)

    def _stop_event(self, live: Live, match: EventMatch, kind: str, reason: str, t: int) -> None:
        rows, values = self._happened(live, match, kind, t)
        picked = (
            "e.bucket, e.id, 'unenrolled' AS status, :reason AS reason, CAST(NULL AS TEXT) AS detail,"
            " min(x.event_id) AS evidence"
        )
        self._gather(f"SELECT {picked} {rows} GROUP BY e.bucket, e.id", values | {"reason": reason})

    def _happened(self, live: Live, match: EventMatch, kind: str, t: int) -> tuple[str, dict[str, object]]:
        """FROM and WHERE of this pass's events `x`, `v` and the open enrollments `e` of `live` they came after."""
        params, of = Params(), live.definition.pinned.object
        single = EventMatch(kind, match.filter, 1, match.machines)
        holds = match_sql(self.rules.scope, single, of, "s", "v", params, "e")
        rows = (
            f"FROM touch x CROSS JOIN {quoted(event_table(kind))} v CROSS JOIN segue_enrollment e CROSS JOIN"
            f" {quoted(of)} s"
            " WHERE x.token = :token AND x.fresh = 0"
            " AND v.bucket = x.bucket AND v.record_id = x.id AND v.at = x.at AND v.id = x.event_id"
            " AND e.bucket = x.bucket AND e.contact_id = x.id AND e.definition_id = :definition"
            f" AND {_OPEN} AND x.at > e.enrolled_at AND s.bucket = x.bucket AND s.id = x.id AND {holds}"
        )
        if match.at_least > 1:
            rows += f" AND {self._often(match, kind, params)}"
        return rows, params.at(t) | {"token": f"event {kind}", "definition": live.id}

    def _often(self, match: EventMatch, kind: str, params: Params) -> str:
        """`at least N times` since the enrollment began."""
        holds = match_sql(
            self.rules.scope, EventMatch(kind, match.filter, 1, match.machines), "contact", "s", "w", params, "e"
        )
        table = quoted(event_table(kind))
        return (
            f"(SELECT count(*) FROM {table} w WHERE w.bucket = e.bucket AND w.record_id = e.contact_id"
            f" AND w.at > e.enrolled_at AND {holds}) >= {params.const(match.at_least)}"
        )

    def _company(self, live: Live, t: int) -> None:
        """`stop_company_on` ends this definition for everyone at the contact's primary company (X9, S34)."""
        for match in live.definition.guards.stop_company_on:
            for kind in self.rules.scope.kinds(match.event):
                if f"event {kind}" not in self.touches.tokens:
                    continue
                params = Params()
                single = EventMatch(kind, match.filter, 1, match.machines)
                holds = match_sql(self.rules.scope, single, "contact", "s", "v", params)
                # Crosses buckets by design: contact -> company -> its other contacts.
                self._gather(
                    "SELECT e.bucket, e.id, 'unenrolled' AS status, 'company' AS reason, CAST(NULL AS TEXT) AS"
                    " detail, min(x.event_id) AS evidence"
                    f" FROM touch x CROSS JOIN {quoted(event_table(kind))} v CROSS JOIN contact s"
                    " CROSS JOIN link_contact_company a CROSS JOIN link_company_contact b CROSS JOIN segue_enrollment e"
                    " WHERE x.token = :token AND x.fresh = 0"
                    " AND v.bucket = x.bucket AND v.record_id = x.id AND v.at = x.at AND v.id = x.event_id"
                    " AND s.bucket = x.bucket AND s.id = x.id AND a.bucket = x.bucket AND a.id = x.id"
                    " AND b.bucket = a.to_bucket AND b.id = a.to_id AND e.bucket = b.to_bucket AND e.contact_id"
                    " = b.to_id"
                    f" AND e.definition_id = :definition AND {_OPEN} AND x.at > e.enrolled_at AND {holds} GROUP"
                    " BY e.bucket, e.id",
                    params.at(t) | {"token": f"event {kind}", "definition": live.id},
                )

    def _guards(self, live: Live, t: int) -> None:
        for reason, judged in self.rules.guards[live.id].items():
            subjects = self.touches.subjects(judged.reads, judged.object)
            if subjects is not None:
                self._guard(live, reason, judged, subjects, t)

    def _guard(self, live: Live, reason: str, judged: Judged, subjects: str, t: int) -> None:
        word = {"goal": "goal", "suppress": "suppressed", "stop_when": "stop_when"}[reason]
        self._gather(
            "SELECT e.bucket, e.id, 'unenrolled' AS status, :reason AS reason, CAST(NULL AS TEXT) AS detail,"
            " CAST(NULL AS BIGINT) AS evidence"
            f" FROM ({subjects}) d CROSS JOIN segue_enrollment e CROSS JOIN {quoted(judged.object)} s"
            " WHERE e.bucket = d.bucket AND e.contact_id = d.id AND e.definition_id = :definition"
            f" AND {_OPEN} AND s.bucket = e.bucket AND s.id = e.contact_id AND {judged.predicate.sql}",
            judged.predicate.at(t) | {"reason": word, "definition": live.id},
        )

    def _unenroll(self, t: int) -> None:
        """By an operator (of one enrollment or of all in a definition) or by a rule."""
        number = json_value(self.session.dialect, "b.payload", "enrollment", Kind.RECORD)
        by = json_value(self.session.dialect, "b.payload", "by", Kind.TEXT)
        self._gather(
            f"SELECT e.bucket, e.id, 'unenrolled' AS status, 'manual' AS reason, max({by}) AS detail, CAST(NULL"
            " AS BIGINT) AS evidence"
            " FROM batch b CROSS JOIN segue_definition f CROSS JOIN segue_enrollment e"
            " WHERE b.kind = 'unenroll' AND f.kind || ' ' || f.name = b.name AND e.bucket = b.bucket AND"
            " e.contact_id = b.id"
            f" AND e.definition_id = f.id AND {_OPEN} AND ({number} IS NULL OR {number} = e.id) AND"
            " e.enrolled_at <= b.at"
            " GROUP BY e.bucket, e.id",
            {},
        )

    def finish(self, t: int) -> None:
        """End what was gathered: the state, its step row, its unsent mail, the mark on its open tasks (X10)."""
        if not self.some_ended:
            return
        mine = "(bucket, enrollment_id) IN (SELECT n.bucket, n.id FROM ended n)"
        reason = "(SELECT n.reason FROM ended n WHERE n.bucket = {0}.bucket AND n.id = {0}.enrollment_id)"
        self.session.run(
            f"UPDATE segue_outbox SET state = 'cancelled', settled_at = :t, reason = {reason.format('segue_outbox')}"
            f" WHERE state IN ('planned', 'claimed', 'deferred') AND {mine}",
            t=t,
        )
        self.session.run(
            f"UPDATE segue_task SET note = 'enrollment ended (' || {reason.format('segue_task')} || ')' WHERE"
            f" state = 'open' AND {mine}"
        )
        self.session.run(
            "INSERT INTO segue_step (bucket, enrollment_id, ordinal, at, block, what, name, outcome, detail)"
            " SELECT e.bucket, e.id, e.ordinal + 1, :t, n.block, 'ended', n.status, n.reason, n.detail"
            " FROM ended n CROSS JOIN segue_enrollment e WHERE e.bucket = n.bucket AND e.id = n.id",
            t=t,
        )
        self.session.run(
            "UPDATE segue_enrollment AS e SET status = n.status, reason = n.reason, detail = n.detail, evidence"
            " = n.evidence,"
            # +: SQLite must walk those who end, not all enrollments.
            " ended_at = :t, due = NULL, ordinal = e.ordinal + 1 FROM ended n WHERE e.bucket = +n.bucket AND"
            " e.id = +n.id",
            t=t,
        )
        self._tell(t)
        self.session.run("DELETE FROM ended")
        self.some_ended = False

    def _tell(self, t: int) -> None:
        """Conditions that read `in sequence X` see the end in the next pass."""
        names = self.session.run(
            "SELECT DISTINCT f.id, f.kind, f.name FROM ended n CROSS JOIN segue_enrollment e CROSS JOIN"
            " segue_definition f"
            " WHERE e.bucket = n.bucket AND e.id = n.id AND f.id = e.definition_id"
        )
        for number, kind, name in names:
            rows = (
                "SELECT e.bucket, e.contact_id AS id, :t AS at, CAST(NULL AS BIGINT) AS event_id, 1 AS live"
                " FROM ended n CROSS JOIN segue_enrollment e"
                " WHERE e.bucket = n.bucket AND e.id = n.id AND e.definition_id = :definition"
            )
            self.touches.add(f"enrolled {kind} {name}", rows, {"t": t, "definition": number}, later=True)

    # --- what goes another way ----------------------------------------------------------------

    def _switch(self, live: Live, t: int) -> None:
        """The rep-led part begins when the person engages with the automated mails; it fires once (X11, D4)."""
        pinned_kinds = {
            (kind, match)
            for v in self.rules.versions.values()
            if v.definition_id == live.id
            for match in v.pinned.engage
            for kind in self.rules.scope.kinds(match.event)
        }
        for kind, match in sorted(pinned_kinds, key=repr):
            if f"event {kind}" in self.touches.tokens:
                self._engage(live, match, kind, t)

    def _engage(self, live: Live, match: EventMatch, kind: str, t: int) -> None:
        params = Params()
        single = EventMatch(kind, match.filter, 1, match.machines)
        holds = match_sql(self.rules.scope, single, "contact", "s", "v", params, "e")
        reopen = live.definition.late_engagement == "reopen"
        state = "(e.ended_at IS NULL OR e.reason = 'no_engagement')" if reopen else _OPEN
        versions = [
            (v.id, v.pinned.graph.rep_led)
            for v in self.rules.versions.values()
            if v.definition_id == live.id and match in v.pinned.engage and v.pinned.graph.rep_led is not None
        ]
        for number, entry in versions:
            values = params.at(t) | {"token": f"event {kind}", "version": number, "least": match.at_least}
            count = (
                f"(SELECT count(*) FROM {quoted(event_table(kind))} v CROSS JOIN contact s CROSS JOIN segue_outbox o"
                " WHERE v.bucket = e.bucket AND v.record_id = e.contact_id AND v.enrollment_id = e.id"
                " AND s.bucket = e.bucket AND s.id = e.contact_id AND o.bucket = e.bucket AND o.enrollment_id = e.id"
                f" AND o.ordinal = v.ordinal AND o.automated AND {holds})"
            )
            found = self.session.count(
                "INSERT INTO chosen (bucket, id) SELECT DISTINCT e.bucket, e.id FROM touch x CROSS JOIN"
                " segue_enrollment e"
                " WHERE x.token = :token AND x.fresh = 0 AND e.bucket = x.bucket AND e.contact_id = x.id AND"
                " e.version_id = :version"
                f" AND e.engaged_at IS NULL AND {state} AND {count} >= :least",
                values,
            )
            if found:
                self._to_rep(entry or 0, t)

    def _to_rep(self, entry: int, t: int) -> None:
        mine = "(bucket, enrollment_id) IN (SELECT c.bucket, c.id FROM chosen c)"
        self.session.run(
            "UPDATE segue_outbox SET state = 'cancelled', reason = 'engaged', settled_at = :t"
            f" WHERE state IN ('planned', 'claimed', 'deferred') AND {mine}",
            t=t,
        )
        self.session.run(
            "INSERT INTO segue_step (bucket, enrollment_id, ordinal, at, block, what, name, outcome, detail)"
            " SELECT e.bucket, e.id, e.ordinal + 1, :t, e.block, 'switch', 'rep_led', 'done', NULL"
            " FROM chosen c CROSS JOIN segue_enrollment e WHERE e.bucket = c.bucket AND e.id = c.id",
            t=t,
        )
        # A paused one switches too, and starts its first rep-led step when it is resumed (X10).
        self.session.run(
            "UPDATE segue_enrollment SET engaged_at = :t, block = :entry, ordinal = ordinal + 1, began_at ="
            " NULL, waited = FALSE,"
            " ended_at = NULL, due = CASE WHEN status = 'paused' THEN NULL ELSE :t END,"
            " resume_due = CASE WHEN status = 'paused' THEN paused_at ELSE NULL END,"
            " resume_status = CASE WHEN status = 'paused' THEN 'active' ELSE NULL END,"
            " reason = CASE WHEN status = 'paused' THEN reason ELSE NULL END,"
            " status = CASE WHEN status = 'paused' THEN 'paused' ELSE 'active' END"
            " WHERE (bucket, id) IN (SELECT c.bucket, c.id FROM chosen c)",
            t=t,
            entry=entry,
        )
        self.session.run("DELETE FROM chosen")

    def _wake(self, watch: Watch, t: int) -> None:
        """Those who rest at a `wait until` that has now come true become due (X17)."""
        if watch.judged is not None:
            subjects = self.touches.subjects(watch.judged.reads, watch.object)
            holds, values = watch.judged.predicate.sql, watch.judged.predicate.at(t)
        else:
            subjects = self.touches.subjects(self.rules.event_tokens(watch.events, watch.object), watch.object)
            params = Params()
            holds = waited_for(self.rules, watch.events, watch.object, params)
            values = params.at(t)
        if subjects is None:
            return
        rows = (
            f"SELECT e.bucket, e.id FROM ({subjects}) d"
            f" CROSS JOIN segue_enrollment e CROSS JOIN {quoted(watch.object)} s WHERE e.bucket = d.bucket AND"
            " e.contact_id = d.id AND e.version_id = :version AND e.block = :block AND e.began_at IS NOT NULL"
            f" AND s.bucket = e.bucket AND s.id = e.contact_id AND {holds}"
        )
        values = values | {"version": watch.version_id, "block": watch.block}
        self.session.bound(
            "UPDATE segue_enrollment SET due = :t WHERE (bucket, id) IN"
            f" ({rows} AND e.status = 'active' AND e.due > :t)",
            values | {"t": t},
        )
        # Of a paused one the wait is over too, whatever is true later: it goes on when it is resumed.
        paused = f"{rows} AND e.status = 'paused' AND e.resume_due > e.paused_at"
        if self.session.count(f"INSERT INTO chosen (bucket, id) {paused}", values):
            self._past_wait(watch, t)

    def _past_wait(self, watch: Watch, t: int) -> None:
        block = self.rules.versions[watch.version_id].pinned.graph.blocks[watch.block]
        self.session.run(
            "INSERT INTO segue_step (bucket, enrollment_id, ordinal, at, block, what, name, outcome, detail)"
            " SELECT e.bucket, e.id, e.ordinal + 1, :t, e.block, 'wait', NULL, 'happened', NULL FROM chosen c"
            " CROSS JOIN segue_enrollment e WHERE e.bucket = c.bucket AND e.id = c.id",
            t=t,
        )
        self.session.run(
            "UPDATE segue_enrollment SET block = :next, began_at = NULL, waited = TRUE, resume_due = paused_at,"
            " ordinal = ordinal + 1 WHERE (bucket, id) IN (SELECT c.bucket, c.id FROM chosen c)",
            next=getattr(block, "next", watch.block),
        )
        self.session.run("DELETE FROM chosen")

    # --- operators ----------------------------------------------------------------------------

    def _commanded(self, kind: str, status: str) -> int:
        """Choose the enrollments a command of this pass names."""
        number = json_value(self.session.dialect, "b.payload", "enrollment", Kind.RECORD)
        return self.session.count(
            "INSERT INTO chosen (bucket, id, value) SELECT e.bucket, e.id, max(b.key) FROM batch b CROSS JOIN"
            " segue_definition f"
            " CROSS JOIN segue_enrollment e WHERE b.kind = :kind AND f.kind || ' ' || f.name = b.name"
            " AND e.bucket = b.bucket AND e.contact_id = b.id AND e.definition_id = f.id AND e.ended_at IS NULL"
            f" AND ({number} IS NULL OR {number} = e.id) AND e.status {status} GROUP BY e.bucket, e.id",
            {"kind": kind},
        )

    def _pause(self, t: int) -> None:
        """The countdown freezes: what is left of a delay is kept (S40). A mail not yet claimed is held back."""
        if not self._commanded("pause", "IN ('active', 'waiting_task')"):
            return
        self._log("paused", t)
        self.session.run(
            "UPDATE segue_enrollment SET resume_status = status, status = 'paused', reason = 'manual', paused_at = :t,"
            " resume_due = due, due = NULL, ordinal = ordinal + 1 WHERE (bucket, id) IN (SELECT c.bucket, c.id"
            " FROM chosen c)",
            t=t,
        )
        self.session.run("DELETE FROM chosen")

    def _resume(self, t: int) -> None:
        if not self._commanded("resume", "= 'paused'"):
            return
        self._log("resumed", t)
        self.session.run(
            "UPDATE segue_enrollment SET status = resume_status, reason = NULL,"
            " due = CASE WHEN resume_due IS NULL THEN NULL WHEN resume_due <= paused_at THEN :t ELSE resume_due"
            " + (:t - paused_at) END,"
            " resume_status = NULL, paused_at = NULL, resume_due = NULL, ordinal = ordinal + 1"
            " WHERE (bucket, id) IN (SELECT c.bucket, c.id FROM chosen c)",
            t=t,
        )
        self.session.run("DELETE FROM chosen")

    def _log(self, what: str, t: int) -> None:
        self.session.run(
            "INSERT INTO segue_step (bucket, enrollment_id, ordinal, at, block, what, name, outcome, detail)"
            " SELECT e.bucket, e.id, e.ordinal + 1, :t, e.block, :what, NULL, 'done', NULL FROM chosen c"
            " CROSS JOIN segue_enrollment e WHERE e.bucket = c.bucket AND e.id = c.id",
            t=t,
            what=what,
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
        self.session.run(
            f"UPDATE segue_task SET state = q.state, done_at = :t FROM ({rows}) q WHERE segue_task.bucket = q.bucket"
            " AND segue_task.enrollment_id = q.enrollment_id AND segue_task.ordinal = q.ordinal",
            t=t,
        )
        self.session.run(
            "INSERT INTO segue_step (bucket, enrollment_id, ordinal, at, block, what, name, outcome, detail)"
            " SELECT e.bucket, e.id, e.ordinal + 1, :t, e.block, 'task', NULL, c.value, NULL FROM chosen c"
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


def waited_for(rules: Rules, events: tuple[EventMatch, ...], object_name: str, params: Params) -> str:
    """SQL: one of the events has happened to `s` strictly after the wait of `e` began (X17)."""
    parts = []
    for match in events:
        for kind in rules.scope.kinds(match.event):
            single = EventMatch(kind, match.filter, 1, match.machines)
            holds = match_sql(rules.scope, single, object_name, "s", "v", params, "e")
            rows = (
                f"FROM {quoted(event_table(kind))} v WHERE v.bucket = e.bucket AND v.record_id = e.contact_id"
                f" AND v.at > e.began_at AND {holds}"
            )
            least = match.at_least
            parts.append(
                f"EXISTS (SELECT 1 {rows})" if least == 1 else f"(SELECT count(*) {rows}) >= {params.const(least)}"
            )
    return "(" + " OR ".join(parts) + ")"
