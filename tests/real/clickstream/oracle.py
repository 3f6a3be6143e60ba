"""What must be true of the web shop's users, from the event log with pandas and zoneinfo alone.

Seconds decide whether a thing was in time; what follows is done at the next whole minute (decision 0005).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pandas as pd

ZONE = ZoneInfo("Europe/Berlin")
UTC = ZoneInfo("UTC")
HOURS_12, HOURS_4 = timedelta(hours=12), timedelta(hours=4)
ERRORS = ("error_page", "payment_error", "checkout_bug")
NO_PAGES = ("add_to_cart", "purchase", *ERRORS)
Stay = tuple[str, datetime, datetime | None]


def minute(when: datetime) -> datetime:
    floor = when.replace(second=0, microsecond=0)
    return floor if floor == when else floor + timedelta(minutes=1)


def day_starts(day: date) -> datetime:
    return datetime.combine(day, time(0), tzinfo=ZONE).astimezone(UTC)


def local_day(when: datetime) -> date:
    return when.astimezone(ZONE).date()


def days_later(when: datetime, n: int) -> datetime:
    """The same clock time n days on."""
    local = when.astimezone(ZONE)
    return datetime.combine(local.date() + timedelta(days=n), local.time(), tzinfo=ZONE).astimezone(UTC)


@dataclass
class User:
    id: str
    events: list[tuple[datetime, str]] = field(default_factory=list)  # by time
    phases: list[tuple[datetime, str]] = field(default_factory=list)  # what each row says

    def of(self, *kinds: str) -> list[datetime]:
        return [at for at, kind in self.events if kind in kinds]

    @property
    def purchases(self) -> list[datetime]:
        return self.of("purchase")

    @property
    def pages(self) -> list[datetime]:
        return [at for at, kind in self.events if kind not in NO_PAGES]

    @property
    def acts(self) -> list[datetime]:
        """An error is nothing they did."""
        return [at for at, kind in self.events if kind not in ERRORS]

    @property
    def changes(self) -> list[tuple[datetime, str | None, str]]:
        """(minute, before, after) of each change of phase; the last row of a minute counts."""
        said: dict[datetime, str] = {minute(at): phase for at, phase in self.phases}
        found, before = [], None
        for at, phase in sorted(said.items()):
            if phase != before:
                found.append((at, before, phase))
            before = phase
        return found


def read(folder: Path) -> list[User]:
    table = pd.read_csv(folder / "ecom.csv.gz", dtype=str, keep_default_na=False)
    users: dict[str, User] = {}
    table["at"] = [datetime.fromisoformat(t).replace(tzinfo=ZONE).astimezone(UTC) for t in table.timestamp]
    for row in table.sort_values("at", kind="stable").itertuples():
        user = users.setdefault(row.user_id, User(row.user_id))
        user.events.append((row.at.to_pydatetime(), row.event))
        user.phases.append((row.at.to_pydatetime(), row.user_lifecycle))
    return list(users.values())


# --- workflows ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Enrollment:
    user: str
    began: datetime  # the trigger's own second
    ended: datetime  # a whole minute
    reason: str


Refusal = tuple[str, datetime, str]


def carts(user: User) -> tuple[list[Enrollment], list[Refusal]]:
    """A reminder 4 hours after a cart was filled and nothing bought; 7 days of peace after each."""
    found: list[Enrollment] = []
    refused: list[Refusal] = []
    for t, began in _triggers(user.of("add_to_cart")):
        if found and t <= found[-1].ended:
            refused.append((user.id, t, "already_enrolled"))
        elif found and t < days_later(found[-1].ended, 7):
            refused.append((user.id, t, "too_early"))
        else:
            bought = next((p for p in user.purchases if began < p <= began + HOURS_4), None)
            ended = minute(bought) if bought else minute(began + HOURS_4)
            found.append(Enrollment(user.id, began, max(ended, t), "bought" if bought else "reminded"))
    return found, refused


def troubles(user: User) -> tuple[list[Enrollment], list[Refusal]]:
    """An excuse 2 days after a payment failed, for those who never bought; a purchase stops it."""
    found: list[Enrollment] = []
    refused: list[Refusal] = []
    for t, began in _triggers(user.of("payment_error", "checkout_bug")):
        if found and t <= found[-1].ended:
            refused.append((user.id, t, "already_enrolled"))
        elif any(minute(p) <= t for p in user.purchases):
            refused.append((user.id, t, "only"))
        else:
            due = days_later(t, 2)
            bought = next((p for p in user.purchases if began < p and minute(p) <= due), None)
            found.append(
                Enrollment(user.id, began, minute(bought) if bought else due, "purchased" if bought else "sorry")
            )
    return found, refused


def _triggers(events: list[datetime]) -> list[tuple[datetime, datetime]]:
    """(minute, earliest event) of each minute with events: of several in one minute the first starts."""
    first: dict[datetime, datetime] = {}
    for at in events:
        first.setdefault(minute(at), at)
    return sorted(first.items())


# --- segments ----------------------------------------------------------------------------------


def segments(users: list[User], until: datetime) -> dict[str, set[Stay]]:
    found: dict[str, set[Stay]] = {name: set() for name in PREDICATES}
    for user in users:
        instants = {minute(user.events[0][0])}
        for at, _ in user.events:
            instants |= {minute(at), minute(at + HOURS_12)}
            instants |= {day_starts(local_day(at) + timedelta(days=n)) for n in (1, 3, 30)}
        for name, holds in PREDICATES.items():
            joined = None
            for t in sorted(t for t in instants if minute(user.events[0][0]) <= t <= until):
                now = holds(user, t)
                if now and joined is None:
                    joined = t
                elif not now and joined is not None:
                    found[name].add((user.id, joined, t))
                    joined = None
            if joined is not None:
                found[name].add((user.id, joined, None))
    return found


def _rolling(events: list[datetime], t: datetime) -> int:
    return sum(t - HOURS_12 < at <= t for at in events)


def _days(events: list[datetime], n: int, t: datetime) -> int:
    """How many lie within n days: their day + n has not begun."""
    return sum(at <= t < day_starts(local_day(at) + timedelta(days=n)) for at in events)


PREDICATES: dict[str, Callable[[User, datetime], bool]] = {
    "returning_users": lambda u, t: [phase for at, _, phase in u.changes if at <= t][-1] == "returning",
    "browsing": lambda u, t: (
        _rolling(u.pages, t) >= 10 and _rolling(u.purchases, t) == 0 and any(at <= t for at in u.of("add_to_cart"))
    ),
    "asleep": lambda u, t: _days(u.events[0][:1], 30, t) == 0 and _days(u.acts, 30, t) == 0,
    "searchers": lambda u, t: _days(u.of("search"), 1, t) >= 3,
    "troubled": lambda u, t: _days(u.of(*ERRORS), 3, t) > 0 and _days(u.purchases, 3, t) == 0,
}
