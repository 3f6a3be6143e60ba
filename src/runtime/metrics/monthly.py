"""Cohorts by month of enrollment (M18)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from ..store.session import Session
from ..times import zones
from .facts import counts
from .figures import Figure, figure
from .filters import Chosen, Filters, chosen

_FACTS = ("enrolled", "opened", "clicked", "replied", "met", "unsubscribed")


@dataclass(frozen=True, slots=True)
class Month:
    """What became of those who were enrolled in one month, whenever it happened. `month` is `2026-03`."""

    month: str
    enrolled: int
    opened: Figure
    clicked: Figure
    replied: Figure
    meetings: Figure
    unsubscribed: Figure


def monthly(session: Session, filters: Filters | None = None, zone: str = "UTC") -> list[Month]:
    """Oldest first, months without enrollments left out. Months are those of the account's zone (X13); the unit is
    the enrollment: someone enrolled in May and again in June stands in both."""
    c = chosen(session, filters or Filters())
    months = _months(session, c, zone)
    if not months:
        return []
    values = dict(c.values)
    rows = ", ".join(_row(i, month, values) for i, month in enumerate(months))
    found = counts(
        session,
        replace(c, values=values),
        "m.label",
        _FACTS,
        join="JOIN month m ON f.enrolled_at >= m.since AND f.enrolled_at < m.until",
        of="enrollment_id",
        before=f"WITH month(label, since, until) AS (VALUES {rows}) ",
    )
    return [_month(label, found[label]) for label in sorted(found)]


def _months(session: Session, c: Chosen, zone: str) -> list[tuple[str, int, int]]:
    """(label, first instant, first instant of the next month) from the first enrollment's month to the last one's."""
    sql = f"SELECT min(e.enrolled_at), max(e.enrolled_at) FROM segue_enrollment e WHERE {c.where}"
    first, last = session.bound(sql, c.values)[0]
    if first is None:
        return []
    day = zones.to_date(zones.local_day(first, zone)).replace(day=1)
    found: list[tuple[str, int, int]] = []
    while not found or found[-1][2] <= last:
        following = day.replace(year=day.year + day.month // 12, month=day.month % 12 + 1)
        since, until = (zones.day_start(zones.epoch_day(d), zone) for d in (day, following))
        found.append((f"{day:%Y-%m}", since, until))
        day = following
    return found


def _row(i: int, month: tuple[str, int, int], values: dict[str, object]) -> str:
    values |= {f"label{i}": month[0], f"from{i}": month[1], f"to{i}": month[2]}
    return f"(CAST(:label{i} AS TEXT), CAST(:from{i} AS BIGINT), CAST(:to{i} AS BIGINT))"


def _month(label: str, n: Mapping[str, int]) -> Month:
    base = n["enrolled"]
    shown = {"meetings" if fact == "met" else fact: n.get(fact, 0) for fact in _FACTS[1:]}
    return Month(label, base, **{name: figure(f"month {name}", count, base) for name, count in shown.items()})
