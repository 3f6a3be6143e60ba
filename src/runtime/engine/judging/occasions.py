"""Occasions: what starts by the clock, at each moment of a schedule or at a date of each record (X4, W14).

Nothing is kept per record. A schedule has one next moment for everybody. Of `at DATE +- D` the records whose moment
lies between two instants are a range of the index of the date, as with time conditions (decision 0004); a date that is
set or changed is looked at where it is touched. What has been gone through is written with those it started, so that
no occurrence starts anybody twice, after a crash neither (X5).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property

from dsl.program.conditions import Field, Missing
from dsl.program.definitions import OnDate, OnSchedule
from dsl.schema.model import Kind

from ...query.scope import Params
from ...query.sweeps import Stored, stored_values
from ...query.values import Values
from ...store import meta
from ...store.names import quoted
from ...store.session import Session
from ...times import occurrences, zones
from ...times.calendars import WorkingCalendar
from ...times.moments import Moments, Range, X
from ...times.zones import HOUR
from ..rules import Judged, Live, Rules, judge
from .touches import Touches

_BY_CLOCK = (OnSchedule, OnDate)


class Occasions:
    """`planned`: per definition the next instant at which it may start somebody."""

    def __init__(
        self, session: Session, rules: Rules, touches: Touches, calendars: Mapping[str | None, WorkingCalendar]
    ) -> None:
        self.session, self.rules, self.touches, self.calendars = session, rules, touches, calendars
        self.live = {d.id: d for d in rules.live if isinstance(d.definition.trigger, _BY_CLOCK) and not d.vanished}
        self.late = rules.program.project.limits.late_hours * HOUR
        self.planned: dict[int, int] = {}
        self._moved: set[int] = set()
        self._before: int | None = None
        self._now = 0

    # --- when -----------------------------------------------------------------------------------

    def plan(self, t: int, everything: bool = False) -> None:
        """The next moment of those whose dates may have moved, or whose moment has come."""
        for number in self.live if everything else sorted(self._moved):
            self.planned.pop(number, None)
            found = self._next(self.live[number], t)
            if found is not None:
                self.planned[number] = found
        self._moved = set()

    def _next(self, d: Live, t: int) -> int | None:
        trigger = d.definition.trigger
        if isinstance(trigger, OnSchedule):
            return occurrences.next_moment(trigger, t, d.activated_at, self.rules.scope.zone)
        moments, field = self._moments(d), self._field(d)
        high = zones.day_start(zones.local_day(t, self.rules.scope.zone) + 2, self.rules.scope.zone)
        soon = [moments.at(x) for one in moments.ranges(t, high) for x in self._least(field, *one)]
        if soon:
            return min(soon)
        later = [moments.not_before(x) for x in self._least(field, moments.beyond(high))]
        return max(min(later), t + 1) if later else None

    def _least(self, field: Field, low: X, high: X | None = None) -> Iterator[X]:
        for stored in self._stored(field):
            least = self._bound("min", stored, "> :low" + ("" if high is None else " AND {0} <= :high"), low, high)
            if least is not None:
                yield least

    def _bound(
        self, function: str, stored: Stored, where: str, low: X | None = None, high: X | None = None
    ) -> X | None:
        sql = f"SELECT {function}({stored.column}) FROM {stored.rows} {stored.column} {where.format(stored.column)}"
        values = {name: x for name, x in (("low", low), ("high", high)) if x is not None}
        found = self.session.bound(sql, values)[0][0]
        return found if found is None or isinstance(found, int | str) else str(found)

    # --- who ------------------------------------------------------------------------------------

    def begin(self, before: int, now: int) -> None:
        """A new instant: what lies between the last one and this is looked at in its first pass."""
        self._before, self._now = before, now

    def __call__(self, t: int) -> bool:
        """Note who starts; whether there was an occasion. One that an outage made older than `late` starts nothing, and
        what a date says by the rules' own hand is past already (X1, X4)."""
        before, self._before = self._before, None
        self._moved |= {n for n, d in self._dates.items() if any(r.token in self.touches.tokens for r in d.reads)}
        if before is None:
            return False
        found = False
        for number, d in self.live.items():
            due = self.planned.get(number)
            if due is not None and due <= t:
                self._moved.add(number)
                found |= self._now - t <= self.late and self._come(d, max(before, due - 1), t)
            if number in self._dates and self.touches.tokens:
                found |= self._touched(d, t)
        return found

    def _gone_through(self, number: int) -> int:
        return int(meta.read(self.session, f"occurred {number}") or 0)

    def _come(self, d: Live, low: int, t: int) -> bool:
        """Those whose occasion lies after `low` and after all that has been gone through."""
        low = max(low, d.activated_at, self._gone_through(d.id))
        trigger, zone = d.definition.trigger, self.rules.scope.zone
        if isinstance(trigger, OnDate):
            for one in self._moments(d).ranges(low, t):
                self._start(d, one, t)
        elif isinstance(trigger, OnSchedule) and trigger.date is not None:
            for day in occurrences.days_between(trigger.at, low, t, zone):
                for one in self._birthdays(trigger.date, day):
                    self._start(d, one, t)
        elif low < t:
            self._everybody(d, t)
        meta.write(self.session, f"occurred {d.id}", str(t))
        return True

    def _everybody(self, d: Live, t: int) -> None:
        """A schedule is for those of whom `only` is true; the others are no refusals (X4)."""
        everybody(self.session, d, self.rules.only[d.id], t)

    def _birthdays(self, field: Field, day: int) -> Iterator[Range]:
        """The values that have their anniversary on `day`, one range a year: each is one step in the index."""
        zone = self.rules.scope.zone
        years: list[int] = []
        for stored in self._stored(field):
            for function in ("min", "max"):
                found = self._bound(function, stored, "IS NOT NULL")
                if found is not None:
                    at = zones.epoch_day(found) if isinstance(found, str) else zones.local_day(found, zone)
                    years.append(zones.to_date(at).year)
        for date in occurrences.anniversaries(day, min(years), max(years)) if years else ():
            theirs = zones.epoch_day(date)
            if field.type.kind is Kind.DATE:
                yield zones.iso_date(theirs - 1), date
            else:
                yield zones.day_start(theirs, zone) - 1, zones.day_start(theirs + 1, zone) - 1

    def _start(self, d: Live, between: Range, t: int) -> None:
        """Records whose value lies in the range, by its index; those touched in this pass are looked at by themselves.
        A schedule asks `only` at once: who is somebody else's business is refused nothing."""
        of, field = d.definition.pinned.object, self._field(d)
        params = Params()
        values = Values(self.rules.scope, params)
        values.objects["s"] = of
        value = values.sql(field, "s")
        where = f"{value} > :low AND {value} <= :high"
        given = params.constants | {"low": between[0], "high": between[1], "definition": d.id, "t": t}
        only = self.rules.only.get(d.id)
        if only is not None and isinstance(d.definition.trigger, OnSchedule):
            where, given = f"{where} AND {only.predicate.sql}", given | only.predicate.at(t)
        touched = self.touches.subjects(self._dates[d.id].reads, of) if d.id in self._dates else None
        if touched is not None:
            where += f" AND NOT EXISTS (SELECT 1 FROM ({touched}) q WHERE q.bucket = s.bucket AND q.id = s.id)"
        for stored in self._stored(field):
            rows = (
                f"(SELECT {stored.id_column} % 256 AS bucket, {stored.id_column} AS id FROM {stored.rows}"
                f" {stored.column} > :low AND {stored.column} <= :high)"
            )
            start, met = self.touches.back(rows, field.path, of)
            self.session.bound(
                f"INSERT INTO start {_START} FROM {start} CROSS JOIN {quoted(of)} s WHERE {met} AND {where}", given
            )

    # --- dates that were set --------------------------------------------------------------------

    def _touched(self, d: Live, t: int) -> bool:
        """A date that was set in time and reaches the store late starts late; one whose moment was past already when
        it was set starts nothing (X1, X4)."""
        dates = self._dates[d.id]
        touched = self.touches.subjects(dates.reads, dates.object)
        if touched is None:
            return False
        params = Params()
        values = Values(self.rules.scope, params)
        values.objects["s"] = dates.object
        value = values.sql(self._field(d), "s")
        rows = (
            f"FROM ({touched}) d CROSS JOIN {quoted(dates.object)} s WHERE d.live = 1 AND s.bucket = d.bucket"
            f" AND s.id = d.id AND {value} > :low AND {value} <= :high"
        )
        moments, earliest = self._moments(d), max(d.activated_at, self._now - self.late)
        set_at = {
            at
            for low, high in moments.ranges(earliest, t)
            for (at,) in self.session.bound(
                f"SELECT DISTINCT d.at {rows}", params.constants | {"low": low, "high": high}
            )
        }
        found = 0
        for at in sorted(set_at):
            for low, high in moments.ranges(max(at, earliest), t):
                found += self.session.count(
                    f"INSERT INTO start {_START} {rows} AND d.at = :set_at",
                    params.constants | {"low": low, "high": high, "definition": d.id, "t": t, "set_at": at},
                )
        return found > 0

    # --- what a definition starts by --------------------------------------------------------------

    @cached_property
    def _dates(self) -> dict[int, Judged]:
        """What changes the dates that start a definition."""
        return {
            number: judge(self.rules.scope, Missing(self._field(d)), d.definition.pinned.object)
            for number, d in self.live.items()
            if isinstance(d.definition.trigger, OnDate)
        }

    def _field(self, d: Live) -> Field:
        trigger = d.definition.trigger
        field = trigger.value if isinstance(trigger, OnDate) else getattr(trigger, "date", None)
        assert isinstance(field, Field), "the checker takes properties alone"
        return field

    def _stored(self, field: Field) -> list[Stored]:
        return list(stored_values(self.rules.scope, field))

    def _moments(self, d: Live) -> Moments:
        trigger = d.definition.trigger
        assert isinstance(trigger, OnDate)
        return Moments.of(trigger, self.rules.scope.zone, self.calendars[d.definition.pinned.calendar])


_START = "SELECT :definition, s.bucket, s.id, :t, NULL, NULL, NULL, FALSE, FALSE"


def everybody(session: Session, d: Live, judged: Judged, t: int) -> None:
    """All of whom it is true at `t` start, in one statement."""
    session.bound(
        f"INSERT INTO start {_START} FROM {quoted(judged.object)} s WHERE {judged.predicate.sql}",
        judged.predicate.at(t) | {"definition": d.id, "t": t},
    )
