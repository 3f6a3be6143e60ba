"""69,659 purchases of 23,570 customers: who comes again, who stays away, and the mail that follows."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from ..world import World, data, local, members, moment, report, run, same
from . import oracle

ZONE = "America/New_York"
START, UNTIL = local(ZONE, 1997, 1, 1), local(ZONE, 1998, 7, 10)
DATES = [local(ZONE, *day) for day in [(1997, 2, 28), (1997, 4, 6, 12), (1997, 8, 31), (1998, 2, 28, 12), (1998, 6, 30, 12)]]


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    made = run("cdnow", [(data("cdnow") / "CDNOW_master.txt.gz", "purchases")], START, UNTIL)
    yield made
    made.close()


@pytest.fixture(scope="module")
def customers() -> list[oracle.Customer]:
    return oracle.read(data("cdnow"))


def test_every_purchase_is_one(world: World, customers: list[oracle.Customer]) -> None:
    purchases = sum(len(c.purchases) for c in customers)
    ours = world.rows("SELECT count(*), sum(amount), sum(discs) FROM event_purchased")[0]
    cents = round(sum(p.dollars for c in customers for p in c.purchases) * 100)
    assert tuple(ours) == (purchases, cents, sum(p.discs for c in customers for p in c.purchases))
    found = world.rows("SELECT external_id, created_at FROM contact")
    same("customers", {(who.partition(":")[2], moment(at)) for who, at in found}, {(c.id, c.first.at) for c in customers})
    report("CDNOW: loaded", [("purchases", ours[0], purchases), ("customers", len(found), len(customers))], world)


def test_segments_join_and_leave_at_the_instant(world: World, customers: list[oracle.Customer]) -> None:
    expected = oracle.segments(customers)
    assert set(expected) == set(world.program.segments)
    rows = []
    for name, stays in expected.items():
        ours, theirs = world.history(name), oracle.seen_by(stays, UNTIL)
        same(name, ours, theirs)
        for at in DATES:
            same(f"{name} at {at}", members(ours, at), members(theirs, at))
        rows += [(f"{name} on {at:%Y-%m-%d}", len(members(ours, at)), len(members(theirs, at))) for at in DATES[1::2]]
    report("CDNOW: members", rows, world)


def test_who_stays_away_is_written_to(world: World, customers: list[oracle.Customer]) -> None:
    tries, refused = oracle.win_back(customers, UNTIL)
    found = world.rows(
        "SELECT c.external_id, e.nr, e.enrolled_at, e.status, e.ended_at FROM segue_enrollment e JOIN contact c"
        " ON c.bucket = e.bucket AND c.id = e.contact_id"
    )
    ours = {(who.partition(":")[2], nr, moment(a), status, moment(b)) for who, nr, a, status, b in found}
    expected = {
        (x.customer, x.nr, x.began, "finished", x.ended) if x.ended <= UNTIL else (x.customer, x.nr, x.began, "active", None)
        for x in tries
    }
    rows = [("tries", same("tries", ours, expected), len(expected))]
    found = world.rows(
        "SELECT c.external_id, o.template, o.settled_at, o.state FROM segue_outbox o JOIN contact c"
        " ON c.bucket = o.bucket AND c.id = o.contact_id"
    )
    mails = {(who.partition(":")[2], template, moment(at), state) for who, template, at, state in found}
    wanted = {(x.customer, "we_miss_you", x.began, "sent") for x in tries}
    wanted |= {(x.customer, "last_chance", x.ended, "sent") for x in tries if x.in_vain and x.ended <= UNTIL}
    rows.append(("mails", same("mails", mails, wanted), len(wanted)))
    found = world.rows(
        "SELECT c.external_id, r.at, r.reason FROM segue_refusal r JOIN contact c ON c.bucket = r.bucket AND c.id = r.contact_id"
    )
    ours = {(who.partition(":")[2], moment(at), reason) for who, at, reason in found}
    theirs = {(who, at, "too_early") for who, at in refused}
    rows.append(("too early", same("refusals", ours, theirs), len(theirs)))
    report("CDNOW: win-back", rows, world)
