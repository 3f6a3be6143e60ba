"""Traps others fell into (architecture, "Traps"): one test for each. What was skipped or done twice because two workers
were at it is in `tests/runtime/leases`; the same by real signals and failing disks in `test_crash` and
`test_failing_disk`.
"""

from __future__ import annotations

import pytest

from runtime.engine.tick import Engine
from runtime.metrics.sequences import sequence_metrics
from runtime.store import inbox
from runtime.store.ids import record_id
from tests.runtime.engine.harness import PROJECT, SCHEMA, MakeWorld, World

JOURNEY = """
sequence x { when: viewed_page  sender: rep  send intro  wait 1 day  send case }
workflow w of contact { when: viewed_page  set visits = 1  wait 1 day  add 2 to visits  send receipt }
"""


class Died(BaseException):
    """The process is no more."""


def _dies(engine: Engine, survived: int, stored: bool) -> None:
    """The process of this engine dies at a commit, after so many; `stored`: that commit was still made."""
    session, made = engine.session, 0
    commit = session.commit

    def dying() -> None:
        nonlocal made
        made += 1
        if made <= survived or stored:
            commit()
        if made > survived:
            raise Died

    session.commit = dying


def _lived_through(w: World, until: str, survived: int, stored: bool) -> int:
    """Start it again and again until it has come so far; how often it died."""
    for died in range(100):
        _dies(w.engine, survived, stored)
        try:
            w.run_to(until)
        except Died:
            del w.engine.session.commit
            w.restart()
        else:
            return died
    raise AssertionError("it gets nowhere")


@pytest.mark.parametrize("survived", [2, 3, 4])
@pytest.mark.parametrize("stored", [False, True], ids=["before_it_is_stored", "after_it_is_stored"])
def test_trap_checkpoint_and_effect_are_stored_together(worlds: MakeWorld, survived: int, stored: bool) -> None:
    """Neither a checkpoint moved before its effect (people skipped) nor a step marked done before its job is stored
    (lost sends): whichever commit the process dies at, and however often, it comes to the same."""
    w = worlds(JOURNEY).contact("ann").contact("bob").go_live()
    w.event("ann", "viewed_page", at="03-03 10:00", path="/").event("bob", "viewed_page", at="03-03 10:05", path="/")
    w.deliver()
    assert _lived_through(w, "03-06 10:00", survived, stored) >= 2
    for name, minute in (("ann", "10:00"), ("bob", "10:05")):
        assert sorted(w.mails(name)) == [
            (f"03-03 {minute}", "intro"), (f"03-04 {minute}", "case"), (f"03-04 {minute}", "receipt"),
        ]  # fmt: skip
        assert w.value(name, "visits") == 3
        assert w.status(name, "x") == "finished(no_reply)" and w.status(name, "w") == "finished(completed)"
    assert len(w.channel.sent) == 6


def test_trap_sends_are_told_apart_by_intent_not_by_content_and_time(worlds: MakeWorld) -> None:
    """Sends are told apart by who intends them, not by what they say and when."""
    body = "{ when: manually  sender: rep  exclusive: false  again: always  send intro }"
    w = worlds(f"sequence x {body} sequence y {body}").contact("ann")
    w.enroll("ann", "sequence x", at="03-03 10:00").enroll("ann", "sequence y", at="03-03 10:00")
    w.enroll("ann", "sequence x", at="03-03 10:01").run_to("03-04 09:00")
    assert w.mails("ann") == [("03-03 10:00", "intro"), ("03-03 10:00", "intro"), ("03-03 10:01", "intro")]
    assert len(w.channel.sent) == 3


def test_trap_an_event_delivered_twice_counts_and_starts_once(worlds: MakeWorld) -> None:
    """By the source's own id, in one batch and in two."""
    w = worlds(
        "segment twice of contact { has viewed_page at least 2 times }"
        " workflow w of contact { when: viewed_page  again: always  set visits = 1 }"
    )
    w.contact("ann")
    for _ in range(2):
        w.event("ann", "viewed_page", at="03-03 10:00", path="/", key="one").run_to("03-03 10:00")
    w.event("ann", "viewed_page", at="03-03 10:00", path="/", key="one").run_to("03-03 12:00")
    assert (w.members("twice"), len(w.entered("ann", "w"))) == (set(), 1)
    w.event("ann", "viewed_page", at="03-03 13:00", path="/", key="two").run_to("03-03 14:00")
    assert (w.members("twice"), len(w.entered("ann", "w"))) == ({"ann"}, 2)


def test_trap_segment_flicker_neither_cancels_nor_restarts(worlds: MakeWorld) -> None:
    """Out and in again: what runs goes on, once; within one minute not even the membership changes."""
    w = worlds(
        "segment t of contact { plan = trial } sequence x { when: in segment t  sender: rep "
        " send intro  wait 2 days  send case }"
    )
    w.contact("ann", at="03-03 10:00", plan="trial")
    w.set("ann", plan="free", at="03-04 10:00").set("ann", plan="trial", at="03-04 11:00")
    w.set("ann", plan="free", at="2026-03-04 12:00:10").set("ann", plan="trial", at="2026-03-04 12:00:20").run_to(
        "03-09 09:00"
    )
    assert w.mails("ann") == [("03-03 10:00", "intro"), ("03-05 10:00", "case")]
    assert w.turns("ann", "t") == [("03-03 10:00", "03-04 10:00"), ("03-04 11:00", None)]


def test_trap_time_conditions_wait_for_no_nightly_sweep(worlds: MakeWorld) -> None:
    """`has not viewed_page within 90 minutes` turns to the minute, without any event."""
    w = worlds(
        "sequence x { when: has viewed_page and has not viewed_page within 90 minutes  sender: rep  send intro }"
    )
    w.contact("ann").event("ann", "viewed_page", at="03-03 10:07", path="/").event(
        "ann", "viewed_page", at="03-03 11:00", path="/"
    )
    w.run_to("03-04 09:00")
    assert w.mails("ann") == [("03-03 12:30", "intro")]


def test_trap_a_crash_in_process_leaves_no_touch_behind(world: MakeWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    """The pass is committed, the dispatch fails, the same engine goes on: what was touched starts nothing again."""
    w = world("workflow w of contact { when: viewed_page  again: always  send receipt  set visits = 1 }").contact("ann")
    w.event("ann", "viewed_page", at="03-03 10:00", path="/")
    w.go_live()

    def broken(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(w.engine.phases.dispatch, "send", broken)
    with pytest.raises(KeyboardInterrupt):
        w.run_to("03-03 12:00")
    w.go_live().event("ann", "viewed_page", at="03-03 11:00", path="/").run_to("03-03 12:00")
    assert w.entered("ann", "w") == ["03-03 10:00", "03-03 11:00"]
    assert w.mails("ann") == [("03-03 10:00", "receipt"), ("03-03 11:00", "receipt")]


def test_trap_mail_claimed_before_a_crash_obeys_the_window_after_it(
    world: MakeWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Claimed at 16:59 and never sent; the machine comes back at night: it waits for the morning, and one who replied
    meanwhile gets none."""
    w = world(
        "sequence x { when: plan = trial  sender: rep  window: every day 09:00-17:00  send"
        " intro  wait 1 day  send case }"
    )
    w.contact("ann", at="03-03 16:59", plan="trial").contact("bob", at="03-03 16:59", plan="trial").tick("03-03 12:00")

    def broken(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(w.engine.phases.dispatch, "send", broken)
    with pytest.raises(KeyboardInterrupt):
        w.tick("03-03 16:59")
    w.restart().event("bob", "replied", at="03-03 20:00").tick("03-03 23:00").tick("03-04 08:59")
    assert w.mails("ann") == w.mails("bob") == []
    w.tick("03-04 09:00")
    assert (w.mails("ann"), w.mails("bob")) == ([("03-04 09:00", "intro")], [])
    assert [s[1:] for s in w.steps("ann")] == [
        ("entered", None, "active"), ("send", "intro", "deferred"), ("send", "intro", "sent"),
    ]  # fmt: skip


def test_trap_a_deleted_step_does_not_fire_again(worlds: MakeWorld) -> None:
    """Whoever is inside goes on by the version they came in with; a step put back is a step once taken."""
    long = "sequence x { when: manually  sender: rep  send intro  wait 1 day  send case  wait 1 day  send last }"
    short = "sequence x { when: manually  sender: rep  wait 1 day  send last }"
    w = worlds(long).contact("ann").enroll("ann", "sequence x", at="03-03 10:00").run_to("03-03 12:00")
    w.edit(short + " workflow w of contact { when: manually  send case }").run_to("03-03 13:00")
    w.edit(long).run_to("03-09 10:00")
    assert w.mails("ann") == [("03-03 10:00", "intro"), ("03-04 10:00", "case"), ("03-05 10:00", "last")]


def test_trap_a_live_edit_mails_nobody_anew(worlds: MakeWorld) -> None:
    """Neither another condition, nor another body, nor an edited segment behind it."""
    rules = "segment s of contact {{ visits > {n} }} workflow w of contact {{ when: in segment s  {body} }}"
    w = worlds(rules.format(n=5, body="send receipt"))
    for name, visits in (("ann", 9), ("bob", 4)):
        w.contact(name).set(name, at="03-03 10:00", visits=visits)
    w.run_to("03-03 12:00")
    w.edit(rules.format(n=3, body="send receipt")).run_to("03-03 13:00")
    w.edit(rules.format(n=3, body="send letter")).run_to("03-03 14:00")
    w.edit(rules.format(n=5, body="send receipt")).run_to("03-04 14:00")
    assert (w.mails("ann"), w.mails("bob")) == ([("03-03 10:00", "receipt")], [])


def test_trap_one_bad_zone_or_address_stops_no_batch(worlds: MakeWorld) -> None:
    """Zones that are none, addresses that are none, none at all and one that is not written in Latin letters."""
    w = worlds(JOURNEY.replace("sender: rep", "sender: rep  zone: contact"))
    odd: list[dict[str, object]] = [
        {"time_zone": "Mars/Olympus"}, {"time_zone": ""}, {"email": "no address"}, {"email": None}, {"email": ""},
        {"email": "\u7b71@\u4f8b.example"}, {"first_name": "Zo\u00eb \U0001f600", "time_zone": "Asia/Kathmandu"}, {},
    ]  # fmt: skip
    for i, values in enumerate(odd):
        w.contact(f"c{i}", **values).event(f"c{i}", "viewed_page", at="03-03 10:00", path="/")
    w.run_to("03-06 10:00")
    assert {len(w.mails(f"c{i}")) for i in (0, 1, 6, 7)} == {3}
    assert {len(w.mails(f"c{i}")) for i in (2, 3, 4)} == {0}
    assert [w.refusals(f"c{i}")[-1][2] for i in (3, 4)] == ["no_address", "no_address"]
    assert w.sql("SELECT count(*) FROM segue_enrollment WHERE ended_at IS NULL OR status = 'errored'") == [(0,)]


def test_trap_people_who_never_did_anything_are_members_of_absence(worlds: MakeWorld) -> None:
    """They have no row to compare with, and NULL is no answer."""
    w = worlds(
        "segment idle of contact { has not viewed_page within 3 days }"
        " segment strangers of contact { has never viewed_page }"
        " segment few of contact { count(viewed_page within 3 days) != 1 }"
    )
    w.contact("ann").contact("bob").event("bob", "viewed_page", at="03-03 10:00", path="/").run_to("03-04 10:00")
    assert [w.members(name) for name in ("idle", "strangers", "few")] == [{"ann"}] * 3
    w.run_to("03-07 10:00")
    assert [w.members(name) for name in ("idle", "strangers", "few")] == [{"ann", "bob"}, {"ann"}, {"ann", "bob"}]


def test_trap_figures_do_not_shrink_when_a_contact_is_deleted(worlds: MakeWorld) -> None:
    w = worlds(JOURNEY).contact("ann").contact("bob")
    for name in ("ann", "bob"):
        w.event(name, "viewed_page", at="03-03 10:00", path="/")
    w.run_to("03-05 10:00").event("ann", "opened_email", at="03-05 11:00", mail="case").run_to("03-05 12:00")
    (before,) = sequence_metrics(w.engine.session)
    w._put(inbox.delete_row("contact", record_id("contact", "ann"), at=w.micros("03-06 10:00"))).run_to("03-07 10:00")
    assert w.sql('SELECT count(*) FROM "contact"') == [(1,)]
    assert sequence_metrics(w.engine.session) == [before] and before.enrolled == 2


def test_trap_two_workflows_that_set_one_property_in_turns_end(worlds: MakeWorld) -> None:
    """For ever at one instant, and for ever from hour to hour: both are stopped and said (X28, `test_circles`)."""
    w = worlds(
        "workflow there of contact { when: visits > 5  again: always  set visits = 1 }"
        " workflow back of contact { when: visits < 5  again: always  wait 3 minutes  set visits = 9 }",
        project=PROJECT + "limits: {enrollments_per_record_per_hour: 4}\n",
    )
    w.contact("ann").set("ann", at="03-03 10:00", visits=9).run_to("03-03 12:00")
    assert len(w.enrollments("ann", "there") + w.enrollments("ann", "back")) == 4
    assert [why for _, _, why in w.refusals("ann")] == ["loop_guard"]


def test_trap_proxies_that_open_and_scanners_that_click_are_no_people(worlds: MakeWorld) -> None:
    w = worlds(
        "sequence x { when: manually  sender: rep  automated { send intro  wait 1 day  send case }"
        ' rep_led when clicked_email or opened_email at least 2 times { task call "Call" } }'
        " segment active of contact { has opened_email or has clicked_email }"
    )
    w.contact("ann").enroll("ann", "sequence x", at="03-03 10:00").run_to("03-03 11:00")
    for minute in range(3):
        w.event("ann", "opened_email", at=f"03-03 11:0{minute}", mail="intro", class_="machine")
        w.event("ann", "clicked_email", at=f"03-03 11:0{minute}", mail="intro", class_="machine", link_url="/")
    w.run_to("03-04 12:00")
    assert w.members("active") == set() and w.tasks("ann") == []
    assert w.mails("ann") == [("03-03 10:00", "intro"), ("03-04 10:00", "case")]


def test_trap_an_out_of_office_is_no_reply(worlds: MakeWorld) -> None:
    w = worlds(JOURNEY, schema=SCHEMA + "events: {out_of_office: {of: contact}}\n").contact("ann")
    w.event("ann", "viewed_page", at="03-03 10:00", path="/").event("ann", "out_of_office", at="03-03 10:01")
    w.run_to("03-05 10:00")
    assert w.status("ann", "x") == "finished(no_reply)"


def test_trap_a_full_mailbox_is_no_dead_address(worlds: MakeWorld) -> None:
    """A soft bounce ends nothing and bars no address; a hard one does both."""
    w = worlds(JOURNEY)
    for name in ("soft", "hard"):
        w.contact(name).event(name, "viewed_page", at="03-03 10:00", path="/")
    w.run_to("03-03 10:30")
    for kind in ("soft", "hard"):
        w.event(kind, "bounced", at="03-03 11:00", mail="intro", kind=kind)
    w.run_to("03-06 10:00")
    assert w.status("soft", "x") == "finished(no_reply)" and len(w.mails("soft")) == 3
    assert w.status("hard", "x") == "unenrolled(bounce)" and w.mails("hard") == [("03-03 10:00", "intro")]
