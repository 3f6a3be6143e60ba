"""What must have happened to the leads of Olist, from the CSV files with pandas, numpy.busday and zoneinfo alone.

An instant is a pandas timestamp in UTC. The machine works in whole minutes, so what happens within a minute counts at
its end (decision 0005).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

ZONE = ZoneInfo("America/Sao_Paulo")
UTC = ZoneInfo("UTC")


def at_local(day: date, clock: time) -> datetime:
    """Local time to UTC. In a summer-time gap it moves forward: fold 0 takes the offset before the gap."""
    return datetime.combine(day, clock, tzinfo=ZONE).astimezone(UTC)


def minute(when: datetime) -> datetime:
    """Rounded up to the whole minute."""
    floor = when.replace(second=0, microsecond=0)
    return floor if floor == when else floor + timedelta(minutes=1)


def day_starts(day: date) -> datetime:
    return at_local(day, time(0))


def business_days(day: date, n: int) -> date:
    """X15: from a Saturday or Sunday, Monday is day 1."""
    return np.busday_offset(np.datetime64(day), n, roll="backward").astype(object)


def month_later(day: date) -> date:
    """31 January + 1 month is the last of February."""
    return (pd.Timestamp(day) + pd.DateOffset(months=1)).date()


@dataclass(frozen=True)
class Lead:
    id: str
    first_contact: datetime
    origin: str | None
    won: datetime | None  # the minute at which the deal is seen
    sdr: str | None
    closer: str | None

    @property
    def day(self) -> date:
        return self.first_contact.astimezone(ZONE).date()

    def signed_by(self, t: datetime) -> bool:
        return self.won is not None and self.won <= t

    @property
    def refused(self) -> bool:
        """Won before its first contact: nothing is sent."""
        return self.signed_by(self.first_contact)

    @property
    def second_mail(self) -> datetime:
        return at_local(business_days(self.day, 3), time(9))

    @property
    def call(self) -> datetime:
        return at_local(business_days(self.second_mail.astimezone(ZONE).date(), 5), time(9))

    @property
    def steps(self) -> list[tuple[str, datetime]]:
        """What was done, until the deal was won. A win at the instant of a step comes first (X12)."""
        if self.refused:
            return []
        planned = [("welcome", self.first_contact), ("second_mail", self.second_mail), ("call", self.call)]
        return [(name, at) for name, at in planned if not self.signed_by(at)]

    @property
    def customer_since(self) -> datetime | None:
        """A lead won before its first contact is one from its first contact on: before, there is no such record."""
        return None if self.won is None else max(self.won, self.first_contact)

    @property
    def sender(self) -> str:
        return f"rep_{self.sdr}" if self.sdr else "inbound"


def read(folder: Path) -> list[Lead]:
    texts = {"dtype": str, "keep_default_na": False}
    leads = pd.read_csv(folder / "olist_marketing_qualified_leads_dataset.csv", **texts)
    deals = pd.read_csv(folder / "olist_closed_deals_dataset.csv", **texts)
    both = leads.merge(deals, on="mql_id", how="left")
    found = []
    for row in both.itertuples():
        won = None
        if isinstance(row.won_date, str):
            won = minute(datetime.fromisoformat(row.won_date).replace(tzinfo=ZONE).astimezone(UTC))
        first = at_local(date.fromisoformat(row.first_contact_date), time(9))
        known = won is not None
        found.append(
            Lead(
                row.mql_id, first, _origin(row.origin), won, row.sdr_id if known else None, row.sr_id if known else None
            )
        )
    return found


def _origin(text: str) -> str | None:
    if text == "other publicities":
        return "other_publicity"
    return text.replace(" ", "_") or None


# --- segments: (who, from, until) --------------------------------------------------------------

Stay = tuple[str, datetime, datetime | None]


def segments(leads: list[Lead]) -> dict[str, set[Stay]]:
    return {
        "open_organic": _stays(leads, lambda x: (x.first_contact, x.won) if x.origin == "organic_search" else None),
        "open_paid": _stays(
            leads,
            lambda x: (x.first_contact, x.won) if x.origin in ("paid_search", "display", "other_publicity") else None,
        ),
        "of_unknown_origin": _stays(
            leads, lambda x: (x.first_contact, None) if x.origin in (None, "unknown") else None
        ),
        "not_social": _stays(leads, lambda x: (x.first_contact, None) if x.origin not in (None, "social") else None),
        "in_first_contact": _stays(leads, lambda x: None if x.refused else (x.first_contact, x.won)),
        "going_cold": _stays(leads, lambda x: (_cold(x), x.won)),
        "cold_organic": _stays(leads, lambda x: (_cold(x), x.won) if x.origin == "organic_search" else None),
        "fresh": _fresh(leads),
        "customers": _stays(leads, lambda x: (x.customer_since, None) if x.customer_since else None),
        "new_customers": _stays(leads, lambda x: (x.customer_since, _two_weeks(x.won)) if x.won else None),
    }


def _stays(leads: list[Lead], span) -> set[Stay]:
    """Those with a stay of some length; what would end it at the instant of joining is seen together with it."""
    found = set()
    for lead in leads:
        stay = span(lead)
        if stay is not None and (stay[1] is None or stay[0] < stay[1]):
            found.add((lead.id, *stay))
    return found


def _fresh(leads: list[Lead]) -> set[Stay]:
    """Who signed before the first contact comes in as a lead, and a rule answers by making them a customer: they join
    and leave within one instant, in two passes."""
    stays = {(x.id, x.first_contact, _first(day_starts(month_later(x.day)), x.customer_since)) for x in leads}
    assert {who for who, joined, left in stays if joined == left} == {x.id for x in leads if x.refused}
    return stays


def _cold(lead: Lead) -> datetime:
    return day_starts(lead.day + timedelta(days=90))


def _two_weeks(won: datetime) -> datetime:
    return day_starts(won.astimezone(ZONE).date() + timedelta(days=14))


def _first(a: datetime, b: datetime | None) -> datetime:
    return a if b is None else min(a, b)


def seen_by(stays: set[Stay], until: datetime) -> set[Stay]:
    """The history as it is known at `until`."""
    return {(who, a, b if b is not None and b <= until else None) for who, a, b in stays if a <= until}
