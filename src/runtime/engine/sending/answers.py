"""Answers: what the channels said of each message sent (architecture 4, L11).

`settled` holds the rows that are `sending`. Sent ones are settled, and so are refused and unknown ones; what may be
tried again is deferred, each time for twice as long, and given up after three days.
"""

from __future__ import annotations

from collections.abc import Mapping

from ...channels.base import Bounce, Result
from ...store import inbox
from ...store.session import Session
from ...times.zones import HOUR, MINUTE
from ..rows import SAME
from ..rules import Rules
from .settle import Settle

MOST = 72 * HOUR  # from the first try on (L11)
_LONGEST = 120 * MINUTE  # between two tries
_ROW = "bucket = :b AND enrollment_id = :e AND ordinal = :o"


class Answers:
    def __init__(self, session: Session, rules: Rules, settle: Settle) -> None:
        self.session, self.rules, self.settle = session, rules, settle

    def __call__(self, results: Mapping[str, Result], now: int) -> None:
        """Turn `sending` in `settled` into what became of it. Part of the transaction that settles."""
        others = {key: result for key, result in results.items() if result.state != "sent"}
        if others:
            self._apart(others, now)
        self.session.run("UPDATE settled SET state = 'sent', reason = NULL WHERE state = 'sending'")

    def _apart(self, others: Mapping[str, Result], now: int) -> None:
        """The few that did not simply go, one by one: each has its own answer."""
        rows = self.session.run(
            "SELECT q.key, o.bucket, o.enrollment_id, o.ordinal, o.contact_id, o.kind, o.attempts, o.tried_at"
            f" FROM settled q CROSS JOIN segue_outbox o WHERE q.state = 'sending' AND {SAME}"
        )
        settled: list[dict[str, object]] = []
        deferred: list[dict[str, object]] = []
        bounced: list[inbox.InboxRow] = []
        for key, b, e, o, contact, kind, attempts, tried in (row for row in rows if row[0] in others):
            result, of = others[key], {"b": b, "e": e, "o": o}
            wait = max(min(MINUTE << min(attempts, 10), _LONGEST), result.after)
            if result.state == "later" and now + wait - tried <= MOST:
                deferred.append({**of, "due": now + wait, "n": attempts + 1, "r": result.words})
                continue
            if result.state == "later":
                result = given_up(result, kind)
            settled.append({**of, "s": result.state, "r": result.reason or result.state, "h": result.words or None})
            if result.bounce is not None:
                bounced.append(bounce(key, contact, e, o, result.bounce, now))
        self._defer(deferred)
        self.session.many(f"UPDATE settled SET state = :s, reason = :r, hash = :h WHERE {_ROW}", settled)
        if "bounced" in self.rules.scope.schema.events:
            inbox.put(self.session, bounced)

    def _defer(self, rows: list[dict[str, object]]) -> None:
        """Back into the queue; whether it may go when it is due is asked anew then."""
        self.session.tally["put_off"] += len(rows)
        self.session.many(
            "UPDATE segue_outbox SET state = 'deferred', due = :due, attempts = :n, reason = :r, owner = NULL"
            f" WHERE {_ROW}",
            rows,
        )
        self.session.many(f"DELETE FROM settled WHERE {_ROW}", [{n: row[n] for n in ("b", "e", "o")} for row in rows])
        self.session.many(
            "UPDATE segue_enrollment SET rests = NULL WHERE bucket = :b AND id = :e",
            [{n: row[n] for n in ("b", "e")} for row in rows],
        )


def given_up(last: Result, kind: str) -> Result:
    """What was put off for three days is refused; of a mail that is a soft bounce (L11)."""
    words = f"put off for 72 hours: {last.words}"
    if kind == "email":
        return Result("refused", words, "soft_bounce", "soft")
    return Result("refused", words, "no_answer")


def bounce(key: str, contact: int, enrollment: int, ordinal: int, kind: Bounce, now: int) -> inbox.InboxRow:
    """A refusal by the receiving side is an event of the contact's, so that guards see it (X9)."""
    values: dict[str, str | int] = {"kind": kind, "enrollment": enrollment, "ordinal": ordinal}
    return inbox.event_row("bounced", contact, f"refused {key}", values, at=now, key=f"bounce {key}", received_at=now)
