"""React: judge again what was touched, for those touched, and note who joined, left or may start (X1, X3, G1)."""

from __future__ import annotations

from dsl.program.conditions import Compare, EventMatch
from dsl.program.definitions import OnChange, OnEvents

from ...query.conditions import match_sql
from ...query.conditions import predicate as compile_predicate
from ...query.everybody import everybody
from ...query.happenings import CREATED
from ...query.reads import Read
from ...query.scope import Params
from ...store.names import event_table, quoted
from ...store.session import Session
from ...store.statistics import BULK
from ..rules import Kept, Live, Rules
from ..work import MANY, empty
from .scoring import Scoring
from .touches import Touches

_EVER_A_MEMBER = "SELECT EXISTS (SELECT 1 FROM segue_membership n WHERE n.segment_id = :kept_id)"


class React:
    def __init__(self, session: Session, rules: Rules, touches: Touches) -> None:
        self.session, self.rules, self.touches = session, rules, touches
        self.scoring = Scoring(session, rules, touches)

    def __call__(self, t: int) -> None:
        self.touches.count()
        self.scoring(t)
        for kept in self.rules.kept:
            self._kept(kept, t)
        for live in (d for d in self.rules.live if not d.vanished):
            match live.definition.trigger:
                case OnEvents(events):
                    for match in events:
                        self._events(live, match, t)
                case OnChange():
                    self._change(live, live.definition.trigger, t)
                case _:
                    pass

    # --- kept conditions ----------------------------------------------------------------------

    def _kept(self, kept: Kept, t: int) -> None:
        since = f" AND x.at > {kept.activated_at}" if kept.starts else ""
        subjects = self.touches.subjects(kept.judged.reads, kept.judged.object, since)
        if subjects is not None and (changed := self.judge(kept, subjects, t)):
            self.record(kept, t)
            if kept.starts:
                self._start(kept, t)
            empty(self.session, "verdict", changed)

    def judge(self, kept: Kept, subjects: str, t: int) -> int:
        """Put the changed verdicts of `subjects` (bucket, id, live) into the verdict table; how many there are."""
        held = f"CASE WHEN {kept.judged.predicate.sql} THEN 1 ELSE 0 END"
        member = (
            "CASE WHEN EXISTS (SELECT 1 FROM segue_membership n WHERE n.segment_id = :kept_id AND n.bucket = s.bucket"
            " AND n.id = s.id AND n.left_at IS NULL) THEN 1 ELSE 0 END"
        )
        changed = self.session.count(
            f"INSERT INTO verdict SELECT d.bucket, d.id, 1 - {member}, d.live FROM ({subjects}) d"
            f" CROSS JOIN {quoted(kept.judged.object)} s WHERE s.bucket = d.bucket AND s.id = d.id AND {held}"
            f" <> {member}",
            kept.judged.predicate.at(t) | {"kept_id": kept.id},
        )
        if changed >= MANY and self.session.dialect == "postgresql":
            self.session.run("ANALYZE verdict")  # as `Touches.count`
        return changed

    def judge_all(self, kept: Kept, t: int) -> int:
        """The same of everybody: the set of those for whom it holds, beside the set of members (decision 0021). A
        condition that never had members, and whose verdicts nobody is told, leaves no verdict: they join at once."""
        held = everybody(self.rules.scope, kept.judged.condition, kept.judged.object)
        values = held.at(t) | {"kept_id": kept.id}
        if self._is_untold(kept) and not self.session.one(_EVER_A_MEMBER, kept_id=kept.id):
            self._fill(held.sql, values | {"joined": t})
            return 0
        members = "SELECT n.bucket, n.id FROM segue_membership n WHERE n.segment_id = :kept_id AND n.left_at IS NULL"
        those = f"SELECT d.bucket, d.id FROM ({held.sql}) d"
        joined = self.session.count(
            f"INSERT INTO verdict SELECT q.bucket, q.id, 1, 1 FROM ({those} EXCEPT {members}) q", values
        )
        return joined + self.session.count(
            f"INSERT INTO verdict SELECT q.bucket, q.id, 0, 1 FROM ({members} EXCEPT {those}) q", values
        )

    def _is_untold(self, kept: Kept) -> bool:
        if kept.kind == "segment":
            return f"segment {kept.name}" in self.touches.unheard
        starts = next((live for live in self.rules.live if live.id == kept.starts), None)
        return starts is not None and not starts.definition.existing

    def _fill(self, those: str, values: dict[str, object]) -> None:
        """Written straight to where they stay: a million verdicts would be gathered in memory before."""
        joined = self.session.count(
            "INSERT INTO segue_membership (segment_id, bucket, id, joined_at) SELECT :kept_id, d.bucket, d.id, :joined"
            f" FROM ({those}) d WHERE TRUE ON CONFLICT DO NOTHING",
            values,
        )
        if joined >= BULK and self.session.dialect == "postgresql":
            self.session.run("ANALYZE segue_membership")  # the next conditions may read it

    def record(self, kept: Kept, t: int) -> None:
        """Joined and left, with their instants; whoever reads this segment is touched in the same pass."""
        self.session.run(
            "INSERT INTO segue_membership (bucket, segment_id, id, joined_at) SELECT v.bucket, :id, v.id, :t"
            " FROM verdict v"
            " WHERE v.held = 1 ON CONFLICT (segment_id, bucket, id, joined_at) DO UPDATE SET left_at = NULL",
            id=kept.id,
            t=t,
        )
        self.session.run(
            "UPDATE segue_membership SET left_at = :t WHERE segment_id = :id AND left_at IS NULL"
            " AND (bucket, id) IN (SELECT v.bucket, v.id FROM verdict v WHERE v.held = 0)",
            id=kept.id,
            t=t,
        )
        if kept.kind in ("segment", "static"):
            rows = "SELECT v.bucket, v.id, :t AS at, CAST(NULL AS BIGINT) AS event_id, v.live FROM verdict v"
            self.touches.add(f"segment {kept.name}", rows, {"t": t})
        elif kept.given is not None:
            self.scoring.held(kept.given, t)

    def _start(self, kept: Kept, t: int) -> None:
        self.session.run(
            "INSERT INTO start SELECT :definition, v.bucket, v.id, :t, NULL, NULL, NULL, FALSE, TRUE FROM verdict v"
            " WHERE v.held = 1 AND v.live = 1",
            definition=kept.starts,
            t=t,
        )

    # --- events and changes -------------------------------------------------------------------

    def _events(self, live: Live, match: EventMatch, t: int) -> None:
        """The event starts whoever it belongs to; its filter is judged at the event (W2)."""
        if match.event == "created":
            return self._created(live, match, t)
        for kind in self.rules.scope.kinds(match.event):
            token = f"event {kind}"
            if token not in self.touches.tokens:
                continue
            params = Params()
            of = live.definition.pinned.object
            holds = match_sql(self.rules.scope, match, kind, of, params)
            self.session.bound(
                "INSERT INTO start SELECT :definition, x.bucket, x.id, x.at, :kind, x.event_id, NULL, FALSE, FALSE"
                f" FROM touch x CROSS JOIN {quoted(event_table(kind))} v CROSS JOIN {quoted(of)} s"
                " WHERE x.token = :token AND x.fresh = 0 AND x.live = 1 AND x.at > :activated"
                " AND v.bucket = x.bucket AND v.record_id = x.id AND v.at = x.at AND v.id = x.event_id"
                f" AND s.bucket = x.bucket AND s.id = x.id AND {holds}",
                params.at(t) | {"definition": live.id, "kind": kind, "token": token, "activated": live.activated_at},
            )

    def _created(self, live: Live, match: EventMatch, t: int) -> None:
        """A record's own beginning is an event without a table."""
        of, params = live.definition.pinned.object, Params()
        token = f"created {of}"
        if token not in self.touches.tokens:
            return
        holds = match_sql(self.rules.scope, match, CREATED, of, params)
        self.session.bound(
            "INSERT INTO start SELECT :definition, x.bucket, x.id, x.at, 'created', NULL, NULL, FALSE, FALSE"
            f" FROM touch x CROSS JOIN {quoted(of)} s WHERE x.token = :token AND x.fresh = 0 AND x.live = 1"
            f" AND x.at > :activated AND s.bucket = x.bucket AND s.id = x.id AND {holds}",
            params.at(t) | {"definition": live.id, "token": token, "activated": live.activated_at},
        )

    def _change(self, live: Live, trigger: OnChange, t: int) -> None:
        """`P becomes V`: written, and another before, or the record is new (X3)."""
        of = live.definition.pinned.object
        token = Read(f"{trigger.field.object}.{trigger.field.property}", trigger.field.path)
        subjects = self.touches.subjects({token, Read(f"created {of}")}, of, f" AND x.at > {live.activated_at}")
        if subjects is None:
            return
        holds = compile_predicate(self.rules.scope, Compare(trigger.field, "=", trigger.value), of)
        self.session.bound(
            "INSERT INTO start SELECT :definition, d.bucket, d.id, :t, NULL, NULL, NULL, FALSE, FALSE"
            f" FROM ({subjects}) d CROSS JOIN {quoted(of)} s"
            f" WHERE d.live = 1 AND s.bucket = d.bucket AND s.id = d.id AND {holds.sql}",
            holds.at(t) | {"definition": live.id, "t": t},
        )
