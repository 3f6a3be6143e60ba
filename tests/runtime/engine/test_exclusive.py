"""Exclusive sequences in odd company (X7, S29): who waits for a turn while rules, addresses and people change."""

from __future__ import annotations

from tests.runtime.engine.harness import MakeWorld

FIRST = "sequence first { when: plan = trial  sender: rep  wait 2 days  send intro }"
SECOND = "sequence second { when: viewed_page  sender: rep  wait 1 day  send case }"


def test_s29_an_event_is_not_forgotten_while_it_waits(worlds: MakeWorld) -> None:
    """What an event started has no condition to hold: it starts when free, at the end of the other."""
    w = worlds(FIRST + SECOND).contact("ann", at="03-03 10:00", plan="trial")
    w.event("ann", "viewed_page", at="03-03 12:00").run_to("03-04 00:00")
    assert w.status("ann", "second") == "pending(exclusive)"
    w.run_to("03-10 00:00")
    assert w.mails("ann") == [("03-05 10:00", "intro"), ("03-06 10:00", "case")]


def test_x7_only_is_asked_again_when_the_turn_comes(worlds: MakeWorld) -> None:
    """`only:` is a condition of the start: who no longer satisfies it does not start."""
    w = worlds(FIRST + SECOND.replace("sender", "only: visits > 3  sender"))
    for name in ("ann", "bob"):
        w.contact(name, at="03-03 10:00", plan="trial", visits=5).event(name, "viewed_page", at="03-03 12:00")
    w.set("bob", visits=1, at="03-04 10:00").run_to("03-10 00:00")
    assert [m for _, m in w.mails("ann")] == ["intro", "case"]
    assert ([m for _, m in w.mails("bob")], w.status("bob", "second")) == (["intro"], "unenrolled(condition)")
    assert w.ended("bob", "second") == "03-05 10:00"


def test_x7_who_waits_is_not_stranded_when_the_sequence_is_exclusive_no_more(worlds: MakeWorld) -> None:
    """Either of them may be edited."""
    loose = "sender: rep  exclusive: false"
    for first, second in ((FIRST, SECOND.replace("sender: rep", loose)), (FIRST.replace("sender: rep", loose), SECOND)):
        w = worlds(FIRST + SECOND).contact("ann", at="03-03 10:00", plan="trial")
        w.event("ann", "viewed_page", at="03-03 12:00").run_to("03-04 00:00")
        w.edit(first + second).run_to("03-06 00:00")
        assert w.mails("ann") == [("03-05 00:01", "case"), ("03-05 10:00", "intro")]


def test_x7_x26_who_waits_for_a_sequence_that_vanished_does_not_start(worlds: MakeWorld) -> None:
    """It takes no one in."""
    w = worlds(FIRST + SECOND).contact("ann", at="03-03 10:00", plan="trial")
    w.event("ann", "viewed_page", at="03-03 12:00").run_to("03-04 00:00")
    w.edit(FIRST + "\nworkflow w of contact { when: manually  send case }").run_to("03-10 00:00")
    assert w.mails("ann") == [("03-05 10:00", "intro")]
    assert w.status("ann", "second") == "unenrolled(sequence_removed)"


def test_x5_x7_one_that_lapsed_was_never_inside(worlds: MakeWorld) -> None:
    """`again: after D` counts from a real end."""
    rules = FIRST + "sequence second { when: visits > 3  again: after 9 days  sender: rep  wait 1 day  send case }"
    w = worlds(rules).contact("ann", at="03-03 10:00", plan="trial").set("ann", visits=5, at="03-03 12:00")
    w.set("ann", visits=1, at="03-04 10:00").set("ann", visits=6, at="03-06 10:00").run_to("03-10 00:00")
    assert w.enrollments("ann", "second") == ["unenrolled(condition)", "finished(no_reply)"]
    assert w.mails("ann")[-1] == ("03-07 10:00", "case")


def test_x7_a_new_address_frees(worlds: MakeWorld) -> None:
    """Two records that are one person no more: the one that waited starts at once."""
    w = worlds(FIRST + SECOND).contact("ann", at="03-03 10:00", plan="trial").contact("twin", email="ann@x.example")
    w.event("twin", "viewed_page", at="03-03 12:00").set("twin", email="twin@x.example", at="03-04 09:00")
    w.run_to("03-10 00:00")
    assert w.mails("twin") == [("03-05 09:00", "case")]


def test_s41_x7_one_that_waits_may_be_paused_and_comes_back_to_its_turn(worlds: MakeWorld) -> None:
    """Paused it does not start, and holds nobody else up; resumed it starts at once if free, else waits on."""
    w = worlds(FIRST + SECOND + SECOND.replace("second", "third").replace("viewed_page", "downloaded"))
    for name in ("ann", "bob"):
        w.contact(name, at="03-03 10:00", plan="trial").event(name, "viewed_page", at="03-03 12:00")
        w.event(name, "downloaded", at="03-03 12:00").pause(name, "sequence second", at="03-03 13:00")
    w.resume("bob", "sequence second", at="03-03 14:00").run_to("03-05 12:00")
    assert [w.status("ann", d) for d in ("second", "third")] == ["paused(manual)", "active"]
    assert [w.status("bob", d) for d in ("second", "third")] == ["active", "pending(exclusive)"]
    w.resume("ann", "sequence second", at="03-05 13:00").run_to("03-05 14:00")
    assert w.status("ann", "second") == "pending(exclusive)"
    w.run_to("03-10 00:00")
    assert w.mails("ann") == [("03-05 10:00", "intro"), ("03-06 10:00", "case"), ("03-07 10:00", "case")]


def test_x7_resumed_when_free_it_starts(worlds: MakeWorld) -> None:
    w = worlds(FIRST + SECOND).contact("ann", at="03-03 10:00", plan="trial")
    w.event("ann", "viewed_page", at="03-03 12:00").pause("ann", "sequence second", at="03-03 13:00")
    w.resume("ann", "sequence second", at="03-08 13:00").run_to("03-10 00:00")
    assert w.mails("ann") == [("03-05 10:00", "intro"), ("03-09 13:00", "case")]


def test_x7_of_three_records_with_one_address_each_has_its_turn(worlds: MakeWorld) -> None:
    """One after the other, nobody lost, whoever comes first."""
    w = worlds("sequence s { when: viewed_page  sender: rep  wait 1 day  send intro }")
    names = ("ann", "twin", "third")
    for name in names:
        w.contact(name, email="Ann@x.example").event(name, "viewed_page", at="03-03 10:00")
    w.run_to("03-10 00:00")
    assert sorted(at for name in names for at, _ in w.mails(name)) == ["03-04 10:00", "03-05 10:00", "03-06 10:00"]


def test_x7_without_an_address_records_are_not_one_person(worlds: MakeWorld) -> None:
    """Nothing is not an address that two may share."""
    w = worlds('sequence s { when: viewed_page  sender: rep  task call "C" }')
    for name in ("ann", "bob"):
        w.contact(name, email=None).event(name, "viewed_page", at="03-03 10:00")
    w.run_to("03-04 00:00")
    assert [w.status(n, "s") for n in ("ann", "bob")] == ["waiting_task", "waiting_task"]


def test_x7_a_priority_that_was_edited_decides_whose_turn_it_is(worlds: MakeWorld) -> None:
    """Priorities are read when the turn comes."""
    third = SECOND.replace("second", "third").replace("viewed_page", "viewed_page  priority: 3")
    w = worlds(FIRST + SECOND + third).contact("ann", at="03-03 10:00", plan="trial")
    w.event("ann", "viewed_page", at="03-03 12:00").run_to("03-04 00:00")
    w.edit(FIRST + SECOND.replace("viewed_page", "viewed_page  priority: 9") + third).run_to("03-05 12:00")
    assert [w.status("ann", d) for d in ("second", "third")] == ["active", "pending(exclusive)"]


def test_x7_goal_and_stops_met_at_the_moment_of_the_turn(worlds: MakeWorld) -> None:
    """Who meets the goal at the very end of the other sequence does not start."""
    w = worlds(FIRST + SECOND.replace("sender", "goal: has purchased  sender"))
    w.contact("ann", at="03-03 10:00", plan="trial").event("ann", "viewed_page", at="03-03 12:00")
    w.event("ann", "purchased", at="03-05 10:00", amount="5").run_to("03-10 00:00")
    assert (w.status("ann", "second"), w.mails("ann")) == ("unenrolled(goal)", [("03-05 10:00", "intro")])
