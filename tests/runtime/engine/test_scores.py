"""Scores in the engine: X35, G18 to G20, and the minute at which time alone turns what reads them."""

from __future__ import annotations

import pytest

from tests.runtime.engine.harness import PROJECT, MakeWorld, World

CLICKS = "score s of contact { give 5 when viewed_page, at most 10 per week  take 3 when purchased(amount > 3 EUR) }"


def hot(score: str, condition: str) -> str:
    return f"{score} segment hot of contact {{ {condition} }}"


def visited(w: World, *times: str, name: str = "ann") -> World:
    for at in times:
        w.event(name, "viewed_page", at=at)
    return w


def test_x35_events_give_points_and_join_at_their_minute(worlds: MakeWorld) -> None:
    w = visited(worlds(hot(CLICKS, "score(s) >= 10")).contact("ann").contact("bob"), "03-03 10:00", "03-03 11:00")
    w.event("ann", "purchased", at="03-04 09:00", amount="5 EUR").run_to("03-05 00:00")
    assert w.turns("ann", "hot") == [("03-03 11:00", "03-04 09:00")]
    assert w.members("hot") == set()


def test_x35_a_cap_is_per_calendar_week_and_a_late_event_finds_its_place(worlds: MakeWorld) -> None:
    """Sunday is full after two; Monday counts anew. What comes late takes the place of the later one."""
    w = worlds(hot(CLICKS, "score(s) > 10")).contact("ann")
    visited(w, "03-07 10:00", "03-08 10:00", "03-08 11:00").run_to("03-09 00:00")
    assert w.members("hot") == set()
    visited(w, "03-03 09:00").run_to("03-09 00:10")
    rows = w.sql("SELECT at, points FROM segue_award ORDER BY at")
    assert [(w.local(at), points) for at, points in rows] == [("03-03 09:00", 5), ("03-07 10:00", 5)]
    visited(w, "03-09 10:00").run_to("03-10 00:00")
    assert w.turns("ann", "hot") == [("03-09 10:00", None)]


@pytest.mark.parametrize("per", ["day", "month", "year"])
def test_x35_caps_of_each_period(worlds: MakeWorld, per: str) -> None:
    rules = hot(f"score s of contact {{ give 5 when viewed_page, at most 5 per {per} }}", "score(s) >= 10")
    w = worlds(rules, start="2026-12-01 00:00").contact("ann", at="2026-12-31 08:00")
    visited(w, "2026-12-31 09:00", "2026-12-31 23:59").run_to("2026-12-31 23:59")
    assert w.members("hot") == set()
    visited(w, "2027-01-01 00:00").run_to("2027-01-02 00:00")
    assert w.turns("ann", "hot") == [("2027-01-01 00:00", None)]


def test_x35_missing_is_that_no_event_rule_ever_fired(worlds: MakeWorld) -> None:
    rules = hot("score s of contact { give 5 when viewed_page  give 2 when plan = paid }", "score(s) is missing")
    w = visited(worlds(rules).contact("ann", plan="paid").contact("bob"), "03-03 10:00").run_to("03-03 09:59")
    assert w.members("hot") == {"ann", "bob"}
    w.run_to("03-03 10:00")
    assert w.members("hot") == {"bob"}


def test_x35_points_of_a_condition_are_there_while_it_holds(worlds: MakeWorld) -> None:
    rules = hot(
        "score s of contact { give 5 when viewed_page  take 4 when has not acted within 2 days }", "score(s) < 2"
    )
    w = visited(worlds(rules).contact("ann"), "03-03 10:00", "03-06 09:00").run_to("03-09 00:00")
    assert w.turns("ann", "hot") == [("03-05 00:00", "03-06 09:00")]


def test_x35_fading_turns_at_midnight_without_an_event(worlds: MakeWorld) -> None:
    """40 halves every 2 days: 20 after two, 10 after four, 9.995 or less never counts as 10."""
    rules = hot("score s of contact { give 40 when viewed_page  decay: half every 2 days }", "score(s) >= 10")
    w = visited(worlds(rules).contact("ann"), "03-03 22:00").run_to("03-20 00:00")
    assert w.turns("ann", "hot") == [("03-03 22:00", "03-08 00:00")]


@pytest.mark.parametrize(
    ("zone", "day", "turns"),
    [
        ("Europe/Warsaw", "2026-03-27", "2026-03-30 00:00"),  # the night the clocks go forward
        ("Europe/Warsaw", "2026-10-23", "2026-10-26 00:00"),
        ("Africa/Cairo", "2026-04-22", "2026-04-25 00:00"),
        ("Africa/Cairo", "2026-04-21", "2026-04-24 01:00"),  # that day has no midnight
        ("Australia/Lord_Howe", "2026-04-03", "2026-04-06 00:00"),
    ],
)
def test_x14_fading_steps_with_the_local_day_whatever_the_clock_does(
    world: MakeWorld, zone: str, day: str, turns: str
) -> None:
    project = PROJECT.replace("Europe/Warsaw", zone)
    rules = hot("score s of contact { give 16 when viewed_page  decay: half every 1 day }", "score(s) > 2")
    w = world(rules, start=f"{day} 00:00", project=project).contact("ann", at=f"{day} 08:00")
    w.event("ann", "viewed_page", at=f"{day} 12:00").run_to(turns).tick_every_minute_to(turns)
    ((_, left),) = w.sql("SELECT joined_at, left_at FROM segue_membership")
    assert left == w.micros(turns)


def test_g20_points_vanish_after_their_time(worlds: MakeWorld) -> None:
    rules = hot("score s of contact { give 5 when viewed_page  expire: after 1 month }", "score(s) >= 10")
    w = visited(worlds(rules).contact("ann"), "03-03 10:00", "03-05 10:00").run_to("05-01 00:00")
    assert w.turns("ann", "hot") == [("03-05 10:00", "04-03 00:00")]


def test_g19_the_cap_of_the_score_bounds_the_sum_last(worlds: MakeWorld) -> None:
    rules = hot("score s of contact { give 30 when viewed_page  take 5 when plan = free  cap: 50 }", "score(s) = 50")
    w = visited(worlds(rules).contact("ann", plan="free"), "03-03 10:00", "03-03 11:00").run_to("03-04 00:00")
    assert w.turns("ann", "hot") == [("03-03 11:00", None)]


def test_g18_fell_and_rose_compare_with_the_start_of_the_window(worlds: MakeWorld) -> None:
    score = "score s of contact { give 10 when viewed_page  take 4 when purchased }"
    rules = f"""{score} segment hot of contact {{ score(s) rose by 10 within 2 days }}
        segment cold of contact {{ score(s) fell by 4 within 5 hours }}"""
    w = visited(worlds(rules).contact("ann"), "03-03 10:00").event("ann", "purchased", at="03-06 10:00", amount="5 EUR")
    w.run_to("03-09 00:00")
    assert w.turns("ann", "hot") == [("03-03 10:00", "03-05 00:00")]
    assert w.turns("ann", "cold") == [("03-06 10:00", "03-06 15:00")]


def test_g18_a_fading_score_falls_by_itself(worlds: MakeWorld) -> None:
    rules = hot(
        "score s of contact { give 40 when viewed_page  decay: half every 1 day }", "score(s) fell by 8 within 3 days"
    )
    w = visited(worlds(rules).contact("ann"), "03-23 10:00").run_to("04-20 00:00")
    # At the start of each day from the 24th on it was worth 20, 10, 5, 2.5; the window begins two days ago.
    assert w.turns("ann", "hot") == [("03-26 00:00", "03-27 00:00")]


def test_x1_an_edited_score_marks_who_matches_as_already_true(worlds: MakeWorld) -> None:
    workflow = " workflow w of contact { when: in segment hot  add 1 to visits }"
    rules = hot("score s of contact { give 5 when viewed_page }", "score(s) >= 10") + workflow
    w = visited(worlds(rules).contact("ann").contact("bob"), "03-03 10:00").run_to("03-04 00:00")
    w.edit(rules.replace("give 5", "give 12")).run_to("03-05 00:00")
    assert w.members("hot") == {"ann"} and w.entered("ann", "w") == []
    visited(w, "03-05 10:00", name="bob").run_to("03-06 00:00")
    assert w.entered("bob", "w") == ["03-05 10:00"]


def test_x35_a_score_decides_in_guards_branches_and_waits(worlds: MakeWorld) -> None:
    rules = """score s of contact { give 5 when viewed_page  give 1 when in segment old }
        segment old of contact { created_at older than 1 month }
        workflow w of contact {
          when: manually  only: score(s) is known  goal: score(s) >= 20
          if score(s) > 5 { set visits = 1 } else { set visits = 2 }
          wait until score(s) >= 10 up to 3 days else { set visits = 3 }
          set visits = 10  wait 30 days
        }"""
    w = visited(worlds(rules).contact("ann").contact("bob"), "03-03 10:00")
    w.enroll("ann", "workflow w", at="03-03 11:00").enroll("bob", "workflow w", at="03-03 11:00").run_to("03-03 12:00")
    assert w.value("ann", "visits") == 2 and w.refusals("bob") == [("03-03 11:00", "w", "only")]
    visited(w, "03-04 10:00").run_to("03-04 10:01")
    assert w.value("ann", "visits") == 10
    visited(w, "03-05 10:00", "03-05 11:00").run_to("03-06 00:00")
    assert w.status("ann", "w") == "unenrolled(goal)"


def test_x35_a_late_event_counts_its_own_period_again_and_no_other(worlds: MakeWorld) -> None:
    """What was given for events that are gone by now stays."""
    w = visited(worlds(hot(CLICKS, "score(s) >= 15")).contact("ann"), "03-10 10:00", "03-16 10:00").run_to(
        "03-17 00:00"
    )
    w.sql("DELETE FROM event_viewed_page")
    visited(w, "03-03 10:00").run_to("03-17 00:10")
    assert w.turns("ann", "hot") == [("03-17 00:01", None)]


def test_x35_a_score_is_written_to_a_property(worlds: MakeWorld) -> None:
    rules = """score s of contact { give 5.5 when viewed_page  decay: half every 1 day }
        workflow w of contact { when: viewed_page  wait 1 day  set visits = score(s) }"""
    w = visited(worlds(rules).contact("ann"), "03-03 10:00").run_to("03-05 00:00")
    assert float(w.value("ann", "visits")) == 2.75


def test_x35_an_event_touches_its_own_record_alone(world: MakeWorld) -> None:
    w = visited(world(hot(CLICKS, "score(s) >= 10")).contact("ann").contact("bob"), "03-03 10:00", "03-03 11:00")
    visited(w, "03-03 10:00", name="bob").run_to("03-03 12:00")
    w.sql("UPDATE segue_award SET points = 1000 WHERE id = (SELECT id FROM contact WHERE external_id = 'bob')")
    visited(w, "03-04 10:00").run_to("03-05 00:00")
    assert w.members("hot") == {"ann"}


def test_x31_was_ever_of_a_text_ignores_case_and_width(worlds: MakeWorld) -> None:
    w = worlds('segment strasse of contact { first_name was ever "STRASSE" }').contact("ann", first_name="Straße")
    w.contact("bob", first_name="Bob").set("ann", at="03-03 10:00", first_name="Ann").run_to("03-04 00:00")
    w.set("bob", at="03-04 10:00", first_name="ｓｔｒａｓｓｅ").set("bob", at="03-05 10:00", first_name="B").run_to(
        "03-06 00:00"
    )
    assert w.turns("ann", "strasse") == [("03-02 08:00", None)]
    assert w.turns("bob", "strasse") == [("03-04 10:00", None)]


@pytest.mark.parametrize(("op", "held"), [("<", {"late"}), ("<=", {"late", "same"}), ("=", {"same"}), (">", {"early"})])
def test_x14_a_day_against_a_moment_means_the_whole_day_of_the_account(
    worlds: MakeWorld, op: str, held: set[str]
) -> None:
    """23:30 UTC is the next day in Warsaw."""
    w = worlds(f"segment x of contact {{ renewal {op} last(purchased).at }}")
    for name, at in (("early", "03-04 23:59"), ("same", "03-05 00:30"), ("late", "03-06 00:00")):
        w.contact(name, renewal="2026-03-05").event(name, "purchased", at=at, amount="5 EUR")
    w.contact("none").run_to("03-07 00:00")
    assert w.members("x") == held
