"""Waits for a moment of the clock or of a date (X17). Who waits rests at the block: what is waited for stands in `due`,
and is worked out anew when the date changes, when a pause is over, or when the zone's rules are others."""

from __future__ import annotations

from dsl.program.blocks import WaitClock, WaitDate
from dsl.schema.model import Kind

from ...query.conditions import value_sql
from ...query.scope import Params
from ...store.names import quoted
from ...times import zones
from ...times.zones import MINUTE
from ..rows import STEP
from .moving import HERE, MINE, Group, Moving


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
        was set. A day is that of the enrollment's clock, from 00:00 or the time that is written (X13)."""
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
        """The moment of each as text, NULL where there is no date. What a day begins with is worked out once a day."""
        of, params = g.version.pinned.object, Params()
        value = value_sql(self.rules.scope, block.value, of, params, "e")
        self.session.bound(
            f"INSERT INTO chosen (bucket, id, value) SELECT e.bucket, e.id, CAST({value} AS TEXT) FROM mover m CROSS"
            f" JOIN segue_enrollment e CROSS JOIN {quoted(of)} s WHERE {HERE} AND e.bucket = m.bucket AND e.id = m.id"
            " AND s.bucket = e.bucket AND s.id = e.contact_id",
            params.at(t) | g.values,
        )
        if block.value.type.kind is not Kind.DATE:
            return
        for (day,) in self.session.run("SELECT DISTINCT value FROM chosen WHERE value IS NOT NULL"):
            moment = zones.instant(zones.epoch_day(day), (block.at or 0) * MINUTE, g.zone)
            self.session.run("UPDATE chosen SET value = :moment WHERE value = :day", moment=str(moment), day=day)
