"""The rep-led switch: automatic mails give way to the rep when the person engages with them (X11, D2-D4)."""

from __future__ import annotations

from collections.abc import Iterator

from dsl.program.blocks import Send
from dsl.program.conditions import EventMatch

from ...query.conditions import match_sql, predicate
from ...query.scope import Params
from ...store.names import event_table, quoted
from ...store.session import Session, placeholders
from ..intake.seeing import since
from ..judging.touches import Touches
from ..rows import OPEN, STEP
from ..rules import Live, Rules

# Who clicks the link by which one unsubscribes, an address of ours (L1), goes and does not engage (X11, L2).
_ENGAGES = {"clicked_email": " AND coalesce(v.link_url__n, '') NOT LIKE 'mailto:%unsubscribe%'"}


class Switch:
    def __init__(self, session: Session, rules: Rules, touches: Touches) -> None:
        self.session, self.rules, self.touches = session, rules, touches

    def __call__(self, t: int) -> None:
        for live in self.rules.live:
            self._switch(live, t)

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
        reopen = live.definition.late_engagement == "reopen"
        versions = [
            (v.id, v.pinned.graph.rep_led)
            for v in self.rules.versions.values()
            if v.definition_id == live.id and match in v.pinned.engage and v.pinned.graph.rep_led is not None
        ]
        for number, entry in versions:
            params = Params()
            values: dict[str, object] = {"token": f"event {kind}", "version": number, "least": match.at_least}
            holds = match_sql(self.rules.scope, match, kind, "contact", params, "e")
            again = reopen and self._whole(number)
            state = f"({OPEN} OR ({self._may_reopen(live, params, values)}))" if again else OPEN
            count = (
                f"(SELECT count(*) FROM {quoted(event_table(kind))} v CROSS JOIN contact s CROSS JOIN segue_outbox o"
                " WHERE v.bucket = e.bucket AND v.record_id = e.contact_id AND v.enrollment_id = e.id"
                " AND s.bucket = e.bucket AND s.id = e.contact_id AND o.bucket = e.bucket AND o.enrollment_id = e.id"
                f" AND o.ordinal = v.ordinal AND o.automated AND {holds}{_ENGAGES.get(kind, '')})"
            )
            found = self.session.count(
                "INSERT INTO chosen (bucket, id) SELECT DISTINCT e.bucket, e.id FROM touch x CROSS JOIN"
                " segue_enrollment e"
                " WHERE x.token = :token AND x.fresh = 0 AND e.bucket = x.bucket AND e.contact_id = x.id AND"
                " e.version_id = :version"
                f" AND e.engaged_at IS NULL AND {state} AND {count} >= :least",
                params.at(t) | values,
            )
            if found:
                self._to_rep(entry or 0, t)

    def _whole(self, version: int) -> bool:
        """Whether today's rule files still have every template of this version."""
        blocks = self.rules.versions[version].pinned.graph.blocks
        return all(b.template in self.rules.program.templates for b in blocks if isinstance(b, Send))

    def _may_reopen(self, live: Live, params: Params, values: dict[str, object]) -> str:
        """Who has meanwhile come in anew, or into another exclusive sequence, stays there (X7); for whom it would have
        ended since, it is over (D7, X6, X9)."""
        held = {live.id} | {d.id for d in self.rules.live if live.definition.exclusive and d.definition.exclusive}
        numbers = placeholders("held", sorted(held), values)
        return (
            "e.reason = 'no_engagement' AND NOT EXISTS (SELECT 1 FROM segue_enrollment n WHERE n.bucket = e.bucket"
            f" AND n.contact_id = e.contact_id AND n.ended_at IS NULL AND n.definition_id IN ({numbers}))"
            + "".join(f" AND NOT {ended}" for ended in self._would_have_ended(live, params))
        )

    def _would_have_ended(self, live: Live, params: Params) -> Iterator[str]:
        """SQL of each thing that ends the enrollment `e`: what happened since, and what holds now."""
        guards, scope = live.definition.guards, self.rules.scope
        them = "s.bucket = e.bucket AND s.id = e.contact_id"
        for match in (*(match for match, _ in guards.stop_on), *guards.stop_company_on):
            for kind in scope.kinds(match.event):
                rows = f"{quoted(event_table(kind))} v CROSS JOIN contact s"
                yield (
                    f"EXISTS (SELECT 1 FROM {rows} WHERE v.bucket = e.bucket AND v.record_id = e.contact_id"
                    f" AND v.at > e.enrolled_at AND {them}"
                    f" AND {match_sql(scope, match, kind, 'contact', params, 'e')})"
                )
        for condition in (guards.goal, guards.suppress, guards.stop_when):
            if condition is not None:
                holds = predicate(scope, condition, "contact", "s", "e", params).sql
                yield f"EXISTS (SELECT 1 FROM contact s WHERE {them} AND {holds})"

    def _to_rep(self, entry: int, t: int) -> None:
        mine = "(bucket, enrollment_id) IN (SELECT c.bucket, c.id FROM chosen c)"
        self.session.run(
            "UPDATE segue_outbox SET state = 'cancelled', reason = 'engaged', settled_at = :t"
            f" WHERE state IN ('planned', 'claimed', 'deferred') AND {mine}",
            t=t,
        )
        self.session.run(
            f"{STEP} SELECT e.bucket, e.id, e.ordinal + 1, :t, e.block, 'switch', 'rep_led', 'done', NULL"
            " FROM chosen c CROSS JOIN segue_enrollment e WHERE e.bucket = c.bucket AND e.id = c.id",
            t=t,
        )
        # What came after its end counts for one that goes on (M5, M11).
        theirs = (f"segue_enrollment.{name}" for name in ("bucket", "contact_id", "enrolled_at"))
        seen = since(self.rules.scope.schema.events, *theirs)
        # A paused one switches too, and starts its first rep-led step when it is resumed (X10).
        self.session.run(
            "UPDATE segue_enrollment SET engaged_at = :t, block = :entry, ordinal = ordinal + 1, began_at ="
            f" NULL, waited = FALSE, seen = seen | ({seen}),"
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
