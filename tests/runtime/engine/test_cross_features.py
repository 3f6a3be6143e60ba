"""Features that meet: schedules and turns, repeats and goals, waits and stops, teams and dynamic sequences (X4-X7, X17,
X18, W16, D8)."""

from __future__ import annotations

from tests.runtime.engine.harness import PROJECT, MakeWorld

TEAM = PROJECT + "teams: {desk: [rep, amy]}\n"


def test_x4_x7_an_occurrence_waits_for_its_turn_and_the_next_one_is_refused(worlds: MakeWorld) -> None:
    """Weekly, while another sequence holds the person for ten days: one enrollment waits, and starts when free."""
    w = worlds("""sequence long { when: manually  sender: rep  wait 10 days  send intro }
        sequence weekly { when: every monday 09:00  only: plan = trial  again: always  sender: rep  send case }""")
    w.contact("ann", plan="trial").contact("bob", plan="trial")
    for name in ("ann", "bob"):
        w.enroll(name, "sequence long", at="03-03 10:00")
    w.set("bob", plan="paid", at="03-12 10:00").run_to("03-15 00:00")
    # 2 March 09:00 lies after the start: both had the first mail at once.
    assert w.mails("ann") == [("03-02 09:00", "case"), ("03-13 10:00", "intro"), ("03-13 10:00", "case")]
    assert w.mails("bob") == [("03-02 09:00", "case"), ("03-13 10:00", "intro")]
    assert w.enrollments("bob", "weekly")[-1] == "unenrolled(condition)"
    w.run_to("03-17 00:00")
    assert w.mails("ann")[-1] == ("03-16 09:00", "case")


def test_x5_x7_a_pending_one_is_inside_for_what_starts_again(worlds: MakeWorld) -> None:
    """A second event while it waits is refused and not remembered."""
    w = worlds("""sequence long { when: manually  sender: rep  wait 2 days  send intro }
        sequence seen { when: viewed_page  again: always  sender: rep  send case }""").contact("ann")
    w.enroll("ann", "sequence long", at="03-03 10:00")
    w.event("ann", "viewed_page", at="03-03 11:00").event("ann", "viewed_page", at="03-04 11:00").run_to("03-09 00:00")
    assert w.refusals("ann") == [("03-04 11:00", "seen", "already_enrolled")]
    assert w.mails("ann") == [("03-05 10:00", "intro"), ("03-05 10:00", "case")]


def test_x6_x18_a_goal_ends_a_repeat_before_its_next_run(worlds: MakeWorld) -> None:
    """In the minute of the run as between two runs; a pause moves the runs that are left."""
    w = worlds("""sequence x { when: manually  sender: rep  goal: plan = paid
        repeat up to 3 times every 2 days { send intro } }""")
    for name in ("minute", "between", "paused", "none"):
        w.contact(name).enroll(name, "sequence x", at="03-03 10:00")
    w.set("minute", plan="paid", at="03-07 10:00").set("between", plan="paid", at="03-06 10:00")
    w.pause("paused", "sequence x", at="03-06 10:00").resume("paused", "sequence x", at="03-08 10:00").run_to(
        "03-20 00:00"
    )
    runs = {name: [at for at, _ in w.mails(name)] for name in ("minute", "between", "paused", "none")}
    assert runs == {
        "minute": ["03-05 10:00"],
        "between": ["03-05 10:00"],
        "paused": ["03-05 10:00", "03-09 10:00", "03-11 10:00"],
        "none": ["03-05 10:00", "03-07 10:00", "03-09 10:00"],
    }


def test_x10_x17_a_stop_in_the_minute_of_what_was_waited_for_wins(worlds: MakeWorld) -> None:
    """And in the minute of the timeout: nothing of either way is done."""
    w = worlds("""sequence x { when: manually  sender: rep  stop_on: purchased
        wait until viewed_page up to 2 days else { send last }  send case }""")
    for name in ("event", "timeout", "late", "none"):
        w.contact(name).enroll(name, "sequence x", at="03-03 10:00")
    w.event("event", "viewed_page", at="03-04 10:00").event("event", "purchased", at="03-04 10:00", amount="5")
    w.event("timeout", "purchased", at="03-05 10:00", amount="5").event("late", "viewed_page", at="03-05 10:00")
    w.run_to("03-07 00:00")
    assert [w.mails(n) for n in ("event", "timeout")] == [[], []]
    assert {w.status(n, "x") for n in ("event", "timeout")} == {"unenrolled(purchased)"}
    assert w.mails("late") == [("03-05 10:00", "case")]
    assert w.mails("none") == [("03-05 10:00", "last"), ("03-05 10:00", "case")]


def test_x6_suppression_keeps_out_and_throws_out_also_who_waits_and_who_is_paused(worlds: MakeWorld) -> None:
    w = worlds("""sequence long { when: manually  sender: rep  wait 3 days  send intro }
        sequence x { when: viewed_page  again: always  suppress: visits > 9  sender: rep  wait 2 days  send case }""")
    for name in ("out", "waits", "paused", "stays"):
        w.contact(name, visits=99 if name == "out" else 1)
    w.enroll("waits", "sequence long", at="03-03 09:00")
    for name in ("out", "waits", "paused", "stays"):
        w.event(name, "viewed_page", at="03-03 10:00")
    w.pause("paused", "sequence x", at="03-03 11:00")
    for name in ("waits", "paused"):
        w.set(name, visits=10, at="03-04 10:00")
    w.run_to("03-09 00:00")
    assert w.refusals("out") == [("03-03 10:00", "x", "suppressed")]
    assert [(w.status(n, "x"), w.ended(n, "x")) for n in ("waits", "paused")] == [
        ("unenrolled(suppressed)", "03-04 10:00")
    ] * 2
    assert w.mails("stays") == [("03-05 10:00", "case")]


def test_w16_turns_of_a_team_go_on_over_definitions_and_decide_who_sends(worlds: MakeWorld) -> None:
    """Given in turn by a workflow, the owner is the sender of the sequence that follows; a second pass keeps them."""
    w = worlds(
        """workflow give of contact { when: viewed_page  again: always  assign owner round_robin team desk
             enroll in sequence x }
           sequence x { sender: contact.owner  again: always  send intro }""",
        project=TEAM,
    )
    people = [f"p{i}" for i in range(6)]
    for i, name in enumerate(people):
        w.contact(name, owner=None).event(name, "viewed_page", at=f"03-03 10:0{i}")
        w.event(name, "viewed_page", at=f"03-04 10:0{i}")
    w.run_to("03-05 00:00")
    assert [w.value(name, "owner") for name in people] == ["rep", "amy"] * 3
    assert w.sql("SELECT sender, count(*) FROM segue_outbox WHERE state = 'sent' GROUP BY 1 ORDER BY 1") == [
        ("amy", 6),
        ("rep", 6),
    ]


def test_d8_a_dynamic_sequence_is_exclusive_pauses_and_keeps_its_window_like_any_other(worlds: MakeWorld) -> None:
    w = worlds("""sequence d { when: manually  sender: rep  window: 09:00-17:00  grace: 1 business day
          automated { send intro  wait 1 day  send case }  rep_led when clicked_email { task call "C" } }
        sequence y { when: viewed_page  sender: rep  send last }""")
    w.contact("ann").enroll("ann", "sequence d", at="03-03 20:00").event("ann", "viewed_page", at="03-04 12:00")
    w.pause("ann", "sequence d", at="03-04 12:00").run_to("03-05 00:00")
    assert w.status("ann", "y") == "pending(exclusive)"
    w.resume("ann", "sequence d", at="03-06 12:00").run_to("03-20 00:00")
    # Eight hours of the day were left; Friday evening is outside the window, and the grace counts from the mail.
    assert w.mails("ann") == [("03-03 20:00", "intro"), ("03-09 09:00", "case"), ("03-10 09:00", "last")]
    assert (w.status("ann", "d"), w.ended("ann", "d")) == ("finished(no_engagement)", "03-10 09:00")
