"""Figures of enrollments by name, as `metrics` counts them: people, of the people enrolled (M1-M6, M11-M15)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ..metrics import facts as found
from ..metrics.filters import MICROSECONDS_PER_DAY, Chosen
from .measures import Parts, hundredths
from .results import Cell

_MEETING_DAYS = 7  # M5
Fact = Callable[[Chosen], str]


@dataclass(frozen=True, slots=True)
class Figure:
    """`fact`: who counts; with `others` everybody else. `share`: of the people enrolled; else how many they are."""

    fact: str
    share: bool
    others: bool = False


def _opened(c: Chosen) -> str:
    return _mail(c, *found.OPENED)


def _clicked(c: Chosen) -> str:
    return _mail(c, *found.CLICKED)


def _mail(c: Chosen, table: str, of_class: str) -> str:
    """M2, M3: at least one of any mail of the enrollment, automated or sent from a task."""
    columns = "SELECT e.definition_id, e.id AS enrollment_id, e.contact_id, e.enrolled_at"
    if table not in c.events:
        return f"{columns} FROM segue_enrollment e WHERE 1 = 0"
    return (
        f"{columns} FROM {table} v CROSS JOIN segue_enrollment e"
        f" WHERE {found.OF_ENROLLMENT} AND {of_class} AND {c.where}"
    )


_FACTS: Mapping[str, Fact] = {
    "opened": _opened,
    "clicked": _clicked,
    "replied": found.replied,
    "met": found.met,
    "no_reply": found.no_reply,
    "bounced": found.bounced,
    "unsubscribed": found.unsubscribed,
    "lost": found.lost,
    "engaged": found.engaged,
    "rep_led": found.rep_led,
}
FIGURES: Mapping[str, Figure] = {
    "opened": Figure("opened", False),
    "clicked": Figure("clicked", False),
    "replied": Figure("replied", False),
    "meetings": Figure("met", False),
    "no_reply": Figure("no_reply", False),
    "bounced": Figure("bounced", False),
    "unsubscribed": Figure("unsubscribed", False),
    "reached": Figure("lost", False, others=True),
    "open_rate": Figure("opened", True),
    "click_rate": Figure("clicked", True),
    "reply_rate": Figure("replied", True),
    "meeting_rate": Figure("met", True),
    "no_reply_rate": Figure("no_reply", True),
    "bounce_rate": Figure("bounced", True),
    "unsubscribe_rate": Figure("unsubscribed", True),
    "reach_rate": Figure("lost", True, others=True),
    "engaged_rate": Figure("rep_led", True),
    "no_engagement_rate": Figure("engaged", True, others=True),
}


OF_DYNAMIC = frozenset(name for name, figure in FIGURES.items() if figure.fact in ("engaged", "rep_led"))


def facts(metrics: tuple[str, ...], tables: frozenset[str], now: int) -> tuple[dict[str, str], dict[str, object]]:
    """SELECTs of (enrollment_id, contact_id, ..) by the name of the fact, and their parameters."""
    values: dict[str, object] = {"now": now, "meeting_window": _MEETING_DAYS * MICROSECONDS_PER_DAY}
    chosen = Chosen("1 = 1", values, (), tables)
    wanted = dict.fromkeys(FIGURES[name].fact for name in metrics)
    return {f"fact_{name}": _FACTS[name](chosen) for name in wanted}, values


def parts(metric: str, dynamic: frozenset[int]) -> Parts:
    """People, counted once in a group however often they were enrolled: the rows are grouped by `who` besides.

    `dynamic`: definitions with a rep-led part; who is in others can neither be engaged nor not (M14, M15)."""
    figure = FIGURES[metric]
    counted = "TRUE"
    if metric in OF_DYNAMIC:
        counted = f"s.definition_id IN ({', '.join(map(str, sorted(dynamic)))})" if dynamic else "FALSE"
    held = f"{counted} AND fact_{figure.fact}.enrollment_id IS NOT NULL"
    inner = tuple(f"max(CASE WHEN {test} THEN 1 ELSE 0 END)" for test in (counted, held))
    outer = tuple(f"count(DISTINCT CASE WHEN {{{i}}} = 1 THEN who END)" for i in range(2))
    n = "({0} - {1})" if figure.others else "{1}"

    def cell(p: tuple[Any, ...]) -> Cell:
        base, those = int(p[0] or 0), int(p[1] or 0)
        number = base - those if figure.others else those
        return hundredths(number, base) if figure.share else Cell(number)

    place = f"(1.0 * {n} / nullif({{0}}, 0))" if figure.share else n
    return Parts(inner, outer, cell, place)
