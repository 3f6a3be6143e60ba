"""Traps others fell into (architecture, "Traps"), as far as they are not tests of a rule already:

- a checkpoint moved before its effect, a step marked done before its job is stored: test_crash
- SKIP LOCKED outside a transaction: nothing here skips locks; a worker holds leases, which each transaction locks
  (test_leases). A lock freed by one who no longer owns it: test_leases
- a deleted step that fires again, a live edit that mails everyone anew: test_versions, test_entry (X1)
- one bad time zone or address that stops a batch: test_bad_input
- "never active" people lost to NULL: test_entry (X8); two that set one property in turns: test_people (X28)
- opens by proxies, clicks by scanners: test_dynamic (D5), test_people (X30); a full mailbox: test_leaving (X9)
"""

from __future__ import annotations

import pytest

from tests.runtime.engine.harness import MakeWorld


def test_two_intents_of_one_content_and_time_are_two_mails(worlds: MakeWorld) -> None:
    """Sends are told apart by who intends them, not by what they say and when."""
    body = "{ when: manually  sender: rep  exclusive: false  again: always  send intro }"
    w = worlds(f"sequence x {body} sequence y {body}").contact("ann")
    w.enroll("ann", "sequence x", at="03-03 10:00").enroll("ann", "sequence y", at="03-03 10:00")
    w.enroll("ann", "sequence x", at="03-03 10:01").run_to("03-04 09:00")
    assert w.mails("ann") == [("03-03 10:00", "intro"), ("03-03 10:00", "intro"), ("03-03 10:01", "intro")]
    assert len(w.channel.sent) == 3


def test_an_event_delivered_twice_counts_and_starts_once(worlds: MakeWorld) -> None:
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


def test_segment_flicker_neither_cancels_nor_restarts(worlds: MakeWorld) -> None:
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


def test_time_conditions_turn_at_their_instant_not_at_night(worlds: MakeWorld) -> None:
    """`has not viewed_page within 90 minutes` turns to the minute, without any event."""
    w = worlds(
        "sequence x { when: has viewed_page and has not viewed_page within 90 minutes  sender: rep  send intro }"
    )
    w.contact("ann").event("ann", "viewed_page", at="03-03 10:07", path="/").event(
        "ann", "viewed_page", at="03-03 11:00", path="/"
    )
    w.run_to("03-04 09:00")
    assert w.mails("ann") == [("03-03 12:30", "intro")]


def test_a_crash_in_process_leaves_no_touch_behind(world: MakeWorld, monkeypatch: pytest.MonkeyPatch) -> None:
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


def test_late_crash_mail_claimed_before_a_crash_obeys_the_window_after_it(
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
