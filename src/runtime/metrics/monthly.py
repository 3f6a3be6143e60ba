"""Cohorts by month of enrollment (M18)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..store.session import Session
from ..times import zones
from .figures import Figure, figure
from .filters import Chosen
from .profiles import Counts, Tallies

_FACTS = ("opened", "clicked", "replied", "met", "unsubscribed")


@dataclass(frozen=True, slots=True)
class Month:
    """What became of those who were enrolled in one month, whenever it happened. `month` is `2026-03`. The unit is the
    enrollment: someone enrolled in May and again in June stands in both."""

    month: str
    enrolled: int
    opened: Figure
    clicked: Figure
    replied: Figure
    meetings: Figure
    unsubscribed: Figure


@dataclass(frozen=True, slots=True)
class Span:
    """A month by its label and its first instant (µs)."""

    month: str
    since: int


def begins(spans: Sequence[Span]) -> list[int]:
    """The instants that part them."""
    return [span.since for span in spans[1:]]


def months(spans: Sequence[Span], found: Tallies) -> list[Month]:
    return [_month(span.month, found.of_spans[nr]) for nr, span in enumerate(spans) if nr in found.of_spans]


def months_of(session: Session, c: Chosen, zone: str) -> list[Span]:
    """From the first enrollment's month to the last one's."""
    sql = f"SELECT min(e.enrolled_at), max(e.enrolled_at) FROM segue_enrollment e WHERE {c.in_index}"
    first, last = session.bound(sql, c.values)[0]
    if first is None:
        return []
    day = zones.to_date(zones.local_day(first, zone)).replace(day=1)
    found: list[Span] = []
    while (since := zones.day_start(zones.epoch_day(day), zone)) <= last:
        found.append(Span(f"{day:%Y-%m}", since))
        day = day.replace(year=day.year + day.month // 12, month=day.month % 12 + 1)
    return found


def _month(label: str, n: Counts) -> Month:
    base = n["enrolled"]
    shown = {"meetings" if fact == "met" else fact: n.get(fact, 0) for fact in _FACTS}
    return Month(label, base, **{name: figure(f"month {name}", count, base) for name, count in shown.items()})
