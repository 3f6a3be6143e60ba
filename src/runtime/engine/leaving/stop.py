"""Stop: events, guards and operators end enrollments at their instant, also during waits and pauses (X6, X9, X10)."""

from __future__ import annotations

from dsl.program.conditions import EventMatch
from dsl.schema.model import Kind

from ...query.conditions import match_sql
from ...query.scope import Params
from ...store.dialect import json_value
from ...store.names import event_table, quoted
from ...store.session import Session, placeholders
from ..intake.deletions import DELETED
from ..judging.touches import Touches
from ..rows import OPEN, STEP
from ..rules import Judged, Live, Rules
from .ending import Ending

# Whose enrollments an event may end: what is joined for it, and how. The company crosses buckets by design: contact ->
# company -> its other contacts.
_THEIR_OWN = "", "e.bucket = x.bucket AND e.contact_id = x.id"
_OF_THEIR_COMPANY = (
    " CROSS JOIN link_contact_company a CROSS JOIN link_company_contact b",
    "a.bucket = x.bucket AND a.id = x.id AND b.bucket = a.to_bucket AND b.id = a.to_id"
    " AND e.bucket = b.to_bucket AND e.contact_id = b.to_id",
)


class Stop:
    def __init__(self, session: Session, rules: Rules, touches: Touches, ending: Ending) -> None:
        self.session, self.rules, self.touches, self.ending = session, rules, touches, ending

    def __call__(self, t: int, commands: frozenset[str]) -> None:
        for live in self.rules.live:
            self._stop_events(live, t)
            self._company(live, t)
            self._guards(live, t)
        if "unenroll" in commands:
            self._unenroll()
        self._deleted()
        self.ending.finish(t)

    def edited(self, definitions: set[int], t: int) -> None:
        """Guards are read live (X26): those of edited definitions are judged for everybody inside."""
        inside = (
            "SELECT e.bucket, e.contact_id AS id, 1 AS live FROM segue_enrollment e"
            " WHERE e.definition_id = :definition AND e.ended_at IS NULL"
        )
        for live in (d for d in self.rules.live if d.id in definitions):
            for reason, judged in self.rules.guards[live.id].items():
                self._guard(live, reason, judged, inside, t)

    def _stop_events(self, live: Live, t: int) -> None:
        """Any such event after enrollment counts, whatever mail it belongs to (S32)."""
        for match, reason in live.definition.guards.stop_on:
            for kind in self._kinds(match):
                self._stop_event(live, match, kind, reason, t)

    def _company(self, live: Live, t: int) -> None:
        """`stop_company_on` ends this definition for the contact and all others of their primary company (X9, S34)."""
        for match in live.definition.guards.stop_company_on:
            for kind in self._kinds(match):
                self._stop_event(live, match, kind, "company", t)  # also of somebody without a company
                self._stop_event(live, match, kind, "company", t, _OF_THEIR_COMPANY)

    def _kinds(self, match: EventMatch) -> list[str]:
        """The kinds it means that this pass touched."""
        return [kind for kind in self.rules.scope.kinds(match.event) if f"event {kind}" in self.touches.tokens]

    def _stop_event(
        self, live: Live, match: EventMatch, kind: str, reason: str, t: int, whose: tuple[str, str] = _THEIR_OWN
    ) -> None:
        """End the open enrollments `e` of `live` that this pass's events `x`, `v` of contacts `s` came after."""
        params, of = Params(), live.definition.pinned.object
        holds = match_sql(self.rules.scope, match, kind, of, params, "e")
        joins, theirs = whose
        self.ending.gather(
            "SELECT e.bucket, e.id, 'unenrolled', :reason, NULL, min(x.event_id), NULL"
            f" FROM touch x CROSS JOIN {quoted(event_table(kind))} v{joins} CROSS JOIN segue_enrollment e CROSS JOIN"
            f" {quoted(of)} s"
            " WHERE x.token = :token AND x.fresh = 0"
            " AND v.bucket = x.bucket AND v.record_id = x.id AND v.at = x.at AND v.id = x.event_id"
            f" AND {theirs} AND e.definition_id = :definition"
            f" AND {OPEN} AND x.at > e.enrolled_at AND s.bucket = x.bucket AND s.id = x.id AND {holds}"
            " GROUP BY e.bucket, e.id",
            params.at(t) | {"token": f"event {kind}", "definition": live.id, "reason": reason},
        )

    def _guards(self, live: Live, t: int) -> None:
        for reason, judged in self.rules.guards[live.id].items():
            subjects = self.touches.subjects(judged.reads, judged.object)
            if subjects is not None:
                self._guard(live, reason, judged, subjects, t)
                if reason == "goal" and live.definition.kind == "workflow":
                    self._met_later(live, judged, subjects, t)

    def _guard(self, live: Live, reason: str, judged: Judged, subjects: str, t: int) -> None:
        word = {"goal": "goal", "suppress": "suppressed", "stop_when": "stop_when"}[reason]
        self.ending.gather(
            "SELECT e.bucket, e.id, 'unenrolled', :reason, NULL, NULL, NULL"
            f" FROM ({subjects}) d CROSS JOIN segue_enrollment e CROSS JOIN {quoted(judged.object)} s"
            " WHERE e.bucket = d.bucket AND e.contact_id = d.id AND e.definition_id = :definition"
            f" AND {OPEN} AND s.bucket = e.bucket AND s.id = e.contact_id AND {judged.predicate.sql}",
            judged.predicate.at(t) | {"reason": word, "definition": live.id},
        )

    def _met_later(self, live: Live, judged: Judged, subjects: str, t: int) -> None:
        """Who finished a workflow and meets its goal afterwards is told so in the step log, once, for the figures: M23
        counts them."""
        found = self.session.count(
            f"INSERT INTO chosen (bucket, id) SELECT DISTINCT e.bucket, e.id FROM ({subjects}) d CROSS JOIN"
            f" segue_enrollment e CROSS JOIN {quoted(judged.object)} s"
            " WHERE e.bucket = d.bucket AND e.contact_id = d.id AND e.definition_id = :definition AND e.status ="
            f" 'finished' AND s.bucket = e.bucket AND s.id = e.contact_id AND {judged.predicate.sql}"
            " AND NOT EXISTS (SELECT 1 FROM segue_step k WHERE k.bucket = e.bucket AND k.enrollment_id = e.id"
            " AND k.what = 'goal')",
            judged.predicate.at(t) | {"definition": live.id},
        )
        if not found:
            return
        self.session.run(
            f"{STEP} SELECT e.bucket, e.id, e.ordinal + 1, :t, NULL, 'goal', NULL, 'met', NULL FROM chosen c"
            " CROSS JOIN segue_enrollment e WHERE e.bucket = c.bucket AND e.id = c.id",
            t=t,
        )
        self.session.run(
            "UPDATE segue_enrollment SET ordinal = ordinal + 1 WHERE (bucket, id) IN (SELECT c.bucket, c.id"
            " FROM chosen c)"
        )
        self.session.run("DELETE FROM chosen")

    def _deleted(self) -> None:
        """Whose record is gone is in nothing any more (X9)."""
        for token in sorted(t for t in self.touches.tokens if t.startswith(DELETED)):
            reason = f"{token.removeprefix(DELETED)}_deleted"
            objects = [live.id for live in self.rules.live if f"{live.definition.pinned.object}_deleted" == reason]
            values: dict[str, object] = {"token": token, "reason": reason}
            of = placeholders("d", objects, values) or "NULL"
            self.ending.gather(
                "SELECT e.bucket, e.id, 'unenrolled', :reason, NULL, NULL, NULL FROM touch x CROSS JOIN"
                f" segue_enrollment e WHERE x.token = :token AND x.fresh = 0 AND e.bucket = x.bucket"
                f" AND e.contact_id = x.id AND {OPEN} AND e.definition_id IN ({of})",
                values,
            )

    def _unenroll(self) -> None:
        """By an operator (of one enrollment or of all in a definition) or by a rule."""
        number = json_value(self.session.dialect, "b.payload", "enrollment", Kind.RECORD)
        by = json_value(self.session.dialect, "b.payload", "by", Kind.TEXT)
        self.ending.gather(
            f"SELECT e.bucket, e.id, 'unenrolled', 'manual', max({by}), NULL, NULL"
            " FROM batch b CROSS JOIN segue_definition f CROSS JOIN segue_enrollment e"
            " WHERE b.kind = 'unenroll' AND f.kind || ' ' || f.name = b.name AND e.bucket = b.bucket AND"
            " e.contact_id = b.id"
            f" AND e.definition_id = f.id AND {OPEN} AND ({number} IS NULL OR {number} = e.id) AND"
            " e.enrolled_at <= b.at"
            " GROUP BY e.bucket, e.id",
            {},
        )
