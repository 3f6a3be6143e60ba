"""A playbook as a form: what is asked by the answers so far, what is wrong beside it, what saving would do (P3, P4)."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dsl.schema.model import Kind, Type
from runtime.access.roles import ADMIN, Actor
from runtime.errors import InvalidInput
from runtime.store.ids import record_id
from runtime.store.values import Storage, encode_value
from runtime.talks import drafts, saved_talks
from runtime.talks.listing import Chosen, count_talks, page_of_talks, place_of_talk, playbooks, revisions
from runtime.talks.opening import named, opened, reader
from runtime.talks.questions import Sitting
from runtime.talks.reviewing import Review, review, review_edit
from runtime.talks.sheets import Question, Sheet, Spoken, revised, sheet, texts_of
from runtime.talks.typed import Reader
from tests.runtime.engine.harness import MakeWorld, World
from tests.runtime.talks.conftest import REP, loaded, talk

RULES = """
playbook call "Call" for contact {
  outcome: connected, no_answer
  say "Ask {{ contact.email | default: 'them' }}."
  ask plan "Which plan?" -> contact.plan required
  ask visits "How often?" -> contact.visits
  ask company "Works for?" -> contact.company.name
  when answers.visits > 5 {
    say "A heavy one."
    ask signer "Who signs?": text required
  }
  on save { task todo "Ring" }
}
playbook chat "Chat" for contact { ask why "Why?": text }
"""


def begun(worlds: MakeWorld) -> World:
    return worlds(RULES).contact("ann", plan="free", visits=1).contact("bob").run_to("03-02 09:00")


def at(world: World, who: str = "ann", name: str = "call") -> Sitting:
    project = loaded(world)
    return opened(world.deliver().engine.session, project, named(project, "playbook", name), who)


def filled(world: World, who: str = "ann", **typed: str) -> Sheet:
    sitting = at(world, who)
    return sheet(sitting, reader(sitting.session, loaded(world)), typed)


def names(form: Sheet) -> list[str]:
    return [line.text if isinstance(line, Spoken) else line.name for line in form.lines.values()]


def test_p4_what_is_asked_follows_the_answers_and_wrong_ones_count_for_none(worlds: MakeWorld) -> None:
    world = begun(worlds)
    first = ["Ask ann@x.example.", "plan", "visits", "company"]
    assert names(filled(world)) == first
    assert names(filled(world, visits="6")) == [*first, "A heavy one.", "signer"]
    assert names(filled(world, visits="6 or so")) == first
    assert names(filled(world, visits="3", signer="Eva")) == first


def test_p3_what_the_record_holds_is_the_answer_until_something_is_typed(worlds: MakeWorld) -> None:
    world = begun(worlds)
    form = filled(world)
    held = {q.name: (q.present, q.target, q.missing) for q in form.questions}
    assert held["plan"] == ("free", "plan", False) and held["visits"][0] == "1" and held["company"][1] == "company.name"
    assert form.kept == {"plan": "free", "visits": 1} and form.open == ["outcome"]
    typed = filled(world, plan="paid", outcome="connected")
    assert (typed.kept, typed.typed, typed.open) == ({"visits": 1}, {"plan": "paid"}, [])
    assert filled(world, "bob").open == ["plan", "outcome"]


def test_p3_what_is_wrong_is_told_beside_its_question(worlds: MakeWorld) -> None:
    form = filled(begun(worlds), plan="gold", visits="often", outcome="busy")
    wrong = {q.name: q.wrong for q in form.questions if q.wrong}
    assert set(wrong) == {"plan", "visits"} == set(form.open) - {"outcome"}
    assert wrong["visits"] == "`often` is no number: write a number, such as 12.5"
    assert "outcome" in form.open and form.typed == {"plan": "gold", "visits": "often"}


def test_p5_a_review_says_what_saving_does_and_writes_nothing(worlds: MakeWorld) -> None:
    world = begun(worlds)
    form = filled(world, plan="paid", visits="1", company="Acme", outcome="connected")
    found = review(loaded(world), at(world), form)
    assert [(c.record, c.property, c.old, c.new) for c in found.changes] == [("ann@x.example", "Plan", "free", "paid")]
    assert found.nowhere == ("company.name",) and "Ring" in found.follows[0]
    assert found.note.splitlines()[:2] == ["Call: connected", "Which plan? paid"]
    assert world.sql("SELECT count(*) FROM segue_talk") == [(0,)]
    assert world.sql("SELECT count(*) FROM segue_inbox") == [(0,)]
    with pytest.raises(InvalidInput, match="not answered yet"):
        review(loaded(world), at(world), filled(world))


def test_p3_an_edit_is_told_only_what_is_other_than_before(worlds: MakeWorld) -> None:
    world = begun(worlds)
    saved = talk(world, "call", "ann", outcome="connected", plan="paid", visits="9", signer="Eva")
    kept = saved_talks.found(world.engine.session, f"{saved.record_id % 256}.{saved.id}")
    sitting, project = at(world), loaded(world)
    read = reader(sitting.session, project)
    before = texts_of(sitting, read, saved_talks.answers_of(sitting.session, kept, sitting.talk))
    assert before == {"plan": "paid", "visits": "9", "signer": "Eva", "outcome": "connected"}
    form = sheet(sitting, read, before | {"visits": "7", "signer": ""}, keeps=False)
    assert revised(form, before) == {"visits": "7", "signer": ""} and form.open == ["signer"]
    fewer = sheet(sitting, read, before | {"visits": "", "signer": ""}, keeps=False)
    found: Review = review_edit(project, sitting, kept, fewer, before)
    assert "How often" not in found.note and "Eva" not in found.note and found.follows == ()
    edited = saved_talks.edit(project, sitting, kept, revised(fewer, before), "connected", REP)
    last = saved_talks.found(sitting.session, f"{edited.record_id % 256}.{edited.id}")
    assert [one.revision for one in revisions(sitting.session, last)] == [2, 1]


def test_p1_playbooks_are_listed_with_their_use_and_my_drafts(worlds: MakeWorld) -> None:
    world = begun(worlds)
    saved = talk(world, "call", "ann", outcome="connected", plan="paid")
    sitting, project = at(world), loaded(world)
    kept = saved_talks.found(sitting.session, f"{saved.record_id % 256}.{saved.id}")
    saved_talks.edit(project, sitting, kept, {"visits": "2"}, None, REP)
    drafts.hold(sitting, {"plan": "pa", "visits": " "}, REP, drafts.fresh())
    drafts.hold(sitting, {"plan": " "}, REP, drafts.fresh())
    found = {p.name: (p.talks, p.revisions, p.drafts) for p in playbooks(sitting.session, project, "rep")}
    assert found == {"call": (1, 1, 1), "chat": (0, 0, 0)}
    other = Actor("amy", ADMIN)
    assert [p.drafts for p in playbooks(sitting.session, project, other.name)] == [0, 0]


def test_p5_talks_come_by_pages_the_newest_first_and_back_again(worlds: MakeWorld) -> None:
    world = begun(worlds)
    for i in range(7):
        world.run_to(f"03-02 09:{10 + i}")
        talk(world, "chat", "bob" if i % 3 else "ann", why=str(i))
    session, schema = world.engine.session, world.program.schema
    chosen = Chosen("chat")
    every = page_of_talks(session, schema, chosen, 50)
    assert count_talks(session, chosen) == 7 == len(every)
    assert [line.talk.at for line in every] == sorted((line.talk.at for line in every), reverse=True)
    pages = [page_of_talks(session, schema, chosen, 3, after=place_of_talk(every[i])) for i in (0, 3)]
    assert [*pages[0], *pages[1]] == every[1:7]
    assert page_of_talks(session, schema, chosen, 3, 1, place_of_talk(every[6]), back=True) == every[2:5][::-1]
    ann = Chosen(None, "contact", record_id("contact", "ann"))
    assert [line.record for line in page_of_talks(session, schema, ann)] == ["ann@x.example"] * 3
    assert count_talks(session, Chosen("call")) == 0


MONEY = [Type(Kind.MONEY, currency=code) for code in ("EUR", "JPY", "KWD")]
SOME = Type(Kind.MULTI_CHOICE, ("a", "b", "c"))
KINDS = st.one_of(
    st.tuples(st.just(Type(Kind.NUMBER)), st.decimals(-(10**6), 10**6, places=3)),
    st.tuples(st.sampled_from(MONEY), st.integers(-(10**9), 10**9)),
    st.tuples(st.just(Type(Kind.DATE)), st.dates().map(str)),
    st.tuples(
        st.just(Type(Kind.DATETIME)),
        st.datetimes(datetime(1970, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)),
    ),
    st.tuples(st.just(Type(Kind.BOOL)), st.booleans()),
    st.tuples(st.just(SOME), st.sets(st.sampled_from("abc"), min_size=1).map(sorted)),
)


@given(given_=KINDS, locale=st.sampled_from(["en", "pl", "de", "ja"]), zone=st.sampled_from(["Europe/Warsaw", "UTC"]))
def test_p3_a_saved_answer_written_as_text_is_read_as_itself(
    given_: tuple[Type, object], locale: str, zone: str
) -> None:
    type_, raw = given_
    value: Storage = raw if type_.kind is Kind.MONEY and isinstance(raw, int) else _stored(type_, raw)
    read = Reader(locale, zone, "EUR", {"ada"})
    assert read(type_, read.typed(type_, value)) == value


def _stored(type_: Type, raw: object) -> Storage:
    return encode_value(type_, str(raw) if isinstance(raw, datetime | Decimal) else raw)


def test_a_question_is_missing_only_where_it_is_needed() -> None:
    asked = Question("a", "A?", Type(Kind.TEXT), True, "", "", "", "", "")
    assert asked.missing and not Question("a", "A?", Type(Kind.TEXT), False, "", "", "", "", "").missing
