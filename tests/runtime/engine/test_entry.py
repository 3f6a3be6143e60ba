"""Who enters (semantics X1-X8)."""

from __future__ import annotations

import pytest

from runtime.errors import ConfirmNeeded
from tests.runtime.engine.harness import PROJECT, MakeWorld

ON_TRIAL = "segment trials of contact { plan = trial }  sequence x { when: in segment trials  sender: rep  send intro }"


def test_x1_who_matches_at_activation_is_marked_and_not_enrolled(worlds: MakeWorld) -> None:
    """Who matches when a definition goes live is already true: a member, not enrolled. Later ones are enrolled."""
    w = worlds(ON_TRIAL)
    w.contact("old", at="03-01 10:00", plan="trial").contact("new", at="03-02 10:00", plan="trial")
    w.run_to("03-02 12:00")
    assert w.members("trials") == {"old", "new"}
    assert w.status("old", "x") is None
    assert w.mails("new") == [("03-02 10:00", "intro")]


def test_x1_existing_enroll_takes_in_who_matches_already(worlds: MakeWorld) -> None:
    """`existing: enroll` enrolls those who match at activation."""
    w = worlds(ON_TRIAL.replace("sender: rep", "sender: rep  existing: enroll"))
    w.contact("old", at="03-01 10:00", plan="trial").contact("other", at="03-01 10:00", plan="free")
    w.run_to("03-02 12:00")
    assert [name for name in ("old", "other") if w.status(name, "x")] == ["old"]
    assert w.entered("old", "x") == ["03-02 00:00"]


def test_x1_an_edit_marks_who_matches_and_enrolls_nobody(world: MakeWorld) -> None:
    """Who matches only because a rule or a segment it reads was edited is marked, not mailed."""
    w = world(ON_TRIAL).contact("ann", plan="free").contact("bob", plan="free").run_to("03-03 09:00")
    w.edit(ON_TRIAL.replace("plan = trial", "plan in [trial, free]"))
    w.run_to("03-05 09:00")
    assert w.members("trials") == {"ann", "bob"}
    assert w.mails("ann") == w.mails("bob") == []
    w.set("ann", plan="paid").run_to("03-05 10:00")
    w.set("ann", plan="trial", at="03-05 11:00").run_to("03-05 12:00")
    assert w.mails("ann") == [("03-05 11:00", "intro")]  # false and true again


def test_x1_a_definition_added_later_is_live_from_its_own_activation(world: MakeWorld) -> None:
    """Events before a definition's first run count in conditions and start nothing."""
    first = "workflow a of contact { when: purchased  set visits = 1 }"
    w = world(first).contact("ann").event("ann", "purchased", at="03-03 10:00", amount="5").run_to("03-04 09:00")
    w.edit(first + " workflow b of contact { when: purchased  again: always  set visits = 2 }")
    w.event("ann", "purchased", at="03-03 20:00", amount="5").run_to("03-04 10:00")
    assert w.status("ann", "b") is None
    w.event("ann", "purchased", at="03-04 11:00", amount="5").run_to("03-04 12:00")
    assert w.entered("ann", "b") == ["03-04 11:00"]


def test_x1_events_that_come_a_day_late_start_nothing(worlds: MakeWorld) -> None:
    """An event starts something only if it reaches the store within 24 hours; an older one counts in conditions."""
    w = worlds(
        "segment buyers of contact { has purchased }"
        " workflow a of contact { when: purchased  again: always  set visits = 1 }"
    )
    w.contact("early").contact("late").run_to("03-05 09:00")
    w.event("early", "purchased", at="03-04 10:00", amount="5").event("late", "purchased", at="03-04 08:00", amount="5")
    w.run_to("03-05 10:00")
    assert w.entered("early", "a") == ["03-04 10:00"]
    assert w.status("late", "a") is None
    assert w.members("buyers") == {"early", "late"}


def test_x1_more_than_the_limit_by_condition_stops_until_confirmed(world: MakeWorld) -> None:
    """A definition that would take in more than `enroll_at_once` by condition stops with an error; nothing is lost."""
    w = world(ON_TRIAL, project=PROJECT + "limits: {enroll_at_once: 2}\n")
    for i in range(3):
        w.contact(f"c{i}", at="03-02 10:00", plan="trial")
    with pytest.raises(ConfirmNeeded, match="`x` would enroll 3 records"):
        w.run_to("03-02 12:00")
    assert w.mails("c0") == []
    w.go_live("x").run_to("03-02 12:00")
    assert [w.mails(f"c{i}") for i in range(3)] == [[("03-02 10:00", "intro")]] * 3


def test_x1_the_limit_does_not_hold_for_events(world: MakeWorld) -> None:
    """The limit is for conditions: events and hands start as many as there are."""
    w = world(
        "workflow a of contact { when: viewed_page  set visits = 1 }", project=PROJECT + "limits: {enroll_at_once: 1}\n"
    )
    for i in range(3):
        w.contact(f"c{i}").event(f"c{i}", "viewed_page", at="03-02 10:00", path="/")
    w.run_to("03-02 12:00")
    assert [w.status(f"c{i}", "a") for i in range(3)] == ["finished(completed)"] * 3


def test_x2_nothing_dated_ahead_is_seen(worlds: MakeWorld) -> None:
    """Events, changes, records and links dated after the clock are invisible until it comes there."""
    w = worlds(
        "segment buyers of contact { has purchased } segment paid of contact { plan = paid }"
        " segment winners of contact { any deal (won) } segment all_people of contact {"
        " created_at older than 1 minute or created_at within 1 year }"
    )
    w.contact("ann").contact("later", at="03-20 10:00")
    w.event("ann", "purchased", at="03-05 10:00", amount="5").set("ann", plan="paid", at="03-06 10:00")
    w.deal("d1", "ann", at="03-07 10:00")
    seen = []
    for day in ("03-05", "03-06", "03-07", "03-08"):
        w.run_to(f"{day} 09:00")
        seen.append([len(w.members(s)) for s in ("buyers", "paid", "winners", "all_people")])
    assert seen == [[0, 0, 0, 1], [1, 0, 0, 1], [1, 1, 0, 1], [1, 1, 1, 1]]
    assert w.run_to("03-20 10:00").members("all_people") == {"ann", "later"}


def test_x2_imported_rows_are_past_and_start_nothing(worlds: MakeWorld) -> None:
    """Imported rows count and start nothing, whatever kind they are."""
    w = worlds(
        ON_TRIAL + " workflow a of contact { when: purchased  set visits = 1 }"
        " workflow b of contact { when: plan becomes paid  set visits = 2 }"
    )
    w.contact("ann", at="03-03 10:00", live=False, plan="trial").contact("bob", at="03-03 10:00", live=False)
    w.event("bob", "purchased", at="03-03 11:00", live=False, amount="5")
    w.set("bob", plan="paid", at="03-03 12:00", live=False)
    w.run_to("03-05 09:00")
    assert w.members("trials") == {"ann"}
    assert w.steps("ann") == w.steps("bob") == []


def test_x3_a_record_created_matching_starts(worlds: MakeWorld) -> None:
    """A record counts as false before it exists."""
    w = worlds(ON_TRIAL).contact("ann", at="03-03 10:00", plan="trial").run_to("03-03 12:00")
    assert w.entered("ann", "x") == ["03-03 10:00"]


def test_x3_becomes_fires_when_written_and_another_before(worlds: MakeWorld) -> None:
    """`becomes V` fires when V is written over another value or on a new record; V over V is nothing."""
    w = worlds("workflow a of contact { when: plan becomes paid  again: always  set visits = 1 }")
    w.contact("born", at="03-03 10:00", plan="paid").contact("ann", plan="free")
    w.set("ann", plan="paid", at="03-04 10:00").set("ann", plan="paid", at="03-05 10:00")
    w.set("ann", plan="trial", at="03-06 10:00").set("ann", plan="paid", at="03-07 10:00")
    w.run_to("03-10 09:00")
    assert w.entered("born", "a") == ["03-03 10:00"]
    assert w.entered("ann", "a") == ["03-04 10:00", "03-07 10:00"]


def test_x4_enrolled_at_is_the_instant_of_the_trigger_event(worlds: MakeWorld) -> None:
    """`enrolled_at` is the event's own instant, and `since enrollment` is strictly after it."""
    w = worlds(
        "workflow a of contact { when: purchased  wait 1 hour"
        " if has purchased since enrollment { set visits = 2 } else { set visits = 1 } }"
    )
    w.contact("once").contact("twice")
    w.event("once", "purchased", at="2026-03-03 10:00:30", amount="5")
    w.event("twice", "purchased", at="2026-03-03 10:00:30", amount="5")
    w.event("twice", "purchased", at="2026-03-03 10:00:40", amount="5")
    w.run_to("03-03 12:00")
    assert (w.value("once", "visits"), w.value("twice", "visits")) == (1, 2)
    assert w.sql("SELECT DISTINCT enrolled_at FROM segue_enrollment") == [(w.micros("2026-03-03 10:00:30"),)]


def test_x4_events_joined_by_or_with_filters_and_trigger_fields(worlds: MakeWorld) -> None:
    """`when:` takes events joined by `or`, each with its filter; `trigger.` reads the event that started it."""
    w = worlds(
        'workflow a of contact { when: purchased(amount > 10 EUR) or viewed_page(path contains "pricing")'
        " again: always  set visits = 1 }"
        " workflow b of contact { when: viewed_page  again: always  set phone = trigger.path }"
    )
    w.contact("ann").event("ann", "purchased", at="03-03 10:00", amount="5")
    w.event("ann", "purchased", at="03-04 10:00", amount="15").event(
        "ann", "viewed_page", at="03-05 10:00", path="/blog"
    )
    w.event("ann", "viewed_page", at="03-06 10:00", path="/Pricing")
    w.run_to("03-07 09:00")
    assert w.entered("ann", "a") == ["03-04 10:00", "03-06 10:00"]
    assert w.value("ann", "phone") == "/Pricing"


def test_x4_created_starts_when_the_record_begins(worlds: MakeWorld) -> None:
    """`created` is an event of every object; imported ones are past."""
    w = worlds(
        'workflow c of contact { when: created  set visits = 1 } workflow d of deal { when: created  set name = "new" }'
    )
    w.contact("ann", at="03-03 10:00").contact("old", at="03-03 10:00", live=False).contact("before", at="03-01 10:00")
    w.deal("d1", "ann", at="03-04 10:00", stage="appointment").run_to("03-05 09:00")
    assert [w.value(n, "visits") for n in ("ann", "old", "before")] == [1, None, None]
    assert (w.entered("ann", "c"), w.entered("d1", "d", of="deal")) == (["03-03 10:00"], ["03-04 10:00"])


def test_x4_created_may_be_asked_for_in_conditions(worlds: MakeWorld) -> None:
    """`has created within D` reads the record's own beginning and ends by time alone."""
    w = worlds(
        "segment young of contact { has created within 2 days } segment all_people of contact { has created }"
        " segment busy of contact { any deal (has created within 1 day) }"
    )
    w.contact("ann", at="03-03 10:00").deal("d1", "ann", at="03-04 10:00").run_to("03-10 09:00")
    assert w.turns("ann", "young") == [("03-03 10:00", "03-05 00:00")]
    assert w.turns("ann", "busy") == [("03-04 10:00", "03-05 00:00")]
    assert w.members("all_people") == {"ann"}


def test_x4_only_is_judged_at_entry_for_every_kind_of_start(worlds: MakeWorld) -> None:
    """`only` is judged at entry: for events, conditions, changes and hands."""
    rules = "".join(
        f'workflow {name} of contact {{ when: {when}  only: visits > 3  set phone = "x" }} '
        for name, when in (("e", "viewed_page"), ("c", "plan = trial"), ("b", "plan becomes paid"), ("m", "manually"))
    )
    w = worlds(rules).contact("few", visits=1).contact("many", visits=5)
    for name in ("few", "many"):
        w.event(name, "viewed_page", at="03-03 10:00", path="/").set(name, plan="trial", at="03-03 11:00")
        w.set(name, plan="paid", at="03-03 12:00").enroll(name, "workflow m", at="03-03 13:00")
    w.run_to("03-04 09:00")
    assert [w.status("many", d) for d in "ecbm"] == ["finished(completed)"] * 4
    assert [reason for _, _, reason in w.refusals("few")] == ["only"] * 4


def test_x5_never_is_once_per_person_and_name_over_all_versions(worlds: MakeWorld) -> None:
    """The default: once per record and name, also after an edit."""
    rules = "workflow a of contact { when: viewed_page  set visits = 1 }"
    w = worlds(rules).contact("ann").event("ann", "viewed_page", at="03-03 10:00", path="/").run_to("03-03 12:00")
    w.edit(rules.replace("= 1", "= 2"))
    w.event("ann", "viewed_page", at="03-04 10:00", path="/").run_to("03-05 09:00")
    assert w.entered("ann", "a") == ["03-03 10:00"]
    assert w.refusals("ann") == [("03-04 10:00", "a", "enrolled_before")]


def test_x5_a_start_while_inside_is_refused_and_not_remembered(worlds: MakeWorld) -> None:
    """A start while inside is refused with its reason; when the enrollment ends, nothing starts by itself."""
    w = worlds('workflow a of contact { when: visits > 3  again: always  wait 2 days  set phone = "x" }')
    w.contact("ann", visits=5, at="03-03 10:00")
    w.set("ann", visits=1, at="03-04 10:00").set("ann", visits=6, at="03-04 11:00")
    w.run_to("03-10 09:00")
    assert w.entered("ann", "a") == ["03-03 10:00"]
    assert w.refusals("ann") == [("03-04 11:00", "a", "already_enrolled")]
    w.set("ann", visits=1, at="03-11 10:00").set("ann", visits=6, at="03-11 11:00").run_to("03-12 09:00")
    assert w.entered("ann", "a") == ["03-03 10:00", "03-11 11:00"]


def test_x5_after_counts_from_the_end_of_the_last_enrollment(worlds: MakeWorld) -> None:
    """`after D`: not inside, and D after the last enrollment ended; the instant itself is enough."""
    w = worlds("workflow a of contact { when: viewed_page  again: after 2 days  wait 1 day  set visits = 1 }")
    w.contact("ann")
    for at in ("03-03 10:00", "03-04 12:00", "03-06 09:59", "03-06 10:00"):
        w.event("ann", "viewed_page", at=at, path="/")
    w.run_to("03-10 09:00")
    assert w.entered("ann", "a") == ["03-03 10:00", "03-06 10:00"]
    assert [(at, why) for at, _, why in w.refusals("ann")] == [
        ("03-04 12:00", "too_early"),
        ("03-06 09:59", "too_early"),
    ]


def test_x6_goal_and_suppress_at_entry_refuse(worlds: MakeWorld) -> None:
    """True at entry: refused, in no figure."""
    w = worlds(
        "sequence x { when: manually  sender: rep  goal: plan = paid  suppress: visits > 9 "
        " stop_when: visits = 5  send intro }"
    )
    w.contact("goal", plan="paid").contact("sup", visits=10).contact("stop", visits=5).contact("ann", visits=1)
    for name in ("goal", "sup", "stop", "ann"):
        w.enroll(name, "sequence x", at="03-03 10:00")
    w.run_to("03-04 09:00")
    assert [w.refusals(n)[0][2] for n in ("goal", "sup", "stop")] == ["goal_met", "suppressed", "stop_when"]
    assert w.status("ann", "x") == "finished(no_reply)"
    assert w.sql("SELECT count(*) FROM segue_enrollment") == [(1,)]


def test_x6_true_later_ends_at_that_moment(worlds: MakeWorld) -> None:
    """True later: ended with its reason at that very moment, also in the middle of a wait."""
    w = worlds(
        "sequence x { when: manually  sender: rep  goal: plan = paid  suppress: visits > 9  wait 5 days  send intro }"
    )
    for name in ("goal", "sup"):
        w.contact(name, plan="trial", visits=1).enroll(name, "sequence x", at="03-03 10:00")
    w.set("goal", plan="paid", at="03-04 10:07").set("sup", visits=10, at="03-05 11:08").run_to("03-12 09:00")
    assert (w.status("goal", "x"), w.ended("goal", "x")) == ("unenrolled(goal)", "03-04 10:07")
    assert (w.status("sup", "x"), w.ended("sup", "x")) == ("unenrolled(suppressed)", "03-05 11:08")


def test_x6_who_stops_matching_when_stays(worlds: MakeWorld) -> None:
    """Leaving the segment that let one in ends nothing."""
    w = worlds(ON_TRIAL.replace("send intro", "send intro  wait 2 days  send case"))
    w.contact("ann", at="03-03 10:00", plan="trial").set("ann", plan="free", at="03-04 10:00").run_to("03-06 09:00")
    assert w.mails("ann") == [("03-03 10:00", "intro"), ("03-05 10:00", "case")]


def test_x6_an_edited_guard_acts_on_those_inside(world: MakeWorld) -> None:
    """Guards are read live: one that is edited and holds already ends those inside at the next run (X26, X9)."""
    rules = "sequence x { when: manually  sender: rep  stop_when: plan = paid  wait 5 days  send intro }"
    w = world(rules).contact("ann", plan="trial").enroll("ann", "sequence x", at="03-03 10:00").run_to("03-04 09:00")
    w.edit(rules.replace("plan = paid", "plan = trial"))
    w.run_to("03-10 09:00")
    assert (w.status("ann", "x"), w.mails("ann")) == ("unenrolled(stop_when)", [])


EXCLUSIVE = """
sequence low { when: plan = trial  sender: rep  wait 1 day  send intro }
sequence high { when: visits > 3  sender: rep  priority: 5  wait 1 day  send case }
sequence third { when: visits > 2 and plan is known  sender: rep  wait 1 day  send last }
"""


def test_x7_a_second_exclusive_sequence_by_hand_is_refused_by_name(worlds: MakeWorld) -> None:
    """One person is in at most one exclusive sequence; by hand the second is refused with the first one's name."""
    w = worlds(EXCLUSIVE.replace("when: visits > 3", "when: manually")).contact("ann", at="03-03 10:00", plan="trial")
    w.enroll("ann", "sequence high", at="03-03 11:00").run_to("03-05 09:00")
    assert w.refusals("ann") == [("03-03 11:00", "high", "already_enrolled(low)")]


def test_x7_an_automatic_one_waits_and_starts_when_free_by_priority(worlds: MakeWorld) -> None:
    """Automatic ones wait as pending(exclusive); the greater priority goes first, then the name."""
    w = worlds(EXCLUSIVE).contact("ann", at="03-03 10:00", plan="trial")
    w.set("ann", visits=4, at="03-03 12:00").run_to("03-03 13:00")
    assert [w.status("ann", d) for d in ("low", "high", "third")] == [
        "active",
        "pending(exclusive)",
        "pending(exclusive)",
    ]
    w.run_to("03-10 09:00")
    assert w.mails("ann") == [("03-04 10:00", "intro"), ("03-05 10:00", "case"), ("03-06 10:00", "last")]


def test_x7_of_two_that_start_at_once_the_greater_priority_wins(worlds: MakeWorld) -> None:
    """At one instant: greater priority first, ties by name."""
    w = worlds(EXCLUSIVE).contact("ann", at="03-03 10:00", plan="trial", visits=5).run_to("03-10 09:00")
    assert w.mails("ann") == [("03-04 10:00", "case"), ("03-05 10:00", "intro"), ("03-06 10:00", "last")]


def test_x7_a_waiting_one_whose_condition_no_longer_holds_does_not_start(worlds: MakeWorld) -> None:
    """It starts when free only if its condition still holds; then it lapses, at that moment, unsent."""
    w = worlds(EXCLUSIVE).contact("ann", at="03-03 10:00", plan="trial")
    w.set("ann", visits=4, at="03-03 12:00").set("ann", visits=1, at="03-03 14:00").run_to("03-10 09:00")
    assert w.mails("ann") == [("03-04 10:00", "intro")]
    assert w.status("ann", "high") == w.status("ann", "third") == "unenrolled(condition)"
    assert w.ended("ann", "high") == "03-04 10:00"
    w.set("ann", visits=4, at="03-11 10:00").run_to("03-20 09:00")  # it never was inside: `never` does not bar it
    assert w.mails("ann")[1:] == [("03-12 10:00", "case"), ("03-13 10:00", "last")]


def test_x7_a_person_is_an_id_or_an_address(worlds: MakeWorld) -> None:
    """Two records with one address are one person."""
    w = worlds(EXCLUSIVE).contact("ann", at="03-03 10:00", plan="trial", email="Ann@x.example")
    w.contact("twin", at="03-03 11:00", visits=5, email="ann@X.example").run_to("03-03 12:00")
    assert (w.status("ann", "low"), w.status("twin", "high")) == ("active", "pending(exclusive)")
    w.run_to("03-10 09:00")
    assert w.mails("twin") == [("03-05 10:00", "case")]


def test_x7_it_throws_no_one_out_and_others_may_be_not_exclusive(worlds: MakeWorld) -> None:
    """A greater priority that comes later throws no one out; `exclusive: false` asks nobody."""
    w = worlds(
        EXCLUSIVE + "sequence free { when: visits > 3  sender: rep  exclusive: false  wait 1 hour  send receipt }"
    )
    w.contact("ann", at="03-03 10:00", plan="trial").set("ann", visits=5, at="03-03 11:00").run_to("03-04 11:00")
    assert w.mails("ann") == [("03-03 12:00", "receipt"), ("03-04 10:00", "intro")]


def test_x7_a_guard_ends_a_pending_one(worlds: MakeWorld) -> None:
    """Who replies while waiting for the turn does not start afterwards."""
    w = worlds(EXCLUSIVE).contact("ann", at="03-03 10:00", plan="trial").set("ann", visits=4, at="03-03 12:00")
    w.event("ann", "replied", at="03-03 15:00").run_to("03-10 09:00")
    assert [w.status("ann", d) for d in ("low", "high", "third")] == ["unenrolled(reply)"] * 3


def test_x8_absence_is_the_opposite_and_never_active_people_are_members(worlds: MakeWorld) -> None:
    """`has not E within D` is exactly what `has E within D` is not; people without any E are in it."""
    w = worlds(
        "segment bought of contact { has purchased within 3 days }"
        " segment idle of contact { created_at older than 1 day and has not purchased within 3 days }"
    )
    w.contact("never", at="03-02 08:00").contact("once", at="03-02 08:00")
    w.event("once", "purchased", at="03-05 15:00", amount="5").run_to("03-20 09:00")
    # Not yet 1 day old until the start of 03-03; bought on the 5th, whole days forward: until the start of the 8th.
    assert w.turns("never", "idle") == [("03-03 00:00", None)]
    assert w.turns("once", "idle") == [("03-03 00:00", "03-05 15:00"), ("03-08 00:00", None)]
    assert w.turns("once", "bought") == [("03-05 15:00", "03-08 00:00")]


def test_x1_a_record_made_before_the_definition_went_live_starts_nothing(worlds: MakeWorld) -> None:
    """However soon it is told of; one that is made afterwards does."""
    w = worlds("static segment none of contact").run_to("03-03 10:00")
    w.edit("workflow w of contact { when: created  set visits = 5 }")
    w.contact("before", at="03-03 09:50").contact("after", at="03-03 10:10").run_to("03-03 12:00")
    assert [w.value(name, "visits") for name in ("before", "after")] == [None, 5]
