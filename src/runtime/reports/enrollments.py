"""Figures of enrollments by name, as `metrics` counts them: people, of the people enrolled (M1-M6, M11-M15)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..metrics.profiles import has
from .measures import Parts, hundredths
from .results import Cell


@dataclass(frozen=True, slots=True)
class Figure:
    """`fact`: who counts; with `others` everybody else. `share`: of the people enrolled; else how many they are."""

    fact: str
    share: bool
    others: bool = False


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


def facts(metrics: tuple[str, ...]) -> str:
    """Columns of an enrollment `e`, one for each fact that is asked for, after others."""
    wanted = dict.fromkeys(FIGURES[name].fact for name in metrics)
    return "".join(f", {has(name)} AS fact_{name}" for name in wanted)


def parts(metric: str, dynamic: frozenset[int]) -> Parts:
    """People, counted once in a group however often they were enrolled: the rows are grouped by `who` besides.

    `dynamic`: definitions with a rep-led part; who is in others can neither be engaged nor not (M14, M15)."""
    figure = FIGURES[metric]
    counted = "TRUE"
    if metric in OF_DYNAMIC:
        counted = f"s.definition_id IN ({', '.join(map(str, sorted(dynamic)))})" if dynamic else "FALSE"
    held = f"{counted} AND s.fact_{figure.fact}"
    inner = tuple(f"max(CASE WHEN {test} THEN 1 ELSE 0 END)" for test in (counted, held))
    outer = tuple(f"count(DISTINCT CASE WHEN {{{i}}} = 1 THEN who END)" for i in range(2))
    n = "({0} - {1})" if figure.others else "{1}"

    def cell(p: tuple[Any, ...]) -> Cell:
        base, those = int(p[0] or 0), int(p[1] or 0)
        number = base - those if figure.others else those
        return hundredths(number, base) if figure.share else Cell(number)

    place = f"(1.0 * {n} / nullif({{0}}, 0))" if figure.share else n
    return Parts(inner, outer, cell, place)
