"""What must be true of CDNOW's customers, from the file with pandas and zoneinfo alone.

All purchases are at noon. Windows are whole local days, counted forward from the purchase (X14).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pandas as pd

ZONE = ZoneInfo("America/New_York")
UTC = ZoneInfo("UTC")
Stay = tuple[str, datetime, datetime | None]


def at_local(day: date, clock: time = time(0)) -> datetime:
    return datetime.combine(day, clock, tzinfo=ZONE).astimezone(UTC)


def noon(day: date) -> datetime:
    return at_local(day, time(12))


def months_later(day: date, n: int) -> date:
    """31 August + 6 months is the last of February."""
    return (pd.Timestamp(day) + pd.DateOffset(months=n)).date()


@dataclass(frozen=True)
class Purchase:
    day: date
    discs: int
    dollars: float

    @property
    def at(self) -> datetime:
        return noon(self.day)


@dataclass(frozen=True)
class Customer:
    id: str
    purchases: tuple[Purchase, ...]  # the oldest first

    @property
    def first(self) -> Purchase:
        return self.purchases[0]

    @property
    def silences(self) -> list[tuple[datetime, datetime | None]]:
        """From the 60th day after a purchase until the next, and the last for ever."""
        days = sorted({p.day for p in self.purchases})
        found: list[tuple[datetime, datetime | None]] = []
        for day, following in zip(days, [*days[1:], None], strict=True):
            lapses = at_local(day + timedelta(days=60))
            if following is None or noon(following) > lapses:
                found.append((lapses, noon(following) if following else None))
        return found


def read(folder: Path) -> list[Customer]:
    names = ["customer", "day", "discs", "dollars"]
    table = pd.read_csv(
        folder / "CDNOW_master.txt.gz", sep=r"\s+", skiprows=1, names=names, dtype={"customer": str, "day": str}
    )
    table["day"] = pd.to_datetime(table.day, format="%Y%m%d").dt.date
    found = []
    for customer, rows in table.sort_values(["customer", "day"], kind="stable").groupby("customer"):
        found.append(
            Customer(str(customer), tuple(Purchase(r.day, int(r.discs), float(r.dollars)) for r in rows.itertuples()))
        )
    return found


# --- segments ----------------------------------------------------------------------------------


def windows(who: str, spans: Iterable[tuple[datetime, datetime]], least: int = 1) -> set[Stay]:
    """When at least `least` of the spans are open."""
    turns: dict[datetime, int] = {}
    for begin, end in spans:
        turns[begin] = turns.get(begin, 0) + 1
        turns[end] = turns.get(end, 0) - 1
    found, count, joined = set(), 0, None
    for t in sorted(turns):
        count += turns[t]
        if count >= least and joined is None:
            joined = t
        elif count < least and joined is not None:
            found.add((who, joined, t))
            joined = None
    return found


def segments(customers: list[Customer]) -> dict[str, set[Stay]]:
    names = ("regulars", "lapsed", "big_baskets", "free_only", "lapsed_big", "newcomers", "loyal")
    found: dict[str, set[Stay]] = {name: set() for name in names}
    for c in customers:
        found["regulars"] |= windows(c.id, ((p.at, at_local(months_later(p.day, 6))) for p in c.purchases), 3)
        found["lapsed"] |= {(c.id, *span) for span in c.silences}
        big = [p for p in c.purchases if p.dollars >= 100]
        found["big_baskets"] |= windows(c.id, ((p.at, at_local(p.day + timedelta(days=90))) for p in big))
        found["newcomers"] |= windows(c.id, [(c.first.at, at_local(c.first.day + timedelta(days=7)))])
        paid = next((p.at for p in c.purchases if p.dollars > 0), None)
        if paid != c.first.at:
            found["free_only"].add((c.id, c.first.at, paid))
        if len(c.purchases) >= 10:
            found["loyal"].add((c.id, c.purchases[9].at, None))
        heap = next((p.at for p in c.purchases if p.discs >= 10), None)
        if heap is not None:
            found["lapsed_big"] |= {(c.id, *span) for span in c.silences if heap <= span[0]}
    return found


def seen_by(stays: set[Stay], until: datetime) -> set[Stay]:
    """The history as it is known at `until`."""
    return {(who, a, b if b is not None and b <= until else None) for who, a, b in stays if a <= until}


# --- win-back ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Try:
    customer: str
    nr: int
    began: datetime
    ended: datetime
    in_vain: bool


def win_back(customers: list[Customer], until: datetime) -> tuple[list[Try], set[tuple[str, datetime]]]:
    """Tries, and the lapses refused because the last try is not half a year over."""
    tries, refused = [], set()
    for c in customers:
        free_from, nr = None, 0
        for lapsed, back in c.silences:
            if lapsed > until:
                break
            if free_from is not None and lapsed < free_from:
                refused.add((c.id, lapsed))
                continue
            nr += 1
            deadline = at_local(lapsed.astimezone(ZONE).date() + timedelta(days=30))
            in_vain = back is None or back > deadline
            ended = deadline if in_vain or back is None else back
            tries.append(Try(c.id, nr, lapsed, ended, in_vain))
            local = ended.astimezone(ZONE)
            free_from = at_local(months_later(local.date(), 6), local.time())
    return tries, refused
