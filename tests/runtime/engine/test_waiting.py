"""What is put off, as people are told of it: by `segue status`, `segue outbox` and `segue why`."""

from collections import Counter

import pytest

from dsl.schema.model import Project
from runtime.channels.base import Result
from runtime.operators.outbox import waiting
from runtime.service.standing import standing
from runtime.store.ids import record_id
from runtime.why.lives import last, lives
from tests.runtime.engine.harness import MakeWorld, World
from tests.runtime.engine.test_calls import CALLED, Answering
from tests.runtime.engine.test_limits import ONCE, limited


def held_back(worlds: MakeWorld) -> World:
    """Two people, a limit of one mail a day: the mail to one waits for tomorrow."""
    world = worlds(ONCE, project=limited("{account: {per_day: 1}}"))
    for name in ("ann", "bob"):
        world.contact(name, at="03-02 08:00").enroll(name, "sequence s", at="03-02 09:00")
    return world.run_to("03-02 09:30")


def test_s18_the_mail_that_waits_for_the_limit_is_the_next_thing_due(worlds: MakeWorld) -> None:
    world = held_back(worlds)
    [(due,)] = world.sql("SELECT due FROM segue_outbox WHERE state = 'deferred'")
    assert standing(world.store, world.now).next_due == due


def test_s18_the_status_says_which_limit_holds_how_many(worlds: MakeWorld) -> None:
    [(words, mails)] = standing(held_back(worlds).store, 0).held.items()
    assert words.startswith("the rate limit of the account: ") and mails == 1


def test_w14_the_next_moment_of_a_schedule_and_of_a_date_are_due_next(worlds: MakeWorld) -> None:
    rules = """
    workflow weekly of contact { when: every friday 09:00  only: email is known  send intro }
    workflow renew of contact { when: at renewal - 1 day  send case }
    """
    world = worlds(rules).contact("ann").run_to("03-03 10:00")
    assert standing(world.store, world.now).next_due == world.micros("03-06 09:00")
    world.set("ann", at="03-03 11:00", renewal="2026-03-06").run_to("03-03 12:00")
    assert standing(world.store, world.now).next_due == world.micros("03-05 00:00")
    world.restart()
    assert standing(world.store, world.now).next_due == world.micros("03-05 00:00")
    world.edit("segment all_people of contact { email is known }")
    assert standing(world.store, world.now).next_due is None


def test_s18_who_waits_for_the_limit_is_named_though_there_is_no_address_yet(worlds: MakeWorld) -> None:
    world = held_back(worlds)
    count, (one,) = waiting(world.engine.session, 0)
    assert (count, one.state, one.key, one.address, one.reason) == (1, "deferred", "", "", "limit(account)")
    assert one.contact in ("Ann", "Bob", "ann@x.example", "bob@x.example")


def test_s18_the_last_line_of_a_mail_that_waits_says_until_when(worlds: MakeWorld) -> None:
    world = held_back(worlds)
    [(contact, due)] = world.sql("SELECT contact_id, due FROM segue_outbox WHERE state = 'deferred'")
    session, definition = world.engine.session, world.engine.rules.live[0].definition
    assert last(session, 1, contact, world.now) is not None
    [life] = lives(session, 1, contact, definition, world.now, False, Project("x"))
    sends = [(step.outcome, step.detail, step.due) for step in life.steps if step.what == "send"]
    assert sends == [("planned", "", None), ("deferred", "limit(account)", due)]


def test_webhooks_are_counted_apart_and_the_log_counts_what_was_put_off(worlds: MakeWorld) -> None:
    channel = Answering(Result("later", "erp answered 503"))
    rule = 'workflow w of contact { when: manually  webhook "erp" { who = email } }'
    world = worlds(rule, project=CALLED, channel=channel)
    world.contact("ann").enroll("ann", "workflow w", at="03-03 10:00").run_to("03-03 10:00")
    found = standing(world.store, world.now)
    assert (found.outbox, found.calls) == ({}, {"deferred": 1})
    assert world.engine.session.tally["put_off"] == 1


@pytest.mark.parametrize("states", [("sent", "sent", "sent"), ("planned", "refused", "sent"), ("refused",) * 3])
def test_mails_are_counted_by_state_whatever_most_of_them_are(worlds: MakeWorld, states: tuple[str, ...]) -> None:
    rule = 'workflow w of contact { when: manually  send letter  webhook "erp" { who = email } }'
    world = worlds(rule, project=CALLED, channel=Answering(Result("sent")))
    for name in ("ann", "bob", "cid"):
        world.contact(name).enroll(name, "workflow w", at="03-03 10:00")
    world.run_to("03-03 10:00")
    with world.engine.session.transaction():
        for name, state in zip(("ann", "bob", "cid"), states, strict=True):
            who = {"state": state, "id": record_id("contact", name)}
            world.sql("UPDATE segue_outbox SET state = :state WHERE kind = 'email' AND contact_id = :id", **who)
    found = standing(world.store, world.now)
    assert (found.outbox, found.calls) == (Counter(states), {"sent": 3})


def test_a_store_that_was_never_run_is_not_behind(worlds: MakeWorld) -> None:
    world = worlds("segment all_people of contact { email is known }")
    world.contact("ann", at="03-02 08:00").deliver()
    found = standing(world.store, world.micros("03-20 08:00"))
    assert (found.inbox, found.lags) == (1, ())
