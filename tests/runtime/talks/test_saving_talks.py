"""Saving is one transaction; a later edit is a revision; what is put aside is one's own (P3, P5, X9)."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.access.roles import Actor
from runtime.errors import InvalidInput, NotAllowed, UnknownName
from runtime.project.loading import Loaded
from runtime.reading.activity import page_of_acts
from runtime.store import inbox
from runtime.store.ids import record_id
from runtime.talks import drafts, saved_talks
from runtime.talks.opening import named, opened
from runtime.talks.saving import Saved
from runtime.times.zones import MINUTE
from tests.examples import examples
from tests.runtime.engine.harness import MakeWorld, World
from tests.runtime.talks.conftest import REP, loaded, talk

RULES = """
playbook call "Call" for contact {
  outcome: connected, no_answer
  ask plan "Which plan?" -> contact.plan
  ask visits "How often?" -> contact.visits
  ask company "Works for?" -> contact.company.name
  ask why "Why?": text
  when answers.visits > 5 { ask signer "Who signs?": text required }
  on save { task todo "Ring" }
}
"""
ALL_TABLES = ("segue_talk", "segue_answer", "segue_draft", "segue_audit", "segue_inbox")


def begun(worlds: Callable[..., World], **settings: object) -> World:
    world = worlds(RULES, **settings)
    return world.contact("ann", plan="free", visits=1).contact("bob").run_to("03-02 09:00")


def counts(world: World) -> list[int]:
    return [world.sql(f"SELECT count(*) FROM {table}")[0][0] for table in ALL_TABLES]


def edit(world: World, saved: Saved, outcome: str | None = None, who: Actor = REP, **answers: object) -> Saved:
    project, session = loaded(world), world.engine.session
    kept = saved_talks.found(session, f"{saved.record_id % 256}.{saved.id}")
    return saved_talks.edit(project, saved_talks.sitting_of(session, project, kept), kept, answers, outcome, who)


@pytest.mark.parametrize(
    ("answers", "outcome", "words"),
    [
        ({"visits": "often"}, "connected", "visits: `often` is no number"),
        ({"plan": "gold"}, "connected", "plan: `gold` is none of the options"),
        ({"vists": "1"}, "connected", "asks no question `vists`"),
        ({"visits": "9"}, "connected", "not answered yet: `signer`"),
        ({"visits": "2", "signer": "Bob"}, "connected", "`signer` is not asked"),
        ({"visits": "2"}, "busy", "cannot end as `busy`"),
        ({"visits": "2"}, None, "not answered yet: `outcome`"),
        ({f"x{i}": "1" for i in range(1000)}, "connected", "asks no question `x0`"),
    ],
)
def test_p3_nothing_is_written_unless_all_is_right(
    worlds: MakeWorld, answers: dict[str, object], outcome: str | None, words: str
) -> None:
    world = begun(worlds)
    before = counts(world)
    with pytest.raises(InvalidInput) as refused:
        talk(world, "call", "ann", outcome=outcome, **answers)
    assert words in refused.value.message and len(refused.value.message) < 500
    assert counts(world) == before


def test_p3_written_back_and_the_old_value_kept(worlds: MakeWorld) -> None:
    world = begun(worlds)
    saved = talk(world, "call", "ann", outcome="connected", plan="PAID", visits="3", company="Acme")
    assert [(w.property, w.record is None) for w in saved.written] == [
        ("plan", False), ("visits", False), ("name", True),
    ]  # fmt: skip
    world.run_to("03-02 09:05")
    assert world.sql("SELECT plan, visits FROM contact WHERE external_id = 'ann'") == [("paid", 3)]
    history = world.sql("SELECT property, old, new, cause FROM segue_property_history ORDER BY property")
    assert [(p, old) for p, old, _, _ in history] == [("plan", "free"), ("visits", "1")]
    assert all(cause.startswith("playbook call ") for *_, cause in history)
    assert world.sql("SELECT by_user, act, name FROM segue_audit") == [("rep", "talk", "playbook call")]


def test_p3_two_saves_of_one_instant_leave_the_later_value(worlds: MakeWorld) -> None:
    world = begun(worlds)
    for visits in ("2", "4", "3"):
        talk(world, "call", "ann", outcome="connected", visits=visits)
    world.run_to("03-02 09:05")
    assert world.sql("SELECT visits FROM contact WHERE external_id = 'ann'") == [(3,)]
    assert [new for (new,) in world.sql("SELECT new FROM segue_property_history ORDER BY seq")] == ["2", "4", "3"]


def test_p5_an_edit_is_a_revision_that_replaces(worlds: MakeWorld) -> None:
    world = begun(worlds)
    saved = talk(world, "call", "ann", outcome="no_answer", plan="paid", visits="9", signer="Bob", why="price")
    world.run_to("03-02 09:05").set("ann", plan="trial").run_to("03-02 09:10")
    again = edit(world, saved, outcome="connected", visits="4", why="")
    assert (again.revision, again.note_id, again.follows) == (2, saved.note_id, False)
    assert dict(again.answers) == {"plan": "paid", "visits": 4, "outcome": "connected"}  # nobody signs of four
    world.run_to("03-02 09:15")
    # What was not said anew is left as it has become since.
    assert world.sql("SELECT plan, visits FROM contact WHERE external_id = 'ann'") == [("trial", 4)]
    assert world.sql("SELECT count(*) FROM segue_task") == [(1,)]
    assert world.sql("SELECT body FROM note") == [("Call: connected\nWhich plan? paid\nHow often? 4",)]
    with pytest.raises(InvalidInput, match="was edited already"):
        edit(world, saved, visits="5")
    last = saved_talks.of_record(world.engine.session, "contact", record_id("contact", "ann"))
    assert [(t.id, t.revision, t.replaces) for t in last] == [(again.id, 2, saved.id)]


def test_p5_two_who_edit_at_once_make_one_revision(shared: Callable[[str], World]) -> None:
    world = begun(shared)
    saved = talk(world, "call", "ann", outcome="connected", visits="1")
    project, told = loaded(world), []

    def change(visits: str) -> None:
        with world.store.session() as session:
            kept = saved_talks.found(session, f"{saved.record_id % 256}.{saved.id}")
            at = saved_talks.sitting_of(session, project, kept)
            try:
                told.append(saved_talks.edit(project, at, kept, {"visits": visits}, None, REP).revision)
            except InvalidInput as error:
                told.append(error.message)

    both = [threading.Thread(target=change, args=(n,)) for n in "23"]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert sorted(map(str, told))[0] == "2" and "was edited already" in sorted(map(str, told))[1]
    assert world.sql("SELECT count(*) FROM segue_talk") == [(2,)]


def test_p5_put_aside_taken_up_and_saved(worlds: MakeWorld) -> None:
    world = begun(worlds)
    project, session = loaded(world), world.engine.session
    at = opened(session, project, named(project, "playbook", "call"), "ann")
    id_ = drafts.put_aside(at, {"visits": "often", "why": "price", "plan": " "}, REP)
    drafts.put_aside(at, {"visits": "2", "why": "price"}, REP, id_)
    found = drafts.draft(session, str(id_), REP)
    assert (found.answers, found.by_user, len(drafts.drafts(session, "rep"))) == (
        {"visits": "2", "why": "price"},
        "rep",
        1,
    )
    with pytest.raises(NotAllowed):
        drafts.draft(session, str(id_), Actor("amy", "rep"))
    with pytest.raises(InvalidInput):
        saved_talks.save(project, at, found.answers, None, REP, id_)
    assert len(drafts.drafts(session)) == 1
    saved_talks.save(project, at, found.answers, "connected", REP, id_)
    assert drafts.drafts(session) == []
    with pytest.raises(UnknownName):
        drafts.draft(session, str(id_), REP)


def test_p5_drafts_are_their_writers_own_and_what_is_lost_or_refused_is_written_down(worlds: MakeWorld) -> None:
    world = begun(worlds)
    project, session = loaded(world), world.engine.session
    at = opened(session, project, named(project, "playbook", "call"), "ann")
    id_ = str(drafts.put_aside(at, {"why": "price"}, REP))
    for who in (Actor("amy", "rep"), Actor("eve", "viewer")):
        for act in (drafts.draft, drafts.let_go):
            with pytest.raises(NotAllowed, match=who.name):
                act(session, id_, who)
    with pytest.raises(NotAllowed):
        drafts.put_aside(at, {"why": "time"}, Actor("eve", "viewer"))
    assert [one.answers for one in drafts.drafts(session)] == [{"why": "price"}]
    drafts.let_go(session, id_, Actor("amy", "operator"))
    assert drafts.drafts(session) == []
    lines = [(line.by_user, line.name, line.refused) for line in page_of_acts(session)]
    refused = [(who, "playbook call", True) for who in ("eve", "eve", "eve", "amy", "amy")]
    assert lines == [("amy", "playbook call", False), *refused]


def test_roles_say_who_talks_and_whose_talk_one_edits(worlds: MakeWorld) -> None:
    world = begun(worlds)
    before = counts(world)
    with pytest.raises(NotAllowed):
        talk(world, "call", "ann", outcome="connected", who=Actor("eve", "viewer"))
    assert counts(world)[:3] == before[:3]
    saved = talk(world, "call", "ann", outcome="connected", who=Actor("rep", "rep"))
    with pytest.raises(NotAllowed):
        edit(world, saved, visits="2", who=Actor("amy", "rep"))
    assert edit(world, saved, visits="2", who=Actor("amy", "operator")).revision == 2


def test_x9_a_deleted_contact_leaves_no_word_of_theirs(worlds: MakeWorld) -> None:
    world = begun(worlds)
    talk(world, "call", "ann", outcome="connected", plan="paid", visits="9", signer="Ann Smith", why="secret")
    other = talk(world, "call", "bob", outcome="connected", why="stays")
    project, session = loaded(world), world.engine.session
    at = opened(session, project, named(project, "playbook", "call"), "ann")
    drafts.put_aside(at, {"why": "secret"}, REP)
    world.run_to("03-02 09:05")
    with session.transaction():
        inbox.put(session, [inbox.delete_row("contact", record_id("contact", "ann"), at=world.now + 1)])
    world.run_to("03-02 09:10")
    kept = "SELECT name, text, whole, number FROM segue_answer WHERE talk_id <> :other ORDER BY name"
    assert [(n, t) for n, t, _, _ in world.sql(kept, other=other.id)] == [
        ("plan", "paid"), ("signer", None), ("visits", None), ("why", None),
    ]  # fmt: skip
    assert world.sql("SELECT text FROM segue_answer WHERE talk_id = :other", other=other.id) == [("stays",)]
    assert drafts.drafts(session) == []
    assert sorted(body.split("\n")[0] for (body,) in world.sql("SELECT body FROM note")) == [
        "(deleted)",
        "Call: connected",
    ]
    assert world.sql("SELECT count(*) FROM segue_talk") == [(2,)]


def test_x20_who_is_on_the_line_must_be_known(worlds: MakeWorld) -> None:
    world = worlds('playbook p for deal with contact { ask n "N?": number }')
    world.contact("ann").contact("bob").contact("cat")
    world.deal("one", "ann", "03-02 08:00").deal("two", "ann", "03-02 08:00")
    world.link("deal", "two", "contact", "bob", "03-02 08:00").record("deal", "none", "03-02 08:00", name="n")
    world.run_to("03-02 09:00")
    assert talk(world, "p", "one", n="1").contact_id == record_id("contact", "ann")
    assert talk(world, "p", "two", "bob", n="1").contact_id == record_id("contact", "bob")
    for record, contact, words in (
        ("two", None, "several contacts"), ("none", None, "no contact"), ("one", "cat", "no contact of the deal"),
    ):  # fmt: skip
        with pytest.raises(InvalidInput, match=words):
            talk(world, "p", record, contact, n="1")
    world.run_to("03-02 09:05")
    notes = "SELECT count(*) FROM link_contact_note WHERE id = :id"
    assert world.sql(notes, id=record_id("contact", "bob")) == [(1,)]
    (kept,) = saved_talks.of_record(world.engine.session, "contact", record_id("contact", "bob"))
    assert kept.object == "deal"


def test_p1_an_unknown_playbook_is_told_with_the_nearest(worlds: MakeWorld) -> None:
    project: Loaded = loaded(begun(worlds))
    with pytest.raises(UnknownName) as refused:
        named(project, "playbook", "cal")
    assert "call" in refused.value.hint


def test_p3_a_long_talk_is_said_at_its_end(worlds: MakeWorld) -> None:
    """What somebody else wrote while it went on is older."""
    world = begun(worlds)
    project, session = loaded(world), world.engine.session
    at = opened(session, project, named(project, "playbook", "call"), "ann")
    world.set("ann", "03-02 09:10", plan="trial").run_to("03-02 09:30")
    saved_talks.save(project, at, {"plan": "paid"}, "connected", REP)
    world.run_to("03-02 09:35")
    assert world.sql("SELECT plan FROM contact WHERE external_id = 'ann'") == [("paid",)]


SAVES = st.tuples(
    st.sampled_from(["save", "save", "edit"]),
    st.dictionaries(st.sampled_from(["plan", "visits", "why"]), st.integers(0, 2), max_size=3),
    st.booleans(),
)
WORDS = {"plan": ["free", "trial", "paid"], "visits": ["0", "1", "2"], "why": ["a", "b", ""]}


@examples(8)
@given(st.lists(SAVES, min_size=1, max_size=6), st.integers(0, 10**12))
def test_p3_p5_saves_and_edits_against_plain_python(
    worlds_of: World, acts: list[tuple[str, dict[str, int], bool]], number: int
) -> None:
    """Properties and their history after any saves and edits, with ticks between them or none."""
    world, name = worlds_of, f"c{number}"
    id_ = record_id("contact", name)
    if world.sql("SELECT 1 FROM contact WHERE id = :id", id=id_):
        return
    world.record("contact", name, world.local(world.now + 1_000_000), plan="free", visits=0)
    world.engine.run(world.deliver().now + 5 * MINUTE)
    now, history, last = {"plan": "free", "visits": "0"}, [], None
    said: dict[str, str] = {}
    for act, chosen, ticks in acts:
        answers = {key: WORDS[key][n] for key, n in chosen.items()}
        if act == "edit" and last is not None and answers:
            written = {k: v for k, v in answers.items() if v and said.get(k) != v}
            said = {k: v for k, v in {**said, **answers}.items() if v}
            last = edit(world, last, None, **answers)
        else:
            last = talk(world, "call", name, outcome="connected", **answers)
            said = written = {k: v for k, v in answers.items() if v}
        for key in ("plan", "visits"):
            if key in written and written[key] != now[key]:
                history.append((key, now[key], written[key]))
                now[key] = written[key]
        if ticks:
            world.engine.run(world.now + MINUTE)
    world.engine.run(world.now + MINUTE)
    assert world.sql("SELECT plan, visits FROM contact WHERE id = :id", id=id_) == [(now["plan"], int(now["visits"]))]
    kept = world.sql("SELECT property, old, new FROM segue_property_history WHERE id = :id ORDER BY at, seq", id=id_)
    assert sorted(kept) == sorted(history)
    for key in ("plan", "visits"):
        assert [row for row in kept if row[0] == key] == [row for row in history if row[0] == key]
    saves = world.sql("SELECT count(*) FROM segue_talk WHERE record_id = :id AND revision = 1", id=id_)[0][0]
    assert world.sql("SELECT count(*) FROM segue_task WHERE contact_id = :id", id=id_) == [(saves,)]
    assert world.sql("SELECT count(*) FROM link_contact_note WHERE id = :id", id=id_) == [(saves,)]


@pytest.fixture
def worlds_of(worlds: MakeWorld) -> World:
    return begun(worlds)
