"""Tickets made and given values by people (P8)."""

from __future__ import annotations

import pytest

from runtime.access import audit
from runtime.access.roles import REP, Actor
from runtime.errors import InvalidInput, NotAllowed, UnknownName
from runtime.pipelines import changing
from runtime.pipelines.changing import Changed

from .desk import ADA, Desk


def test_p8_a_ticket_begins_in_the_first_stage_it_may(desk: Desk) -> None:
    made = desk.create()
    assert (made.pipeline, made.stage, made.lacking) == ("inquiries", "new", ("company",))
    desk.world.run_to("03-02 09:01")
    assert desk.stage() == "new"
    assert [t.names for t in desk.page().ties if t.association == "deal"] == [("d",)]


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"stage": "done"}, "nothing begins in `done`"),
        ({"pipeline": None}, "which pipeline"),
        ({"pipeline": "inquirys"}, "no pipeline `inquirys`"),
        ({"links": []}, "tied to a deal"),
        ({"links": [("deal", "nobody")]}, "there is no deal `nobody`"),
        ({"links": [("dael", "d")]}, "no association `dael`"),
        ({"written": {}}, "every ticket has subject"),
        ({"written": {"subject": "t", "closed": "yes"}}, "cannot be set"),
        ({"written": {"subject": "t", "worth": "much"}}, "`worth`"),
        ({"written": {"subject": "t", "worth": "9"}}, "or more"),
        ({"written": {"subject": "t", "priority": "hihg"}}, "`priority`"),
        ({"written": {"subject": "t", "stage": "open"}}, "no value to set"),
    ],
)
def test_p8_what_cannot_be_made_is_refused_and_writes_nothing(desk: Desk, given: dict, words: str) -> None:
    with pytest.raises((InvalidInput, UnknownName), match=words):
        desk.create(**given)
    assert desk.world.sql("SELECT 1 FROM segue_inbox") == []


def test_p8_what_a_stage_needs_is_given_afterwards(desk: Desk) -> None:
    """By hand, before the tick too; an empty text takes a value away."""
    desk.world.company("acme").deliver()
    desk.create(pipeline="paid", written={"subject": "t", "owner": "rep"})
    desk.world.run_to("03-02 09:01")

    def change(written: dict[str, str], links: object = (), unlinks: object = (), who: Actor = ADA) -> Changed:
        return changing.change(desk.session, desk.settings, "ticket", "t", written, links, unlinks, who)

    with pytest.raises(InvalidInput, match="without worth, kind"):
        desk.move("paid")
    asked = change({"worth": "20.50", "kind": "bill"}, [("company", "acme")])
    assert dict(asked.values) == {"worth": 2050, "kind": "bill"}
    desk.move("paid")
    desk.world.run_to("03-02 09:02")
    assert (desk.stage(), desk.world.value("t", "worth", "ticket")) == ("paid", 2050)
    assert [tie.names for tie in desk.page().ties if tie.association == "company"] == [("acme",)]
    change({"kind": ""}, (), [("company", "acme")], Actor("rep", REP))
    desk.world.run_to("03-02 09:03")
    assert desk.world.value("t", "kind", "ticket") is None
    assert [tie.count for tie in desk.page().ties if tie.association == "company"] == [0]
    assert dict(desk.page().lacking) == {"paid": ("kind",)}


@pytest.mark.parametrize(
    ("written", "links", "words"),
    [
        ({}, [], "what is to change"),
        ({"worth": "much"}, [], "`worth`"),
        ({"worth": "9"}, [], "or more"),
        ({"wroth": "9"}, [], "has no `wroth`"),
        ({"subject": ""}, [], "every ticket has `subject`"),
        ({"stage": "paid"}, [], "no value to set"),
        ({"closed": "yes"}, [], "cannot be set"),
        ({"owner": "amy"}, [], "not set here"),
        ({"kind": "x"}, [("dael", "d")], "no association `dael`"),
        ({"kind": "x"}, [("deal", "nobody")], "there is no deal `nobody`"),
    ],
)
def test_p8_what_cannot_be_set_is_refused_and_writes_nothing(
    desk: Desk, written: dict, links: list, words: str
) -> None:
    desk.create()
    desk.world.run_to("03-02 09:01")
    with pytest.raises((InvalidInput, UnknownName), match=words):
        changing.change(desk.session, desk.settings, "ticket", "t", written, links, (), ADA)
    with pytest.raises(NotAllowed):
        changing.change(desk.session, desk.settings, "ticket", "t", {"kind": "x"}, (), (), Actor("amy", REP))
    assert desk.world.sql("SELECT 1 FROM segue_inbox") == []


def test_p8_of_two_who_give_one_id_at_the_same_moment_the_second_is_told(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody else makes it after all was looked at, and before it is asked for."""
    permit, others = audit.permit, [ADA]

    def permit_late(*asked: object, **more: bool) -> None:
        permit(*asked, **more)
        if others:
            desk.create("t", others.pop())

    monkeypatch.setattr(audit, "permit", permit_late)
    with pytest.raises(InvalidInput, match="there is a ticket `t` already"):
        desk.create("t", Actor("bob", ADA.role))
    assert desk.world.sql("SELECT count(*) FROM segue_inbox WHERE kind = 'record'") == [(1,)]
    assert desk.world.sql("SELECT by_user FROM segue_audit") == [("ada",)]
