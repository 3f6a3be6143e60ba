"""What a record is tied to is asked for and taken back, before a tick too, and what the schema demands stays (P9)."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from runtime.errors import InvalidInput
from runtime.pipelines import cards, changing
from runtime.pipelines.changing import Changed

from .desk import ADA, Desk

Pairs = Sequence[tuple[str, str]]


def change(desk: Desk, links: Pairs = (), unlinks: Pairs = ()) -> Changed:
    return changing.change(desk.session, desk.settings, "ticket", "t", {}, links, unlinks, ADA)


def tied(desk: Desk, association: str) -> list[str]:
    return next(list(tie.names) for tie in desk.page().ties if tie.association == association)


def test_p9_the_last_wish_before_a_tick_counts(desk: Desk) -> None:
    """The clock stands still until the tick: the same wish again is no repetition of the first."""
    desk.world.company("acme").deliver()
    desk.create()
    desk.world.run_to("03-02 09:01")
    change(desk, [("company", "acme")])
    change(desk, (), [("company", "acme")])
    change(desk, [("company", "acme")])
    desk.world.run_to("03-02 09:02")
    assert tied(desk, "company") == ["acme"]
    for _ in range(2):
        change(desk, (), [("company", "acme")])
        change(desk, [("company", "acme")])
    change(desk, (), [("company", "acme")])
    desk.world.run_to("03-02 09:03")
    assert tied(desk, "company") == []


def test_p9_the_last_tie_that_the_schema_demands_is_not_taken_away(desk: Desk) -> None:
    desk.world.record("deal", "e", "03-02 09:00", name="e", pipeline="sales", stage="won").deliver()
    desk.create()
    desk.world.run_to("03-02 09:01")
    with pytest.raises(InvalidInput, match="every ticket is tied to a deal, and none would be left"):
        change(desk, (), [("deal", "d")])
    with pytest.raises(InvalidInput, match="to be tied and tied no more"):
        change(desk, [("deal", "d")], [("deal", "d")])
    assert desk.world.sql("SELECT 1 FROM segue_inbox") == []
    change(desk, [("deal", "e")], [("deal", "d")])
    with pytest.raises(InvalidInput, match="none would be left"):  # what waits counts
        change(desk, (), [("deal", "e")])
    desk.world.run_to("03-02 09:02")
    assert tied(desk, "deal") == ["e"]


def test_p9_a_tie_that_the_schema_only_wants_may_go_and_it_is_told(desk: Desk) -> None:
    desk.world.company("acme").company("shop").deliver()
    desk.create(links=[("deal", "d"), ("company", "acme"), ("company", "shop")])
    desk.world.run_to("03-02 09:01")
    assert change(desk, (), [("company", "acme")]).lacking == ()
    assert change(desk, (), [("company", "shop")]).lacking == ("company",)
    desk.world.run_to("03-02 09:02")
    assert tied(desk, "company") == []


def test_p8_what_an_import_brings_without_a_stage_is_found_and_put_into_one(desk: Desk) -> None:
    schema = desk.settings.schema
    for name, values in {"lost": {}, "found": {"stage": "new"}}.items():
        desk.world.record("ticket", name, "03-02 09:00", subject=name, pipeline="inquiries", **values)
        for association, to in (("deal", "d"), ("company", "acme")):
            desk.world.link("ticket", name, association, to, "03-02 09:00")
    desk.world.company("acme").run_to("03-02 09:01")
    lacking = cards.Which(lacking=True)
    assert [card.external_id for card in cards.cards(desk.session, schema, "ticket", lacking)] == ["lost"]
    assert desk.page("lost").stands is None
    desk.move("new", "lost")
    desk.world.run_to("03-02 09:02")
    assert cards.count(desk.session, schema, "ticket", lacking) == 0
