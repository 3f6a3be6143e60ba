"""M7-M10: deals and revenue by SQL against plain Python, over stores filled at random, and case by case."""

from __future__ import annotations

import pytest

from runtime.metrics import DealFigures, Filters, deal_overview
from runtime.store.ids import bucket_of
from runtime.store.session import Session

from .oracle_of_deals import Sums, sums
from .world import DAY, START, Row, World, definitions, random_world, schema

SEEDS = range(12)
NAMES = {1: "outbound", 2: "warm_up", 3: "quiet"}


def _numbers(f: DealFigures) -> dict[str, int]:
    revenue = f.revenue
    return {
        "created": f.created.count,
        "closed": f.closed.count,
        "won": f.won.count,
        "lost": f.lost.count,
        "deals": revenue.deals.base,
        "deals_won": revenue.deals.count,
        "revenue": revenue.amount,
    }


def _expected(s: Sums) -> dict[str, int]:
    sets = {"created": s.created, "closed": s.won | s.lost, "won": s.won, "lost": s.lost}
    sets |= {"deals": s.deals, "deals_won": s.deals_won}
    return {name: len(found) for name, found in sets.items()} | {"revenue": s.revenue}


@pytest.mark.parametrize("seed", SEEDS)
def test_m7_to_m10_agree_with_plain_python(session: Session, seed: int) -> None:
    world = random_world(seed, people=10, enrollments=25)
    world.write(session)
    everyone = world.rows["segue_enrollment"]
    found = deal_overview(session, schema()).sequences
    for number, name in NAMES.items():
        mine = [e for e in everyone if e["definition_id"] == number]
        assert _numbers(found[name]) == _expected(sums(world, mine)), name
    whole = deal_overview(session, schema()).total
    assert whole and _numbers(whole) == _expected(sums(world, everyone))
    assert whole.revenue.amount == sum(f.revenue.amount for f in found.values())
    by_amy = [e for e in everyone if e["enrolled_by"] == "amy"]
    amys = deal_overview(session, schema(), Filters(enrolled_by=("amy",))).total
    assert amys and _numbers(amys) == _expected(sums(world, by_amy))


def test_m7_to_m10_have_something_to_count_among_the_seeds() -> None:
    worlds = [random_world(seed, people=10, enrollments=25) for seed in SEEDS]
    found = [sums(w, w.rows["segue_enrollment"]) for w in worlds]
    for name in ("created", "won", "lost", "deals_won", "revenue"):
        assert sum(bool(getattr(s, name)) for s in found) >= 4, name


def test_m7_counts_contacts_not_deals(session: Session) -> None:
    world = _world(_stay(7, 1, 0, None), _stay(8, 1, 0, None))
    for number in range(3):
        _deal(world, 100 + number, 5, (7,))
    _deal(world, 200, 5, (7, 8))
    assert _of(session, world, "outbound") | {"revenue": 0} == {
        "created": 2, "closed": 0, "won": 0, "lost": 0, "deals": 4, "deals_won": 0, "revenue": 0,
    }  # fmt: skip


@pytest.mark.parametrize(("day", "count"), [(-1, 0), (0, 1), (9, 1), (10, 1), (11, 0)])
def test_m7_only_while_enrolled(session: Session, day: int, count: int) -> None:
    world = _world(_stay(7, 1, 0, 10))
    _deal(world, 100, day, (7,))
    assert _of(session, world, "outbound")["created"] == count


@pytest.mark.parametrize(("closed", "won", "lost"), [(5, 1, 0), (10, 1, 0), (11, 0, 0)])
def test_m8_marked_closed_while_enrolled_though_older_than_that(
    session: Session, closed: int, won: int, lost: int
) -> None:
    """The deal was there before; what counts is when it was marked. It stays counted when it is opened again."""
    world = _world(_stay(7, 1, 0, 10))
    _deal(world, 100, -20, (7,), (closed, "open", "won"), (40, "won", "open"), stage="open")
    found = _of(session, world, "outbound")
    assert (found["created"], found["won"], found["lost"], found["revenue"]) == (0, won, lost, 0)


def test_m9_a_deal_belongs_to_the_latest_sequence_before_it(session: Session) -> None:
    """Enrolled in both when it was created and won: the later one has it, though the filters name the earlier."""
    world = _world(_stay(7, 1, 0, None), _stay(7, 2, 4, None))
    _deal(world, 100, 5, (7,), (6, "open", "won"), stage="won", amount=500)
    first, second = _of(session, world, "outbound"), _numbers(deal_overview(session, schema()).sequences["warm_up"])
    assert first == dict.fromkeys(first, 0)
    assert (second["created"], second["won"], second["revenue"]) == (1, 1, 500)
    only = deal_overview(session, schema(), Filters(sequences=("outbound",))).total
    assert only and _numbers(only) == first


def test_m10_each_deal_once_and_its_parts_are_the_whole(session: Session) -> None:
    """Three contacts, two sequences; the third has never been enrolled before it and has no part."""
    world = _world(_stay(7, 1, 0, 2), _stay(8, 2, 0, None), _stay(9, 1, 50, None))
    _deal(world, 100, 5, (7, 8, 9), stage="won", amount=1001)
    world.write(session)
    found = deal_overview(session, schema()).sequences
    parts = [found[name].revenue.amount for name in ("outbound", "warm_up")]
    assert parts == [500, 501]
    total = deal_overview(session, schema()).total
    assert total and (total.revenue.amount, total.revenue.currency) == (1001, "USD")
    assert (total.revenue.as_json()["amount"], total.revenue.as_json()["currency"]) == ("10.01", "USD")
    assert (total.revenue.deals.count, total.revenue.deals.unit) == (1, "deal")
    # Won long after the first of them had left: belongs to it, but was not created or closed while enrolled.
    assert found["outbound"].created.count == 0


def test_m10_amounts_as_large_as_a_store_holds_are_split_and_summed_exactly(session: Session) -> None:
    """What a file has instead of an amount must not take away the figures of all others."""
    largest = 2**63 - 2
    world = _world(_stay(7, 1, 0, None), _stay(8, 2, 0, None), _stay(9, 1, 0, None))
    for number, contacts in ((100, (7, 8, 9)), (101, (7, 8)), (102, (9,))):
        _deal(world, number, 5, contacts, stage="won", amount=largest)
    _deal(world, 103, 5, (7, 8), stage="won", amount=-1001)
    world.write(session)
    total, found = deal_overview(session, schema()).total, deal_overview(session, schema()).sequences
    assert total and total.revenue.amount == 3 * largest - 1001
    assert [found[name].revenue.amount for name in ("outbound", "warm_up")] == [
        largest - largest // 3 + largest // 2 + largest - 500, largest // 3 + largest // 2 - 501,
    ]  # fmt: skip


def test_m10_what_is_not_won_now_is_no_revenue(session: Session) -> None:
    world = _world(_stay(7, 1, 0, None))
    _deal(world, 100, 5, (7,), (6, "open", "won"), (7, "won", "lost"), stage="lost", amount=500)
    found = _of(session, world, "outbound")
    assert (found["won"], found["lost"], found["closed"], found["revenue"]) == (1, 1, 1, 0)


def test_deals_are_one_statement_for_all_sequences_and_their_totals(session: Session) -> None:
    random_world(1).write(session)
    before = session.statements
    found = deal_overview(session, schema())
    assert session.statements - before == 4  # the definitions, the clock and the tables besides
    assert found and found.total.closed.count and found.total.revenue.amount
    assert set(found.sequences) == set(NAMES.values())


def test_m8_a_deal_that_came_to_be_won_as_its_stage_was_cleared_and_given_again(session: Session) -> None:
    """A first value writes no history (X34): it is taken for what the deal was since it was cleared, day 6."""
    world = _world(_stay(7, 1, 0, 10))
    _deal(world, 100, 5, (7,), (6, "open", None), stage="won", amount=1)
    found = _of(session, world, "outbound")
    assert (found["closed"], found["won"]) == (1, 1)


def test_m8_stage_and_pipeline_changed_at_one_instant_close_once(session: Session) -> None:
    world = _world(_stay(7, 1, 0, 10))
    _deal(world, 100, 5, (7,), (6, "open", "done"), stage="done", amount=1)
    where = {"bucket": bucket_of(100), "id": 100, "at": START + 6 * DAY, "object": "deal", "property": "pipeline"}
    world.add("segue_property_history", **where, seq=1, old="sales", new="renewal")
    world.rows["deal"][0]["pipeline"] = "renewal"
    found = _of(session, world, "outbound")
    assert (found["closed"], found["won"], found["revenue"]) == (1, 1, 1)


def _world(*stays: Row) -> World:
    world = World()
    definitions(world)
    for row in stays:
        world.add("segue_enrollment", **row)
    return world


def _stay(contact: int, definition: int, since: int, until: int | None) -> Row:
    row: Row = {"bucket": contact, "id": contact * 10 + definition, "contact_id": contact, "nr": 1, "block": 0}
    row |= {"definition_id": definition, "version_id": definition * 10, "ordinal": 1, "by_hand": False}
    row |= {"status": "active" if until is None else "finished", "reason": None if until is None else "no_reply"}
    at = START + since * DAY
    row |= {"enrolled_at": at, "entered_at": at, "ended_at": None if until is None else START + until * DAY}
    return {**row, "zone": "UTC", "person_zone": "UTC"}


def _deal(
    world: World,
    number: int,
    created: int,
    contacts: tuple[int, ...],
    *moves: tuple[int, str, str | None],
    stage: str = "open",
    amount: int | None = None,
) -> None:
    where = {"bucket": bucket_of(number), "id": number}
    more = {"pipeline": "sales", "stage": stage, "amount": amount, "external_id": str(number)}
    world.add("deal", **where, created_at=START + created * DAY, **more)
    for day, old, new in moves:
        change = {"object": "deal", "property": "stage", "seq": 0, "old": old, "new": new}
        world.add("segue_property_history", **where, at=START + day * DAY, **change)
    for contact in contacts:
        link = {"to_bucket": bucket_of(number), "to_id": number, "at": START}
        world.add("link_contact_deal", bucket=contact, id=contact, **link)


def _of(session: Session, world: World, name: str) -> dict[str, int]:
    world.write(session)
    return _numbers(deal_overview(session, schema()).sequences[name])
