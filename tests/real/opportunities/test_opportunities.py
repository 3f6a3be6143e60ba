"""A sales pipeline over a year and a half: segments and workflows of companies and deals against the oracle."""

from __future__ import annotations

import pytest

from runtime.reports import Reports

from ..projects import OPPORTUNITIES
from ..world import HISTORY, World, data, each, local, members, report, run, same
from . import oracle, oracle_reports

DAYS = [(2016, 12, 1), (2017, 3, 1, 18), (2017, 6, 30), (2017, 10, 2, 12), (2017, 12, 31, 18)]
DATES = [local(OPPORTUNITIES.zone, *day) for day in DAYS]
UNTIL = OPPORTUNITIES.until


def check_everything_is_loaded(world: World, sales: oracle.Sales) -> None:
    counts = {of: world.count(of) for of in ("company", "agent", "product", "deal")}
    assert counts == {"company": 85, "agent": 35, "product": 7, "deal": 8800}
    assert world.count("segue_user") == len({*sales.manager, *sales.manager.values()})
    assert world.count("link_company_parent") == sum(bool(parent) for parent in sales.companies.values())
    found = world.rows(
        "SELECT d.external_id, d.stage, d.amount, d.close_on, p.name, c.name FROM deal d JOIN link_deal_product l"
        " ON l.bucket = d.bucket AND l.id = d.id JOIN product p ON p.id = l.to_id LEFT JOIN link_deal_company k"
        " ON k.bucket = d.bucket AND k.id = d.id LEFT JOIN company c ON c.id = k.to_id"
    )
    ours = {(who.partition(":")[2], *rest) for who, *rest in found}
    theirs = set()
    for d in sales.deals:
        ending = (d.amount * 100, str(d.closed_on)) if d.closed else (None, None)
        theirs.add((d.id, d.stage(UNTIL), *ending, d.product, d.company))
    report("Opportunities: loaded", [("deals", same("deals", ours, theirs), len(theirs))], world)


def check_segments_join_and_leave_at_the_instant(world: World, sales: oracle.Sales) -> None:
    found = {"company": oracle.company_segments(sales, UNTIL), "deal": oracle.deal_segments(sales, UNTIL)}
    assert {*found["company"], *found["deal"]} == set(world.program.segments)
    rows = []
    for of, segments in found.items():
        for name, theirs in segments.items():
            ours = world.history(name, of)
            rows.append((f"{name}, stays", same(name, ours, theirs), len(theirs)))
            for at in DATES:
                same(f"{name} at {at}", members(ours, at), members(theirs, at))
            rows += [(f"{name} on {t:%Y-%m-%d}", len(members(ours, t)), len(members(theirs, t))) for t in DATES[1::3]]
    report("Opportunities: segments", rows, world)


def check_a_deal_that_stands_still_is_told_of(world: World, sales: oracle.Sales) -> None:
    nudges = oracle.nudges(sales, UNTIL)
    late = {n for n in nudges if n.waited_in_vain and n.deadline <= UNTIL}
    over = {(n.deal.id, "finished", "completed", n.began, n.ended) for n in nudges if n.ended <= UNTIL}
    waiting = {(n.deal.id, "active", None, n.began, None) for n in nudges if n.ended > UNTIL}
    ours = world.about("segue_enrollment", "x.status, x.reason, *x.enrolled_at, *x.ended_at", "deal", "nudge")
    rows = [("enrollments", same("enrollments", ours, over | waiting), len(over | waiting))]
    told = {(n.deal.id, oracle.slug(n.deal.agent), f"{n.deal.name} is open for 90 days", n.began) for n in nudges}
    for n in late:
        told.add((n.deal.id, oracle.slug(sales.manager[n.deal.agent]), f"{n.deal.name} stands still", n.deadline))
    ours = world.about("segue_notification", "x.recipient, x.words, *x.at", "deal")
    rows.append(("notifications", same("notifications", ours, told), len(told)))
    marked = {who for who, _ in world.about("deal", "x.escalated", "deal", where="x.escalated")}
    rows.append(("escalated", same("escalated", marked, {n.deal.id for n in late}), len(late)))
    report("Opportunities: deals that stand still", rows, world)


def check_a_big_win_is_thanked_for(world: World, sales: oracle.Sales) -> None:
    big = oracle.big_wins(sales)
    expected = {(d.id, oracle.slug(d.agent), f"Thank them for {d.name}", d.closed, due) for d, due in big}
    ours = world.about("segue_task", "x.assignee, x.title, *x.created_at, *x.due_at", "deal")
    rows = [("calls", same("calls", ours, expected), len(expected))]
    refused = {(d.id, "only", d.closed) for d in sales.deals if d.ending == "won" and d.amount < 5000}
    ours = world.about("segue_refusal", "x.reason, *x.at", "deal", "big_win")
    rows.append(("wins too small", same("refusals", ours, refused), len(refused)))
    report("Opportunities: big wins", rows, world)


def check_companies_rise_with_their_wins(world: World, sales: oracle.Sales) -> None:
    ranks = ("prospect", "customer", "key_account")
    expected = {
        (company, "tier", at, ranks[i], ranks[i + 1])
        for company, instants in oracle.tiers(sales).items()
        for i, at in enumerate(instants)
    }
    ours = world.about(HISTORY, "x.property, *x.at, x.old, x.new", "company", where="x.object = 'company'")
    report("Opportunities: tiers", [("rises", same("tiers", ours, expected), len(expected))], world)


def check_reports_are_what_sql_finds_in_the_files(world: World, sales: oracle.Sales) -> None:
    rows, periods = oracle_reports.answers(data("crm-opportunities"))
    named = {"managers": 0, "best_agents": 0}  # the column that holds a user, whom we know by a slug
    with world.store.session() as session:
        reports = Reports(session, world.program)
        found = {name: reports.run(name) for name in rows}
    told = []
    for name, theirs in rows.items():
        ours = {(*row.keys, *(cell.value for cell in row.cells)) for row in found[name].rows}
        slugs = [tuple(oracle.slug(v) if named.get(name) == i else v for i, v in enumerate(row)) for row in theirs]
        told.append((name, same(name, ours, set(slugs)), len(theirs)))
        if name in ("board", "won_by_month", "best_agents", "series"):
            assert [row.cells[0].value for row in found[name].rows] == [row[len(found[name].groups)] for row in theirs]
    for name, theirs in periods.items():
        ours = {(one.period, one.cell.value) for one in found[name].progress}
        told.append((f"{name}, targets", same(name, ours, set(theirs)), len(theirs)))
    report("Opportunities: reports", told, world)


def test_opportunities(subtests: pytest.Subtests) -> None:
    each(
        subtests,
        run(OPPORTUNITIES),
        oracle.read(data("crm-opportunities")),
        check_everything_is_loaded,
        check_segments_join_and_leave_at_the_instant,
        check_a_deal_that_stands_still_is_told_of,
        check_a_big_win_is_thanked_for,
        check_companies_rise_with_their_wins,
        check_reports_are_what_sql_finds_in_the_files,
    )
