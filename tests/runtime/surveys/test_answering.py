"""One answer to each invitation; nobody is asked too often; an answer starts what follows (P12, X27)."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest

from runtime.access.roles import Actor
from runtime.errors import InvalidInput, NotAllowed, UnknownName
from runtime.store import inbox
from runtime.store.ids import record_id
from runtime.surveys.answering import answer
from tests.runtime.engine.harness import PROJECT, MakeWorld, World
from tests.runtime.surveys.conftest import ask, reply, token
from tests.runtime.talks.conftest import REP, loaded

RULES = """
survey nps "How likely?" {
  scale: 0..10 -> contact.visits
  not_again_within: 90 days
  when answers.score <= 6 { ask reason "What went wrong?": choice [price, support] required }
  ask company "Company": text -> company.name
  on submit { if answers.score <= 6 { task call "Sorry about {{ answers.reason | default: 'it' }}" } }
}
survey ces { kind: ces scale: 1..7 polarity: low }
workflow unhappy of contact { when: submitted_survey(survey = nps and score <= 6)  again: always  notify rep "Unhappy" }
"""
TABLES = ("segue_talk", "segue_answer", "segue_audit", "segue_inbox", "segue_invitation WHERE talk_id IS NOT NULL")


def begun(worlds: MakeWorld, **settings: object) -> World:
    world = worlds(RULES, **settings).contact("ann").contact("bob").company("Acme", "ann")
    return world.run_to("03-02 09:00")


def counts(world: World) -> list[int]:
    return [world.sql(f"SELECT count(*) FROM {table}")[0][0] for table in TABLES]


def test_x27_an_answer_is_written_and_starts_what_follows(worlds: MakeWorld) -> None:
    world = begun(worlds)
    done = reply(world, token(world, "nps", "ann"), score=3, reason="price", company="Other")
    assert done.contact_id == record_id("contact", "ann") and done.linked[0].name == "Other"
    world.run_to("03-02 09:05")
    assert world.sql("SELECT visits FROM contact WHERE id = :id", id=done.contact_id) == [(3,)]
    assert world.sql("SELECT title FROM segue_task") == [("Sorry about price",)]
    assert [words for _, _, words in world.notes("ann")] == ["Unhappy"]
    assert sorted(world.sql("SELECT name FROM company")) == [("Acme",), ("Other",)]
    assert world.sql("SELECT survey, score, id FROM event_submitted_survey") == [("nps", 3, done.talk_id)]
    assert world.sql("SELECT kind, name, contact_id FROM segue_talk") == [("survey", "nps", done.contact_id)]


def test_x27_the_second_answer_changes_nothing(worlds: MakeWorld) -> None:
    world = begun(worlds)
    mine = token(world, "nps", "ann")
    reply(world, mine, score=9)
    world.run_to("03-02 09:05")
    before = counts(world)
    with pytest.raises(InvalidInput, match="this invitation to `nps` was answered on 2026-03-02 09:00"):
        reply(world, mine, score=1, reason="price")
    assert counts(world) == before
    assert world.sql("SELECT number FROM segue_answer WHERE name = 'score'") == [(9,)]


def test_x27_two_who_answer_at_once(shared: Callable[[str], World]) -> None:
    world = shared(RULES).contact("ann").run_to("03-02 09:00")
    mine, told = token(world, "nps", "ann"), []

    def one(score: int) -> None:
        with world.store.session() as session:
            try:
                told.append(answer(session, loaded(world), mine, {"score": score}, REP).answers["score"])
            except InvalidInput as error:
                told.append(error.message[:38])

    threads = [threading.Thread(target=one, args=(score,)) for score in (8, 9, 10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    world.run_to("03-02 09:05")
    assert sorted(map(str, told))[1:] == ["this invitation to `nps` was answered "] * 2
    assert world.sql("SELECT count(*) FROM event_submitted_survey") == [(1,)]
    assert world.sql("SELECT count(*) FROM segue_talk") == [(1,)]


def test_x27_the_store_keeps_no_token_and_none_can_be_made_up(worlds: MakeWorld) -> None:
    world = begun(worlds)
    mine = token(world, "nps", "ann")
    kept = world.sql("SELECT * FROM segue_invitation")[0]
    assert mine not in map(str, kept) and len(mine) == 34
    for wrong in (mine[:-1], mine[:-1] + ("0" if mine[-1] != "0" else "1"), "", "x" * 1_000_000, f"ff{mine[2:]}"):
        with pytest.raises(UnknownName, match="no invitation has this token"):
            reply(world, wrong, score=1)
    assert reply(world, f" {mine.upper()} ", score=10).answers == {"score": 10}


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        ({}, "not answered yet: `score`"),
        ({"score": 11}, "`11` is not on the scale"),
        ({"score": "7.5"}, "`7.5` is not on the scale"),
        ({"score": True}, "`true` is no number"),
        ({"score": 3}, "not answered yet: `reason`"),
        ({"score": 9, "reason": "price"}, "`reason` is not asked"),
        ({"score": 9, "why": "x"}, "asks no question `why`"),
    ],
)
def test_p3_nothing_is_written_unless_all_is_right(answers: dict[str, object], words: str) -> None:
    world = begun(lambda *a, **k: World(*a, **k))
    mine = token(world, "nps", "ann")
    before = counts(world)
    with pytest.raises(InvalidInput) as refused:
        reply(world, mine, **answers)
    assert words in refused.value.message and counts(world) == before
    assert reply(world, mine, score=10).answers == {"score": 10}
    world.close()


def test_p12_who_answered_lately_is_not_asked_again(worlds: MakeWorld) -> None:
    world = begun(worlds)
    reply(world, token(world, "nps", "ann"), score=10)
    asked = ask(world, "nps", "ann", "bob", "bob")
    assert asked.lately == (record_id("contact", "ann"),)
    assert [one.contact_id for one in asked.invited] == [record_id("contact", "bob")]
    assert ask(world, "ces", "ann").lately == ()
    world.run_to("05-31 08:59")
    assert len(ask(world, "nps", "ann").lately) == 1
    world.run_to("05-31 09:01")
    assert ask(world, "nps", "ann").lately == ()


def test_p12_an_answer_that_an_import_brought_counts_too(worlds: MakeWorld) -> None:
    world = begun(worlds).event("ann", "submitted_survey", at="03-02 09:01", survey="nps", score=7)
    world.run_to("03-02 09:05")
    assert len(ask(world, "nps", "ann", "bob").lately) == 1


def test_x27_who_comes_with_the_next_tick_may_answer_already(worlds: MakeWorld) -> None:
    world = begun(worlds).contact("eve", at="03-02 09:00").deliver()
    done = reply(world, token(world, "nps", "eve"), score=8)
    world.run_to("03-02 09:05")
    assert world.sql("SELECT visits FROM contact WHERE id = :id", id=done.contact_id) == [(8,)]
    assert world.sql("SELECT count(*) FROM event_submitted_survey") == [(1,)]


def test_x9_a_deleted_contact_answers_nothing(worlds: MakeWorld) -> None:
    world = begun(worlds)
    mine, ann = token(world, "nps", "ann"), record_id("contact", "ann")
    world._put(inbox.delete_row("contact", ann, at=world.now + 1)).run_to("03-02 09:05")
    with pytest.raises(InvalidInput, match="no contact any more"):
        reply(world, mine, score=3, reason="price")


def test_roles_and_the_log(worlds: MakeWorld) -> None:
    world, vic = begun(worlds), Actor("vic", "viewer")
    with pytest.raises(NotAllowed):
        ask(world, "nps", "ann", who=vic)
    mine = token(world, "nps", "ann")
    with pytest.raises(NotAllowed):
        reply(world, mine, vic, score=9)
    reply(world, mine, score=9)
    log = world.sql("SELECT by_user, act, refused, name FROM segue_audit ORDER BY id")
    assert [(by, refused) for by, _, refused, _ in log] == [("vic", 1), ("rep", 0), ("vic", 1), ("rep", 0)]
    assert {(act, name) for _, act, _, name in log} == {("survey", "survey nps")}


def test_a_link_leads_to_where_it_is_answered(worlds: MakeWorld) -> None:
    at = PROJECT.replace("path: outbox", 'path: outbox, survey_url: "https://s.example/{survey}?t={token}"')
    world = begun(worlds, project=at)
    one = ask(world, "nps", "ann").invited[0]
    assert one.link == f"https://s.example/nps?t={one.token}"
