"""Waits for a moment of the clock or of a date (X17). Who waits rests at the block: what is waited for stands in `due`,
and is worked out anew when the date changes, when a pause is over, or when the zone's rules are others."""

from __future__ import annotations

from collections.abc import Mapping

from dsl.program.blocks import WaitClock, WaitDate
from dsl.schema.model import Kind

from ...query.conditions import value_sql
from ...query.scope import Params
from ...store.names import quoted
from ...times import zones
from ...times.durations import CLOCK_UNITS, elapsed
from ...times.moments import Moments
from ...times.zones import DAY, MINUTE
from ..rows import STEP
from .moving import HERE, MINE, Group, Moving

_INSTANT = "CAST(value AS BIGINT)"
_INSIDE = f"{_INSTANT} >= :first AND {_INSTANT} < :after"


class Appointments(Moving):
    def wait_clock(self, g: Group, block: WaitClock, t: int) -> None:
        """The next time its clock shows the time, later than now: two such waits never fall together. A pause moves
        nothing: who is resumed waits for the next time."""
        today = zones.local_day(t, g.zone)
        days = (day for day in range(today, today + 15) if block.weekday in (None, zones.weekday(day)))
        moments = (zones.instant(day, block.at * MINUTE, g.zone) for day in days)
        self.session.bound(
            "UPDATE segue_enrollment SET block = :next, due = :t, waited = TRUE, began_at = NULL"
            f" WHERE began_at IS NOT NULL AND {MINE}",
            g.values | {"next": block.next, "t": t},
        )
        self.session.bound(
            f"UPDATE segue_enrollment SET due = :due, began_at = :t WHERE block = :block AND {MINE}",
            g.values | {"due": next(at for at in moments if at > t), "t": t},
        )

    def wait_date(self, g: Group, block: WaitDate, t: int) -> None:
        """On when it is reached; by `else` where there is none, or where it was past when the wait began or when it
        was set. A day is that of the enrollment's clock, from 00:00 or the time that is written (X13), moved as far as
        is written on that clock: business days by the calendar, 31 January + 1 month to the last of February."""
        self.session.bound(
            f"UPDATE segue_enrollment SET began_at = :t WHERE began_at IS NULL AND {MINE}", g.values | {"t": t}
        )
        self._moments(g, block, t)
        reached = "c.value IS NULL OR CAST(c.value AS BIGINT) <= :t"
        past = "c.value IS NULL OR CAST(c.value AS BIGINT) < e.began_at"
        self.session.run(
            f"{STEP} SELECT e.bucket, e.id, e.ordinal + 1, :t, e.block, 'wait', NULL, CASE WHEN {past} THEN"
            " 'timeout' ELSE"
            f" 'happened' END, CASE WHEN c.value IS NULL THEN 'no date' WHEN {past} THEN 'past' END"
            f" FROM chosen c CROSS JOIN segue_enrollment e WHERE ({reached}) AND e.bucket = c.bucket AND e.id = c.id",
            t=t,
        )
        # +: SQLite must walk the chosen, not all enrollments.
        mine = "FROM chosen c WHERE e.bucket = +c.bucket AND e.id = +c.id"
        self.session.run(
            f"UPDATE segue_enrollment AS e SET due = CAST(c.value AS BIGINT) {mine} AND NOT ({reached})", t=t
        )
        self.session.run(
            f"UPDATE segue_enrollment AS e SET block = CASE WHEN {past} THEN :otherwise ELSE :next END, due = :t,"
            f" began_at = NULL, waited = TRUE, ordinal = e.ordinal + 1 {mine} AND ({reached})",
            t=t,
            next=block.next,
            otherwise=block.timeout,
        )
        self.session.run("DELETE FROM chosen")

    def _moments(self, g: Group, block: WaitDate, t: int) -> None:
        """The moment of each as text, NULL where there is no date."""
        of, params = g.version.pinned.object, Params()
        value = value_sql(self.rules.scope, block.value, of, params, "e")
        self.session.bound(
            f"INSERT INTO chosen (bucket, id, value) SELECT e.bucket, e.id, CAST({value} AS TEXT) FROM mover m CROSS"
            f" JOIN segue_enrollment e CROSS JOIN {quoted(of)} s WHERE {HERE} AND e.bucket = m.bucket AND e.id = m.id"
            " AND s.bucket = e.bucket AND s.id = e.contact_id",
            params.at(t) | g.values,
        )
        dated = block.value.type.kind is Kind.DATE
        moments = Moments(dated, block.moved, g.zone, self.calendar(g), block.at or 0)
        if dated:
            self._days(moments)
        elif block.moved is not None and block.moved.unit in CLOCK_UNITS:
            self._move("TRUE", {}, by=elapsed(block.moved))
        elif block.moved is not None and (block.moved.n or block.at is not None):
            self._instants(moments, block)

    def _days(self, moments: Moments) -> None:
        """What a day begins with is worked out once a day."""
        for (day,) in self.session.run("SELECT DISTINCT value FROM chosen WHERE value IS NOT NULL"):
            self.session.run(
                "UPDATE chosen SET value = :moment WHERE value = :day", moment=str(moments.at(day)), day=day
            )

    def _instants(self, moments: Moments, block: WaitDate) -> None:
        """Instants are moved by days piece by piece: all of a piece by as much, or to one time of one day. What is
        moved on begins with the last piece, so that none comes into a piece that is still to be moved."""
        assert block.moved is not None
        found = self.session.run(
            f"SELECT MIN({_INSTANT}), MAX({_INSTANT}) FROM chosen WHERE value IS NOT NULL"
            f" GROUP BY ({_INSTANT} - :begin) / :day",
            begin=zones.FIRST_DAY * DAY,
            day=DAY,
        )
        pieces = sorted({piece for low, high in found for piece in moments.shifts(int(low), int(high))})
        for first, after, day, by in pieces if block.moved.n < 0 else reversed(pieces):
            if block.at is None:
                self._move(_INSIDE, {"first": first, "after": after}, by=by)
            else:
                moment = str(zones.instant(day, block.at * MINUTE, moments.zone))
                self.session.run(
                    f"UPDATE chosen SET value = :moment WHERE {_INSIDE}", moment=moment, first=first, after=after
                )

    def _move(self, which: str, values: Mapping[str, object], by: int) -> None:
        self.session.bound(
            f"UPDATE chosen SET value = CAST({_INSTANT} + :by AS TEXT) WHERE value IS NOT NULL AND {which}",
            {"by": by} | dict(values),
        )
