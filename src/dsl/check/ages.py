"""How far a date lies from now, as `within`, `older than`, `N days ago` and `in last month` allow it (X14).

Ages are counted in several ways at once. Those of one unit (days, months) are exact against each other; "minutes of
age" are outer bounds that hold on every day and in every zone, so that days can be set against months; "now" is -1
for the past, 0 for this very moment or day, 1 for what is to come.
"""

from __future__ import annotations

from ..program.conditions import Duration, Unit
from .intervals import Ages, Range

DAY = 24 * 60
# Clocks are put on and back, and a place has changed sides of the date line.
_SLACK = DAY

_WHICH = {"last": -1, "this": 0, "next": 1}
_PERIODS = {"week": 7, "month": 31, "quarter": 92, "year": 366}
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


def ages_of(op: str, length: Duration) -> Ages:
    """What `within`, `older_than` and `within_next` leave of the age."""
    if length.unit not in FAMILIES or length.n < 1:
        return ()
    if op == "within_next":
        return (("minutes of age", Range(high=0)), ("now", Range(0)))
    family, size = FAMILIES[length.unit]
    n = length.n * size
    if op == "within":
        return (
            (family, Range(high=n, high_open=True)),
            ("minutes of age", Range(high=longest(length))),
            ("now", Range(high=0)),
        )
    return (family, Range(n)), ("minutes of age", Range(shortest(length))), ("now", Range(high=-1))


def ages_since(op: str, length: Duration) -> Ages:
    """What a comparison with `N months ago`, a whole day, leaves: `>` is younger."""
    if length.unit not in FAMILIES or length.n < 1:
        return ()
    day = 0 if FAMILIES[length.unit][0] == "minutes" else DAY
    younger, older = ("minutes of age", Range(high=longest(length) + day)), ("minutes of age", Range(shortest(length)))
    if op in (">", ">="):
        return (younger,)
    return (older, ("now", Range(high=0))) if op != "=" else (("minutes of age", younger[1].meet(older[1])),)


def ages_of_period(which: str, unit: str) -> Ages:
    """What `in this|last|next UNIT` leaves."""
    far = _PERIODS[unit] * DAY + _SLACK
    n = _WHICH[which]
    low, high = {-1: (-_SLACK, 2 * far), 0: (-far, far), 1: (-2 * far, _SLACK)}[n]
    side = {-1: Range(high=-1), 0: Range(), 1: Range(1)}[n]
    return ((f"this {unit}", Range(n, n)), ("minutes of age", Range(low, high)), ("now", side))


def shown(length: Duration) -> str:
    """The length as a rule writes it."""
    unit = length.unit.removesuffix("s") if length.n == 1 else length.unit.value
    return f"{length.n} {unit.replace('_', ' ')}"
