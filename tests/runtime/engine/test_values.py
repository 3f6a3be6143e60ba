"""Values out of events, periods, patterns, lists and the past in conditions: one test a rule, on both databases."""

from __future__ import annotations

import pytest

from tests.runtime.engine.harness import SCHEMA, MakeWorld, World


def stays(world: World, until: str = "03-20 00:00") -> list[tuple[str, str | None]]:
    return world.run_to(until).turns("ann", "it")


def test_x14_days_ago_are_a_whole_day_counted_forward(worlds: MakeWorld) -> None:
    """At whatever hour ann bought on the 4th: that is 3 days ago for the whole of the 7th."""
    w = worlds(
        "segment it of contact { last(purchased).at = 3 days ago }"
        "segment upto of contact { last(purchased).at <= 3 days ago }"
        "segment before of contact { last(purchased).at < 3 days ago }"
        "segment from_then of contact { last(purchased).at >= 3 days ago }"
        "segment after of contact { last(purchased).at > 3 days ago }"
    )
    w.contact("ann", "03-02 08:00").event("ann", "purchased", "03-04 15:00", amount=1)
    assert stays(w) == [("03-07 00:00", "03-08 00:00")]
    assert w.turns("ann", "upto") == [("03-07 00:00", None)]
    assert w.turns("ann", "before") == [("03-08 00:00", None)]
    assert w.turns("ann", "from_then") == [("03-04 15:00", "03-08 00:00")]
    assert w.turns("ann", "after") == [("03-04 15:00", "03-07 00:00")]


def test_x14_hours_ago_roll(worlds: MakeWorld) -> None:
    """`<=` turns at that very minute, `<` is looked at in the next one."""
    w = worlds(
        "segment it of contact { created_at <= 5 hours ago } segment past of contact { created_at < 5 hours ago }"
    ).contact("ann", "03-02 08:00")
    assert stays(w) == [("03-02 13:00", None)]
    assert w.turns("ann", "past") == [("03-02 13:01", None)]


def test_x14_months_ago_do_not_flicker_at_the_end_of_march(worlds: MakeWorld) -> None:
    w = worlds("segment it of contact { created_at <= 1 month ago }", start="2026-02-01 00:00")
    w.contact("ann", "02-28 12:00").run_to("04-05 00:00")
    assert w.turns("ann", "it") == [("03-28 00:00", None)]


def test_x14_between_days_ago_includes_both_ends(worlds: MakeWorld) -> None:
    w = worlds("segment it of contact { renewal between 3 days ago and 1 day ago }")
    assert stays(w.contact("ann", renewal="2026-03-04")) == [("03-05 00:00", "03-08 00:00")]


def test_g3_events_leave_a_sum(worlds: MakeWorld) -> None:
    w = worlds("segment it of contact { sum(purchased.amount within 3 days) >= 10 EUR }").contact("ann")
    for at, amount in (("03-04 10:00", 6), ("03-05 10:00", 5), ("03-06 10:00", 4)):
        w.event("ann", "purchased", at, amount=amount)
    # 6 + 5; 6 + 5 + 4; the 7th begins without the 6
    assert stays(w) == [("03-05 10:00", "03-07 00:00")]


def test_a_sum_may_be_larger_than_any_amount(worlds: MakeWorld) -> None:
    """Two amounts of an evil source would otherwise stop every tick: SQLite refuses a sum beyond 63 bits."""
    w = worlds(
        "segment it of contact { sum(purchased.amount within 3 days) >= 90000000000000000 EUR }"
        "segment all of contact { sum(purchased.amount) > max(purchased.amount) }"
    ).contact("ann")
    for day in (3, 4):
        w.event("ann", "purchased", f"03-0{day} 10:00", amount=90_000_000_000_000_000)
    assert stays(w) == [("03-03 10:00", "03-07 00:00")]
    assert w.members("all") == {"ann"}


def test_a_sum_that_is_written_is_no_larger_than_a_property_holds(worlds: MakeWorld) -> None:
    schema = SCHEMA.replace("visits: {type: number}", "visits: {type: number}\n      spent: {type: money}")
    rules = "workflow w of contact { when: manually  set spent = sum(purchased.amount) }"
    w = worlds(rules, schema=schema)
    for name, amount in (("ann", 90_000_000_000_000_000), ("bob", -90_000_000_000_000_000), ("cat", -3)):
        w.contact(name).event(name, "purchased", "03-03 10:00", amount=amount)
        w.event(name, "purchased", "03-04 10:00", amount=amount).enroll(name, "workflow w", at="03-05 10:00")
    w.run_to("03-06 00:00")
    assert [w.value(name, "spent") for name in ("ann", "bob", "cat")] == [2**63 - 1, -(2**63), -600]


def test_a_sum_without_an_event_is_nought_and_a_highest_is_missing(worlds: MakeWorld) -> None:
    w = worlds(
        "segment it of contact { sum(purchased.amount) < 1 EUR }"
        "segment low of contact { max(purchased.amount) < 1 EUR }"
        "segment none of contact { avg(purchased.amount) is missing and count(purchased) < visits }"
    ).contact("ann", visits=1)
    w.run_to("03-03 00:00")
    assert (w.members("it"), w.members("low"), w.members("none")) == ({"ann"}, set(), {"ann"})


def test_x30_machines_count_where_they_are_asked_for(worlds: MakeWorld) -> None:
    w = worlds("segment it of contact { count(clicked_email including machines) > count(clicked_email) }").contact(
        "ann"
    )
    w.event("ann", "clicked_email", "03-03 09:00", template="a", link_url="x")
    w.event("ann", "clicked_email", "03-04 09:00", template="a", link_url="x", class_="machine")
    assert stays(w) == [("03-04 09:00", None)]


def test_x4_a_sum_since_enrollment_counts_strictly_after_it(worlds: MakeWorld) -> None:
    w = worlds(
        "workflow w of contact { when: purchased  wait 1 day"
        " if sum(purchased.amount since enrollment) >= 5 EUR { set visits = 1 } else { set visits = 2 } }"
    )
    for name in ("ann", "bob"):
        w.contact(name).event(name, "purchased", "03-03 09:00", amount=9)
    w.event("ann", "purchased", "03-03 10:00", amount=5).run_to("03-05 00:00")
    assert (w.value("ann", "visits"), w.value("bob", "visits")) == (1, 2)


def test_since_another_event_is_strictly_after_it(worlds: MakeWorld) -> None:
    """Without that event nothing is after it (X29)."""
    w = worlds("segment it of contact { has viewed_page at least 2 times since last(purchased) }").contact("ann")
    for at in ("03-03 09:00", "03-03 10:00", "03-04 09:00", "03-04 10:00", "03-04 11:00"):
        w.event("ann", "viewed_page", at, path="/")
    w.event("ann", "purchased", "03-04 09:00", amount=1).event("ann", "purchased", "03-05 09:00", amount=1)
    assert stays(w) == [("03-04 11:00", "03-05 09:00")]


def test_x34_the_first_value_is_no_change_and_was_once(worlds: MakeWorld) -> None:
    w = worlds(
        "segment it of contact { plan changed within 2 days } segment ever of contact { plan changed }"
        "segment free of contact { plan was ever free } segment paid of contact { plan was ever in [trial, paid] }"
    )
    w.contact("ann", "03-02 08:00", plan="free").set("ann", "03-04 09:00", plan="paid")
    assert stays(w) == [("03-04 09:00", "03-06 00:00")]
    assert w.turns("ann", "ever") == [("03-04 09:00", None)]
    assert w.turns("ann", "free") == [("03-02 08:00", None)]  # once true, always true
    assert w.turns("ann", "paid") == [("03-04 09:00", None)]


def test_x34_numbers_dates_and_moments_are_found_in_the_past(worlds: MakeWorld) -> None:
    w = worlds(
        "segment it of contact { visits was ever 2.5 } segment day of contact { renewal was ever 2026-03-09 }"
        "segment lists of contact { tags was ever b }"
    )
    w.contact("ann", visits=2.5, renewal="2026-03-09", tags=["a", "b"])
    w.set("ann", "03-03 09:00", visits=3, renewal="2026-03-10", tags=["a"]).run_to("03-04 00:00")
    assert w.members("it") == w.members("day") == w.members("lists") == {"ann"}


def test_g5_a_past_stay_counts(worlds: MakeWorld) -> None:
    w = worlds(
        "segment it of contact { was ever in segment busy and not in segment busy }"
        "segment busy of contact { has viewed_page within 1 day }"
        "segment done of contact { was ever in workflow w and not in workflow w }"
        "workflow w of contact { when: viewed_page  wait 2 days }"
    )
    w.contact("ann").event("ann", "viewed_page", "03-03 09:00", path="/")
    assert stays(w) == [("03-04 00:00", None)]
    assert w.turns("ann", "done") == [("03-05 09:00", None)]


def test_x31_a_pattern_reads_the_text_as_written(worlds: MakeWorld) -> None:
    w = worlds(r'segment it of contact { last_name matches "^[A-M]\\w+( |$)" }')
    names = {"yes": "Adams", "two": "Adams Ω", "line": "Adams\n", "case": "adams", "wide": "Ａdams", "letter": "Aé"}
    for name, last_name in {**names, "none": None}.items():
        w.contact(name, last_name=last_name)
    assert w.run_to("03-03 00:00").members("it") == {"yes", "two"}


def test_contains_any_and_all(worlds: MakeWorld) -> None:
    w = worlds(
        "segment it of contact { tags contains any [a, b, a_c] } segment all of contact { tags contains all [a, b] }"
    )
    for name, tags in {"ab": ["a", "b"], "a": ["a"], "other": ["c", "axc"], "none": None}.items():
        w.contact(name, tags=tags)
    w.run_to("03-03 00:00")
    assert (w.members("it"), w.members("all")) == ({"ab", "a"}, {"ab"})


@pytest.mark.parametrize(
    ("period", "of_moment", "of_day"),
    [
        ("this week", [("03-04 09:00", "03-09 00:00")], [("03-09 00:00", "03-16 00:00")]),
        ("last week", [("03-09 00:00", "03-16 00:00")], [("03-16 00:00", "03-23 00:00")]),
        ("next week", [], [("03-03 00:00", "03-09 00:00")]),
        ("last month", [("04-01 00:00", "05-01 00:00")], [("04-01 00:00", "05-01 00:00")]),
        ("this quarter", [("03-04 09:00", "04-01 00:00")], [("03-03 00:00", "04-01 00:00")]),
        ("last year", [("2027-01-01 00:00", "2028-01-01 00:00")], [("2027-01-01 00:00", "2028-01-01 00:00")]),
    ],
)
def test_x14_periods_begin_at_midnight_of_the_account(
    world: MakeWorld, period: str, of_moment: object, of_day: object
) -> None:
    w = world(
        f"segment it of contact {{ last(purchased).at in {period} }} segment day of contact {{ renewal in {period} }}"
    )
    w.contact("ann", "03-03 00:00", renewal="2026-03-13").event("ann", "purchased", "03-04 09:00", amount=1)
    assert stays(w, "2028-02-01 00:00") == of_moment
    assert w.turns("ann", "day") == of_day


# Conditions about ann at midnight after the 6th of March, and whether they hold.
ODD = {
    "last(created).at within 6 days": True,
    "last(created).at within 5 days": False,
    "count(created) > visits": False,
    "has viewed_page since last(created)": True,
    "last(acted).at within 3 days": False,
    "last(acted).at within 4 days": True,
    "first(acted within 5 days).at <= 4 days ago": True,
    "count(acted) > count(viewed_page)": True,
    "has purchased(amount > avg(purchased.amount))": True,
    "sum(purchased.amount) > max(purchased.amount)": True,
    'last(purchased).product = "TEA"': True,
    'first(purchased(amount < 5 EUR)).product contains "OF"': True,
    'last(purchased).product matches "^te"': True,
    'last(purchased).product matches "^TE"': False,
    "last(purchased).at in [2026-03-03, 2026-03-04]": True,
    "count(deal (amount > 1 EUR and any contact (last(purchased).at within 4 days))) = visits": True,
    "every deal (amount was ever 3 EUR)": True,
    "company.domain changed": True,
    "any deal (amount changed within 1 day)": False,
    "not (renewal is known and renewal in this month)": True,
}


def test_values_stand_wherever_a_value_may(worlds: MakeWorld) -> None:
    w = worlds("\n".join(f"segment o{n} of contact {{ {condition} }}" for n, condition in enumerate(ODD)))
    w.contact("ann", "03-02 08:00", visits=1).company("acme", "ann", domain="a.example")
    w.event("ann", "viewed_page", "03-03 09:00", path="/")
    w.event("ann", "purchased", "03-03 10:00", amount=3, product="Coffee")
    w.event("ann", "purchased", "03-04 10:00", amount=9, product="tea")
    w.deal("d", "ann", "03-03 10:00", stage="proposal", amount=3).deal("d", "ann", "03-04 10:00", amount=4)
    w.record("company", "acme", "03-05 09:00", domain="b.example").run_to("03-07 00:00")
    held = {condition: w.members(f"o{n}") == {"ann"} for n, condition in enumerate(ODD)}
    assert held == ODD
