"""Throttle: which candidates the rate limits let through now, and when the others go (S18)."""

from __future__ import annotations

from ...store.session import Session
from ...times.zones import MINUTE
from ..rows import SAME
from .candidates import ORDER
from .rates import Rates, bucket, room, slots

_ON_THE_WAY = "o.settled_at IS NULL AND o.state IN ('claimed', 'sending')"
_RESERVED = "o.settled_at IS NULL AND o.state = 'deferred' AND o.reason LIKE 'limit(%' AND o.due > :now"


class Throttle:
    def __init__(self, session: Session, rates: Rates) -> None:
        self.session, self.rates = session, rates

    def __call__(self, now: int) -> None:
        """The oldest go, as many as there is room for in each of their limits; the others are given later minutes."""
        if not self.rates:
            return
        minute = now - now % MINUTE
        self._lanes(now, minute)
        self._let_through()
        if self.session.one("SELECT 1 FROM candidate WHERE verdict = 'limit' LIMIT 1"):
            self._later(now, minute)
        self.session.run("DELETE FROM lane")
        self.session.run("DELETE FROM lane_room")

    def _lanes(self, now: int, minute: int) -> None:
        """One row for each candidate and limit it counts for, and the room of each limit."""
        for name in self.rates.names:
            self.session.bound(
                f"INSERT INTO lane SELECT o.bucket, o.enrollment_id, o.ordinal, {name} FROM candidate q CROSS JOIN"
                f" segue_outbox o LEFT JOIN segue_user u ON u.name = o.sender LEFT JOIN contact c ON c.bucket ="
                f" o.contact_id % 256 AND c.id = o.contact_id WHERE {SAME} AND q.kind = 'email' AND q.verdict IS NULL",
                self.rates.values(name),
            )
        going: dict[str, int] = {}
        for name, _, mails in self.rates.tally("segue_outbox o", _ON_THE_WAY, "1", {}):
            going[name] = going.get(name, 0) + mails
        rooms = []
        self.taken: dict[str, dict[int, int]] = {}
        for (name,) in self.session.run("SELECT DISTINCT name FROM lane ORDER BY 1"):
            rate = self.rates.rate(name)
            if rate is not None:
                taken = self.rates.sent(name, now)
                taken[minute] = taken.get(minute, 0) + going.get(name, 0)
                self.taken[name] = taken
                rooms.append({"name": name, "bucket": bucket(name), "room": room(rate, taken, minute)})
        self.session.many("INSERT INTO lane_room VALUES (:name, :bucket, :room)", rooms)

    def _let_through(self) -> None:
        """As if one after the other were asked, but in sets: who meets a full limit waits and takes nobody's place;
        of the others go all for whom there is room even if all before them go."""
        waiting = "candidate.verdict IS NULL AND candidate.kind = 'email'"
        mine = SAME.replace("q.", "candidate.").replace("o.", "l.")
        beyond = (
            f"SELECT DISTINCT n.bucket, n.enrollment_id, n.ordinal FROM (SELECT l.bucket, l.enrollment_id, l.ordinal,"
            f" r.room, row_number() OVER (PARTITION BY l.name ORDER BY {ORDER}) AS nth FROM candidate q CROSS JOIN"
            f" lane l CROSS JOIN lane_room r WHERE q.verdict IS NULL AND {SAME.replace('o.', 'l.')} AND r.name ="
            " l.name) n WHERE n.nth > n.room"
        )
        while self.session.one("SELECT 1 FROM candidate WHERE verdict IS NULL AND kind = 'email' LIMIT 1"):
            self.session.run(
                f"UPDATE candidate SET verdict = 'limit' WHERE {waiting} AND EXISTS (SELECT 1 FROM lane l CROSS JOIN"
                f" lane_room r WHERE {mine} AND r.name = l.name AND r.room <= 0)"
            )
            self.session.run(
                f"UPDATE candidate SET verdict = 'again' FROM ({beyond}) b WHERE candidate.bucket = b.bucket AND"
                " candidate.enrollment_id = b.enrollment_id AND candidate.ordinal = b.ordinal"
            )
            self.session.run(f"UPDATE candidate SET verdict = 'through' WHERE {waiting}")
            self.session.run(
                "UPDATE lane_room SET room = room - (SELECT count(*) FROM lane l CROSS JOIN candidate q WHERE"
                f" l.name = lane_room.name AND {SAME.replace('o.', 'l.')} AND q.verdict = 'through')"
            )
            self.session.run(
                "UPDATE candidate SET verdict = CASE verdict WHEN 'through' THEN 'go' END WHERE verdict IN ('through',"
                " 'again')"
            )

    def _later(self, now: int, minute: int) -> None:
        """The next free minute in each of its limits, behind those that have been given one before; the latest."""
        granted = "SELECT l.name, count(*) FROM lane l CROSS JOIN candidate q WHERE q.verdict = '{}' AND {} GROUP BY 1"
        same = SAME.replace("o.", "l.")
        for name, mails in self.session.run(granted.format("go", same)):
            if name in self.taken:
                self.taken[name][minute] += mails
        reserved = self.rates.tally("segue_outbox o", _RESERVED, f"o.due - o.due % {MINUTE}", {"now": now})
        for name, at, mails in reserved:
            if name in self.taken:
                self.taken[name][at] = self.taken[name].get(at, 0) + mails
        for name, wanted in self.session.run(granted.format("limit", same)):
            rate = self.rates.rate(name)
            if rate is not None:
                places, last = [], 0
                for at, mails in slots(rate, self.taken[name], minute + MINUTE, wanted):
                    places.append({"name": name, "first": last + 1, "at": at})
                    last += mails
                self.session.many("INSERT INTO slot VALUES (:name, :first, :at)", places)
        # One step in the index for each: the last range of places that begins at or before its number.
        place = "(SELECT s.at FROM slot s WHERE s.name = k.name AND s.first <= k.nth ORDER BY s.first DESC LIMIT 1)"
        numbered = (
            "SELECT l.bucket, l.enrollment_id, l.ordinal, l.name, r.room, row_number() OVER (PARTITION BY l.name ORDER"
            f" BY {ORDER}) AS nth FROM candidate q CROSS JOIN lane l CROSS JOIN lane_room r WHERE q.verdict = 'limit'"
            f" AND {same} AND r.name = l.name"
        )
        # The limit that lets it go last is the one to name; of several, one that is full now.
        named = (
            "row_number() OVER (PARTITION BY p.bucket, p.enrollment_id, p.ordinal ORDER BY p.at DESC,"
            " CASE WHEN p.room <= 0 THEN 0 ELSE 1 END, p.name) AS nr"
        )
        self.session.run(
            "UPDATE candidate SET until = n.at, verdict = 'limit(' || n.name || ')' FROM (SELECT p.bucket,"
            f" p.enrollment_id, p.ordinal, p.name, p.at, {named} FROM (SELECT k.bucket, k.enrollment_id, k.ordinal,"
            f" k.name, k.room, {place} AS at FROM ({numbered}) k) p) n WHERE n.nr = 1 AND candidate.bucket = n.bucket"
            " AND candidate.enrollment_id = n.enrollment_id AND candidate.ordinal = n.ordinal"
        )
        self.session.run("DELETE FROM slot")
