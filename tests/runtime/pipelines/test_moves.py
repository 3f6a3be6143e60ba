"""Tickets made, moved, given and closed by people, over the very engine (P8, P9)."""

from __future__ import annotations

from pathlib import Path

import pytest

from runtime.access.roles import ADMIN, REP, Actor
from runtime.errors import InvalidInput, NotAllowed, UnknownName
from runtime.pipelines import acts, cards, changing, finding, making, page
from runtime.pipelines.changing import Changed
from runtime.pipelines.ways import ways
from runtime.project.loading import Settings
from runtime.store import inbox
from runtime.store.ids import record_id
from tests.runtime.engine.harness import MakeWorld, World

SCHEMA = """
extends: standard
objects:
  ticket:
    properties:
      closed_at: {type: datetime}
      worth: {type: money, min: 10}
    associations:
      company: {to: company, inverse: ticket, many: true, required: warning}
      deal: {to: deal, inverse: ticket, many: true, required: error}
pipelines:
  ticket:
    inquiries:
      stages: [new, open, {name: done, closed: true}, {name: spam, closed: true}]
      rules: {create_in: [new, open], skip: false, back: false}
    free: {stages: [idea, {name: dropped, closed: true}]}
    paid: {stages: [{name: asked, needs: [owner]}, {name: paid, closed: true, needs: [worth, kind]}]}
    tied: {stages: [loose, {name: firm, needs: [company, contact]}, {name: over, closed: true, needs: [deal]}]}
"""
RULES = "static segment none of contact"
ADA = Actor("ada", ADMIN)


class Desk:
    """Acts on one world, at its clock."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.settings = Settings(Path(), world.program.project, world.program.schema)

    @property
    def session(self) -> object:
        return self.world.engine.session

    def create(self, name: str = "t", who: Actor = ADA, **given: object) -> making.Made:
        told = {"pipeline": "inquiries", "links": [("deal", "d")], "written": {"subject": name}} | given
        made = making.create(
            self.session, self.settings, "ticket", told.pop("written"), told.pop("links"), who, external_id=name, **told
        )
        self.world.names[made.id] = name
        return made

    def move(self, to: str, *names: str, who: Actor = ADA) -> list[acts.Asked]:
        return acts.move(self.session, self.settings, "ticket", names or ("t",), to, who)

    def page(self, name: str = "t") -> page.Page:
        return page.page(self.session, self.settings, "ticket", name)

    def stage(self, name: str = "t") -> object:
        return self.world.value(name, "stage", "ticket")


@pytest.fixture
def desk(worlds: MakeWorld) -> Desk:
    world = worlds(RULES, schema=SCHEMA).record("deal", "d", "03-02 08:00", name="d", pipeline="sales", stage="won")
    return Desk(world.contact("ann").run_to("03-02 09:00"))


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
    assert desk.world.sql("SELECT * FROM segue_inbox UNION ALL SELECT * FROM segue_inbox") == []


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


def test_p8_a_ticket_is_given_to_somebody_who_works_here(desk: Desk) -> None:
    desk.create()
    desk.world.run_to("03-02 09:01")
    acts.assign(desk.session, desk.settings, "ticket", ["t"], "amy", ADA)
    desk.world.run_to("03-02 09:02")
    assert desk.world.value("t", "owner", "ticket") == "amy"
    with pytest.raises(InvalidInput, match="works here no more"):
        acts.assign(desk.session, desk.settings, "ticket", ["t"], "gone", ADA)
    with pytest.raises(UnknownName):
        acts.assign(desk.session, desk.settings, "ticket", ["t"], "nobody", ADA)


def test_w18_who_saw_another_owner_gives_nothing_away(desk: Desk) -> None:
    """Before a tick and after it; all or none."""
    for name in ("t", "u"):
        desk.create(name)
    desk.world.run_to("03-02 09:01")

    def give(to: str, seen: str | None) -> None:
        acts.assign(desk.session, desk.settings, "ticket", ["u", "t"], to, ADA, {"t": seen, "u": None})

    acts.assign(desk.session, desk.settings, "ticket", ["t"], "amy", Actor("bob", "admin"))
    for _ in range(2):
        with pytest.raises(InvalidInput, match="ticket `t` was given away meanwhile, by bob: amy has it"):
            give("rep", None)
        desk.world.run_to("03-02 09:02")
    assert [desk.world.value(name, "owner", "ticket") for name in ("t", "u")] == ["amy", None]
    give("rep", "amy")
    (card,) = cards.cards(desk.session, desk.settings.schema, "ticket", cards.Which(text="t"))
    assert (card.owner, card.given, desk.page().owner) == ("amy", "rep", "rep")
    desk.world.run_to("03-02 09:03")
    assert [desk.world.value(name, "owner", "ticket") for name in ("t", "u")] == ["rep", "rep"]


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
    assert {c.name for c in tied} == {"o0", "o1", "o2"} or {c.external_id for c in tied} == {"o0", "o1", "o2"}
    assert {c.contact for c in tied} == {"ann@x.example"}
    assert cards.count(desk.session, schema, "ticket", cards.Which(state="closed")) == 0


def test_bad_pipelines_of_other_objects_are_named(desk: Desk) -> None:
    with pytest.raises(UnknownName, match="`contact` has no pipelines"):
        acts.move(desk.session, desk.settings, "contact", ["ann"], "new", ADA)
