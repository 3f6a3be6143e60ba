"""Tickets moved and closed by people, over the very engine (P8, P9)."""

from __future__ import annotations

import pytest

from runtime.access.roles import ADMIN, Actor
from runtime.errors import InvalidInput, NotAllowed, UnknownName
from runtime.pipelines import acts, cards
from runtime.pipelines.ways import ways
from runtime.store import inbox
from runtime.store.ids import record_id
from tests.runtime.engine.harness import MakeWorld

from .desk import ADA, RULES, SCHEMA, Desk


def test_p8_a_move_against_the_rules_is_refused_with_the_ways_there_are(desk: Desk) -> None:
    desk.create()
    desk.world.run_to("03-02 09:01")
    with pytest.raises(InvalidInput, match="`open` lies between") as refused:
        desk.move("done")
    assert refused.value.hint == "from `new` it may go to open"
    desk.move("open")
    desk.world.run_to("03-02 09:02")
    with pytest.raises(InvalidInput, match="nothing goes back"):
        desk.move("new")
    with pytest.raises(InvalidInput, match="stands in `open` already"):
        desk.move("open")
    with pytest.raises(InvalidInput, match="no stage `dropped`"):
        desk.move("dropped")


def test_p8_a_stage_is_not_come_to_without_what_it_needs(desk: Desk) -> None:
    """What was asked for before the next tick counts, and what was taken away again."""
    with pytest.raises(InvalidInput, match="a new ticket cannot stand in `asked` without owner"):
        desk.create(pipeline="paid")
    made = desk.create(pipeline="paid", written={"subject": "t", "owner": "rep"})
    assert made.stage == "asked"
    desk.world.run_to("03-02 09:01")
    with pytest.raises(InvalidInput, match="ticket `t` cannot stand in `paid` without worth, kind") as refused:
        desk.move("paid")
    assert refused.value.hint == "`segue ticket set` gives it values and ties"
    desk.world.set("t", of="ticket", kind="bill").run_to("03-02 09:02").set("t", of="ticket", worth=2000)
    desk.world.set("t", of="ticket", kind=None).deliver()
    with pytest.raises(InvalidInput, match="without kind"):
        desk.move("paid")
    desk.world.run_to("03-02 09:03").set("t", of="ticket", kind="bill").deliver()
    desk.move("paid")
    desk.world.run_to("03-02 09:04")
    assert desk.stage() == "paid"


def test_p9_a_stage_is_not_come_to_without_the_ties_it_needs(desk: Desk) -> None:
    """A tie that was asked for before the next tick counts, at creation too; one that is taken away does not any more,
    unless there is another."""
    world = desk.world.company("acme").company("shop").deliver()
    with pytest.raises(InvalidInput, match="a new ticket cannot stand in `firm` without company, contact"):
        desk.create(pipeline="tied", stage="firm")
    with pytest.raises(InvalidInput, match="a new ticket cannot stand in `firm` without contact"):
        desk.create(pipeline="tied", stage="firm", links=[("deal", "d"), ("company", "acme")])
    desk.create("made", pipeline="tied", stage="firm", links=[("deal", "d"), ("company", "acme"), ("contact", "ann")])
    desk.create(pipeline="tied")
    world.run_to("03-02 09:01")
    assert (desk.stage("made"), dict(desk.page().lacking)) == ("firm", {"firm": ("company", "contact")})
    with pytest.raises(InvalidInput, match="ticket `t` cannot stand in `firm` without company, contact"):
        desk.move("firm")
    world.link("ticket", "t", "company", "acme", "03-02 09:01").link(
        "ticket", "t", "contact", "ann", "03-02 09:01"
    ).deliver()
    assert dict(desk.page().lacking) == {}
    world.run_to("03-02 09:02").link("ticket", "t", "company", "acme", "03-02 09:02", unlink=True).deliver()
    with pytest.raises(InvalidInput, match="without company"):
        desk.move("firm")
    world.link("ticket", "t", "company", "shop", "03-02 09:02").deliver()
    desk.move("firm")
    world.run_to("03-02 09:03")
    assert desk.stage() == "firm"


def test_p8_the_stages_to_choose_from_say_what_cards_lack(desk: Desk) -> None:
    desk.create("bare", pipeline="tied")
    desk.world.company("acme").deliver()
    desk.create("held", pipeline="tied", links=[("deal", "d"), ("company", "acme"), ("contact", "ann")])
    desk.world.run_to("03-02 09:01")

    def whys(*names: str) -> list[str]:
        standing = [(record_id("ticket", name), "tied", "loose") for name in names]
        return [way.why for way in ways(desk.session, desk.settings.schema, "ticket", standing)]

    assert whys("held") == ["it stands there already", "", ""]
    assert whys("bare") == ["it stands there already", "nothing stands in `firm` without company, contact", ""]
    assert whys("bare", "held")[1] == "nothing stands in `firm` without company, contact (1 of 2 cards)"


def test_p8_closing_sets_closed_at_and_says_how_where_there_are_ways(desk: Desk) -> None:
    desk.create(stage="open")
    desk.world.run_to("03-02 09:01")
    with pytest.raises(InvalidInput, match="how does ticket `t` end") as asked:
        acts.close(desk.session, desk.settings, "ticket", ["t"], ADA)
    assert "done, spam" in asked.value.hint
    with pytest.raises(InvalidInput, match="`new` does not close a ticket"):
        acts.close(desk.session, desk.settings, "ticket", ["t"], ADA, "new")
    acts.close(desk.session, desk.settings, "ticket", ["t"], ADA, "done")
    desk.world.run_to("03-02 09:02")
    assert (desk.stage(), desk.page().closed) == ("done", True)
    assert desk.world.local(desk.world.value("t", "closed_at", "ticket"))[:11] == "03-02 09:01"


def test_p8_what_opens_again_is_closed_no_more(worlds: MakeWorld) -> None:
    schema = SCHEMA.replace("back: false", "back: true")
    desk = Desk(worlds(RULES, schema=schema).record("deal", "d", "03-02 08:00", name="d").run_to("03-02 09:00"))
    desk.create(stage="open")
    for minute, to in enumerate(("done", "open"), 1):
        desk.move(to)
        desk.world.run_to(f"03-02 09:0{minute}")
    assert (desk.stage(), desk.world.value("t", "closed_at", "ticket")) == ("open", None)


def test_p8_of_two_moves_at_once_the_first_is_made_and_the_other_told(desk: Desk) -> None:
    desk.create(stage="open")
    desk.world.run_to("03-02 09:01")
    mine, theirs = desk.page(), desk.page()
    assert mine.stage == theirs.stage == "open"
    desk.move("done")
    asked = {"from": "open", "to": "spam", "by": "bob", "role": "rep"}
    at, behind = inbox.present(desk.session), 1 << 62
    with desk.session.transaction():  # asked at the same moment, by a process that read before the other wrote
        inbox.put(desk.session, [inbox.row("move", "ticket", mine.id, "stage", asked, at=at, rank=behind)])
    desk.world.run_to("03-02 09:02")
    assert desk.stage() == "done"
    (lost,) = desk.page().lost
    assert (lost.by, lost.decided_on, lost.to, lost.stood) == ("bob", "open", "spam", "done")


def test_p8_who_decided_on_an_older_stage_is_told_at_once(desk: Desk) -> None:
    desk.create("a", stage="open")
    desk.create("b", stage="open")
    desk.world.run_to("03-02 09:01")
    desk.move("done", "b", who=Actor("bob", ADMIN))
    (one,) = cards.cards(desk.session, desk.settings.schema, "ticket", cards.Which(text="b"))
    assert (one.stage, one.asked) == ("open", "done")
    seen = {"a": "open", "b": "open"}
    with pytest.raises(InvalidInput, match="moved meanwhile, by bob: from `open` to `done`"):
        acts.move(desk.session, desk.settings, "ticket", ["a", "b"], "spam", ADA, seen)
    with pytest.raises(InvalidInput, match="moved meanwhile"):
        acts.close(desk.session, desk.settings, "ticket", ["b"], ADA, "spam", seen)
    acts.move(desk.session, desk.settings, "ticket", ["a"], "spam", ADA, seen)
    desk.world.run_to("03-02 09:02")
    assert [desk.stage(n) for n in ("a", "b")] == ["spam", "done"]


def test_p8_moves_of_one_minute_follow_each_other(desk: Desk) -> None:
    """Each is decided on what was asked for before it."""
    desk.create()
    desk.move("open")
    desk.move("spam")
    desk.world.run_to("03-02 09:01")
    assert (desk.stage(), desk.page().lost) == ("spam", ())
    assert [s.stage for s in desk.page().stays] == ["new", "open", "spam"]


def test_x2_a_stage_of_the_future_is_asked_for_by_nobody(desk: Desk) -> None:
    """A history that was imported ahead of the clock lies in the inbox too."""
    made = desk.create()
    desk.world.run_to("03-02 09:01")
    with desk.session.transaction():
        inbox.put(
            desk.session, [inbox.set_row("ticket", made.id, "stage", "spam", at=desk.world.micros("04-01 09:00"))]
        )
    assert (desk.page().stands, desk.page().waiting) == ("new", 0)
    desk.move("open")
    desk.world.run_to("03-02 09:02")
    assert desk.stage() == "open"


def test_p8_all_are_moved_or_none(desk: Desk) -> None:
    desk.create("a")
    desk.create("b", stage="open")
    desk.world.run_to("03-02 09:01")
    with pytest.raises(InvalidInput, match="ticket `a`"):
        desk.move("done", "b", "a")
    desk.world.run_to("03-02 09:02")
    assert [desk.stage(n) for n in ("a", "b")] == ["new", "open"]


def test_a_rep_moves_what_is_theirs(desk: Desk) -> None:
    desk.create("mine", written={"subject": "mine", "owner": "rep"})
    desk.create("theirs", written={"subject": "theirs", "owner": "amy"})
    desk.world.run_to("03-02 09:01")
    rep = Actor("rep", "rep")
    desk.move("open", "mine", who=rep)
    with pytest.raises(NotAllowed):
        desk.move("open", "theirs", who=rep)
    with pytest.raises(NotAllowed):
        acts.assign(desk.session, desk.settings, "ticket", ["theirs"], "rep", rep)
    desk.world.run_to("03-02 09:02")
    assert [desk.stage(n) for n in ("mine", "theirs")] == ["open", "new"]


def test_bad_pipelines_of_other_objects_are_named(desk: Desk) -> None:
    with pytest.raises(UnknownName, match="`contact` has no pipelines"):
        acts.move(desk.session, desk.settings, "contact", ["ann"], "new", ADA)
