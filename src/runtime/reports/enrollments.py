"""Figures of enrollments by name, as `metrics` counts them: people, of the people enrolled (M1-M8, M11-M15, M23), and
the revenue of their deals (M10)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from dsl.schema.model import Schema

from ..metrics.conversions import Goals
from ..metrics.deals import of_enrollments
from ..metrics.profiles import has
from .measures import Parts, hundredths, total_of_halves
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
    "deals_created": Figure("deals_created", False),
    "deals_closed": Figure("deals_closed", False),
    "deals_won": Figure("deals_won", False),
    "deals_lost": Figure("deals_lost", False),
    "converted": Figure("converted", False),
    "conversion_rate": Figure("converted", True),
    "engaged_rate": Figure("rep_led", True),
    "no_engagement_rate": Figure("engaged", True, others=True),
}


REVENUE = "revenue"  # an amount, each won deal's once
NAMES = FIGURES.keys() | {REVENUE}
_DEALS = frozenset(("deals_created", "deals_closed", "deals_won", "deals_lost", REVENUE))
OF_DYNAMIC = frozenset(name for name, figure in FIGURES.items() if figure.fact in ("engaged", "rep_led"))
OF_GOALS = frozenset(name for name, figure in FIGURES.items() if figure.fact == "converted")


@dataclass(frozen=True, slots=True)
class Facts:
    """What the rows of enrollments `e`, of definitions `d`, have besides: `columns` after others, `joins` behind them,
    `before` all in WITH, and parameters beside `now`."""

    columns: str
    joins: str
    before: Mapping[str, str]
    values: Mapping[str, object]


def facts(metrics: Collection[str], schema: Schema, goals: Goals | None) -> Facts:
    """A column for each fact that is asked for. `goals`: where conversions are."""
    wanted = dict.fromkeys(name if name == REVENUE else FIGURES[name].fact for name in metrics)
    columns, joins = [], ""
    deals = of_enrollments(schema, wanted) if _DEALS & wanted.keys() else None
    if deals is not None:
        joins = f" LEFT JOIN ({deals.rows}) deal ON deal.id = e.id AND deal.bucket - e.bucket = 0"
    for fact in wanted:
        if fact == REVENUE:
            columns += ["deal.revenue_high", "deal.revenue_low"]
        elif fact in _DEALS:
            columns.append(f"deal.{fact} = 1 AS fact_{fact}")
        elif fact == "converted":
            assert goals is not None, "asked for where a figure is of them"
            columns.append(f"(d.kind = 'workflow' AND {goals.met}) AS fact_converted")
        else:
            columns.append(f"{has(fact)} AS fact_{fact}")
    values = {**(deals.values if deals else {}), **(goals.values if goals else {})}
    return Facts("".join(f", {c}" for c in columns), joins, deals.before if deals else {}, values)


def parts(metric: str, among: Mapping[str, frozenset[int]]) -> Parts:
    """People, counted once in a group however often they were enrolled: the rows of those who have several are grouped
    by `who` besides. Most have one, and all of these are one group, in which rows are counted: so that few people have
    to be told apart.

    `among`: the definitions of which a figure can be said, where that is not all of them: of those in others it says
    nothing (M14, M15, M23)."""
    if metric == REVENUE:
        return total_of_halves("s.revenue_high", "s.revenue_low")
    figure = FIGURES[metric]
    counted = "TRUE"
    if metric in among:
        ids = ", ".join(map(str, sorted(among[metric])))
        counted = f"s.definition_id IN ({ids})" if ids else "FALSE"
    held = f"{counted} AND s.fact_{figure.fact}"
    inner = tuple(f"sum(CASE WHEN {test} THEN 1 ELSE 0 END)" for test in (counted, held))
    once = tuple(f"coalesce(sum(CASE WHEN who IS NULL THEN {{{i}}} WHEN {{{i}}} > 0 THEN 1 END), 0)" for i in range(2))
    outer = tuple(
        f"count(DISTINCT CASE WHEN {{{i}}} > 0 THEN who END) + coalesce(sum(CASE WHEN who IS NULL THEN {{{i}}} END), 0)"
        for i in range(2)
    )
    n = "({0} - {1})" if figure.others else "{1}"

    def cell(p: tuple[Any, ...]) -> Cell:
        base, those = int(p[0] or 0), int(p[1] or 0)
        number = base - those if figure.others else those
        return hundredths(number, base) if figure.share else Cell(number)

    place = f"(1.0 * {n} / nullif({{0}}, 0))" if figure.share else n
    return Parts(inner, outer, cell, place, once)
