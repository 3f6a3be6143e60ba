"""Hours: the send window and the recipient's quiet hours, for what was not looked at when it was planned: deferred
mail, mail held back by a pause, and mail to somebody else than the one enrolled (X16, L15)."""

from __future__ import annotations

from collections.abc import Mapping

from dsl.program.definitions import Window

from ...errors import NeverOpen
from ...store.session import Session
from ...times import windows, zones
from ...times.calendars import WorkingCalendar
from ..leaving.ending import Ending
from ..rules import Rules


class Hours:
    def __init__(
        self, session: Session, rules: Rules, ending: Ending, calendars: Mapping[str | None, WorkingCalendar]
    ) -> None:
        self.session, self.rules, self.ending, self.calendars = session, rules, ending, calendars
        self.quiet = rules.program.project.limits.quiet_hours

    def __call__(self, now: int) -> None:
        """Hold those for whom it is not the hour. Counted once per version, zone and recipient's zone."""
        self._each(now, "verdict IS NULL")

    def clip(self, now: int) -> None:
        """What waits for room goes within the hours too (L15: they come before the cap and the limits)."""
        self._each(now, "(verdict = 'cap' OR verdict LIKE 'limit(%')")

    def _each(self, now: int, which: str) -> None:
        same = (
            "version_id = :version AND zone = :zone AND their_zone IS NOT DISTINCT FROM :theirs AND kind = :kind AND"
            f" at_once = :once AND {which}"
        )
        for version, zone, theirs, kind, once, until in self.session.run(
            f"SELECT DISTINCT version_id, zone, their_zone, kind, at_once, until FROM candidate WHERE {which}"
            " ORDER BY 1, 2, 3, 4, 5, 6"
        ):
            group = {"version": version, "zone": zone, "theirs": theirs, "kind": kind, "once": once}
            group |= {"until": until} if until is not None else {}
            mine = f"until {'= :until' if until is not None else 'IS NULL'} AND {same}"
            from_ = now if until is None else until
            try:
                opens, why = self._opens(version, zone, theirs, kind, bool(once), from_)
            except NeverOpen as never:
                self._never(mine, group, never.message)
                continue
            if opens != from_:
                verdict = "verdict" if until is not None else ":why"
                values = group | {"opens": opens} | ({"why": why} if until is None else {})
                self.session.bound(f"UPDATE candidate SET verdict = {verdict}, until = :opens WHERE {mine}", values)

    def _opens(self, version: int, zone: str, theirs: str | None, kind: str, once: bool, at: int) -> tuple[int, str]:
        """The first instant at which it may go, and what holds it until then. A webhook reaches no people (X16)."""
        pinned = self.rules.versions[version].pinned
        window: Window | None = None if once or kind == "webhook" else pinned.window
        quiet = self.quiet if kind == "email" else None
        person = zones.resolve((theirs,), self.rules.scope.zone)
        opens = windows.clip(at, window, self.calendars[pinned.calendar], zone, quiet, person)
        return opens, "quiet_hours" if windows.out_of_quiet(at, quiet, person) != at else "window"

    def _never(self, same: str, group: Mapping[str, object], words: str) -> None:
        """Set aside with the reason, and the batch goes on."""
        self.ending.gather(
            "SELECT q.bucket, q.enrollment_id, 'errored', 'never_open', :words, NULL, e.block FROM"
            f" (SELECT DISTINCT bucket, enrollment_id FROM candidate WHERE {same}) q CROSS JOIN segue_enrollment e"
            " WHERE e.bucket = q.bucket AND e.id = q.enrollment_id",
            dict(group) | {"words": words},
        )
        self.session.bound(f"UPDATE candidate SET verdict = 'ended' WHERE {same}", group)
