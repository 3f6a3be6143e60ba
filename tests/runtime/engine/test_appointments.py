"""Waits for a date and for the clock (X13, X17; domain S40, W13, W14)."""

from __future__ import annotations

import pytest

from tests.runtime.engine.harness import SCHEMA, MakeWorld

RENEWAL = """workflow w of contact { when: manually  wait until renewal at 09:00 else { set visits = 9 exit "no" }
    set visits = 1 }"""
CLOCK = "workflow w of contact { when: manually  wait until WHEN  set visits = 1 }"


def test_x17_a_date_is_waited_for_and_one_that_is_past_or_missing_takes_else(worlds: MakeWorld) -> None:
    w = worlds(RENEWAL).contact("ann", renewal="2026-03-10").contact("bob", renewal="2026-03-03").contact("cy")
    w.contact("dan", renewal="2026-03-04")
    for name in ("ann", "bob", "cy", "dan"):
        w.enroll(name, "workflow w", at="03-03 12:00")
    w.run_to("03-12 09:00")
    assert w.steps("ann")[1:3] == [("03-10 09:00", "wait", None, "happened"), ("03-10 09:00", "set", "visits", "done")]
    assert w.steps("bob")[1] == w.steps("cy")[1] == ("03-03 12:00", "wait", None, "timeout")
    assert w.sql("SELECT detail FROM segue_step WHERE outcome = 'timeout' ORDER BY detail") == [("no date",), ("past",)]
    assert w.steps("dan")[1] == ("03-04 09:00", "wait", None, "happened")
    assert [w.value(n, "visits") for n in ("ann", "bob", "cy", "dan")] == [1, 9, 9, 1]


def test_x17_without_else_who_comes_too_late_goes_on_at_once(worlds: MakeWorld) -> None:
    w = worlds("workflow w of contact { when: manually  wait until 2026-03-05 09:00  set visits = 1 }").contact("ann")
    w.contact("bob").enroll("ann", "workflow w", at="03-03 12:00").enroll("bob", "workflow w", at="03-06 12:00")
    w.run_to("03-07 00:00")
    assert w.steps("ann")[2][0] == "03-05 09:00"
    assert w.steps("bob")[2][:3] == ("03-06 12:00", "set", "visits")


def test_x17_the_very_moment_is_not_past(worlds: MakeWorld) -> None:
    w = worlds(RENEWAL).contact("ann", renewal="2026-03-03").enroll("ann", "workflow w", at="03-03 09:00")
    assert w.run_to("03-03 09:00").value("ann", "visits") == 1


def test_x17_a_date_that_changes_is_planned_anew(worlds: MakeWorld) -> None:
    """Later, sooner, into the past, cleared, and there and back."""
    w = worlds(RENEWAL)
    for name in ("later", "sooner", "past", "cleared", "back"):
        w.contact(name, renewal="2026-03-10").enroll(name, "workflow w", at="03-03 12:00")
    w.set("later", renewal="2026-03-12", at="03-09 10:00").set("sooner", renewal="2026-03-08", at="03-05 10:00")
    w.set("past", renewal="2026-03-04", at="03-05 10:00").set("cleared", renewal=None, at="03-05 10:00")
    w.set("back", renewal="2026-03-20", at="03-05 10:00").set("back", renewal="2026-03-10", at="03-06 10:00")
    w.run_to("03-31 00:00")
    waits = {name: w.steps(name)[1] for name in ("later", "sooner", "past", "cleared", "back")}
    assert waits == {
        "later": ("03-12 09:00", "wait", None, "happened"),
        "sooner": ("03-08 09:00", "wait", None, "happened"),
        "past": ("03-05 10:00", "wait", None, "timeout"),
        "cleared": ("03-05 10:00", "wait", None, "timeout"),
        "back": ("03-10 09:00", "wait", None, "happened"),
    }


def test_x17_a_date_of_the_company_is_planned_anew(world: MakeWorld) -> None:
    """When it is set there, and when the person comes to another company."""
    schema = SCHEMA.replace("{budget:", "{founding: {type: date}, budget:")
    w = world(RENEWAL.replace("renewal", "company.founding"), schema=schema)
    for name in ("ann", "bob", "cy"):
        w.contact(name)
    w.company("acme", "ann", "bob", at="03-02 09:00", founding="2026-03-10")
    w.company("other", at="03-02 09:00", founding="2026-03-20")
    for name in ("ann", "bob", "cy"):
        w.enroll(name, "workflow w", at="03-03 12:00")
    w.link("contact", "bob", "company", "other", "03-05 10:00").run_to("03-06 00:00")
    w.set("acme", of="company", founding="2026-03-12", at="03-07 10:00").run_to("03-31 00:00")
    assert [w.steps(n)[1] for n in ("ann", "bob", "cy")] == [
        ("03-12 09:00", "wait", None, "happened"),
        ("03-20 09:00", "wait", None, "happened"),
        ("03-03 12:00", "wait", None, "timeout"),
    ]


def test_x13_a_day_is_that_of_the_enrollments_zone(worlds: MakeWorld) -> None:
    """A date alone means 00:00, on the person's clock where the definition says so."""
    w = worlds(
        'workflow w of contact { when: manually  zone: contact  wait until renewal else { exit "no" }  set visits = 1 }'
    )
    w.contact("ann", renewal="2026-03-10", time_zone="Asia/Tokyo").contact("bob", renewal="2026-03-10")
    w.contact("cy", renewal="2026-03-10", time_zone="No/Such")
    for name in ("ann", "bob", "cy"):
        w.enroll(name, "workflow w", at="03-03 12:00")
    w.run_to("03-12 00:00")
    assert [w.steps(n)[1][0] for n in ("ann", "bob", "cy")] == ["03-09 16:00", "03-10 00:00", "03-10 00:00"]


@pytest.mark.parametrize(
    ("resumed", "on"),
    [("03-04 07:00", "03-04 09:00"), ("03-04 12:00", "03-05 09:00"), ("03-04 09:00", "03-05 09:00")],
)
def test_s40_a_pause_does_not_move_the_clock(worlds: MakeWorld, resumed: str, on: str) -> None:
    """`wait until 09:00` ends at 09:00, however long the pause was."""
    w = worlds(CLOCK.replace("WHEN", "09:00")).contact("ann").enroll("ann", "workflow w", at="03-03 12:00")
    w.pause("ann", "workflow w", at="03-03 20:00").resume("ann", "workflow w", at=resumed).run_to("03-10 00:00")
    assert [s[0] for s in w.steps("ann") if s[1] == "set"] == [on]


@pytest.mark.parametrize(("resumed", "on"), [("03-04 07:00", "03-10 09:00"), ("03-12 07:30", "03-12 07:30")])
def test_s40_a_pause_does_not_move_a_date(worlds: MakeWorld, resumed: str, on: str) -> None:
    """One that was reached meanwhile was reached: it goes on at the resume, and not by `else`."""
    w = worlds(RENEWAL).contact("ann", renewal="2026-03-10").enroll("ann", "workflow w", at="03-03 12:00")
    w.pause("ann", "workflow w", at="03-03 20:00").resume("ann", "workflow w", at=resumed).run_to("03-31 00:00")
    assert w.steps("ann")[3] == (on, "wait", None, "happened")


def test_s40_a_date_set_during_the_pause_is_the_one_waited_for(worlds: MakeWorld) -> None:
    w = worlds(RENEWAL)
    for name, date in (("ann", "2026-03-20"), ("bob", "2026-03-05"), ("cy", None)):
        w.contact(name, renewal="2026-03-10").enroll(name, "workflow w", at="03-03 12:00")
        w.pause(name, "workflow w", at="03-03 20:00").set(name, renewal=date, at="03-06 10:00")
        w.resume(name, "workflow w", at="03-07 10:00")
    w.run_to("03-31 00:00")
    assert [w.steps(n)[3] for n in ("ann", "bob", "cy")] == [
        ("03-20 09:00", "wait", None, "happened"),
        ("03-07 10:00", "wait", None, "timeout"),
        ("03-07 10:00", "wait", None, "timeout"),
    ]


def test_x12_a_late_tick_decides_a_date_at_its_own_instant(worlds: MakeWorld) -> None:
    """What follows is done now."""
    w = worlds(RENEWAL.replace("set visits = 1", "send receipt")).contact("ann", renewal="2026-03-10")
    w.enroll("ann", "workflow w", at="03-03 12:00").tick("03-09 12:00").tick("03-12 15:00")
    assert w.steps("ann")[1] == ("03-10 09:00", "wait", None, "happened")
    assert w.mails("ann") == [("03-12 15:00", "receipt")]


def test_x16_a_task_behind_a_date_is_made_at_tasks_at(worlds: MakeWorld) -> None:
    """It is reached by a wait."""
    w = worlds(
        'sequence s { when: manually  sender: rep  tasks_at: 08:00  wait until renewal else { exit "no" }'
        '  task call "C" }'
    ).contact("ann", renewal="2026-03-10")
    w.enroll("ann", "sequence s", at="03-03 12:00").run_to("03-10 12:00")
    assert [s[0] for s in w.steps("ann") if s[1] == "task"] == ["03-10 08:00"]


def test_a_bad_date_or_zone_stops_nobody_else(worlds: MakeWorld) -> None:
    """The trap: one bad row and the batch stands. Years at the ends of the calendar are dates too."""
    w = worlds(RENEWAL)
    for name, date in (("ann", "9999-12-31"), ("bob", "0001-01-01"), ("cy", "2026-03-10")):
        w.contact(name, renewal=date, time_zone="Mars/Olympus").enroll(name, "workflow w", at="03-03 12:00")
    w.run_to("03-11 00:00")
    assert [w.value(n, "visits") for n in ("ann", "bob", "cy")] == [None, 9, 1]
