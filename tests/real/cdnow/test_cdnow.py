"""69,659 purchases of 23,570 customers: who comes again, who stays away, and the mail that follows."""

from __future__ import annotations

import pytest

from ..projects import CDNOW
from ..world import World, data, each, local, members, report, run, same
from . import oracle

Customers = list[oracle.Customer]
DAYS = [(1997, 2, 28), (1997, 4, 6, 12), (1997, 8, 31), (1998, 2, 28, 12), (1998, 6, 30, 12)]
DATES = [local(CDNOW.zone, *day) for day in DAYS]
UNTIL = CDNOW.until


def check_every_purchase_is_one(world: World, customers: Customers) -> None:
    purchases = [p for c in customers for p in c.purchases]
    ours = world.rows("SELECT count(*), sum(amount), sum(discs) FROM event_purchased")[0]
    cents = round(sum(p.dollars for p in purchases) * 100)
    assert tuple(ours) == (len(purchases), cents, sum(p.discs for p in purchases))
    here = same("customers", world.about("contact", "*x.created_at"), {(c.id, c.first.at) for c in customers})
    report("CDNOW: loaded", [("purchases", ours[0], len(purchases)), ("customers", here, len(customers))], world)


def check_segments_join_and_leave_at_the_instant(world: World, customers: Customers) -> None:
    expected = oracle.segments(customers)
    assert set(expected) == set(world.program.segments)
    rows = []
    for name, stays in expected.items():
        ours, theirs = world.history(name), oracle.seen_by(stays, UNTIL)
        rows.append((f"{name}, stays", same(name, ours, theirs), len(theirs)))
        for at in DATES:
            same(f"{name} at {at}", members(ours, at), members(theirs, at))
        rows += [(f"{name} on {at:%Y-%m-%d}", len(members(ours, at)), len(members(theirs, at))) for at in DATES[1::2]]
    report("CDNOW: members", rows, world)


def check_who_stays_away_is_written_to(world: World, customers: Customers) -> None:
    tries, refused = oracle.win_back(customers, UNTIL)
    over = {(x.customer, x.nr, x.began, "finished", x.ended) for x in tries if x.ended <= UNTIL}
    waiting = {(x.customer, x.nr, x.began, "active", None) for x in tries if x.ended > UNTIL}
    ours = world.about("segue_enrollment", "x.nr, *x.enrolled_at, x.status, *x.ended_at")
    rows = [("tries", same("tries", ours, over | waiting), len(tries))]
    mails = {(x.customer, "we_miss_you", x.began, "sent") for x in tries}
    mails |= {(x.customer, "last_chance", x.ended, "sent") for x in tries if x.in_vain and x.ended <= UNTIL}
    ours = world.about("segue_outbox", "x.template, *x.settled_at, x.state")
    rows.append(("mails", same("mails", ours, mails), len(mails)))
    early = {(who, "too_early", at) for who, at in refused}
    rows.append(("too early", same("refusals", world.about("segue_refusal", "x.reason, *x.at"), early), len(early)))
    report("CDNOW: win-back", rows, world)


def test_cdnow(subtests: pytest.Subtests) -> None:
    each(
        subtests,
        run(CDNOW),
        oracle.read(data("cdnow")),
        check_every_purchase_is_one,
        check_segments_join_and_leave_at_the_instant,
        check_who_stays_away_is_written_to,
    )
