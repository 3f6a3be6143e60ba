"""`at DATE +- D`, `wait until DATE +- D`: the moment of a stored date or instant, and which values have theirs between
two instants (X4, X17).

A date begins at 00:00 of the account's zone. With days, weeks, months, years or business days the moment keeps the
clock time of an instant, and then a later value may have an earlier moment: 28 January 10:00 and 31 January 09:00 plus
a month are both on 28 February. So values are looked for piece by piece: where neither the day nor an offset changes,
the moment is the value plus something constant, and the values between two moments are one range of the index.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from dsl.program.conditions import Duration
from dsl.program.definitions import OnDate
from dsl.schema.model import Kind

from .calendars import WorkingCalendar
from .durations import CLOCK_UNITS, elapsed, move
from .zones import DAY, MINUTE, day_start, epoch_day, instant, iso_date, local, local_day, spans

X = int | str  # an instant, or a date in ISO
Range = tuple[X, X]  # after the first, up to the second


@dataclass(frozen=True)
class Moments:
    """`dated`: the values are dates. `length` is signed; None: nothing is added. `clock`: the minute of the day that a
    date has its moment at; schedules begin the day, and instants have a time of their own."""

    dated: bool
    length: Duration | None
    zone: str
    calendar: WorkingCalendar
    clock: int = 0

    def at(self, x: X) -> int:
        """The moment of the value."""
        if isinstance(x, str):
            if self._elapses:
                return instant(epoch_day(x), self.clock * MINUTE, self.zone) + self._elapsed
            return instant(self._moved(epoch_day(x)), self.clock * MINUTE, self.zone)
        if self._elapses:
            return x + self._elapsed
        day, clock = local(x, self.zone)
        return instant(self._moved(day), clock, self.zone)

    def shifts(self, first: int, last: int) -> list[tuple[int, int, int, int]]:
        """(first instant, first after, day, what their moments add) of the instants from `first` to `last`, in order:
        `day` is where they move to. None of them is elapsed time."""
        days = range(local_day(first, self.zone) - 1, local_day(last, self.zone) + 2)
        found = [(a, b, self._moved(day), by) for day in days for a, b, by in self._pieces_of(day)]
        return sorted((max(a, first), min(b, last + 1), day, by) for a, b, day, by in found if a <= last and b > first)

    def ranges(self, low: int, high: int) -> list[Range]:
        """Exactly the values whose moment lies after `low` and not after `high`."""
        if self.dated:
            return [(iso_date(d - 1), iso_date(d)) for d in self._days(low, high) if low < self.at(iso_date(d)) <= high]
        if self._elapses:
            return [(low - self._elapsed, high - self._elapsed)]
        found = ((max(a - 1, low - by), min(b - 1, high - by)) for a, b, by in self._pieces(low, high))
        return [(a, b) for a, b in found if a < b]

    def beyond(self, high: int) -> X:
        """Every value whose moment lies after `high` is greater. A greater one may have an earlier moment, but none
        more than two days earlier."""
        if self.dated:
            return iso_date(next(d for d in reversed(self._days(high, high)) if self.at(iso_date(d)) <= high))
        if self._elapses:
            return high - self._elapsed
        return day_start(self._last_to(local_day(high, self.zone) - 2) + 1, self.zone) - 1

    def not_before(self, x: X) -> int:
        """No value from `x` on has an earlier moment."""
        if self.dated or self._elapses:
            return self.at(x)
        return day_start(self._moved(local(int(x), self.zone)[0] - 1), self.zone)

    @classmethod
    def of(cls, start: OnDate, zone: str, calendar: WorkingCalendar) -> Moments:
        """Those of `at DATE - D`, by the calendar of its definition (X15)."""
        length = start.length
        if length is not None and start.before:
            length = Duration(-length.n, length.unit)
        return cls(start.value.type.kind is Kind.DATE, length, zone, calendar)

    @property
    def _elapses(self) -> bool:
        return self.length is None or self.length.unit in CLOCK_UNITS

    @property
    def _elapsed(self) -> int:
        return elapsed(self.length) if self.length is not None else 0

    def _moved(self, day: int) -> int:
        return move(day, self.length, self.calendar) if self.length is not None else day

    def _days(self, low: int, high: int) -> range:
        """The days whose values may have their moment between the two; a day skipped is a day more."""
        if self._elapses:
            low, high = low - self._elapsed, high - self._elapsed
            return range(local_day(low, self.zone) - 1, local_day(high, self.zone) + 2)
        return range(self._last_to(local_day(low, self.zone) - 2), self._last_to(local_day(high, self.zone) + 1) + 1)

    def _last_to(self, target: int) -> int:
        """The last day that moves to `target` or before it."""
        assert self.length is not None
        day = move(target, Duration(-self.length.n, self.length.unit), self.calendar)
        while self._moved(day) > target:
            day -= 1
        while self._moved(day + 1) <= target:
            day += 1
        return day

    def _pieces(self, low: int, high: int) -> Iterator[tuple[int, int, int]]:
        """(first value, first value after, what their moments add): neither day nor offset changes inside."""
        for day in self._days(low, high):
            yield from self._pieces_of(day)

    def _pieces_of(self, day: int) -> Iterator[tuple[int, int, int]]:
        target = self._moved(day)
        around = spans((target - 2) * DAY, (target + 3) * DAY, self.zone)
        for start, end, ahead in spans((day - 2) * DAY, (day + 3) * DAY, self.zone):
            first, after = max(start, day * DAY - ahead), min(end, (day + 1) * DAY - ahead)
            if first < after:
                yield from self._shifts(first, after, ahead + (target - day) * DAY, around)

    def _shifts(
        self, first: int, after: int, by: int, around: list[tuple[int, int, int]]
    ) -> Iterator[tuple[int, int, int]]:
        """The piece, cut where the offset of its moments changes: a time in a gap counts by the offset before it, a
        doubled one too."""
        for i, (_, end, ahead) in enumerate(around):
            last = i + 1 == len(around)
            until = after if last else min(after, end + max(ahead, around[i + 1][2]) - by)
            if first < until:
                yield first, until, by - ahead
                first = until
