"""M7-M10 in plain Python over the rows of a `World`, one deal and one contact at a time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from .world import NOW, Row, World

WON = {("sales", "won"), ("renewal", "won"), ("renewal", "done")}
LOST = {("sales", "lost"), ("renewal", "lost")}


@dataclass
class Sums:
    """Of one list of enrollments: sets of contacts and of deals, and money."""

    created: set[int] = field(default_factory=set)
    won: set[int] = field(default_factory=set)
    lost: set[int] = field(default_factory=set)
    deals: set[int] = field(default_factory=set)
    deals_won: set[int] = field(default_factory=set)
    revenue: int = 0


def sums(world: World, enrollments: list[Row], now: int = NOW) -> Sums:
    found = Sums()
    for deal in world.rows["deal"]:
        if deal["created_at"] <= now:
            contacts = _contacts(world, deal)
            owners = {c: o for c in contacts if (o := _owner(world, c, deal["created_at"])) is not None}
            _created(found, deal, owners, enrollments, now)
            _closed(found, world, deal, contacts, owners, enrollments, now)
            _earned(found, deal, owners, enrollments)
    return found


def _contacts(world: World, deal: Row) -> list[int]:
    links = [*world.rows["link_contact_deal"], *world.rows["segue_tombstone"]]
    return sorted(link["id"] for link in links if link["to_id"] == deal["id"])


def _created(found: Sums, deal: Row, owners: dict[int, Row], enrollments: list[Row], now: int) -> None:
    for owner in owners.values():
        if owner in enrollments:
            found.deals.add(deal["id"])
            if deal["created_at"] <= _end(owner, now):
                found.created.add(owner["contact_id"])


def _closed(
    found: Sums, world: World, deal: Row, contacts: list[int], owners: dict[int, Row], enrollments: list[Row], now: int
) -> None:
    for at, won in _closings(world, deal, now):
        for e in enrollments:
            own = owners.get(e["contact_id"])
            here = own is None or own["definition_id"] == e["definition_id"]
            if e["contact_id"] in contacts and here and e["enrolled_at"] <= at <= _end(e, now):
                (found.won if won else found.lost).add(e["contact_id"])


def _earned(found: Sums, deal: Row, owners: dict[int, Row], enrollments: list[Row]) -> None:
    """In equal parts: each is what has been given out by then less what had been before."""
    if (deal["pipeline"], deal["stage"]) not in WON:
        return
    amount = deal["amount"] or 0
    for nr, contact in enumerate(sorted(owners)):
        if owners[contact] in enrollments:
            found.deals_won.add(deal["id"])
            found.revenue += amount * (nr + 1) // len(owners) - amount * nr // len(owners)


def _end(e: Row, now: int) -> int:
    return now if e["ended_at"] is None else int(e["ended_at"])


def _owner(world: World, contact: int, created: int) -> Row | None:
    before = [e for e in world.rows["segue_enrollment"] if e["contact_id"] == contact and e["enrolled_at"] <= created]
    return max(before, key=lambda e: (e["enrolled_at"], e["entered_at"], e["id"]), default=None)


def _closings(world: World, deal: Row, now: int) -> Iterator[tuple[int, bool]]:
    """The history has old values, so a deal's life is told from its end backwards, then walked forwards."""
    changes: dict[int, dict[str, str]] = defaultdict(dict)
    for h in sorted(world.rows["segue_property_history"], key=lambda h: (h["at"], h["seq"])):
        if h["id"] == deal["id"]:  # of several changes of one instant the first has what was before it
            changes[h["at"]].setdefault(h["property"], h["old"])
    state, life = {"pipeline": deal["pipeline"], "stage": deal["stage"]}, []
    for at in sorted(changes, reverse=True):
        life.append((at, (state["pipeline"], state["stage"])))
        state |= changes[at]
    life.append((deal["created_at"], (state["pipeline"], state["stage"])))
    before: bool | None = None
    for at, place in reversed(life):
        won = True if place in WON else False if place in LOST else None
        if won is not None and won is not before and at <= now:
            yield at, won
        before = won
