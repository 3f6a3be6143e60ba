"""Waking: those who rest at a `wait until` that has come true become due, at once and not at their deadline (X17)."""

from __future__ import annotations

from dsl.program.conditions import EventMatch

from ...query.conditions import match_sql
from ...query.scope import Params
from ...store.names import event_table, quoted
from ...store.session import Session
from ..rows import STEP
from ..rules import Rules, Watch
from .touches import Touches

# The subjects of a watch who rest there, about its parameters :version and :block.
_RESTING = (
    "SELECT DISTINCT r.bucket, r.contact_id AS id FROM segue_enrollment r WHERE r.version_id = :version"
    " AND r.block = :block AND r.ended_at IS NULL"
)


class Wake:
    def __init__(self, session: Session, rules: Rules, touches: Touches) -> None:
        self.session, self.rules, self.touches = session, rules, touches

    def __call__(self, t: int) -> None:
        for watch in self.rules.watches:
            if watch.replans:
                self._replan(watch, t)
            else:
                self._wake(watch, t)

    def everybody(self, t: int) -> None:
        """After an edit of all conditions, which touches nobody (X1)."""
        for watch in self.rules.watches:
            if not watch.replans:
                self._wake(watch, t, _RESTING)

    def _wake(self, watch: Watch, t: int, subjects: str | None = None) -> None:
        """Those of `subjects`, else of who was touched, who rest at a `wait until` that has now come true become due
        (X17)."""
        if watch.judged is not None:
            subjects = subjects or self.touches.subjects(watch.judged.reads, watch.object)
            holds, values = watch.judged.predicate.sql, watch.judged.predicate.at(t)
        else:
            tokens = self.rules.event_tokens(watch.events, watch.object)
            subjects = subjects or self.touches.subjects(tokens, watch.object)
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

    def _replan(self, watch: Watch, t: int) -> None:
        """The date waited for may have become another: its wait begins anew when it was set, and is planned by the
        block itself (X17). Of a paused one that is done when it is resumed."""
        assert watch.judged is not None
        subjects = self.touches.subjects(watch.judged.reads, watch.object)
        if subjects is None:
            return
        found = self.session.count(
            f"INSERT INTO chosen (bucket, id, value) SELECT e.bucket, e.id, CAST(d.at AS TEXT) FROM ({subjects}) d"
            " CROSS JOIN segue_enrollment e WHERE e.bucket = d.bucket AND e.contact_id = d.id AND e.version_id ="
            " :version AND e.block = :block AND e.began_at IS NOT NULL AND e.status IN ('active', 'paused')",
            {"version": watch.version_id, "block": watch.block},
        )
        if found:
            self.session.run(
                "UPDATE segue_enrollment AS e SET due = CASE WHEN e.status = 'active' THEN :t END,"
                " began_at = CASE WHEN CAST(c.value AS BIGINT) > e.began_at THEN CAST(c.value AS BIGINT) ELSE"
                " e.began_at END FROM chosen c WHERE e.bucket = +c.bucket AND e.id = +c.id",
                t=t,
            )
            self.session.run("DELETE FROM chosen")

    def _past_wait(self, watch: Watch, t: int) -> None:
        block = self.rules.versions[watch.version_id].pinned.graph.blocks[watch.block]
        self.session.run(
            f"{STEP} SELECT e.bucket, e.id, e.ordinal + 1, :t, e.block, 'wait', NULL, 'happened', NULL FROM chosen c"
            " CROSS JOIN segue_enrollment e WHERE e.bucket = c.bucket AND e.id = c.id",
            t=t,
        )
        self.session.run(
            "UPDATE segue_enrollment SET block = :next, began_at = NULL, waited = TRUE, resume_due = paused_at,"
            " ordinal = ordinal + 1 WHERE (bucket, id) IN (SELECT c.bucket, c.id FROM chosen c)",
            next=getattr(block, "next", watch.block),
        )
        self.session.run("DELETE FROM chosen")


def waited_for(rules: Rules, events: tuple[EventMatch, ...], object_name: str, params: Params, until: str = "") -> str:
    """SQL: one of the events has happened to `s` strictly after the wait of `e` began (X17), and not after `until`."""
    in_time = f" AND v.at <= {until}" if until else ""
    parts = []
    for match in events:
        for kind in rules.scope.kinds(match.event):
            holds = match_sql(rules.scope, match, kind, object_name, params, "e")
            rows = (
                f"FROM {quoted(event_table(kind))} v WHERE v.bucket = e.bucket AND v.record_id = e.contact_id"
                f" AND v.at > e.began_at{in_time} AND {holds}"
            )
            least = match.at_least
            parts.append(
                f"EXISTS (SELECT 1 {rows})" if least == 1 else f"(SELECT count(*) {rows}) >= {params.const(least)}"
            )
    return "(" + " OR ".join(parts) + ")"
