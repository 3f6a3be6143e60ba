"""A form finds or makes its contact, writes where nobody loses by it, and starts what follows (P13, X27)."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.access.roles import Actor
from runtime.errors import InvalidInput, NotAllowed, UnknownName
from runtime.forms import submitting
from runtime.forms.submitting import Submitted, submit
from runtime.forms.written import Effects, effects
from runtime.store.ids import record_id
from runtime.store.values import Storage
from runtime.talks.questions import Sitting
from tests.examples import examples
from tests.runtime.engine.harness import SCHEMA, MakeWorld, World
from tests.runtime.forms.conftest import send
from tests.runtime.talks.conftest import REP, loaded

RULES = """
form demo "Demo" {
  ask email "E-mail": text -> contact.email required
  ask plan "Plan?" -> contact.plan
  ask company "Company": text -> company.name
  ask budget "Budget": money -> company.budget
  ask agrees "News?": bool
  when answers.agrees { ask topics "About what?": long_text required }
  on submit {
    task call "Ring {{ answers.email }} about {{ answers.topics | default: 'all' }}"
    if answers.agrees { subscribe to news because "Version 3: {{ answers.topics | default: 'all' }}" }
  }
}
workflow greeted of contact { when: submitted_form(form = demo)  notify rep "A form" }
"""
TABLES = ("segue_talk", "segue_answer", "segue_audit", "segue_inbox", "contact", "company")


def begun(worlds: MakeWorld) -> World:
    world = worlds(RULES).contact("ann", email="Ann@X.example", plan="free")
    return world.company("Acme", "ann", industry="tea").run_to("03-02 09:00")


def counts(world: World) -> list[int]:
    return [world.sql(f"SELECT count(*) FROM {table}")[0][0] for table in TABLES]


def company_of(world: World, contact: int) -> list[tuple]:
    sql = (
        "SELECT c.name, c.budget FROM link_contact_company l JOIN company c ON c.bucket = l.to_bucket AND c.id ="
        " l.to_id WHERE l.id = :id"
    )
    return world.sql(sql, id=contact)


def test_x27_the_contact_is_found_by_the_folded_address(worlds: MakeWorld) -> None:
    world = begun(worlds)
    sent = send(world, "demo", email=" ann@x.EXAMPLE ", plan="Paid")
    assert (sent.contact_id, sent.new_contact) == (record_id("contact", "ann"), False)
    world.run_to("03-02 09:05")
    assert world.sql("SELECT email, plan FROM contact") == [("Ann@X.example", "paid")]
    history = world.sql("SELECT old, new, cause FROM segue_property_history WHERE property = 'plan'")
    assert [(old, new) for old, new, _ in history] == [("free", "paid")]
    assert history[0][2].startswith(f"form demo {sent.talk_id}/")
    assert world.sql("SELECT kind, name, by_user FROM segue_talk") == [("form", "demo", None)]
    assert [k for _, k, *_ in world.tasks("ann")] == ["call"] and len(world.notes("ann")) == 1


def test_x27_a_new_contact_is_made_once_before_and_after_a_tick(worlds: MakeWorld) -> None:
    world = begun(worlds)
    first = send(world, "demo", email="bob@x.example", plan="trial", company="Beta", budget="5")
    second = send(world, "demo", email="BOB@x.example", plan="paid", company="beta")
    assert first.new_contact and first.contact_id == second.contact_id and first.linked[0].new
    world.run_to("03-02 09:05")
    third = send(world, "demo", email="bob@X.example")
    assert (third.contact_id, third.new_contact) == (first.contact_id, False)
    world.run_to("03-02 09:10")
    assert world.sql("SELECT plan FROM contact WHERE id = :id", id=first.contact_id) == [("paid",)]
    assert len(world.sql("SELECT id FROM company")) == 2
    assert [name.casefold() for name, _ in company_of(world, first.contact_id)] == ["beta"]
    assert world.sql("SELECT count(*) FROM event_submitted_form") == [(3,)]
    assert world.sql("SELECT count(*) FROM segue_task") == [(3,)]


def test_x27_a_contact_who_comes_with_the_next_tick_is_found(worlds: MakeWorld) -> None:
    world = begun(worlds).contact("eve", at="03-02 09:00")
    assert send(world, "demo", email="EVE@x.example").contact_id == record_id("contact", "eve")


def test_x27_somebody_whose_id_is_an_address_they_left_keeps_it(worlds: MakeWorld) -> None:
    world = worlds(RULES).contact("old@x.example", email="new@x.example").run_to("03-02 09:00")
    sent = send(world, "demo", email="old@x.example")
    world.run_to("03-02 09:05")
    assert sent.new_contact and sent.contact_id != record_id("contact", "old@x.example")
    assert sorted(world.sql("SELECT email FROM contact")) == [("new@x.example",), ("old@x.example",)]


def test_x27_a_company_is_filled_where_empty_and_never_renamed(worlds: MakeWorld) -> None:
    world, ann = begun(worlds), record_id("contact", "ann")
    same = send(world, "demo", email="ann@x.example", company="ＡＣＭＥ", budget="100")
    assert same.linked == () and [w.value for w in same.written] == [10000]
    world.run_to("03-02 09:05")
    assert company_of(world, ann) == [("Acme", 10000)]
    other = send(world, "demo", email="ann@x.example", company="acme", budget="200")
    assert other.kept == ("budget",) and other.written == ()
    new = send(world, "demo", email="ann@x.example", company="Zeta", budget="300")
    assert [(one.name, one.new) for one in new.linked] == [("Zeta", True)]
    world.run_to("03-02 09:10")
    assert company_of(world, ann) == [("Zeta", 30000)]
    back = send(world, "demo", email="ann@x.example", company="Acme")
    assert [(one.id, one.new) for one in back.linked] == [(record_id("company", "Acme"), False)]
    world.run_to("03-02 09:15")
    assert company_of(world, ann) == [("Acme", 10000)]
    assert sorted(world.sql("SELECT name, industry, budget FROM company")) == [
        ("Acme", "tea", 10000),
        ("Zeta", None, 30000),
    ]


def test_x27_what_an_earlier_form_said_counts_before_the_tick_too(worlds: MakeWorld) -> None:
    world = begun(worlds)
    send(world, "demo", email="bob@x.example", company="Beta")
    filled = send(world, "demo", email="bob@x.example", budget="5")
    other = send(world, "demo", email="bob@x.example", company="BETA", budget="7")
    assert (filled.kept, [w.value for w in filled.written]) == ((), [500])
    assert (other.kept, other.linked) == (("budget",), ())
    world.run_to("03-02 09:05")
    assert company_of(world, filled.contact_id) == [("Beta", 500)]


def test_x27_a_day_that_is_there_already_is_not_told_as_kept(worlds: MakeWorld) -> None:
    rules = 'form f { ask email "E": text -> contact.email required  ask day "D" -> company.founded }'
    schema = SCHEMA.replace("budget: {type: money}", "founded: {type: date}")
    world = worlds(rules, schema=schema).contact("ann").company("Acme", "ann", founded="2020-02-29")
    world.run_to("03-02 09:00")
    assert send(world, "f", email="ann@x.example", day="2020-02-29").kept == ()
    assert send(world, "f", email="ann@x.example", day="2020-03-01").kept == ("day",)


def test_x27_what_belongs_to_no_record_stays_in_the_talk(worlds: MakeWorld) -> None:
    world = begun(worlds)
    assert send(world, "demo", email="bob@x.example", budget="7").kept == ("budget",)
    world.run_to("03-02 09:05")
    assert world.sql("SELECT count(*) FROM company") == [(1,)]
    assert world.sql("SELECT whole FROM segue_answer WHERE name = 'budget'") == [(700,)]


def test_l4_the_text_agreed_to_is_kept_with_its_basis(worlds: MakeWorld) -> None:
    world = begun(worlds)
    send(world, "demo", email="ann@x.example", agrees="yes", topics="tea")
    world.run_to("03-02 09:05")
    kept = world.sql("SELECT topic, state, basis, words FROM segue_consent")
    assert kept == [("news", "opted_in", "form demo", "Version 3: tea")]


WRONG: list[tuple[dict[str, object], str]] = [
    ({}, "not answered yet: `email`"),
    ({"email": "ann"}, "email: `ann` is no e-mail address"),
    ({"email": "a@x.example\nBcc: b@x.example"}, "is no e-mail address"),
    ({"email": 7}, "email: `7` is no text"),
    ({"email": "ann@x.example", "plan": "gold"}, "plan: `gold` is none of the options"),
    ({"email": "ann@x.example", "plan": ["paid"]}, "plan: "),
    ({"email": "ann@x.example", "agrees": "yes"}, "not answered yet: `topics`"),
    ({"email": "ann@x.example", "topics": "tea"}, "`topics` is not asked"),
    ({"email": "ann@x.example", "phone": "1"}, "asks no question `phone`"),
    ({"email": "ann@x.example", "company": "x" * 9_900_000}, "company: the text is 9,900,000 characters long"),
    ({"email": "ann@x.example"} | {f"x{i}": "1" for i in range(1_000_000)}, "asks no question `x0`"),
]


def test_p13_nothing_is_written_unless_all_is_right(worlds: MakeWorld) -> None:
    world = begun(worlds)
    before = counts(world)
    for answers, words in WRONG:
        with pytest.raises(InvalidInput) as refused:
            send(world, "demo", **answers)
        assert words in refused.value.message and len(refused.value.message) < 500
    assert counts(world) == before


def test_p13_unknown_fields_are_told_with_the_names_known(worlds: MakeWorld) -> None:
    with pytest.raises(InvalidInput) as refused:
        send(begun(worlds), "demo", email="ann@x.example", compny="x")
    assert "`email`, `plan`, `company`, `budget`, `agrees`, `topics`" in refused.value.hint
    with pytest.raises(UnknownName, match="there is no form `demi`"):
        send(begun(worlds), "demi")


def test_p13_the_same_submission_counts_once(worlds: MakeWorld) -> None:
    world = begun(worlds)
    first = send(world, "demo", key="k1", email="bob@x.example", plan="paid")
    again = send(world, "demo", key="k1", email="bob@x.example", plan="paid")
    assert again.again and again.talk_id == first.talk_id and not first.again
    world.run_to("03-02 09:05")
    assert send(world, "demo", key="k1", email="bob@x.example", plan="paid").again
    for other in ({"plan": "free", "email": "bob@x.example"}, {"email": "ann@x.example"}):
        with pytest.raises(InvalidInput, match="used for other answers"):
            send(world, "demo", key="k1", **other)
    assert not send(world, "demo", key="k2", email="bob@x.example", plan="paid").again
    world.run_to("03-02 09:10")
    assert world.sql("SELECT count(*) FROM segue_task") == [(2,)]
    with pytest.raises(InvalidInput, match="no key"):
        send(world, "demo", key=" ", email="bob@x.example")


def test_a_viewer_fills_in_no_form_and_that_is_written_down(worlds: MakeWorld) -> None:
    world = begun(worlds)
    with pytest.raises(NotAllowed, match="may not fill in forms"):
        send(world, "demo", who=Actor("vic", "viewer"), email="ann@x.example")
    send(world, "demo", email="ann@x.example")
    assert world.sql("SELECT by_user, act, refused, name FROM segue_audit ORDER BY id") == [
        ("vic", "form", 1, "form demo"),
        ("rep", "form", 0, "form demo"),
    ]
    assert world.sql("SELECT count(*) FROM segue_talk") == [(1,)]


@pytest.mark.parametrize("key", ["same", None])
def test_p13_two_at_once(shared: Callable[[str], World], key: str | None) -> None:
    world = shared(RULES).contact("ann").run_to("03-02 09:00")
    done: list[Submitted] = []

    def one() -> None:
        with world.store.session() as session:
            done.append(submit(session, loaded(world), "demo", {"email": "bob@x.example"}, REP, key))

    threads = [threading.Thread(target=one) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    world.run_to("03-02 09:05")
    assert len(done) == 4 and len({one.contact_id for one in done}) == 1
    assert world.sql("SELECT count(*) FROM contact") == [(2,)]
    assert world.sql("SELECT count(*) FROM segue_task") == [(1 if key else 4,)]


def test_x27_two_at_once_who_name_one_new_company(
    shared: Callable[[str], World], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What one of them says of it stands, and the other is told that theirs is kept in the talk alone."""
    world = shared(RULES).run_to("03-02 09:00")
    both, done = threading.Barrier(2), []

    def looked_up(sitting: Sitting, answers: Mapping[str, Storage], cause: str) -> Effects:
        with contextlib.suppress(threading.BrokenBarrierError):
            both.wait(0.5)  # where nothing keeps the other one from coming as far
        return effects(sitting, answers, cause)

    monkeypatch.setattr(submitting, "effects", looked_up)

    def one(who: str, budget: str) -> None:
        with world.store.session() as session:
            answers = {"email": who, "company": "Acme", "budget": budget}
            done.append(submit(session, loaded(world), "demo", answers, REP, None))

    threads = [threading.Thread(target=one, args=said) for said in (("a@x.example", "1"), ("b@x.example", "2"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    first, second = sorted(done, key=lambda one: one.kept)
    assert (first.kept, second.kept) == ((), ("budget",))
    world.run_to("03-02 09:05")
    assert world.sql("SELECT name, budget FROM company") == [("Acme", int(first.answers["budget"]))]
    assert {contact: company_of(world, contact) for contact in (first.contact_id, second.contact_id)} == {
        one.contact_id: [("Acme", first.answers["budget"])] for one in done
    }


ADDRESSES, NAMES, PLANS = (
    ("ann@x.example", "ANN@x.example", "bob@x.example"),
    ("Acme", "acme", "Beta"),
    ("free", "paid"),
)


@examples(12)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(ADDRESSES),
            st.none() | st.sampled_from(NAMES),
            st.none() | st.sampled_from(PLANS),
            st.none() | st.integers(1, 3),
            st.booleans(),
        ),
        min_size=1,
        max_size=6,
    )
)
def test_x27_as_told_in_plain_python(sent: list[tuple]) -> None:
    """Contacts {address: [plan, company]} and companies {name: budget}, each submission after a tick."""
    world = World(RULES).contact("ann", plan=None).run_to("03-02 09:00")
    people: dict[str, list] = {"ann@x.example": [None, None]}
    companies: dict[str, int | None] = {}
    minute = 0
    for address, company, plan, budget, _ in sent:
        given_ = {"email": address, "company": company, "plan": plan, "budget": budget}
        send(world, "demo", **{k: v for k, v in given_.items() if v is not None})
        world.run_to(f"03-02 10:{(minute := minute + 1):02}")
        person = people.setdefault(address.casefold(), [None, None])
        person[0] = plan or person[0]
        if company is not None:
            person[1] = company.casefold()
            companies.setdefault(person[1], None)
        if budget is not None and person[1] is not None and companies[person[1]] is None:
            companies[person[1]] = budget * 100
    found = world.sql(
        "SELECT p.email, p.plan, c.name FROM contact p LEFT JOIN link_contact_company l ON l.bucket = p.bucket AND"
        " l.id = p.id LEFT JOIN company c ON c.bucket = l.to_bucket AND c.id = l.to_id"
    )
    assert {mail.casefold(): [plan, name and name.casefold()] for mail, plan, name in found} == people
    assert {n.casefold(): b for n, b in world.sql("SELECT name, budget FROM company")} == companies
    world.close()
