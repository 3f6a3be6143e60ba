"""Enroll: who may start is checked, refused with a reason, made to wait its turn, or enrolled (S27-S31, X4-X7, X21)."""

from __future__ import annotations

from collections.abc import Mapping

from dsl.program.conversations import KINDS as TALKS
from dsl.schema.model import Kind

from ...errors import ConfirmNeeded
from ...query.scope import Params
from ...query.values import Values
from ...store.dialect import json_value
from ...store.names import quoted
from ...store.session import Session
from ...times.calendars import WorkingCalendar
from ...times.zones import is_zone
from ..intake.seeing import since
from ..judging.occasions import everybody
from ..judging.touches import Touches
from ..leaving.ending import Ending
from ..rows import STEP
from ..rules import Live, Rules
from .exclusive import Exclusive
from .overtaken import Overtaken
from .refusals import Refusals


class Enroll:
    def __init__(
        self,
        session: Session,
        rules: Rules,
        touches: Touches,
        ending: Ending,
        calendars: Mapping[str | None, WorkingCalendar],
    ) -> None:
        self.session, self.rules, self.touches = session, rules, touches
        self.refusals = Refusals(session, rules, calendars)
        self.exclusive = Exclusive(session, rules, ending)
        self.overtaken = Overtaken(session, rules, ending)
        self.confirmed: set[str] = set()
        self.next_id: int | None = None

    def __call__(self, t: int, commands: frozenset[str], freed: bool) -> None:
        """`freed`: somebody who waits for a turn may have it now (X7)."""
        if "enroll" in commands:
            self._asked()
        if "broadcast" in commands:
            self._told(t)
        waiting = [row[0] for row in self.session.run("SELECT DISTINCT definition_id FROM start")]
        pending = self.exclusive.waiting() if freed else frozenset()
        for live in self.rules.live:
            if live.id in waiting and not live.vanished:
                self._definition(live, t)
            if live.id in pending:
                self.exclusive.start_pending(live, t)
        if waiting:
            self.session.run("DELETE FROM start")

    def _asked(self) -> None:
        """Enrollments asked for: by a user's hand, by a talk that was saved, or by `enroll in` of another definition
        (then not by hand)."""
        d = self.session.dialect
        by, hand = json_value(d, "b.payload", "by", Kind.TEXT), json_value(d, "b.payload", "hand", Kind.BOOL)
        talk = json_value(d, "b.payload", "talk", Kind.RECORD)
        self.session.run(
            f"INSERT INTO start SELECT f.id, b.bucket, b.id, b.at, CASE WHEN {talk} IS NOT NULL THEN f.kind END,"
            f" {talk}, {by}, coalesce({hand}, FALSE), FALSE"
            " FROM batch b CROSS JOIN segue_definition f WHERE b.kind = 'enroll' AND f.kind || ' ' || f.name = b.name"
        )

    def _told(self, t: int) -> None:
        """Broadcasts that somebody sends: they go to those of whom `to` is true now (L14)."""
        names = {name for (name,) in self.session.run("SELECT DISTINCT name FROM batch WHERE kind = 'broadcast'")}
        for live in self.rules.live:
            if f"{live.definition.kind} {live.definition.name}" in names and not live.vanished:
                everybody(self.session, live, self.rules.only[live.id], t)

    def _definition(self, live: Live, t: int) -> None:
        self._count(live)
        for turn in range(1, self._turns(live) + 1):
            self._enter(live, turn, t)

    def _turns(self, live: Live) -> int:
        """One for each record, whatever would start it; but of talks each has its own (P5)."""
        if live.definition.kind not in TALKS:
            return 1
        sql = "SELECT max(n) FROM (SELECT count(*) AS n FROM start WHERE definition_id = :d GROUP BY bucket, id) m"
        return int(self.session.one(sql, d=live.id))

    def _enter(self, live: Live, turn: int, t: int) -> None:
        self.judge(live, turn, t)
        if live.definition.exclusive:
            self.exclusive.check(live)
        self._refuse(live, t)
        self._insert(live, t)
        self.overtaken(live, t)
        self.session.run("DELETE FROM entrant")

    def judge(self, live: Live, turn: int, t: int) -> None:
        """Put those who would start into the table `entrant`, each with the reason that keeps them out, if any."""
        self._entrants(live, turn, t)
        self._zones(live)
        for reason, condition, values in self.refusals(live, t):
            self.session.bound(
                f"UPDATE entrant SET reason = :why WHERE reason IS NULL AND {condition}", values | {"why": reason}
            )

    def _count(self, live: Live) -> None:
        """A condition that would take in a crowd at once stops until it is confirmed (X1)."""
        limit = self.rules.program.project.limits.enroll_at_once
        count = self.session.one(
            "SELECT count(DISTINCT id) FROM start WHERE definition_id = :d AND by_condition", d=live.id
        )
        name = live.definition.name
        if count > limit and name not in self.confirmed:
            raise ConfirmNeeded(
                f"{live.definition.kind} `{name}` would enroll {count:,} records at once; the limit is {limit:,}",
                f"look at `segue plan`, then `segue run --confirm {name}`",
            )

    def _entrants(self, live: Live, turn: int, t: int) -> None:
        """One row per record: the earliest trigger (or the next of those), its number, sender and enroller."""
        of, pinned = live.definition.pinned.object, live.definition.pinned
        params = Params()
        sender = "NULL"
        if pinned.sender is not None:
            values = Values(self.rules.scope, params)
            values.objects["s"] = of
            sender = values.sql(pinned.sender.value, "s")
        zone = 's."time_zone"' if "time_zone" in self.rules.scope.schema.objects[of].properties else "NULL"
        ranked = (
            "SELECT a.*, row_number() OVER (PARTITION BY a.bucket, a.id ORDER BY a.by_hand DESC, a.at,"
            " a.event_id) AS nth"
            " FROM start a WHERE a.definition_id = :definition"
        )
        number = (
            "(SELECT coalesce(max(n.nr), 0) + 1 FROM segue_enrollment n"
            " WHERE n.bucket = a.bucket AND n.contact_id = a.id AND n.definition_id = :definition)"
        )
        began = "CASE WHEN a.event IS NULL THEN :t ELSE a.at END"
        self.session.bound(
            "INSERT INTO entrant SELECT a.bucket, a.id, "
            f"{number}, {began}, coalesce(a.by_user, {sender}), a.by_hand, coalesce({sender}, a.by_user),"
            f" {zone}, {zone},"
            f" a.event, CASE WHEN a.event IS NULL THEN NULL ELSE a.at END, a.event_id, NULL, NULL, FALSE"
            f" FROM ({ranked}) a CROSS JOIN {quoted(of)} s WHERE a.nth = :turn AND s.bucket = a.bucket AND s.id = a.id",
            params.constants | {"definition": live.id, "t": t, "turn": turn},
        )

    def _zones(self, live: Live) -> None:
        """Contact's, else sender's, else account's (X13). A zone that is none does not stop anybody."""
        account = self.rules.program.project.account.time_zone
        wanted = live.definition.pinned.zone
        named = self.session.run(
            "SELECT DISTINCT zone FROM entrant WHERE zone IS NOT NULL UNION SELECT time_zone FROM segue_user"
            " WHERE time_zone IS NOT NULL"
        )
        bad: dict[str, object] = {f"z{i}": zone for i, (zone,) in enumerate(z for z in named if not is_zone(z[0]))}
        known = f"NOT IN ({', '.join(':' + n for n in bad)})" if bad else "IS NOT NULL"
        theirs = f"CASE WHEN person_zone {known} THEN person_zone END"
        user = f"(SELECT u.time_zone FROM segue_user u WHERE u.name = entrant.sender AND u.time_zone {known})"
        zone = {"contact": f"coalesce({theirs}, {user}, :account)", "sender": f"coalesce({user}, :account)"}.get(
            wanted, ":account"
        )
        self.session.bound(
            f"UPDATE entrant SET zone = {zone}, person_zone = coalesce({theirs}, :account)", bad | {"account": account}
        )

    def _refuse(self, live: Live, t: int) -> None:
        """Refused with the reason, in no figure and not remembered (X5, X6, S31)."""
        self.session.run(
            "INSERT INTO segue_refusal (bucket, contact_id, definition_id, at, reason, detail)"
            " SELECT x.bucket, x.contact_id, :d, :t, x.reason, x.detail FROM entrant x WHERE x.reason IS NOT NULL"
            " ON CONFLICT DO NOTHING",
            d=live.id,
            t=t,
        )

    def _insert(self, live: Live, t: int) -> None:
        # Ids are this worker's own: unique with the bucket, whose rows nobody else writes.
        if self.next_id is None:
            # Bucket by bucket: each is one step in the index.
            self.next_id = self.session.one(
                "WITH RECURSIVE buckets (b) AS (SELECT 0 UNION ALL SELECT b + 1 FROM buckets WHERE b < 255) SELECT"
                " coalesce(max((SELECT max(e.id) FROM segue_enrollment e WHERE e.bucket = b.b)), 0) + 1 FROM buckets b"
            )
        pinned = live.definition.pinned
        seen = since(self.rules.scope.schema.events, "x.bucket", "x.contact_id", "x.enrolled_at")
        found = self.session.count(
            "INSERT INTO segue_enrollment (bucket, id, contact_id, definition_id, version_id, nr, status,"
            " reason, detail, block, due,"
            " began_at, waited, ordinal, enrolled_at, entered_at, enrolled_by, by_hand, sender, zone, person_zone,"
            " trigger_event, trigger_at, trigger_id, seen)"
            " SELECT x.bucket, :base + row_number() OVER (ORDER BY x.contact_id), x.contact_id, :d, :version, x.nr,"
            " CASE WHEN x.pending THEN 'pending' ELSE 'active' END, CASE WHEN x.pending THEN 'exclusive' END,"
            " x.detail, :block,"
            " CASE WHEN x.pending THEN NULL ELSE :t END, NULL, FALSE, 0, x.enrolled_at, :t, x.enrolled_by,"
            " x.by_hand, x.sender, x.zone,"
            f" x.person_zone, x.trigger_event, x.trigger_at, x.trigger_id, {seen}"
            " FROM entrant x WHERE x.reason IS NULL",
            {"base": self.next_id, "d": live.id, "version": live.version_id, "block": pinned.graph.entry, "t": t},
        )
        if not found:
            return
        self.next_id += found + 1
        self.session.tally["entered"] += found
        new = (
            "FROM entrant x CROSS JOIN segue_enrollment e WHERE x.reason IS NULL AND e.bucket = x.bucket AND"
            " e.contact_id = x.contact_id AND e.definition_id = :d AND e.nr = x.nr"
        )
        self.session.run(
            f"{STEP} SELECT e.bucket, e.id, 0, :t, NULL, 'entered', NULL, e.status, e.enrolled_by {new}",
            t=t,
            d=live.id,
        )
        rows = f"SELECT e.bucket, e.contact_id AS id, :t AS at, CAST(NULL AS BIGINT) AS event_id, 1 AS live {new}"
        self.touches.add(
            f"enrolled {live.definition.kind} {live.definition.name}", rows, {"t": t, "d": live.id}, later=True
        )
