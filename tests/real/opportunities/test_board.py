"""The same sales pipeline as it stands on the board of deals, against SQL over the CSV files, on both databases.

The files are imported when all is over: what happened starts nothing then (X2), and the board is the same."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from runtime.pipelines.cards import Card, Which, board, cards, count
from runtime.store.session import Session

from ..projects import OPPORTUNITIES
from ..world import World, data, each, report, run, same
from . import oracle, oracle_reports

LATE = replace(OPPORTUNITIES, first=OPPORTUNITIES.last)


def _every(session: Session, world: World, which: Which) -> list[Card]:
    """As a screen scrolls through them."""
    found: list[Card] = []
    while page := cards(session, world.program.schema, "deal", which, found[-1].key if found else None, limit=500):
        found += page
    return found


def check_columns_count_and_sum_what_sql_finds(world: World, sales: oracle.Sales) -> None:
    theirs = oracle_reports.answers(data("crm-opportunities"))[0]["board"]
    with world.store.session() as session:
        found = board(session, world.program.schema, "deal", Which("sales"), each=0)
    assert [(c.stage, c.count, c.amount) for c in found.columns] == [tuple(row) for row in theirs]
    assert (found.currency, found.astray) == ("USD", 0)
    report(
        "Opportunities: board",
        [(c.stage, c.count, row[1]) for c, row in zip(found.columns, theirs, strict=True)],
        world,
    )


def check_columns_hold_their_deals_page_by_page(world: World, sales: oracle.Sales) -> None:
    theirs: dict[str, set[tuple[str, str, str]]] = {}
    for d in sales.deals:
        stage = d.stage(OPPORTUNITIES.until)
        theirs.setdefault(stage, set()).add((f"crm:{d.id}", d.name, oracle.slug(d.agent)))
    with world.store.session() as session:
        for stage, expected in theirs.items():
            found = _every(session, world, Which("sales", stage))
            assert len(found) == len(expected)
            same(stage, {(c.external_id, c.name, c.owner or "") for c in found}, expected)
            assert [c.key for c in found] == sorted((c.key for c in found), reverse=True)


def check_filters_find_what_python_finds(world: World, sales: oracle.Sales) -> None:
    schema = world.program.schema
    agents = Counter(
        oracle.slug(d.agent) for d in sales.deals if d.stage(OPPORTUNITIES.until) in ("prospecting", "engaging")
    )
    begins = sum(d.name.startswith("MG Special") for d in sales.deals)
    one = sales.deals[17]
    with world.store.session() as session:
        ours = {(who, count(session, schema, "deal", Which("sales", owner=who, state="open"))) for who in agents}
        same("open deals by owner", ours, set(agents.items()))
        assert count(session, schema, "deal", Which(text="mg special")) == begins
        (named,) = cards(session, schema, "deal", Which(text=f"crm:{one.id}"))
        assert named.name == one.name
        worth = sum(d.amount == 5000 for d in sales.deals if d.closed)
        assert count(session, schema, "deal", Which(properties=(("amount", 500_000),))) == worth


@pytest.mark.parametrize("store", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def test_the_board_of_opportunities(store: str, request: pytest.FixtureRequest, subtests: pytest.Subtests) -> None:
    url = "sqlite://" if store == "sqlite" else request.getfixturevalue("postgres_url")
    each(
        subtests,
        run(LATE, url),
        oracle.read(data("crm-opportunities")),
        check_columns_count_and_sum_what_sql_finds,
        check_columns_hold_their_deals_page_by_page,
        check_filters_find_what_python_finds,
    )
