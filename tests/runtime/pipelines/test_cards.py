"""Lists and boards of tickets: what is found, what is counted, what lacks something (P8, P9)."""

from __future__ import annotations

import pytest

from runtime.errors import InvalidInput, UnknownName
from runtime.pipelines import cards, finding

from .desk import Desk


def test_p9_what_an_import_brings_without_what_its_stage_needs_is_found(desk: Desk) -> None:
    """It is taken as it is. A company is asked for of every ticket, as a warning."""
    world = desk.world.company("acme").deliver()
    brought = {
        "bare": ("tied", "firm", ("acme",), {}),
        "whole": ("tied", "firm", ("acme", "ann"), {}),
        "untied": ("free", "idea", (), {}),
        "free": ("free", "idea", ("acme",), {}),
        "poor": ("paid", "paid", ("acme",), {"kind": "bill"}),
        "rich": ("paid", "paid", ("acme",), {"kind": "bill", "worth": 2000}),
    }
    for name, (pipeline, stage, ties, values) in brought.items():
        world.record("ticket", name, "03-02 09:00", subject=name, pipeline=pipeline, stage=stage, **values)
        for to in ties:
            world.link("ticket", name, "company" if to == "acme" else "contact", to, "03-02 09:00")
        world.link("ticket", name, "deal", "d", "03-02 09:00")
    world.run_to("03-02 09:01")
    which = cards.Which(lacking=True)
    found = cards.cards(desk.session, desk.settings.schema, "ticket", which)
    assert sorted(card.external_id for card in found) == ["bare", "poor", "untied"]
    assert cards.count(desk.session, desk.settings.schema, "ticket", which) == 3


def test_002_11_found_by_name_id_text_and_property(desk: Desk) -> None:
    """Text ignores case and width (X31)."""
    desk.create("a", written={"subject": "Ｌｏｇｉｎ fails", "worth": "10.50", "owner": "amy"})
    desk.create("b", written={"subject": "Bill", "kind": "login FAILS"}, stage="open")
    desk.create("c", written={"subject": "Logo"})
    desk.world.run_to("03-02 09:01")
    schema, settings = desk.settings.schema, desk.settings

    def found(line: str, **more: object) -> set[str]:
        text, properties = finding.sought(desk.session, settings, "ticket", line)
        which = cards.Which(text=text, properties=properties, **more)
        got = {card.external_id for card in cards.cards(desk.session, schema, "ticket", which)}
        assert len(got) == cards.count(desk.session, schema, "ticket", which)
        return got

    assert found("log") == {"a", "c"}
    assert found("LOGIN FAILS") == {"a", "b"}
    assert found("b") == {"b"}
    assert found("subject=logo") == {"c"}
    assert found("worth = 10.50") == found("owner=amy") == {"a"}
    assert found("worth=", state="open") == {"b", "c"}
    assert found("log%") == found("nothing=1") == set()
    with pytest.raises(InvalidInput, match="`worth`"):
        found("worth=much")
    with pytest.raises(UnknownName, match="no `wort`"):
        finding.wanted(desk.session, settings, "ticket", {"wort": "1"})
    shown = cards.board(desk.session, schema, "ticket", cards.Which("inquiries", text="log", state="open"))
    assert [(c.stage, c.count, c.amount) for c in shown.columns] == [("new", 2, 1050), ("open", 0, 0)]


def test_a_board_asks_as_much_of_four_columns_as_of_one(desk: Desk) -> None:
    """Each had a statement of its own: on PostgreSQL they took as long as it took to count everything."""
    schema = desk.settings.schema

    def asked() -> int:
        before = desk.session.statements
        cards.board(desk.session, schema, "ticket", cards.Which("inquiries"))
        return desk.session.statements - before

    desk.create("a")
    desk.world.run_to("03-02 09:01")
    one = asked()
    desk.create("b", stage="open")
    desk.world.run_to("03-02 09:02")
    assert asked() == one == 2


def test_p8_lists_and_boards_count_what_there_is(desk: Desk) -> None:
    for number in range(7):
        desk.create(f"n{number}", written={"subject": f"n{number}", "worth": "10.50"})
    for number in range(3):
        desk.create(f"o{number}", stage="open", links=[("deal", "d"), ("contact", "ann")])
    desk.world.run_to("03-02 09:01")
    schema = desk.settings.schema
    found = cards.board(desk.session, schema, "ticket", cards.Which("inquiries"), each=2)
    assert [(c.stage, c.count, c.amount, len(c.cards)) for c in found.columns] == [
        ("new", 7, 7 * 1050, 2), ("open", 3, 0, 2), ("done", 0, 0, 0), ("spam", 0, 0, 0),
    ]  # fmt: skip
    for column in found.columns:
        alone = cards.cards(desk.session, schema, "ticket", cards.Which("inquiries", column.stage), limit=2)
        assert list(column.cards) == alone
    everything = cards.cards(desk.session, schema, "ticket", cards.Which(state="open"))
    assert len(everything) == cards.count(desk.session, schema, "ticket", cards.Which(state="open")) == 10
    pages, after = [], None
    while some := cards.cards(desk.session, schema, "ticket", cards.Which(), after, limit=4):
        pages, after = [*pages, *some], some[-1].key
    assert pages == everything
    back = cards.cards(desk.session, schema, "ticket", cards.Which(), pages[4].key, 3, back=True)
    assert back == pages[3:0:-1]
    ann = desk.world.sql("SELECT id FROM contact")[0][0]
    tied = cards.cards(desk.session, schema, "ticket", cards.Which(linked=("contact", ann)))
    assert {c.name for c in tied} == {"o0", "o1", "o2"}
    assert {c.contact for c in tied} == {"ann@x.example"}
    assert cards.count(desk.session, schema, "ticket", cards.Which(state="closed")) == 0
