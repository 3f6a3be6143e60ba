"""Exclusive sequences: one person, by record or address, is in at most one of them (X7, S29)."""

from __future__ import annotations

from ...store.names import quoted
from ...store.session import Session
from ..intake.seeing import since
from ..leaving.ending import Ending
from ..rows import STEP
from ..rules import Live, Rules

# Of several records that are one person the first takes the turn.
_FIRST = (
    "e.contact_id = (SELECT min(o.contact_id) FROM segue_enrollment o CROSS JOIN contact oc CROSS JOIN contact ec"
    " WHERE o.definition_id = e.definition_id AND o.status = 'pending' AND oc.bucket = o.bucket AND oc.id ="
    " o.contact_id AND ec.bucket = e.bucket AND ec.id = e.contact_id AND (oc.id = ec.id OR oc.email__n = ec.email__n))"
)


class Exclusive:
    def __init__(self, session: Session, rules: Rules, ending: Ending) -> None:
        self.session, self.rules, self.ending = session, rules, ending

    def check(self, live: Live) -> None:
        """By hand a second one is refused; an automatic one waits its turn (X7)."""
        self.session.run(
            f"UPDATE entrant SET detail = {self._elsewhere('entrant')} WHERE reason IS NULL",
        )
        # Two records with one address that come in together: the first gets in.
        self.session.run(
            "UPDATE entrant SET detail = :name WHERE reason IS NULL AND detail IS NULL AND EXISTS (SELECT 1"
            " FROM contact a CROSS JOIN contact b CROSS JOIN entrant x WHERE a.bucket = entrant.bucket"
            " AND a.id = entrant.contact_id AND b.email__n = a.email__n AND b.id < a.id"
            " AND x.bucket = b.bucket AND x.contact_id = b.id AND x.reason IS NULL AND x.detail IS NULL)",
            name=live.definition.name,
        )
        self.session.run(
            "UPDATE entrant SET reason = 'already_enrolled(' || detail || ')' WHERE reason IS NULL AND detail"
            " IS NOT NULL AND by_hand"
        )
        self.session.run("UPDATE entrant SET pending = TRUE WHERE reason IS NULL AND detail IS NOT NULL")

    def _elsewhere(self, row: str) -> str:
        """Names of exclusive sequences this person (record or address) is in now."""
        ids = ", ".join(str(d.id) for d in self.rules.live if d.definition.exclusive)
        held = (
            "CROSS JOIN segue_enrollment n CROSS JOIN segue_definition f WHERE n.ended_at IS NULL"
            f" AND coalesce(n.resume_status, n.status) <> 'pending' AND +n.definition_id IN ({ids})"
            " AND f.id = n.definition_id"
        )
        # From the one person to their enrollments (+), never from all enrollments to the person.
        return (
            f"(SELECT min(q.name) FROM (SELECT f.name FROM (SELECT 1) one {held}"
            f" AND n.bucket = {row}.bucket AND n.contact_id = {row}.contact_id"
            f" UNION ALL SELECT f.name FROM contact s CROSS JOIN contact k {held} AND n.bucket = k.bucket"
            f" AND n.contact_id = k.id AND k.email__n = s.email__n"
            f" AND s.bucket = {row}.bucket AND s.id = {row}.contact_id) q)"
        )

    def waiting(self) -> frozenset[int]:
        """Numbers of the definitions in which somebody waits for a turn."""
        numbers = ", ".join(str(d.id) for d in self.rules.live) or "NULL"
        rows = self.session.run(
            "SELECT DISTINCT e.definition_id FROM segue_enrollment e"
            f" WHERE e.definition_id IN ({numbers}) AND e.status = 'pending'"
        )
        return frozenset(row[0] for row in rows)

    def start_pending(self, live: Live, t: int) -> None:
        """Those who waited for their turn start, the first of each person, if their condition still holds (X7). What
        has vanished takes no one in (X26); what is exclusive no more has nothing to wait for."""
        rows = "FROM segue_enrollment e WHERE e.definition_id = :d AND e.status = 'pending'"
        if live.vanished:
            return self._lapse("'sequence_removed', 'no rule file has it'", rows, {"d": live.id})
        still, values = self._still(live, t)
        first = "TRUE"
        if live.definition.exclusive:
            rows += f" AND {self._elsewhere('e')} IS NULL"
            first = _FIRST
        if self.session.count(
            f"INSERT INTO chosen (bucket, id) SELECT e.bucket, e.id {rows} AND {still} AND {first}", values
        ):
            self._activate(t)
        if still != "TRUE":
            self._lapse("'condition', 'no longer matches'", f"{rows} AND NOT ({still})", values)

    def _still(self, live: Live, t: int) -> tuple[str, dict[str, object]]:
        """Whether what lets people in, `when` and `only`, is still true of enrollment `e`."""
        parts: list[str] = []
        values: dict[str, object] = {"d": live.id}
        kept = next((k for k in self.rules.kept if k.starts == live.id), None)
        if kept is not None:
            parts.append(
                "EXISTS (SELECT 1 FROM segue_membership m WHERE m.segment_id = :kept AND m.bucket = e.bucket"
                " AND m.id = e.contact_id AND m.left_at IS NULL)"
            )
            values["kept"] = kept.id
        if live.id in self.rules.only:
            only = self.rules.only[live.id]
            parts.append(
                f"EXISTS (SELECT 1 FROM {quoted(only.object)} s WHERE s.bucket = e.bucket AND s.id = e.contact_id"
                f" AND {only.predicate.sql})"
            )
            values |= only.predicate.at(t)
        return " AND ".join(parts) or "TRUE", values

    def _lapse(self, why: str, rows: str, values: dict[str, object]) -> None:
        """`why`: SQL of reason and detail."""
        self.ending.gather(f"SELECT e.bucket, e.id, 'unenrolled', {why}, NULL, NULL {rows}", values)

    def _activate(self, t: int) -> None:
        mine = "(bucket, id) IN (SELECT c.bucket, c.id FROM chosen c)"
        self.session.run(
            f"{STEP} SELECT e.bucket, e.id, e.ordinal + 1, :t, e.block, 'status', 'active', 'done', NULL FROM chosen c"
            " CROSS JOIN segue_enrollment e WHERE e.bucket = c.bucket AND e.id = c.id",
            t=t,
        )
        seen = since(self.rules.scope.schema.events, "segue_enrollment.bucket", "segue_enrollment.contact_id", ":t")
        self.session.run(
            "UPDATE segue_enrollment SET status = 'active', reason = NULL, detail = NULL, due = :t, enrolled_at"
            f" = :t, entered_at = :t, seen = {seen},"
            f" ordinal = ordinal + 1 WHERE {mine}",
            t=t,
        )
        self.session.run("DELETE FROM chosen")
