"""A new edition of the time-zone data: what is waited for by a clock or a calendar is worked out again (architecture,
"Time"). Conditions, schedules and dates keep no due times; hours and minutes elapse as they did."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from dsl.program.blocks import Finish, Graph, Wait, WaitClock, WaitCondition, WaitDate, WaitEvent, following
from dsl.program.conditions import Duration

from ...store import meta
from ...store.session import Session
from ...times import durations
from ...times.calendars import WorkingCalendar
from ...times.durations import CLOCK_UNITS
from ...times.edition import edition
from ...times.zones import DAY, HOUR, MINUTE
from ..blocks.waits import DEFAULT_GRACE
from ..rows import LOOKS
from ..rules import Rules, Version

_MOST = DAY + 2 * HOUR  # how far new rules may move a clock: a zone may skip a day
_UNLOGGED = (Wait, WaitClock)


class Replanning:
    def __init__(self, session: Session, rules: Rules, calendars: Mapping[str | None, WorkingCalendar]) -> None:
        self.session, self.rules, self.calendars = session, rules, calendars

    def __call__(self, t: int) -> bool:
        """Whether the store was planned by another edition. What falls due within a minute stays as it is."""
        now = edition()
        known = meta.read(self.session, "tzdata")
        if known == now:
            return False
        if known is not None:
            for version in self.rules.versions.values():
                for i in range(len(version.pinned.graph.blocks)):
                    self._block(version, i, t + MINUTE)
        meta.write(self.session, "tzdata", now)
        return known is not None

    def _block(self, version: Version, i: int, soon: int) -> None:
        block, here = version.pinned.graph.blocks[i], {"version": version.id, "block": i, "soon": soon}
        match block:
            case _ if isinstance(block, LOOKS):
                # They look for themselves; all but the wait for a date begin anew.
                began = "" if isinstance(block, WaitDate) else ", began_at = NULL"
                self.session.bound(
                    f"UPDATE segue_enrollment SET due = :soon{began} WHERE {_HERE} AND began_at IS NOT NULL", here
                )
            case WaitEvent(up_to=length) | WaitCondition(up_to=length):
                self._again(version, "e.began_at", "", length, here)
            case Finish():
                self._again(version, "e.began_at", "", version.pinned.grace or DEFAULT_GRACE, here)
        waits = list(_waits_before(version.pinned.graph, i))
        if len(waits) == 1:
            # A wait begins where the last step ended; one that was paused is a countdown, and no calendar.
            last = (
                " CROSS JOIN segue_step p WHERE p.bucket = e.bucket AND p.enrollment_id = e.id"
                " AND p.ordinal = e.ordinal AND p.what <> 'resumed' AND e.waited AND e.began_at IS NULL"
            )
            self._again(version, "p.at", last, waits[0].length, here)

    def _again(self, version: Version, began: str, joined: str, length: Duration, here: dict[str, int]) -> None:
        """Count again from where it began: once for each zone and instant."""
        if length.unit in CLOCK_UNITS:
            return
        where = f"{joined} {'AND' if joined else 'WHERE'} {began} IS NOT NULL AND e.status = 'active'"
        rows = f"FROM segue_enrollment e{where} AND e.version_id = :version AND e.block = :block AND e.due > :soon"
        calendar = self.calendars[version.pinned.calendar]
        for zone, at, due in self.session.bound(f"SELECT DISTINCT e.zone, {began}, e.due {rows}", dict(here)):
            right = durations.after(at, length, zone, calendar)
            if right != due and abs(right - due) <= _MOST:
                self.session.bound(
                    "UPDATE segue_enrollment SET due = :right WHERE (bucket, id) IN (SELECT e.bucket, e.id"
                    f" {rows} AND e.zone = :zone AND {began} = :at AND e.due = :due)",
                    here | {"zone": zone, "at": at, "due": due, "right": max(right, here["soon"])},
                )


def _waits_before(graph: Graph, i: int) -> Iterator[Wait]:
    """The waits that lead to a block, those alone that begin right behind a step of the log."""
    before = [j for j, block in enumerate(graph.blocks) if i in following(block)]
    for j in before:
        block = graph.blocks[j]
        behind = [b for b in graph.blocks if j in following(b)]
        if isinstance(block, Wait) and not any(isinstance(b, _UNLOGGED) for b in behind):
            yield block


_HERE = "version_id = :version AND block = :block AND status = 'active' AND due > :soon"
