"""Days of the account's zone in SQL: of an instant by the table of shifts, of a date by its number (X14)."""

from __future__ import annotations

from ..times.zones import DAY

_AHEAD = 800_000  # days; so that what is divided is never below nought


def local_day(at: str, zone: str) -> str:
    """SQL of the local day, counted from 1970-01-01, of the instant `at`; `zone` is SQL too. NULL of NULL."""
    shift = f"(SELECT z.shift FROM segue_local z WHERE z.zone = {zone} AND z.at <= {at} ORDER BY z.at DESC LIMIT 1)"
    return f"(({at} + {shift} + {_AHEAD * DAY}) / {DAY} - {_AHEAD})"


def date_day(date: str, dialect: str) -> str:
    """SQL of the same number for a DATE."""
    if dialect == "sqlite":
        return f"CAST(julianday({date}) - 2440587.5 AS INTEGER)"
    return f"({date} - DATE '1970-01-01')"


def period_of(day: str, per: str, dialect: str) -> str:
    """SQL of something that two days share if they are of one calendar day, week (from Monday), month or year."""
    match per:
        case "day":
            return day
        case "week":
            return f"(({day} + {_AHEAD // 7 * 7 + 3}) / 7)"
    length = 7 if per == "month" else 4
    if dialect == "sqlite":
        return f"substr(date({day} * 86400, 'unixepoch'), 1, {length})"
    return f"substr(CAST(DATE '1970-01-01' + CAST({day} AS INTEGER) AS TEXT), 1, {length})"
