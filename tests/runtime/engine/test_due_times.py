"""When a condition turns although nothing happens: one test for each form, the minutes worked out by hand.

Purchases are on 3, 4 and 5 March, at 10:00, 11:00 and 12:00, unless a test says otherwise. A day counts as a whole:
what happened on the 3rd is `within 3 days` until the 6th begins. Random histories of all forms: `test_incremental`.
"""

from __future__ import annotations

import pytest

from tests.runtime.engine.harness import PROJECT, MakeWorld, World

BORN = "03-02 08:00"  # when ann was made
BOUGHT = (("03-03 10:00", -50), ("03-04 11:00", 120), ("03-05 12:00", 10))
Turns = list[tuple[str, str | None]]
Expected = dict[str, Turns]


def of(worlds: MakeWorld, expected: Expected, rest: str = "", **settings: str) -> World:
    """A world with a segment for each condition; ann is in it."""
    segments = " ".join(f"segment s{i} of contact {{ {text} }}" for i, text in enumerate(expected))
    return worlds(f"{segments} {rest}", **settings).contact("ann")


def purchases(w: World) -> World:
    for at, amount in BOUGHT:
        w.event("ann", "purchased", at=at, amount=amount)
    return w


def hold(w: World, expected: Expected, until: str = "05-01 00:00") -> None:
    """Nobody looks in between: the engine itself knows when."""
    w.run_to(until)
    assert {text: w.turns("ann", f"s{i}") for i, text in enumerate(expected)} == expected


def test_due_of_has_at_least_n_within_is_when_the_nth_newest_leaves(worlds: MakeWorld) -> None:
    expected: Expected = {
        "has purchased at least 2 times within 3 days": [("03-04 11:00", "03-07 00:00")],
        "has purchased at least 3 times within 3 days": [("03-05 12:00", "03-06 00:00")],
        "has purchased at least 2 times within 30 hours": [
            ("03-04 11:00", "03-04 16:00"),
            ("03-05 12:00", "03-05 17:00"),
        ],
    }
    hold(purchases(of(worlds, expected)), expected)


def test_due_of_has_not_within_is_when_the_last_one_leaves(worlds: MakeWorld) -> None:
    """Also months, counted forward from the last one."""
    expected: Expected = {
        "has not purchased within 3 days": [(BORN, "03-03 10:00"), ("03-08 00:00", None)],
        "has not purchased within 1 month": [(BORN, "03-03 10:00"), ("04-05 00:00", None)],
    }
    hold(purchases(of(worlds, expected)), expected)


def test_due_of_a_count_is_when_its_verdict_changes(worlds: MakeWorld) -> None:
    """Equal and unequal go to and fro as events come and leave."""
    expected: Expected = {
        "count(purchased within 3 days) = 2": [("03-04 11:00", "03-05 12:00"), ("03-06 00:00", "03-07 00:00")],
        "count(purchased within 3 days) != 2": [
            (BORN, "03-04 11:00"),
            ("03-05 12:00", "03-06 00:00"),
            ("03-07 00:00", None),
        ],
        "count(purchased within 3 days) between 1 and 2": [
            ("03-03 10:00", "03-05 12:00"),
            ("03-06 00:00", "03-08 00:00"),
        ],
    }
    hold(purchases(of(worlds, expected)), expected)


def test_due_of_a_sum_knows_that_amounts_have_signs(worlds: MakeWorld) -> None:
    """-50, 70, 80; without the -50 it is 130, without the 120 it is 10."""
    expected: Expected = {
        "sum(purchased.amount within 3 days) > 100 EUR": [("03-06 00:00", "03-07 00:00")],
        "sum(purchased.amount within 3 days) < 0 EUR": [("03-03 10:00", "03-04 11:00")],
    }
    hold(purchases(of(worlds, expected)), expected)


def test_due_of_extremes_and_averages_is_when_one_leaves(worlds: MakeWorld) -> None:
    expected: Expected = {
        "max(purchased.amount within 3 days) > 100 EUR": [("03-04 11:00", "03-07 00:00")],
        "min(purchased.amount within 3 days) < 0 EUR": [("03-03 10:00", "03-06 00:00")],
        "avg(purchased.amount within 3 days) > 40 EUR": [("03-06 00:00", "03-07 00:00")],
    }
    hold(purchases(of(worlds, expected)), expected)


def test_due_of_what_has_no_window_is_none(worlds: MakeWorld) -> None:
    expected: Expected = {
        "has purchased at least 2 times": [("03-04 11:00", None)],
        "sum(purchased.amount) > 75 EUR": [("03-05 12:00", None)],
        "has never purchased": [(BORN, "03-03 10:00")],
        "first(purchased).amount < 0 EUR": [("03-03 10:00", None)],
        "last(purchased).at > first(purchased).at": [("03-04 11:00", None)],
        "plan was ever free": [(BORN, None)],
    }
    w = purchases(of(worlds, expected)).set("ann", at=BORN, plan="free").set("ann", at="03-03 09:00", plan="paid")
    hold(w, expected, "03-06 00:00")
    assert w.engine.next_instant() is None


def test_due_of_the_last_one_between_days_ago_has_two_ends(worlds: MakeWorld) -> None:
    expected: Expected = {
        "last(purchased).at between 3 days ago and 1 days ago": [
            ("03-04 00:00", "03-04 11:00"),
            ("03-05 00:00", "03-05 12:00"),
            ("03-06 00:00", "03-09 00:00"),
        ],
    }
    hold(purchases(of(worlds, expected)), expected)


def test_due_of_a_field_of_the_last_one_within(worlds: MakeWorld) -> None:
    expected: Expected = {
        "last(purchased within 2 days).amount < 20 EUR": [
            ("03-03 10:00", "03-04 11:00"),
            ("03-05 12:00", "03-07 00:00"),
        ],
    }
    hold(purchases(of(worlds, expected)), expected)


def test_due_of_an_age_also_of_a_value_that_lies_ahead(worlds: MakeWorld) -> None:
    expected: Expected = {
        "last_contacted_at is missing and created_at older than 3 days": [("03-05 00:00", None)],
        "created_at within 30 hours": [(BORN, "03-03 14:00")],
        "renewal older than 1 month": [("04-05 00:00", None)],
        "renewal within 2 days": [("03-05 00:00", "03-07 00:00")],
    }
    hold(of(worlds, expected).set("ann", at=BORN, renewal="2026-03-05"), expected)


def test_due_of_within_next_is_the_day_it_comes_near_and_the_day_after_it(worlds: MakeWorld) -> None:
    expected: Expected = {
        "renewal within next 3 days": [("03-03 00:00", "03-06 00:00")],
        "renewal within next 1 month": [(BORN, "03-06 00:00")],
    }
    hold(of(worlds, expected).set("ann", at=BORN, renewal="2026-03-05"), expected)


def test_due_of_changed_within_is_when_the_last_change_leaves(worlds: MakeWorld) -> None:
    expected: Expected = {"plan changed within 2 days": [("03-03 10:00", "03-06 00:00")]}
    w = of(worlds, expected).set("ann", at=BORN, plan="free")
    hold(w.set("ann", at="03-03 10:00", plan="paid").set("ann", at="03-04 10:00", plan="free"), expected)


def test_due_of_a_calendar_period_is_one_for_everybody(worlds: MakeWorld) -> None:
    """5 March is a Thursday."""
    expected: Expected = {
        "renewal in this week": [(BORN, "03-09 00:00")],
        "renewal in last week": [("03-09 00:00", "03-16 00:00")],
        "renewal in last month": [("04-01 00:00", "05-01 00:00")],
        "renewal in next quarter": [],
    }
    hold(of(worlds, expected).set("ann", at=BORN, renewal="2026-03-05"), expected)


def test_due_of_a_fading_score_is_a_midnight(worlds: MakeWorld) -> None:
    """8, 5.66, 4, 2.83, 2: one step a day. `fell by`: the score when the window began, less the score now."""
    expected: Expected = {
        "score(heat) >= 4": [("03-03 10:00", "03-06 00:00")],
        "score(heat) < 2.5": [("03-07 00:00", None)],
        "score(heat) fell by 1 within 2 days": [("03-05 00:00", "03-07 00:00")],
    }
    w = of(worlds, expected, "score heat of contact { give 8 when purchased  decay: half every 2 days }")
    hold(w.event("ann", "purchased", at="03-03 10:00"), expected)


def test_due_of_a_score_over_a_condition_is_that_of_the_condition(worlds: MakeWorld) -> None:
    expected: Expected = {"score(cold) <= -5": [("03-05 00:00", None)]}
    idle = "has purchased and has not purchased within 2 days"
    rest = f"score cold of contact {{ give 5 when purchased  take 10 when {idle} }}"
    hold(of(worlds, expected, rest).event("ann", "purchased", at="03-03 10:00"), expected)


def test_due_of_not_and_and_or(worlds: MakeWorld) -> None:
    """A true `and` turns with the first part, a true `or` with the last."""
    expected: Expected = {
        "has purchased within 2 days and has viewed_page within 3 days": [("03-04 09:00", "03-05 00:00")],
        "has purchased within 2 days or has viewed_page within 3 days": [("03-03 10:00", "03-07 00:00")],
        "not (has purchased within 2 days or has viewed_page within 3 days)": [
            (BORN, "03-03 10:00"),
            ("03-07 00:00", None),
        ],
    }
    w = of(worlds, expected).event("ann", "purchased", at="03-03 10:00")
    hold(w.event("ann", "viewed_page", at="03-04 09:00", path="/"), expected)


def test_due_of_linked_records_is_that_of_the_one_that_decides(worlds: MakeWorld) -> None:
    """Two deals that close on the 6th and the 8th."""
    near = "close_on within next 3 days"
    expected: Expected = {
        f"any deal ({near})": [("03-04 00:00", "03-09 00:00")],
        f"no deal ({near})": [(BORN, "03-04 00:00"), ("03-09 00:00", None)],
        f"every deal ({near})": [("03-06 00:00", "03-07 00:00")],
        f"count(deal ({near})) >= 2": [("03-06 00:00", "03-07 00:00")],
        f"count(deal ({near})) = 1": [("03-04 00:00", "03-06 00:00"), ("03-07 00:00", "03-09 00:00")],
    }
    w = of(worlds, expected)
    for day in (6, 8):
        w.deal(f"d{day}", "ann", at="03-02 09:00", close_on=f"2026-03-0{day}")
    hold(w, expected)


def test_due_of_the_company_reaches_all_of_its_contacts(worlds: MakeWorld) -> None:
    """Those who are linked when it falls due."""
    expected: Expected = {"company.created_at older than 3 days": [("03-06 00:00", None)]}
    w = of(worlds, expected).contact("bob").contact("cid").company("acme", "ann", "bob", "cid", at="03-03 09:00")
    w.link("contact", "bob", "company", "acme", "03-04 09:00", unlink=True)
    w.link("contact", "cid", "company", "acme", "03-06 09:00", unlink=True)
    hold(w, expected)
    assert [w.turns(name, "s0") for name in ("bob", "cid")] == [[], [("03-06 00:00", "03-06 09:00")]]


def test_due_of_in_segment_is_none_and_it_turns_at_the_same_minute(worlds: MakeWorld) -> None:
    expected: Expected = {
        "has purchased within 2 days": [("03-03 10:00", "03-07 00:00")],
        "in segment s0": [("03-03 10:00", "03-07 00:00")],
        "not in segment s1": [(BORN, "03-03 10:00"), ("03-07 00:00", None)],
    }
    hold(purchases(of(worlds, expected)), expected)


def test_due_of_what_is_dated_ahead_is_also_its_own_instant(worlds: MakeWorld) -> None:
    """Told on 2 March: nothing turns before the 5th."""
    expected: Expected = {
        "has purchased within 2 days": [("03-05 09:00", "03-07 00:00")],
        "visits > 3": [("03-04 12:00", None)],
        "any deal (closed)": [("03-06 07:00", None)],
    }
    w = of(worlds, expected).run_to("03-02 09:00").event("ann", "purchased", at="03-05 09:00")
    hold(w.set("ann", at="03-04 12:00", visits=5).deal("big", "ann", at="03-06 07:00"), expected)


def test_due_moves_later_with_what_comes_and_earlier_with_what_comes_late(worlds: MakeWorld) -> None:
    """An event that is told after it happened moves the due of what it bounds, also back."""
    expected: Expected = {
        "has purchased within 2 days": [("03-03 10:00", "03-07 00:00"), ("03-10 12:01", "03-11 00:00")],
        "first(purchased).at older than 5 days": [("03-08 00:00", None)],
    }
    w = purchases(of(worlds, expected)).run_to("03-10 12:00").event("ann", "purchased", at="03-09 10:00")
    hold(w, expected)


@pytest.mark.parametrize(
    ("zone", "at", "condition", "end"),
    [
        ("Africa/Cairo", "2026-04-22 12:00", "within 2 days", "04-24 01:00"),  # no midnight
        ("America/Havana", "2026-10-30 12:00", "within 2 days", "11-01 00:00"),  # midnight comes twice
        ("Australia/Lord_Howe", "2026-04-04 12:00", "within 30 hours", "04-05 17:30"),  # half an hour more
        ("Pacific/Apia", "2011-12-28 12:00", "within 2 days", "2011-12-31 00:00"),  # no 30 December
        ("America/Sao_Paulo", "2018-11-01 12:00", "within 3 days", "2018-11-04 01:00"),
    ],
)
def test_due_goes_by_the_days_of_the_zone(worlds: MakeWorld, zone: str, at: str, condition: str, end: str) -> None:
    w = worlds(
        f"segment s of contact {{ has purchased {condition} }}",
        project=PROJECT.replace("Europe/Warsaw", zone),
        start=f"{at[:10]} 00:00",
    )
    w.contact("ann", at=f"{at[:10]} 08:00").event("ann", "purchased", at=at)
    year, month = int(at[:4]), at[5:7]
    w.run_to(f"{year + (month == '12')}-{'01' if month == '12' else '12'}-20 00:00")
    assert w.turns("ann", "s") == [(at.removeprefix("2026-"), end)]
