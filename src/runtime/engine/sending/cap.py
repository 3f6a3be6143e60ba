"""The frequency cap: how many mails one person gets within some days, whatever definition sends them (X25, L14).

A person is a contact with all others that have its address. What was sent, is being sent or may have been counts. What
waits for a later moment keeps its place before all that was planned after it, and stands in nobody's way who was there
first. `within 7 days` are calendar days of the account's zone (X14).
"""

from __future__ import annotations

from dsl.schema.model import FrequencyCap

from ...store.session import Session
from ...times import zones
from ..rules import Rules
from .candidates import ORDER

_COUNTS = (
    "(o.settled_at IS NULL AND o.state IN ('claimed', 'sending') OR o.state IN ('sent', 'unknown')"
    " AND o.settled_at >= :since)"
)
_WAITS = "o.settled_at IS NULL AND o.state = 'deferred' AND o.due > :now"
# `their` verdict is no candidate's: mail that waits for a later moment, within the room that is left, or behind it.
_QUEUED = "q.kind = 'email' AND (q.verdict IS NULL OR q.verdict = 'waits')"


class Cap:
    def __init__(self, session: Session, rules: Rules) -> None:
        self.session = session
        self.zone = rules.program.project.account.time_zone
        self.cap: FrequencyCap | None = rules.program.project.limits.frequency_cap
        topics = rules.program.schema.topics.values() if self.cap else ()
        kinds = self.cap.except_kinds if self.cap else ()
        self.exempt: dict[str, object] = {f"x{i}": t.name for i, t in enumerate(topics) if t.kind.value in kinds}

    def __call__(self, now: int) -> None:
        """Of several mails to one person the oldest go, as many as are left; the others wait or are skipped."""
        if self.cap is None:
            return
        today = zones.local_day(now, self.zone)
        self._count(self.cap, today, now)
        self._wait(now)
        self._rank()
        verdict = "cap" if self.cap.when_reached == "defer" else "skip"
        # `nth` counts on from the first that has no room.
        self.session.run(
            "UPDATE candidate SET verdict = CASE WHEN verdict IS NULL THEN :verdict ELSE 'behind' END,"
            " nth = nth - n.room FROM (SELECT q.address, CASE WHEN count(c.at)"
            " < :most THEN :most - count(c.at) ELSE 0 END AS room FROM (SELECT DISTINCT address FROM candidate) q"
            " LEFT JOIN counted c ON c.address = q.address GROUP BY q.address) n"
            " WHERE n.address = candidate.address AND candidate.nth > n.room",
            verdict=verdict,
            most=self.cap.at_most,
        )
        if verdict == "cap":
            self._later(self.cap, today)
        self.session.run("DELETE FROM counted")

    def _except(self, alias: str) -> str:
        return f"{alias}.topic NOT IN ({', '.join(':' + name for name in self.exempt)})" if self.exempt else "TRUE"

    def _mails(self, picked: str, which: str, more: str = "") -> str:
        """SELECT of mails `o` to the people `p` of the candidates. The second part: mail to somebody else than the one
        enrolled, whose bucket its row has."""
        people = (
            "(SELECT DISTINCT q.address FROM candidate q WHERE q.verdict IS NULL AND q.kind = 'email' AND"
            f" {self._except('q')}) p CROSS JOIN contact k CROSS JOIN segue_outbox o{more} WHERE k.email__n = p.address"
            f" AND o.contact_id = k.id AND o.kind = 'email' AND {which} AND {self._except('o')}"
        )
        return (
            f"SELECT {picked} FROM {people} AND o.bucket = k.bucket UNION ALL"
            f" SELECT {picked} FROM {people} AND o.contact_id % 256 <> o.bucket"
        )

    def _count(self, cap: FrequencyCap, today: int, now: int) -> None:
        """(address, instant) of each mail that counts."""
        since = zones.day_start(today - cap.within_days + 1, self.zone)
        at = "CASE WHEN o.state IN ('claimed', 'sending') THEN :now ELSE o.settled_at END"
        self.session.bound(
            f"INSERT INTO counted (address, at) {self._mails(f'p.address, {at}', _COUNTS)}",
            {"since": since, "now": now} | self.exempt,
        )

    def _wait(self, now: int) -> None:
        """What waits for later stands among the candidates, by when it was planned; it is claimed at its own time."""
        planned = (
            "coalesce((SELECT t.at FROM segue_step t WHERE t.bucket = o.bucket AND t.enrollment_id = o.enrollment_id"
            " AND t.ordinal = o.ordinal), o.due)"
        )
        picked = (
            "o.bucket, o.enrollment_id, o.ordinal, o.contact_id, 0, o.kind, o.topic, o.template, '', NULL, 0,"
            f" p.address, {planned}, 'waits', o.due, CAST(NULL AS BIGINT)"
        )
        self.session.bound(
            f"INSERT INTO candidate SELECT w.* FROM ({self._mails(picked, _WAITS)}) w", {"now": now} | self.exempt
        )

    def _days(self, cap: FrequencyCap, today: int) -> None:
        """The day of each that counts."""
        last = self.session.one("SELECT max(at) FROM counted")
        final = zones.local_day(last, self.zone) if last is not None else today
        days = range(today - cap.within_days + 1, max(final, today) + 1)
        self.session.many(
            "INSERT INTO day VALUES (:day, :begins, :ends)",
            [
                {"day": d, "begins": zones.day_start(d, self.zone), "ends": zones.day_start(d + 1, self.zone)}
                for d in days
            ],
        )
        self.session.run(
            "UPDATE counted SET day = (SELECT d.day FROM day d WHERE counted.at >= d.begins AND counted.at < d.ends)"
        )
        self.session.run("DELETE FROM day")

    def _rank(self) -> None:
        """The how-manieth mail to its person each is."""
        self.session.bound(
            "UPDATE candidate SET nth = n.nth FROM (SELECT q.bucket, q.enrollment_id, q.ordinal, row_number() OVER"
            f" (PARTITION BY q.address ORDER BY {ORDER}) AS nth FROM candidate q WHERE {_QUEUED}"
            f" AND {self._except('q')}) n WHERE candidate.bucket = n.bucket"
            " AND candidate.enrollment_id = n.enrollment_id AND candidate.ordinal = n.ordinal",
            self.exempt,
        )

    def _later(self, cap: FrequencyCap, today: int) -> None:
        """The k-th that waits has room when the k-th oldest of the last `at_most` is out of the window; the next
        `at_most` after them a whole window later. Those that go now, or wait within the room, are counted first."""
        self.session.run(
            "INSERT INTO counted (address, at) SELECT q.address, q.until FROM candidate q WHERE q.verdict = 'waits'"
        )
        self._days(cap, today)
        self.session.run(
            "INSERT INTO counted (address, day) SELECT q.address, CAST(:today AS INTEGER) FROM candidate q"
            " WHERE q.verdict IS NULL AND q.nth IS NOT NULL",
            today=today,
        )
        self.session.run(
            "UPDATE candidate SET until = n.day + :within * (1 + (candidate.nth - 1) / :most) FROM (SELECT c.address,"
            " c.day, row_number() OVER (PARTITION BY c.address ORDER BY c.day DESC) AS back FROM counted c WHERE"
            " c.address IN (SELECT q.address FROM candidate q WHERE q.verdict = 'cap')) n WHERE candidate.verdict ="
            " 'cap' AND n.address = candidate.address AND n.back = :most - (candidate.nth - 1) % :most",
            most=cap.at_most,
            within=cap.within_days,
        )
        days = self.session.run("SELECT DISTINCT until FROM candidate WHERE verdict = 'cap' ORDER BY 1 DESC")
        self.session.many(  # an instant is never a day's number: no day is taken for another
            "UPDATE candidate SET until = :at WHERE verdict = 'cap' AND until = :day",
            [{"day": day, "at": zones.day_start(day, self.zone)} for (day,) in days],
        )
