"""Segments, a test for each rule G1-G17 that is none of another file: test_values (G3, G5, G6), test_people (X29, X31),
test_entry (X3, X8), test_steps (G1, by rule). Joined and left are told to the minute."""

from __future__ import annotations

import pytest

from tests.runtime.engine.harness import MakeWorld


def test_g1_members_follow_the_data_and_joined_and_left_are_kept(worlds: MakeWorld) -> None:
    w = worlds("segment it of contact { plan = trial } static segment board of contact").contact("ann", plan="trial")
    w.set("ann", "03-03 10:07", plan="paid").set("ann", "03-05 09:30", plan="trial")
    w.member("ann", "board", "03-03 11:00").run_to("03-06 00:00")
    assert w.turns("ann", "it") == [("03-02 08:00", "03-03 10:07"), ("03-05 09:30", None)]
    assert w.turns("ann", "board") == [("03-03 11:00", None)]
    w.member("ann", "board", "03-06 12:00", remove=True).run_to("03-07 00:00")
    assert w.turns("ann", "board") == [("03-03 11:00", "03-06 12:00")]


def test_g2_and_or_not_nest_as_written(worlds: MakeWorld) -> None:
    w = worlds(
        "segment one of contact { plan = paid or (plan = trial and not has purchased) }"
        " segment other of contact { (plan = paid or plan = trial) and not has purchased }"
    )
    w.contact("ann", plan="paid").contact("bob", plan="trial").contact("cid", plan="trial").contact("dan")
    for name in ("ann", "cid"):
        w.event(name, "purchased", at="03-02 09:00", amount=1)
    w.run_to("03-03 00:00")
    assert (w.members("one"), w.members("other")) == ({"ann", "bob"}, {"bob"})


def test_g3_the_window_prunes_then_the_filter_then_the_count(worlds: MakeWorld) -> None:
    """Two dear ones within 2 days: an old dear one and a new cheap one do not help."""
    w = worlds("segment it of contact { has purchased(amount > 5 EUR) at least 2 times within 2 days }").contact("ann")
    for at, amount in (("03-02 10:00", 9), ("03-04 10:00", 9), ("03-04 11:00", 1), ("03-05 09:15", 8)):
        w.event("ann", "purchased", at=at, amount=amount)
    w.run_to("03-09 00:00")
    assert w.turns("ann", "it") == [("03-05 09:15", "03-06 00:00")]


@pytest.mark.parametrize(
    ("test", "found"),
    [('= "ＡＮＮ"', True), ('!= "ann"', False), ('contains "NN"', True), ('starts with "an"', True),
     ('ends with "N"', True), ('ends with "a"', False)],
)  # fmt: skip
def test_g4_texts(world: MakeWorld, test: str, found: bool) -> None:
    w = world(f"segment it of contact {{ first_name {test} }}").contact("ann", first_name="Ann").run_to("03-03 00:00")
    assert w.members("it") == ({"ann"} if found else set())


def test_g7_dates_against_fixed_days_moving_days_and_each_other(worlds: MakeWorld) -> None:
    w = worlds(
        "segment before of contact { renewal < 2026-03-05 } segment in_two of contact { renewal within next 2 days }"
        " segment yesterday of contact { renewal = 1 day ago }"
        " segment order of contact { last(purchased).at > last(viewed_page).at }"
    ).contact("ann", renewal="2026-03-04")
    w.event("ann", "viewed_page", at="03-03 09:00", path="/").event("ann", "purchased", at="03-03 10:00", amount=1)
    w.event("ann", "viewed_page", at="03-03 11:00", path="/").run_to("03-09 00:00")
    assert w.turns("ann", "before") == [("03-02 08:00", None)]
    assert w.turns("ann", "in_two") == [("03-03 00:00", "03-05 00:00")]
    assert w.turns("ann", "yesterday") == [("03-05 00:00", "03-06 00:00")]
    assert w.turns("ann", "order") == [("03-03 10:00", "03-03 11:00")]


def test_g8_g9_known_missing_and_no_value_is_not_another_value(worlds: MakeWorld) -> None:
    w = worlds(
        "segment other of contact { plan != paid } segment with_blanks of contact { plan != paid or plan is missing }"
        " segment known of contact { plan is known }"
    )
    w.contact("ann", plan="free").contact("bob").contact("cid", plan="paid").run_to("03-03 00:00")
    assert w.members("other") == {"ann"}
    assert w.members("with_blanks") == {"ann", "bob"}
    assert w.members("known") == {"ann", "cid"}


def test_g10_opened_and_not_clicked(worlds: MakeWorld) -> None:
    w = worlds("segment it of contact { has opened_email within 3 days and has not clicked_email within 3 days }")
    w.contact("ann").contact("bob")
    for name in ("ann", "bob"):
        w.event(name, "opened_email", at="03-03 10:00")
    w.event("bob", "clicked_email", at="03-03 10:05").event("ann", "clicked_email", at="03-03 12:00", class_="machine")
    w.run_to("03-09 00:00")
    assert w.turns("ann", "it") == [("03-03 10:00", "03-06 00:00")]
    assert w.turns("bob", "it") == [("03-03 10:00", "03-03 10:05")]


def test_g11_any_no_every_count_of_linked_records(worlds: MakeWorld) -> None:
    w = worlds(
        "segment some of contact { any deal (won) } segment none of contact { no deal (won) }"
        " segment each of contact { every deal (won) } segment two of contact { count(deal (won)) >= 2 }"
    )
    w.contact("ann").contact("bob").contact("cid")
    w.deal("a1", "ann", "03-02 09:00").deal("a2", "ann", "03-02 09:00").deal("b1", "bob", "03-02 09:00")
    w.deal("b2", "bob", "03-02 09:00", "appointment").run_to("03-03 00:00")
    assert (w.members("some"), w.members("none")) == ({"ann", "bob"}, {"cid"})
    assert (w.members("each"), w.members("two")) == ({"ann"}, {"ann"})


def test_g11_a_link_may_come_before_the_record_it_leads_to(worlds: MakeWorld) -> None:
    """The deal is known of only hours after the link; a company's name, too."""
    w = worlds('segment it of contact { any deal (won) } segment acme of contact { company.name = "acme" }')
    w.contact("ann").link("contact", "ann", "deal", "d", "03-02 09:00")
    w.link("contact", "ann", "company", "acme", "03-02 09:00").run_to("03-02 10:00")
    w.record("deal", "d", "03-02 11:00", name="d", pipeline="sales", stage="won")
    w.record("company", "acme", "03-02 12:00", name="acme").run_to("03-03 00:00")
    assert w.turns("ann", "it") == [("03-02 11:00", None)]
    assert w.turns("ann", "acme") == [("03-02 12:00", None)]


def test_g11_of_a_link_cut_and_made_again_at_once_the_last_word_counts(worlds: MakeWorld) -> None:
    """Also where one is told from the contact and the other from the company."""
    w = worlds("segment it of contact { company.name is known }").contact("ann").company("acme", "ann")
    w.link("contact", "ann", "company", "acme", "2026-03-03 10:00:10", unlink=True)
    w.link("company", "acme", "contact", "ann", "2026-03-03 10:00:40").run_to("03-04 00:00")
    assert w.turns("ann", "it") == [("03-02 08:00", None)]
    w.link("contact", "ann", "company", "acme", "2026-03-04 10:00:20")
    w.link("contact", "ann", "company", "acme", "2026-03-04 10:00:30", unlink=True).run_to("03-05 00:00")
    assert w.turns("ann", "it") == [("03-02 08:00", "03-04 10:01")]


def test_g12_days_are_of_the_calendar_and_hours_roll(worlds: MakeWorld) -> None:
    w = worlds(
        "segment days of contact { has viewed_page within 1 day }"
        " segment hours of contact { has viewed_page within 24 hours }"
    ).contact("ann")
    w.event("ann", "viewed_page", at="03-03 15:00", path="/").run_to("03-06 00:00")
    assert w.turns("ann", "days") == [("03-03 15:00", "03-04 00:00")]
    assert w.turns("ann", "hours") == [("03-03 15:00", "03-04 15:00")]


def test_g13_inactivity_of_theirs_and_of_ours_are_two_clocks(worlds: MakeWorld) -> None:
    """People who never did anything are inactive too; trap: "never active" people lost to NULL."""
    w = worlds(
        "segment theirs of contact { created_at older than 2 days and has not acted within 2 days }"
        " segment ours of contact { created_at older than 2 days and has not received_email within 2 days }"
    )
    w.contact("ann", "03-02 08:00").contact("bob", "03-02 08:00")
    w.event("bob", "viewed_page", at="03-03 09:00", path="/").event("bob", "received_email", at="03-05 09:00")
    w.run_to("03-12 00:00")
    assert w.turns("ann", "theirs") == w.turns("ann", "ours") == [("03-04 00:00", None)]
    assert w.turns("bob", "theirs") == [("03-05 00:00", None)]
    assert w.turns("bob", "ours") == [("03-04 00:00", "03-05 09:00"), ("03-07 00:00", None)]


def test_g14_only_several_soft_bounces_say_something(worlds: MakeWorld) -> None:
    w = worlds("segment it of contact { has bounced(kind = soft) at least 4 times within 30 days }").contact("ann")
    for day in (3, 4, 5):
        w.event("ann", "bounced", at=f"03-0{day} 10:00", kind="soft")
    w.event("ann", "bounced", at="03-05 11:00", kind="hard").run_to("03-06 00:00")
    assert w.members("it") == set()
    w.event("ann", "bounced", at="03-06 10:00", kind="soft").run_to("03-07 00:00")
    assert w.turns("ann", "it") == [("03-06 10:00", None)]


def test_g16_one_segment_fed_by_many_routes_is_joined_once(worlds: MakeWorld) -> None:
    w = worlds(
        'segment it of contact { has viewed_page(path starts with "/crm") or has downloaded or'
        ' has searched(terms contains "crm") }'
    ).contact("ann")
    w.event("ann", "searched", at="03-03 10:00", terms="best CRM").event(
        "ann", "viewed_page", at="03-04 09:00", path="/crm/a"
    )
    w.event("ann", "downloaded", at="03-05 10:00", asset="x").run_to("03-06 00:00")
    assert w.turns("ann", "it") == [("03-03 10:00", None)]


def test_g17_purchases_stages_and_owner_together(worlds: MakeWorld) -> None:
    w = worlds(
        "segment it of contact { last_purchase_at older than 2 days and any deal (stage = appointment)"
        " and owner = rep }"
    ).contact("ann")
    w.event("ann", "purchased", at="03-03 10:00", amount=1).deal("d", "ann", "03-03 11:00", "appointment")
    w.set("d", "03-08 10:00", of="deal", stage="lost").run_to("03-09 00:00")
    assert w.turns("ann", "it") == [("03-05 00:00", "03-08 10:00")]


def test_x2_late_early_and_doubled_events_make_segments_right(worlds: MakeWorld) -> None:
    """What comes late counts from when it comes; dated ahead, at its own instant; twice, once."""
    w = worlds("segment it of contact { has viewed_page within 3 hours }").contact("ann").run_to("03-03 12:00")
    w.event("ann", "viewed_page", at="03-03 10:00", path="/", key="late")
    w.event("ann", "viewed_page", at="03-03 20:00", path="/", key="ahead")
    w.event("ann", "viewed_page", at="03-03 20:00", path="/", key="ahead").run_to("03-04 12:00")
    assert w.turns("ann", "it") == [("03-03 12:01", "03-03 13:00"), ("03-03 20:00", "03-03 23:00")]


def test_x2_an_event_of_somebody_not_known_yet_counts_when_they_are(worlds: MakeWorld) -> None:
    w = worlds("segment it of contact { has purchased within 3 days }")
    w.contact("ann", "03-04 10:00").event("ann", "purchased", at="03-03 10:00", amount=1).run_to("03-09 00:00")
    assert w.turns("ann", "it") == [("03-04 10:00", "03-06 00:00")]


def test_x24_a_choice_without_a_source_lifts_an_opt_out(worlds: MakeWorld) -> None:
    w = worlds("segment it of contact { subscribed to news }").contact("ann")
    w.consent("ann", "news", "opted_out", "03-03 10:00").consent("ann", "news", "opted_in", "03-04 10:00")
    w.run_to("03-05 00:00")
    assert w.turns("ann", "it") == [("03-04 10:00", None)]


def test_x29_every_needs_one_and_no_does_not(worlds: MakeWorld) -> None:
    w = worlds(
        "segment every_one of contact { every deal (won) } segment no_one of contact { no deal (won) }"
    ).contact("ann").run_to("03-03 00:00")  # fmt: skip
    assert (w.members("every_one"), w.members("no_one")) == (set(), {"ann"})
