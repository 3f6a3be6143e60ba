"""How long `N days`, `N months` can be, in minutes: outer bounds that hold on every day and in every zone (X14)."""

from __future__ import annotations

from ..program.conditions import Duration, Unit

DAY = 24 * 60
# Clocks are put on and back, and a place has changed sides of the date line.
_SLACK = DAY

FAMILIES = {
    Unit.MINUTES: ("minutes", 1),
    Unit.HOURS: ("minutes", 60),
    Unit.DAYS: ("days", 1),
    Unit.WEEKS: ("days", 7),
    Unit.MONTHS: ("months", 1),
    Unit.YEARS: ("months", 12),
}


def shortest(length: Duration) -> int:
    """No `older than` of that length is younger than this. Whole days begin at midnight, so up to one is lost."""
    family, size = FAMILIES[length.unit]
    n = length.n * size
    match family:
        case "minutes":
            return n
        case "days":
            return (n - 1) * DAY - _SLACK
    return (n * 304 // 10 - 4) * DAY - _SLACK  # two months are 59 days at least, twelve are 365


def longest(length: Duration) -> int:
    """No `within` of that length is older than this."""
    family, size = FAMILIES[length.unit]
    n = length.n * size
    match family:
        case "minutes":
            return n
        case "days":
            return n * DAY + _SLACK
    return (n * 306 // 10 + 3) * DAY + _SLACK  # two months are 62 days at most, twelve are 366
