"""When something may be done: send windows and quiet hours (X16, S12).

The window of a day is [first instant at which the clock shows its start, first at which it shows its end): one
interval a day, on days with a gap or a doubled hour too. Across midnight, the part after it belongs to the day it
began.
"""

from __future__ import annotations

from dsl.program.definitions import Window

from ..errors import NeverOpen
from .calendars import WorkingCalendar
from .zones import MINUTE, instant, local_day, reach, to_datetime

QuietHours = tuple[int, int]  # minutes of the day; equal ends: none
MOST_DAYS = 400


def next_open(t: int, window: Window | None, calendar: WorkingCalendar, zone: str) -> int:
    """The first instant from `t` on that lies in the window: `t` itself if it does. Equal ends: all of the day.
    Raises NeverOpen after 400 days."""
    if window is None:
        return t
    yesterday = local_day(t, zone) - 1
    for day in range(yesterday, yesterday + MOST_DAYS):
        if window.every_day or calendar.is_working(day):
            opens, closes = interval(day, window.start, window.end, zone)
            if t < closes and opens < closes:
                return max(t, opens)
    raise _never("the window has no open time", t, zone)


def interval(day: int, start: int, end: int, zone: str) -> tuple[int, int]:
    """(first instant, first instant after) of the minutes `start` to `end` that begin on `day`."""
    last = day if start < end else day + 1
    return reach(day, start * MINUTE, zone), reach(last, end * MINUTE, zone)


def out_of_quiet(t: int, quiet: QuietHours | None, zone: str) -> int:
    """`t`, or the end of the quiet hours it lies in."""
    if quiet is None or quiet[0] == quiet[1]:
        return t
    today = local_day(t, zone)
    for day in (today - 1, today):
        starts, ends = interval(day, *quiet, zone)
        if starts <= t < ends:
            return ends
    return t


def clip(
    t: int, window: Window | None, calendar: WorkingCalendar, zone: str, quiet: QuietHours | None, person_zone: str
) -> int:
    """The first instant from `t` on inside the window (in `zone`) and outside the quiet hours (in the person's zone).
    Raises NeverOpen if there is none within 400 days."""
    limit = local_day(t, zone) + MOST_DAYS
    moved = t
    while local_day(moved, zone) < limit:
        opens = next_open(moved, window, calendar, zone)
        loud = out_of_quiet(opens, quiet, person_zone)
        if loud == opens:
            return opens
        moved = loud
    raise _never("window and quiet hours leave no time", t, zone)


def at_minute(t: int, minute: int, zone: str) -> int:
    """That minute of the local day of `t` as an instant, before or after `t` (`tasks_at`, `remind_at`; X16)."""
    return instant(local_day(t, zone), minute * MINUTE, zone)


def _never(what: str, t: int, zone: str) -> NeverOpen:
    return NeverOpen(f"{what} in the {MOST_DAYS} days after {to_datetime(t, zone):%Y-%m-%d %H:%M} ({zone})")
