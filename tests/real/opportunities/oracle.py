"""What must be true of the companies and deals, from the CSV files with pandas, numpy.busday and zoneinfo alone.

Segments are judged by brute force: each predicate is written out in plain Python and asked at every instant at which
anything about the company or deal could turn.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

ZONE = ZoneInfo("America/New_York")
UTC = ZoneInfo("UTC")
BEGIN = date(2016, 10, 1)
Stay = tuple[str, datetime, datetime | None]


def at_local(day: date, clock: time = time(0)) -> datetime:
    return datetime.combine(day, clock, tzinfo=ZONE).astimezone(UTC)


def local_day(t: datetime) -> date:
    return t.astimezone(ZONE).date()


def older(t: datetime, than: timedelta, now: datetime) -> bool:
    """Whole local days, counted forward from the stored value (X14)."""
    return now >= at_local(local_day(t) + than)


@dataclass(frozen=True)
class Deal:
    id: str
    name: str
    company: str | None
    agent: str
    product: str
    engaged: datetime | None  # None: being prospected, there from the start
    closed: datetime | None
    ending: str  # won, lost, or empty
    amount: float

    @property
    def created(self) -> datetime:
        return self.engaged or at_local(BEGIN, time(9))

    @property
    def closed_on(self) -> date | None:
        return local_day(self.closed) if self.closed else None

    def exists(self, t: datetime) -> bool:
        return self.created <= t

    def stage(self, t: datetime) -> str:
        if self.closed and self.closed <= t:
            return self.ending
        return "engaging" if self.engaged else "prospecting"

    def won(self, t: datetime) -> bool:
        return self.stage(t) == "won"

    def over(self, t: datetime) -> bool:
        return self.stage(t) in ("won", "lost")

    @property
    def instants(self) -> list[datetime]:
        """When anything about it could turn."""
        day = local_day(self.created)
        turns = [self.created, *(at_local(day + timedelta(days=n)) for n in (14, 60, 90))]
        if self.closed and self.closed_on:
            turns += [self.closed, at_local(self.closed_on), at_local(self.closed_on + timedelta(days=90))]
        return turns


@dataclass
class Sales:
    deals: list[Deal]
    companies: dict[str, str]  # and their parents
    manager: dict[str, str]
    office: dict[str, str]
    of: dict[str, list[Deal]] = field(default_factory=dict)


def slug(name: str) -> str:
    return name.lower().replace(" ", "_").replace("-", "_")


def read(folder: Path) -> Sales:
    texts = {"dtype": str, "keep_default_na": False}
    accounts = pd.read_csv(folder / "accounts.csv", **texts)
    teams = pd.read_csv(folder / "sales_teams.csv", **texts)
    found = Sales(
        [],
        dict(zip(accounts.account, accounts.subsidiary_of, strict=True)),
        dict(zip(teams.sales_agent, teams.manager, strict=True)),
        dict(zip(teams.sales_agent, teams.regional_office, strict=True)),
    )
    for row in pd.read_csv(folder / "sales_pipeline.csv", **texts).itertuples():
        deal = Deal(
            row.opportunity_id,
            f"{row.product} {row.opportunity_id}",
            row.account or None,
            row.sales_agent,
            {"GTXPro": "GTX Pro"}.get(row.product, row.product),
            at_local(date.fromisoformat(row.engage_date), time(9)) if row.engage_date else None,
            at_local(date.fromisoformat(row.close_date), time(17)) if row.close_date else None,
            row.deal_stage.lower() if row.close_date else "",
            float(row.close_value or 0),
        )
        found.deals.append(deal)
        if deal.company:
            found.of.setdefault(deal.company, []).append(deal)
    return found


# --- segments ----------------------------------------------------------------------------------


def stays(who: str, instants: Iterable[datetime], holds: Callable[[datetime], bool], until: datetime) -> set[Stay]:
    """The spans during which `holds` is true, judged at each instant."""
    found, joined = set(), None
    for t in sorted({t for t in instants if t <= until}):
        now = holds(t)
        if now and joined is None:
            joined = t
        elif not now and joined is not None:
            found.add((who, joined, t))
            joined = None
    if joined is not None:
        found.add((who, joined, None))
    return found


def company_segments(sales: Sales, until: datetime) -> dict[str, set[Stay]]:
    begin = at_local(BEGIN)
    found: dict[str, set[Stay]] = {name: set() for name in COMPANY}
    for company in sales.companies:
        deals = sales.of.get(company, [])
        instants = [begin, at_local(BEGIN + timedelta(days=14)), *(t for d in deals for t in d.instants)]
        for name, holds in COMPANY.items():
            found[name] |= stays(company, instants, _of_existing(deals, holds), until)
    return found


def _of_existing(deals: list[Deal], holds: Callable[[list[Deal], datetime], bool]) -> Callable[[datetime], bool]:
    return lambda t: holds([d for d in deals if d.exists(t)], t)


COMPANY: dict[str, Callable[[list[Deal], datetime], bool]] = {
    "in_talks": lambda deals, t: any(d.stage(t) == "engaging" for d in deals),
    "busy": lambda deals, t: sum(d.stage(t) == "engaging" for d in deals) >= 10,
    "never_won": lambda deals, t: not any(d.won(t) for d in deals),
    "only_won": lambda deals, t: any(d.over(t) for d in deals) and all(d.won(t) for d in deals if d.over(t)),
    "stuck_talks": lambda deals, t: any(
        d.stage(t) == "engaging" and older(d.created, timedelta(days=60), t) for d in deals
    ),
    "quiet": lambda deals, t: (
        older(at_local(BEGIN), timedelta(days=14), t) and all(older(d.created, timedelta(days=14), t) for d in deals)
    ),
    "big_wins": lambda deals, t: any(
        d.won(t) and d.amount > 5000 and not older(at_local(d.closed_on), timedelta(days=90), t) for d in deals
    ),
}


def deal_segments(sales: Sales, until: datetime) -> dict[str, set[Stay]]:
    predicates: dict[str, Callable[[Deal, datetime], bool]] = {
        "stale": lambda d, t: d.stage(t) == "engaging" and older(d.created, timedelta(days=60), t),
        "gtx_pro_open": lambda d, t: d.product == "GTX Pro" and not d.over(t),
        "east_open": lambda d, t: d.stage(t) == "engaging" and sales.office[d.agent] == "East",
        "no_company": lambda d, t: d.stage(t) == "engaging" and d.company is None,
        "group_talks": lambda d, t: d.stage(t) == "engaging" and bool(sales.companies.get(d.company or "")),
    }
    found: dict[str, set[Stay]] = {name: set() for name in predicates}
    for d in sales.deals:
        for name, holds in predicates.items():
            found[name] |= stays(d.id, d.instants, lambda t, d=d, holds=holds: holds(d, t), until)
    return found


# --- workflows ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Nudge:
    """A deal that was still open on its 90th day."""

    deal: Deal
    began: datetime
    deadline: datetime

    @property
    def waited_in_vain(self) -> bool:
        """At the deadline itself a close would still count (X17)."""
        return self.deal.closed is None or self.deal.closed > self.deadline

    @property
    def ended(self) -> datetime:
        return self.deadline if self.waited_in_vain or self.deal.closed is None else self.deal.closed


def nudges(sales: Sales, until: datetime) -> list[Nudge]:
    found = []
    for d in sales.deals:
        if d.engaged is None:
            continue
        day = local_day(d.engaged) + timedelta(days=90)
        began = at_local(day)
        if began <= until and (d.closed is None or d.closed > began):
            last = np.busday_offset(np.datetime64(day), 20, roll="backward").astype(object)
            found.append(Nudge(d, began, at_local(last)))
    return found


def big_wins(sales: Sales) -> list[tuple[Deal, datetime]]:
    """Deals of at least 5,000 and when the call is due: two business days after, at the same clock time."""
    found = []
    for d in sales.deals:
        if d.ending == "won" and d.amount >= 5000 and d.closed_on:
            day = np.busday_offset(np.datetime64(d.closed_on), 2, roll="backward").astype(object)
            found.append((d, at_local(day, time(17))))
    return found


def tiers(sales: Sales) -> dict[str, list[datetime]]:
    """When each company won its first and its tenth deal."""
    found = {}
    for company, deals in sales.of.items():
        wins = sorted(d.closed for d in deals if d.ending == "won" and d.closed)
        found[company] = [wins[n] for n in (0, 9) if n < len(wins)]
    return found
