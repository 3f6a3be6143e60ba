"""Enroll: who may start is checked, refused with a reason, made to wait its turn, or enrolled (S27-S31, X4-X7, X21)."""

from __future__ import annotations

from dsl.program.blocks import Send
from dsl.schema.model import Kind

from ..errors import ConfirmNeeded
from ..query.conditions import Predicate
from ..query.scope import Params
from ..query.values import Values
from ..store.dialect import json_value
from ..store.names import quoted
from ..store.session import Session
from ..times.calendars import WorkingCalendar
from ..times.durations import after
from ..times.zones import is_zone
from .ending import Ending
from .rules import Judged, Live, Rules
from .touches import Touches

HOUR = 3_600_000_000
Refusal = tuple[str, str, dict[str, object]]  # reason, SQL about a row of `entrant`, parameters


class Enroll:
    def __init__(
        self,
        session: Session,
        rules: Rules,
        touches: Touches,
        ending: Ending,
        calendars: dict[str | None, WorkingCalendar],
    ) -> None:
        self.session, self.rules, self.touches = session, rules, touches
        self.ending, self.calendars = ending, calendars
        self.confirmed: set[str] = set()
        self.next_id: int | None = None

    def __call__(self, t: int, commands: frozenset[str], freed: bool) -> None:
        if "enroll" in commands:
            self._asked(t)
        waiting = [row[0] for row in self.session.run("SELECT DISTINCT definition_id FROM start")]
        for live in self.rules.live:
            if live.id in waiting and not live.vanished:
                self._definition(live, t)
            if freed and live.definition.exclusive:
                self._pending(live, t)
        if waiting:
            self.session.run("DELETE FROM start")

    def _asked(self, t: int) -> None:
        """Enrollments asked for: by a user's hand, or by `enroll in` of another definition (then not by hand)."""
        d = self.session.dialect
        by, hand = json_value(d, "b.payload", "by", Kind.TEXT), json_value(d, "b.payload", "hand", Kind.BOOL)
        self.session.run(
            f"INSERT INTO start SELECT f.id, b.bucket, b.id, b.at, NULL, NULL, {by}, coalesce({hand}, FALSE), FALSE"
            " FROM batch b CROSS JOIN segue_definition f WHERE b.kind = 'enroll' AND f.kind || ' ' || f.name = b.name"
        )

    # --- one definition -----------------------------------------------------------------------

    def _definition(self, live: Live, t: int) -> None:
        self._count(live)
        self._entrants(live, t)
        self._zones(live)
        for reason, condition, values in self._refusals(live, t):
            self.session.bound(
                f"UPDATE entrant SET reason = :why WHERE reason IS NULL AND {condition}", values | {"why": reason}
            )
        if live.definition.exclusive:
            self._exclusive(live)
        self._refuse(live, t)
        self._insert(live, t)
        self.session.run("DELETE FROM entrant")

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

    def _entrants(self, live: Live, t: int) -> None:
        """One row per record: the earliest trigger, its number, sender and enroller."""
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
            f" FROM ({ranked}) a CROSS JOIN {quoted(of)} s WHERE a.nth = 1 AND s.bucket = a.bucket AND s.id = a.id",
            params.constants | {"definition": live.id, "t": t},
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
            f"UPDATE entrant SET zone = {zone}", bad | {"account": account} if ":account" in zone else bad
        )
        self.session.bound(f"UPDATE entrant SET person_zone = coalesce({theirs}, :account)", bad | {"account": account})

    # --- refusals -----------------------------------------------------------------------------

    def _refusals(self, live: Live, t: int) -> list[Refusal]:
        """(reason, SQL about a row of entrant, parameters) in the order they are given."""
        d = live.definition
        found: list[Refusal] = [
            ("already_enrolled", self._earlier("n.ended_at IS NULL"), {"d": live.id}),
            *self._again(live, t),
        ]
        if live.id in self.rules.only:
            found.append(("only", *self._judged(self.rules.only[live.id], t, negated=True)))
        for name, reason in (("goal", "goal_met"), ("suppress", "suppressed"), ("stop_when", "stop_when")):
            if name in self.rules.guards[live.id]:
                found.append((reason, *self._judged(self.rules.guards[live.id][name], t)))
        if d.pinned.object == "contact":
            found += self._address(live)
        if d.kind == "sequence":
            working = (
                "EXISTS (SELECT 1 FROM segue_user u WHERE u.name = entrant.sender AND u.active AND u.email IS NOT NULL)"
            )
            found.append(("no_sender", f"NOT {working}", {}))
        found.append(("loop_guard", self._busy(), self._limit(t)))
        return found

    def _earlier(self, which: str) -> str:
        return (
            "EXISTS (SELECT 1 FROM segue_enrollment n WHERE n.bucket = entrant.bucket AND n.contact_id ="
            " entrant.contact_id"
            f" AND n.definition_id = :d AND {which})"
        )

    def _again(self, live: Live, t: int) -> list[Refusal]:
        """X5."""
        again = live.definition.again
        if again.policy == "never":
            # One that only waited for its turn and lapsed never was inside.
            return [("enrolled_before", self._earlier("n.reason IS DISTINCT FROM 'condition'"), {"d": live.id})]
        if again.policy == "after" and again.after is not None:
            zone, calendar = self.rules.scope.zone, self.calendars[live.definition.pinned.calendar]
            ends = {
                row[0]: after(row[0], again.after, zone, calendar)
                for row in self.session.run(
                    "SELECT DISTINCT n.ended_at FROM entrant x CROSS JOIN segue_enrollment n WHERE n.bucket = x.bucket"
                    " AND n.contact_id = x.contact_id AND n.definition_id = :d AND n.ended_at IS NOT NULL",
                    d=live.id,
                )
            }
            latest = max((end for end, free in ends.items() if free <= t), default=None)
            too_early = "n.ended_at IS NOT NULL" if latest is None else "n.ended_at > :latest"
            return [
                (
                    "too_early",
                    self._earlier(too_early),
                    {"d": live.id} | ({"latest": latest} if latest is not None else {}),
                )
            ]
        return []

    def _judged(self, judged: Judged, t: int, negated: bool = False) -> tuple[str, dict[str, object]]:
        predicate: Predicate = judged.predicate
        holds = (
            f"EXISTS (SELECT 1 FROM {quoted(judged.object)} s CROSS JOIN entrant e WHERE s.bucket ="
            " entrant.bucket AND s.id = entrant.contact_id"
            f" AND e.bucket = entrant.bucket AND e.contact_id = entrant.contact_id AND {predicate.sql})"
        )
        return ("NOT " if negated else "") + holds, predicate.at(t)

    def _address(self, live: Live) -> list[Refusal]:
        """Who cannot or must not be mailed does not enter what mails (S27, X9)."""
        pinned = live.definition.pinned
        sends = {b.template for b in pinned.graph.blocks if isinstance(b, Send)}
        if not sends:
            return []
        mail = "SELECT s.email__n FROM contact s WHERE s.bucket = entrant.bucket AND s.id = entrant.contact_id"
        found: list[Refusal] = [("no_address", f"({mail}) IS NULL", {})]
        # The address's own bucket is not known to SQL: a named exception to the rule that joins are on the bucket.
        hit = f"EXISTS (SELECT 1 FROM segue_suppression x WHERE x.address = ({mail}) AND x.reason IN "
        if pinned.kind == "sequence":
            found.append(("bounced", hit + "('bounce'))", {}))
            found.append(("marked_spam", hit + "('spam'))", {}))
            found.append(("unsubscribed", hit + "('unsubscribed', 'blocked', 'deleted'))", {}))
            templates = self.rules.program.templates
            topics = {templates[name].topic for name in sends if name in templates}
            values: dict[str, object] = {f"t{i}": topic for i, topic in enumerate(sorted(topics))}
            if topics:
                out = (
                    "EXISTS (SELECT 1 FROM segue_consent n WHERE n.bucket = entrant.bucket AND n.id ="
                    " entrant.contact_id"
                    f" AND n.state = 'opted_out' AND n.topic IN ({', '.join(':' + n for n in values)}))"
                )
                found.append(("unsubscribed_topic", out, values))
        return found

    def _busy(self) -> str:
        """X28: what the checker could not see is stopped here."""
        return (
            "NOT by_hand AND (SELECT count(*) FROM segue_enrollment n WHERE n.bucket = entrant.bucket"
            " AND n.contact_id = entrant.contact_id AND n.entered_at > :hour_ago) >= :limit"
        )

    def _limit(self, t: int) -> dict[str, object]:
        return {"hour_ago": t - HOUR, "limit": self.rules.program.project.limits.enrollments_per_record_per_hour}

    # --- exclusive ----------------------------------------------------------------------------

    def _elsewhere(self, row: str) -> str:
        """Names of exclusive sequences this person (record or address) is in now."""
        ids = ", ".join(str(d.id) for d in self.rules.live if d.definition.exclusive)
        held = (
            "CROSS JOIN segue_enrollment n CROSS JOIN segue_definition f WHERE n.ended_at IS NULL"
            f" AND n.status <> 'pending' AND n.definition_id IN ({ids}) AND f.id = n.definition_id"
        )
        # From the one person to their enrollments, never from all enrollments to the person.
        return (
            f"(SELECT min(q.name) FROM (SELECT f.name FROM (SELECT 1) one {held}"
            f" AND n.bucket = {row}.bucket AND n.contact_id = {row}.contact_id"
            f" UNION ALL SELECT f.name FROM contact s CROSS JOIN contact k {held} AND n.bucket = k.bucket"
            f" AND n.contact_id = k.id AND k.email__n = s.email__n"
            f" AND s.bucket = {row}.bucket AND s.id = {row}.contact_id) q)"
        )

    def _exclusive(self, live: Live) -> None:
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

    def _pending(self, live: Live, t: int) -> None:
        """Those who waited for their turn start, the first of each person, if their condition still holds (X7)."""
        free = f"{self._elsewhere('e')} IS NULL"
        still, values = "TRUE", {"d": live.id}
        kept = next((k for k in self.rules.kept if k.starts == live.id), None)
        if kept is not None:
            still = (
                "EXISTS (SELECT 1 FROM segue_membership m WHERE m.segment_id = :kept AND m.bucket = e.bucket"
                " AND m.id = e.contact_id AND m.left_at IS NULL)"
            )
            values["kept"] = kept.id
        rows = f"FROM segue_enrollment e WHERE e.definition_id = :d AND e.status = 'pending' AND {free}"
        first = (
            "e.contact_id = (SELECT min(o.contact_id) FROM segue_enrollment o CROSS JOIN contact oc CROSS JOIN"
            " contact ec"
            " WHERE o.definition_id = e.definition_id AND o.status = 'pending' AND oc.bucket = o.bucket AND"
            " oc.id = o.contact_id"
            " AND ec.bucket = e.bucket AND ec.id = e.contact_id AND (oc.id = ec.id OR oc.email__n = ec.email__n))"
        )
        found = self.session.count(
            f"INSERT INTO chosen (bucket, id) SELECT e.bucket, e.id {rows} AND {still} AND {first}", values
        )
        if found:
            self._activate(t)
        if kept is not None:
            lapsed = self.session.count(
                "INSERT INTO ended SELECT e.bucket, e.id, 'unenrolled', 'condition', 'no longer matches', NULL, NULL"
                f" {rows} AND NOT {still} ON CONFLICT DO NOTHING",
                values,
            )
            self.ending.some = self.ending.some or lapsed > 0

    def _activate(self, t: int) -> None:
        mine = "(bucket, id) IN (SELECT c.bucket, c.id FROM chosen c)"
        self.session.run(
            "INSERT INTO segue_step (bucket, enrollment_id, ordinal, at, block, what, name, outcome, detail)"
            " SELECT e.bucket, e.id, e.ordinal + 1, :t, e.block, 'status', 'active', 'done', NULL FROM chosen c"
            " CROSS JOIN segue_enrollment e WHERE e.bucket = c.bucket AND e.id = c.id",
            t=t,
        )
        self.session.run(
            "UPDATE segue_enrollment SET status = 'active', reason = NULL, detail = NULL, due = :t, enrolled_at"
            " = :t, entered_at = :t,"
            f" ordinal = ordinal + 1 WHERE {mine}",
            t=t,
        )
        self.session.run("DELETE FROM chosen")

    # --- the rows -----------------------------------------------------------------------------

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
        found = self.session.count(
            "INSERT INTO segue_enrollment (bucket, id, contact_id, definition_id, version_id, nr, status,"
            " reason, detail, block, due,"
            " began_at, waited, ordinal, enrolled_at, entered_at, enrolled_by, by_hand, sender, zone, person_zone,"
            " trigger_event, trigger_at, trigger_id)"
            " SELECT x.bucket, :base + row_number() OVER (ORDER BY x.contact_id), x.contact_id, :d, :version, x.nr,"
            " CASE WHEN x.pending THEN 'pending' ELSE 'active' END, CASE WHEN x.pending THEN 'exclusive' END,"
            " x.detail, :block,"
            " CASE WHEN x.pending THEN NULL ELSE :t END, NULL, FALSE, 0, x.enrolled_at, :t, x.enrolled_by,"
            " x.by_hand, x.sender, x.zone,"
            " x.person_zone, x.trigger_event, x.trigger_at, x.trigger_id FROM entrant x WHERE x.reason IS NULL",
            {"base": self.next_id, "d": live.id, "version": live.version_id, "block": pinned.graph.entry, "t": t},
        )
        if not found:
            return
        self.next_id += found + 1
        new = (
            "FROM entrant x CROSS JOIN segue_enrollment e WHERE x.reason IS NULL AND e.bucket = x.bucket AND"
            " e.contact_id = x.contact_id AND e.definition_id = :d AND e.nr = x.nr"
        )
        self.session.run(
            "INSERT INTO segue_step (bucket, enrollment_id, ordinal, at, block, what, name, outcome, detail)"
            f" SELECT e.bucket, e.id, 0, :t, NULL, 'entered', NULL, e.status, e.enrolled_by {new}",
            t=t,
            d=live.id,
        )
        rows = f"SELECT e.bucket, e.contact_id AS id, :t AS at, CAST(NULL AS BIGINT) AS event_id, 1 AS live {new}"
        self.touches.add(
            f"enrolled {live.definition.kind} {live.definition.name}", rows, {"t": t, "d": live.id}, later=True
        )
