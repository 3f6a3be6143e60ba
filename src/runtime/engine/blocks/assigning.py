"""`assign X.owner round_robin team T`: each in turn gets the next of the team (W16).

A turn is one of the whole pass, not of a group: who comes first is decided by (due, record), so the same people get the
same records however the due ones are cut into groups. The groups put theirs into the table `turn`; `give` hands out.
"""

from __future__ import annotations

from dsl.program.blocks import Assign
from dsl.program.conditions import CreatedValue, Field, Value

from ...store.dialect import json_object
from ...store.session import placeholders
from ..rows import STEP, TO_INBOX
from .moving import KEY, Group, Moving

_ORDER = "q.due, q.contact_id, q.id"


class Assigning(Moving):
    waiting = False  # whether the table `turn` holds any

    def assign(self, g: Group, block: Assign, now: int) -> None:
        """Put the group into the queue of its team."""
        values, ref = self.values(g), block.record
        type_ = self.rules.scope.schema.objects[ref.object].properties[block.property].type
        owner: Value = Field(ref.path, ref.object, block.property, type_)
        if ref.name:
            owner = CreatedValue(ref.name, ref.object, block.property, type_)
        self.session.bound(
            "INSERT INTO turn SELECT e.bucket, e.id, e.due, e.contact_id, :next, :team, :object, :property, :called,"
            f" :again, {self.record(g, values, ref)}, {values.sql(owner, 's')} {self.rows(g)}",
            values.params.at(now)
            | g.values
            | {
                "next": block.next,
                "team": block.team,
                "object": ref.object,
                "property": block.property,
                "called": ".".join((*(ref.path or (ref.name,) * bool(ref.name)), block.property)),
                "again": int(block.replace),
            },
        )
        self.waiting = True

    def give(self, now: int) -> None:
        """Hand out all turns of the pass. A user who is deactivated is passed over, an owner is kept."""
        if not self.waiting:
            return
        for (team,) in self.session.run("SELECT DISTINCT q.team FROM turn q ORDER BY 1"):
            self._team(team)
        self._write(now)
        self._note(now)
        self.session.run("DELETE FROM turn")
        self.session.run("DELETE FROM chosen")
        self.waiting = False

    def _team(self, team: str) -> None:
        """Fill `chosen` with whose turn it is. Two steps may want one record: the second finds an owner there."""
        members = self._active(team)
        if not members:
            return
        given = self.session.one("SELECT given FROM segue_rotation WHERE team = :team", team=team) or 0
        values: dict[str, object] = {"team": team, "given": given, "members": len(members)}
        users = " ".join(f"WHEN {i} THEN {placeholders(f'u{i}_', [user], values)}" for i, user in enumerate(members))
        nth = f"row_number() OVER (PARTITION BY q.object, q.property, q.target ORDER BY {_ORDER}) AS nth"
        found = self.session.count(
            "INSERT INTO chosen (bucket, id, value) SELECT q.bucket, q.id,"
            f" CASE (:given + row_number() OVER (ORDER BY {_ORDER}) - 1) % :members {users} END"
            f" FROM (SELECT q.*, {nth} FROM turn q) q WHERE q.team = :team AND q.target IS NOT NULL"
            " AND (q.again = 1 OR (q.had IS NULL AND q.nth = 1))",
            values,
        )
        self.session.run(
            "INSERT INTO segue_rotation (team, given) VALUES (:team, :given) ON CONFLICT (team) DO UPDATE SET given ="
            " excluded.given",
            team=team,
            given=given + found,
        )

    def _active(self, team: str) -> list[str]:
        """Its members in the order of segue.yaml, read live (X26)."""
        active = {row[0] for row in self.session.run("SELECT u.name FROM segue_user u WHERE u.active")}
        return [name for name in self.rules.program.project.teams.get(team, ()) if name in active]

    def _write(self, now: int) -> None:
        payload = json_object(self.session.dialect, [("v", "c.value")])
        self.session.run(
            f"{TO_INBOX} SELECT q.target % 256, :now, {KEY}, q.contact_id, 'set', q.object, q.target, q.property,"
            f" '', {payload},"
            " TRUE, :now FROM turn q CROSS JOIN chosen c CROSS JOIN segue_enrollment e WHERE c.bucket = q.bucket"
            " AND c.id = q.id AND e.bucket = q.bucket AND e.id = q.id",
            now=now,
        )

    def _note(self, now: int) -> None:
        """What came of each, and on."""
        idle = [t for (t,) in self.session.run("SELECT DISTINCT q.team FROM turn q") if not self._active(t)]
        values: dict[str, object] = {"now": now}
        nobody = f"q.team IN ({placeholders('idle', idle, values)})" if idle else "FALSE"
        outcome = (
            "CASE WHEN q.target IS NULL THEN 'skipped(no ' || q.object || ')' WHEN c.value IS NOT NULL THEN 'done'"
            f" WHEN (q.again = 1 OR q.had IS NULL) AND {nobody} THEN 'skipped(nobody active)'"
            " ELSE 'skipped(has ' || q.property || ')' END"
        )
        self.session.bound(
            f"{STEP} SELECT e.bucket, e.id, e.ordinal + 1, :now, e.block, 'assign', q.called, {outcome}, c.value"
            " FROM turn q CROSS JOIN segue_enrollment e LEFT JOIN chosen c ON c.bucket = q.bucket AND c.id = q.id"
            " WHERE e.bucket = q.bucket AND e.id = q.id",
            values,
        )
        self.session.run(
            "UPDATE segue_enrollment AS e SET block = q.next, due = :now, began_at = NULL, waited = FALSE,"
            " ordinal = e.ordinal + 1, last_step_at = :now, last_step = 'assign ' || q.called"
            # +: SQLite must walk the turns, not all enrollments.
            " FROM turn q WHERE e.bucket = +q.bucket AND e.id = +q.id",
            now=now,
        )
