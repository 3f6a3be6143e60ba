"""Working days: weekdays of a calendar less its holidays (X15). Public holidays come from the library `holidays`,
imported only when a calendar names a country; years are filled in on demand."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable
from datetime import date
from functools import lru_cache

from dsl.schema.model import Calendar

from ..errors import NeverOpen, UnknownCalendar
from .zones import FIRST_DAY, LAST_DAY, epoch_day, to_date, weekday

_FIRST_YEAR, _LAST_YEAR = to_date(FIRST_DAY).year, to_date(LAST_DAY).year
_MOST_YEARS_WITHOUT_WORK = 3


class WorkingCalendar:
    """The working days of one `model.Calendar`; without one, Monday to Friday."""

    def __init__(self, calendar: Calendar | None = None) -> None:
        self.definition = calendar or Calendar("mon-fri")
        self._off = {epoch_day(d) for d in self.definition.holidays}
        self._on = {epoch_day(d) for d in self.definition.workdays}
        self._days: list[int] = []  # INVARIANT: ascending, all working days of the years _first.._last, no gap between
        self._first, self._last = 0, -1
        self._set: set[int] = set()

    def is_working(self, day: int) -> bool:
        self._cover(day)
        return day in self._set

    def add_business_days(self, day: int, n: int) -> int:
        """The n-th working day after `day` (X15): from Saturday or Sunday, Monday is day 1, as numpy's
        busday_offset with roll='backward'. n < 0: the n-th working day before it; n = 0: `day` itself, worked or
        not (numpy would go back to Friday, into the past)."""
        if n == 0:
            return day
        if n > 0:
            return self._pick(day, lambda: bisect_right(self._days, day) + n - 1)
        return self._pick(day, lambda: bisect_left(self._days, day) + n)

    def working_days(self, first: int, last: int) -> list[int]:
        """All working days from `first` to `last`, both included: the table that SQL joins."""
        self._cover(first)
        self._cover(last)
        return self._days[bisect_left(self._days, first) : bisect_right(self._days, last)]

    def _pick(self, day: int, index: Callable[[], int]) -> int:
        self._cover(day)
        i, grown = index(), 0
        while not 0 <= i < len(self._days):
            before = len(self._days)
            self._extend(later=i >= 0)
            grown = grown + 1 if len(self._days) == before else 0
            if grown > _MOST_YEARS_WITHOUT_WORK:
                raise NeverOpen(f"calendar `{self.definition.name}` has no working day around {to_date(day)}")
            i = index()
        return self._days[i]

    def _cover(self, day: int) -> None:
        year = to_date(day).year
        if self._last < self._first:
            self._first, self._last = year, year - 1
            self._extend(later=True)
        while year < self._first:
            self._extend(later=False)
        while year > self._last:
            self._extend(later=True)

    def _extend(self, later: bool) -> None:
        year = self._last + 1 if later else self._first - 1
        if not _FIRST_YEAR <= year <= _LAST_YEAR:
            raise NeverOpen(f"calendar `{self.definition.name}` does not reach the year {year}")
        days = self._year(year)
        self._set.update(days)
        if later:
            self._days += days
            self._last = year
        else:
            self._days[:0] = days
            self._first = year

    def _year(self, year: int) -> list[int]:
        off = self._off | self._public(year)
        first, end = epoch_day(date(year, 1, 1)), epoch_day(date(year + 1, 1, 1))
        weekdays = self.definition.working_days
        return [d for d in range(first, end) if d in self._on or (weekday(d) in weekdays and d not in off)]

    def _public(self, year: int) -> set[int]:
        country, part = self.definition.country, self.definition.subdivision
        if country is None:
            return set()
        from holidays import country_holidays

        try:
            return {epoch_day(d) for d in country_holidays(country, subdiv=part, years=year)}
        except NotImplementedError:
            where = f"{country}, {part}" if part else country
            message = f"calendar `{self.definition.name}`: no public holidays are known for {where}"
            raise UnknownCalendar(message) from None


@lru_cache(maxsize=256)
def working_calendar(calendar: Calendar | None = None) -> WorkingCalendar:
    """The shared `WorkingCalendar` of a definition's calendar, so that each year is computed once."""
    return WorkingCalendar(calendar)
