"""A sales pipeline over two years: segments and workflows of companies and deals, each stay and step as the oracle's."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from ..world import World, data, local, members, moment, report, run, same
from . import oracle

ZONE = "America/New_York"
START, UNTIL = local(ZONE, 2016, 10, 1), local(ZONE, 2018, 3, 1)
DATES = [
    local(ZONE, *day) for day in [(2016, 12, 1), (2017, 3, 1, 18), (2017, 6, 30), (2017, 10, 2, 12), (2017, 12, 31, 18)]
]
FILES = [("sales_teams.csv", "teams"), ("products.csv", "products"), ("accounts.csv", "accounts"), ("sales_pipeline.csv", "deals")]  # fmt: skip


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    folder = data("crm-opportunities")
    made = run("opportunities", [(folder / file, name) for file, name in FILES], START, UNTIL)
    yield made
    made.close()


@pytest.fixture(scope="module")
def sales() -> oracle.Sales:
    return oracle.read(data("crm-opportunities"))


def enrollments(world: World, definition: str, of: str) -> set[tuple[object, ...]]:
    found = world.rows(
        f"SELECT o.external_id, e.status, e.reason, e.enrolled_at, e.ended_at FROM segue_enrollment e JOIN segue_definition f"
        f" ON f.id = e.definition_id JOIN {of} o ON o.bucket = e.bucket AND o.id = e.contact_id WHERE f.name = :name",
        name=definition,
    )
    return {(who.partition(":")[2], status, reason, moment(a), moment(b)) for who, status, reason, a, b in found}


def test_everything_is_loaded(world: World, sales: oracle.Sales) -> None:
    counts = {of: len(world.names(of)) for of in ("company", "agent", "product", "deal")}
    assert counts == {"company": 85, "agent": 35, "product": 7, "deal": 8800}
    assert world.rows("SELECT count(*) FROM segue_user")[0][0] == len({*sales.manager, *sales.manager.values()})
    found = world.rows(
        "SELECT d.external_id, d.stage, d.amount, d.close_on, p.name, c.name FROM deal d JOIN link_deal_product l ON l.bucket = d.bucket"
        " AND l.id = d.id JOIN product p ON p.id = l.to_id LEFT JOIN link_deal_company k ON k.bucket = d.bucket AND k.id = d.id"
        " LEFT JOIN company c ON c.id = k.to_id"
    )
    ours = {(who.partition(":")[2], *rest) for who, *rest in found}
    end = UNTIL.astimezone(oracle.UTC)
    same(
        "deals",
        ours,
        {
            (
                d.id,
                d.stage(end),
                *((d.amount * 100, str(d.closed_on)) if d.closed else (None, None)),
                d.product,
                d.company,
            )
            for d in sales.deals
        },
    )
    assert world.rows("SELECT count(*) FROM link_company_parent")[0][0] == sum(
        bool(p) for p in sales.companies.values()
    )


@pytest.mark.parametrize("of", ["company", "deal"])
def test_segments_join_and_leave_at_the_instant(world: World, sales: oracle.Sales, of: str) -> None:
    expected = (oracle.company_segments if of == "company" else oracle.deal_segments)(sales, UNTIL)
    assert set(expected) == {s.name for s in world.program.segments.values() if s.object == of}
    rows = []
    for name, theirs in expected.items():
        ours = world.history(name, of)
        same(name, ours, theirs)
        for at in DATES:
            same(f"{name} at {at}", members(ours, at), members(theirs, at))
        rows += [(f"{name} on {at:%Y-%m-%d}", len(members(ours, at)), len(members(theirs, at))) for at in DATES[1::3]]
    report(f"Opportunities: segments of {of}", rows, world)


def test_a_deal_that_stands_still_is_told_of(world: World, sales: oracle.Sales) -> None:
    nudges = oracle.nudges(sales, UNTIL)
    expected = {
        (n.deal.id, "finished", "completed", n.began, n.ended)
        if n.ended <= UNTIL
        else (n.deal.id, "active", None, n.began, None)
        for n in nudges
    }
    late = {n for n in nudges if n.waited_in_vain and n.deadline <= UNTIL}
    rows = [("nudges", same("enrollments", enrollments(world, "nudge", "deal"), expected), len(expected))]
    told = {(n.deal.id, oracle.slug(n.deal.agent), f"{n.deal.name} is open for 90 days", n.began) for n in nudges}
    told |= {
        (n.deal.id, oracle.slug(sales.manager[n.deal.agent]), f"{n.deal.name} stands still", n.deadline) for n in late
    }
    found = world.rows(
        "SELECT d.external_id, n.recipient, n.words, n.at FROM segue_notification n JOIN deal d ON d.bucket = n.bucket"
        " AND d.id = n.contact_id"
    )
    ours = {(who.partition(":")[2], user, words, moment(at)) for who, user, words, at in found}
    rows.append(("notifications", same("notifications", ours, told), len(told)))
    marked = world.rows("SELECT external_id FROM deal WHERE escalated")
    rows.append(
        ("escalated", same("escalated", {r[0].partition(":")[2] for r in marked}, {n.deal.id for n in late}), len(late))
    )
    report("Opportunities: deals that stand still", rows, world)


def test_a_big_win_is_thanked_for(world: World, sales: oracle.Sales) -> None:
    wins = oracle.big_wins(sales)
    expected = {(d.id, oracle.slug(d.agent), f"Thank them for {d.name}", d.closed, due) for d, due in wins}
    found = world.rows(
        "SELECT d.external_id, t.assignee, t.title, t.created_at, t.due_at FROM segue_task t JOIN deal d ON d.bucket = t.bucket"
        " AND d.id = t.contact_id"
    )
    ours = {(who.partition(":")[2], user, title, moment(at), moment(due)) for who, user, title, at, due in found}
    rows = [("calls", same("calls", ours, expected), len(expected))]
    refused = world.rows("SELECT count(*) FROM segue_refusal WHERE reason = 'only'")[0][0]
    small = sum(d.ending == "won" and d.amount < 5000 for d in sales.deals)
    assert refused == small
    report("Opportunities: big wins", [*rows, ("wins too small", refused, small)], world)


def test_companies_rise_with_their_wins(world: World, sales: oracle.Sales) -> None:
    found = world.rows(
        "SELECT c.external_id, h.at, h.old, h.new FROM segue_property_history h JOIN company c ON c.bucket = h.bucket AND"
        " c.id = h.id WHERE h.object = 'company' AND h.property = 'tier'"
    )
    ours = {(who.partition(":")[2], moment(at), old, new) for who, at, old, new in found}
    ranks = ("prospect", "customer", "key_account")
    expected = {
        (company, at, ranks[i], ranks[i + 1])
        for company, instants in oracle.tiers(sales).items()
        for i, at in enumerate(instants)
    }
    report("Opportunities: tiers", [("rises", same("tiers", ours, expected), len(expected))], world)
