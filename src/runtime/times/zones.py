"""Instants and local clocks. An instant is an int of microseconds since 1970-01-01T00:00Z, a day an int of days
since 1970-01-01, a time of day an int of microseconds since 00:00; zones are IANA names (X13).

INVARIANT: `local_day` never goes back. Where a zone repeats the end of a day after midnight (St John's fell back from
00:01 to 23:01), the day that has begun stays: else `within D` would flicker (X14). `local` gives the clock as it is.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta, timezone
from functools import lru_cache

from whenever import Instant, PlainDateTime, TimeZoneNotFoundError, ZonedDateTime

SECOND = 1_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR

_EPOCH = date(1970, 1, 1).toordinal()
FIRST_DAY = date(2, 1, 1).toordinal() - _EPOCH
LAST_DAY = date(9998, 12, 31).toordinal() - _EPOCH
_FIRST_CLOCK, _LAST_CLOCK = (date.min.toordinal() - _EPOCH) * DAY, (date.max.toordinal() + 1 - _EPOCH) * DAY - 1
_STEP = 50 * 366 * DAY  # how far a zone's table is filled at a time
_SHIFTS_END = (date(2200, 1, 1).toordinal() - _EPOCH) * DAY
_NOT_GEOGRAPHIC = ("posix/", "right/", "posixrules", "localtime", "Factory")


class _Zone:
    """Intervals of constant offset: `offsets[i]` holds from `starts[i]` until `starts[i + 1]`; filled on demand."""

    def __init__(self, name: str) -> None:
        self._next = PlainDateTime(1, 1, 3).assume_tz(name, disambiguation="compatible")
        self._known_until = -(1 << 62)
        self.starts = [self._known_until]
        self.offsets = [_offset(self._next)]
        self._last = False

    def offset(self, t: int) -> int:
        if t >= self._known_until:
            self._fill(t)
        return self.offsets[bisect_right(self.starts, t) - 1]

    def reach(self, clock: int) -> int:
        """The first instant at which the local clock (µs since 1970 as if UTC) shows `clock` or more."""
        if clock + 3 * DAY >= self._known_until:
            self._fill(clock + 3 * DAY)
        i = max(bisect_right(self.starts, clock - 2 * DAY) - 1, 0)
        while i + 1 < len(self.starts) and self.starts[i + 1] + self.offsets[i] <= clock:
            i += 1
        return max(self.starts[i], clock - self.offsets[i])

    def spans(self, low: int, high: int) -> list[tuple[int, int, int]]:
        if high >= self._known_until:
            self._fill(high)
        first, last = bisect_right(self.starts, low) - 1, bisect_right(self.starts, high)
        ends = [*self.starts[first + 1 : last], high]
        return list(zip([low, *ends], ends, self.offsets[first:last], strict=False))

    def _fill(self, t: int) -> None:
        wanted = min(t + _STEP, (LAST_DAY + 300) * DAY)
        while not self._last and self._known_until < wanted:
            following = self._next.next_transition()
            if following is None or following.year >= 9999:
                self._last = True
                self._known_until = 1 << 62
                break
            self._next, start = following, following.timestamp() * SECOND
            self._known_until = start
            if _offset(following) != self.offsets[-1]:
                self.starts.append(start)
                self.offsets.append(_offset(following))


def _offset(moment: ZonedDateTime) -> int:
    return round(moment.offset.total("seconds")) * SECOND


@lru_cache(maxsize=1024)
def _zone(name: str) -> _Zone:
    return _Zone(name)


@lru_cache(maxsize=4096)
def is_zone(name: str | None) -> bool:
    """Whether `name` is a zone of the IANA database: names of this machine's own settings are none."""
    if not name or name.startswith(_NOT_GEOGRAPHIC):
        return False
    try:
        Instant.from_timestamp(0).to_tz(name)
    except (TimeZoneNotFoundError, ValueError, OSError):
        return False
    return True


def resolve(candidates: Iterable[str | None], fallback: str = "UTC") -> str:
    """The first valid zone: contact's, sender's, account's (X13)."""
    return next((name for name in candidates if name and is_zone(name)), fallback)


def offset(t: int, zone: str) -> int:
    """What the zone's clock is ahead of UTC at `t`, in microseconds."""
    return _zone(zone).offset(t)


def spans(low: int, high: int, zone: str) -> list[tuple[int, int, int]]:
    """(start, end, offset) of the intervals of one offset from `low` to `high`, in order and without a gap."""
    return _zone(zone).spans(low, high)


def local(t: int, zone: str) -> tuple[int, int]:
    """(day, time of day in µs) on the zone's clock at `t`."""
    return divmod(t + _zone(zone).offset(t), DAY)


def minute_of_day(t: int, zone: str) -> int:
    return local(t, zone)[1] // MINUTE


def reach(day: int, time_of_day: int, zone: str) -> int:
    """The first instant at which the clock shows that time of that day or a later one: the end of the gap for a
    time that does not exist, the first of two for one that is doubled. Never falls as (day, time) grows."""
    return _zone(zone).reach(_bounded(day) * DAY + time_of_day)


@lru_cache(maxsize=1 << 16)
def day_start(day: int, zone: str) -> int:
    """The FIRST instant of that local day; of a day the zone skipped, the start of the day after it (X14)."""
    return reach(day, 0, zone)


def local_day(t: int, zone: str) -> int:
    """The greatest day that has begun at `t`: day_start(local_day(t)) <= t < day_start(local_day(t) + 1)."""
    day = _bounded((t + _zone(zone).offset(t)) // DAY)
    while day_start(day + 1, zone) <= t and day < LAST_DAY:
        day += 1
    return day


@lru_cache(maxsize=64)
def day_shifts(zone: str) -> tuple[tuple[int, int], ...]:
    """(instant, shift) in order: from the instant on, `(t + shift) // DAY` is `local_day`. Up to the year 2200, after
    which the last shift stays. Where a zone repeats the end of a day, its clock counts only once that day is over."""
    table = _zone(zone)
    table.offset(_SHIFTS_END)
    found = [(-(1 << 62), table.offsets[0])]
    for start, before, after in zip(table.starts[1:], table.offsets, table.offsets[1:], strict=False):
        day = (start - 1 + before) // DAY
        if start < _SHIFTS_END:
            found.append((max(start, day * DAY - after), after))
    return tuple(found)


def instant(day: int, time_of_day: int, zone: str) -> int:
    """That local time as an instant: one that does not exist moves forward by the gap, a doubled
    one is the first (X13)."""
    clock = _bounded(day) * DAY + time_of_day
    table = _zone(zone)
    t = table.reach(clock)
    return t if t + table.offset(t) == clock else clock - table.offset(t - 1)


def weekday(day: int) -> int:
    """Monday is 0."""
    return (day + 3) % 7


def epoch_day(day: str | date) -> int:
    """The day of an ISO date such as `2026-03-02`."""
    return (date.fromisoformat(day) if isinstance(day, str) else day).toordinal() - _EPOCH


def to_date(day: int) -> date:
    return date.fromordinal(_bounded(day) + _EPOCH)


def iso_date(day: int) -> str:
    return to_date(day).isoformat()


def to_datetime(t: int, zone: str = "UTC") -> datetime:
    """The local clock as a datetime that knows its offset from UTC. One that no calendar has any more, as of the last
    evening of 9999 east of Greenwich, is the last or the first there is."""
    shift = _zone(zone).offset(t)
    clock = min(max(t + shift, _FIRST_CLOCK), _LAST_CLOCK)
    return (datetime(1970, 1, 1) + timedelta(microseconds=clock)).replace(tzinfo=_fixed(shift))


def from_datetime(moment: datetime) -> int:
    """The instant of an aware datetime; a naive one is taken for UTC."""
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return (aware - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)


def parse_local(text: str, zone: str) -> int:
    """The instant of `2026-03-02T09:00` (a literal of the language) on that zone's clock."""
    moment = datetime.fromisoformat(text).replace(tzinfo=None)
    midnight = datetime(moment.year, moment.month, moment.day)
    return instant(epoch_day(moment.date()), (moment - midnight) // timedelta(microseconds=1), zone)


@lru_cache(maxsize=512)
def _fixed(shift: int) -> timezone:
    return timezone(timedelta(microseconds=shift))


def _bounded(day: int) -> int:
    return min(max(day, FIRST_DAY), LAST_DAY)
