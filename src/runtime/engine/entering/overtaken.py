"""Overtaken: what ends an enrollment may have happened between its trigger and its entry (X4, X9).

An enrollment begins at its trigger's own instant, and is made at the end of that minute, or as late as the trigger is
heard of. Who replied meanwhile is in, and out again at once: the stops of the pass did not know of it yet.
"""

from __future__ import annotations

from dsl.program.conditions import EventMatch
from dsl.program.definitions import OnEvents

from ...query.conditions import match_sql
from ...query.scope import Params
from ...store.names import event_table, quoted
from ...store.session import Session
from ..leaving.ending import Ending
from ..rules import Live, Rules

_NEW = (
    "entrant x CROSS JOIN segue_enrollment e{} WHERE x.reason IS NULL AND x.enrolled_at < :t AND e.bucket = x.bucket"
    " AND e.contact_id = x.contact_id AND e.definition_id = :d AND e.nr = x.nr"
)
_OWN = " AND v.bucket = x.bucket AND v.record_id = x.contact_id"
_MATES = (
    " AND a.bucket = x.bucket AND a.id = x.contact_id AND b.bucket = a.to_bucket AND b.id = a.to_id"
    " AND v.bucket = b.to_bucket AND v.record_id = b.to_id"
)


class Overtaken:
    def __init__(self, session: Session, rules: Rules, ending: Ending) -> None:
        self.session, self.rules, self.ending = session, rules, ending

    def __call__(self, live: Live, t: int) -> None:
        """Those whom the table `entrant` let in are gathered to end, where a stop came after their trigger."""
        guards = live.definition.guards
        if not isinstance(live.definition.trigger, OnEvents) or not (guards.stop_on or guards.stop_company_on):
            return
        if not self.session.one("SELECT 1 FROM entrant WHERE reason IS NULL AND enrolled_at < :t LIMIT 1", t=t):
            return
        for match, reason in guards.stop_on:
            self._ended(live, match, reason, "", _OWN, t)
        for match in guards.stop_company_on:
            self._ended(live, match, "company", "", _OWN, t)
            company = " CROSS JOIN link_contact_company a CROSS JOIN link_company_contact b"
            self._ended(live, match, "company", company, _MATES, t)

    def _ended(self, live: Live, match: EventMatch, reason: str, links: str, whose: str, t: int) -> None:
        of = live.definition.pinned.object
        for kind in self.rules.scope.kinds(match.event):
            params = Params()
            holds = match_sql(self.rules.scope, match, kind, of, params, "e")
            tables = f"{links} CROSS JOIN {quoted(event_table(kind))} v CROSS JOIN {quoted(of)} s"
            self.ending.gather(
                "SELECT e.bucket, e.id, 'unenrolled', :reason, NULL, min(v.id), NULL"
                f" FROM {_NEW.format(tables)}{whose} AND v.at > x.enrolled_at AND v.at <= :t"
                f" AND s.bucket = v.bucket AND s.id = v.record_id AND {holds} GROUP BY e.bucket, e.id",
                params.at(t) | {"d": live.id, "t": t, "reason": reason},
            )
