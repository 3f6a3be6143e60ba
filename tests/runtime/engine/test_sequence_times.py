"""When the steps of a sequence come: delays, windows, tasks and reminders (domain S5, S9-S12, S14, S20, S21, W10)."""

from __future__ import annotations

import pytest

from tests.runtime.engine.harness import PROJECT, MakeWorld, World

OFFICE = "sequence x { when: manually  sender: rep  window: 09:00-17:00  send intro  wait DELAY  send case }"


def instants(w: World, column: str) -> list[str]:
    return [w.local(at) for (at,) in w.sql(f"SELECT {column} FROM segue_task ORDER BY created_at")]


@pytest.mark.parametrize(
    ("delay", "second"),
    [
        ("0 business days", "03-06 18:00"),
        ("1 business day", "03-09 18:00"),
        ("3 business days", "03-11 18:00"),
        ("90 business days", "07-10 18:00"),
    ],
)
def test_s5_the_delay_stands_before_a_step_and_counts_business_days(worlds: MakeWorld, delay: str, second: str) -> None:
    """From none to 90, here without a window; the first step has none."""
    w = worlds(OFFICE.replace("window: 09:00-17:00  ", "").replace("DELAY", delay)).contact("ann")
    w.enroll("ann", "sequence x", at="03-06 18:00").run_to("08-01 00:00")
    assert w.mails("ann") == [("03-06 18:00", "intro"), (second, "case")]


def test_s9_s10_the_first_step_by_hand_goes_at_once_even_on_a_weekend(worlds: MakeWorld) -> None:
    """The window touches the later ones alone."""
    w = worlds(OFFICE.replace("DELAY", "1 day")).contact("ann").enroll("ann", "sequence x", at="03-07 22:10")
    assert w.run_to("03-12 00:00").mails("ann") == [("03-07 22:10", "intro"), ("03-09 09:00", "case")]


def test_s11_later_steps_come_at_the_clock_time_of_the_first(worlds: MakeWorld) -> None:
    """Friday 15:20 and a business day is Monday 15:20, also over the night that changes the clock."""
    w = worlds(OFFICE.replace("DELAY", "1 business day")).contact("ann").enroll("ann", "sequence x", at="03-27 15:20")
    assert w.run_to("04-02 00:00").mails("ann") == [("03-27 15:20", "intro"), ("03-30 15:20", "case")]


@pytest.mark.parametrize(
    ("at", "delay", "second"),
    [
        ("03-06 16:30", "1 hour", "03-10 09:00"),  # Friday evening, and Monday is a holiday: forward, never back
        ("03-06 10:00", "0 business days", "03-06 10:00"),  # the window is still open
        ("03-06 18:00", "0 business days", "03-10 09:00"),  # it is not: the next open time
        ("03-05 10:00", "1 business day", "03-06 10:00"),
        ("03-06 10:00", "1 business day", "03-10 10:00"),
        ("03-06 18:00", "1 business day", "03-11 09:00"),
    ],
)
def test_s12_s13_results_are_clipped_forward_into_the_window(
    worlds: MakeWorld, at: str, delay: str, second: str
) -> None:
    project = PROJECT + "calendars: {own: {holidays: [2026-03-09]}}\n"
    w = worlds(OFFICE.replace("DELAY", delay).replace("window", "calendar: own  window"), project=project)
    w.contact("ann").enroll("ann", "sequence x", at=at).run_to("03-31 00:00")
    assert w.mails("ann") == [(at, "intro"), (second, "case")]


def test_s14_window_task_time_and_reminder_are_three_settings(worlds: MakeWorld) -> None:
    w = worlds(
        """sequence x { when: manually  sender: rep  window: 10:00-16:00  tasks_at: 11:30  remind_at: 14:45
           wait 1 day  task call "C"  wait 1 day  send intro }"""
    ).contact("ann")
    w.enroll("ann", "sequence x", at="03-03 08:00").run_to("03-05 00:00")
    assert (instants(w, "created_at"), instants(w, "remind_at")) == (["03-04 11:30"], ["03-04 14:45"])
    w.finish_task("ann", at="03-05 09:00").run_to("03-31 00:00")
    assert w.mails("ann") == [("03-06 10:00", "intro")]


@pytest.mark.parametrize("state", ["done", "skipped"])
def test_s20_the_next_delay_starts_when_the_task_is_done(worlds: MakeWorld, state: str) -> None:
    w = worlds('sequence x { when: manually  sender: rep  task call "C"  wait 2 days  send intro }').contact("ann")
    w.enroll("ann", "sequence x", at="03-03 10:00").run_to("03-08 00:00")
    assert w.mails("ann") == []
    w.finish_task("ann", at="03-08 13:00", state=state).run_to("03-31 00:00")
    assert w.mails("ann") == [("03-10 13:00", "intro")]


def test_s20_a_task_that_does_not_wait_lets_the_delay_start_at_once(worlds: MakeWorld) -> None:
    w = worlds('sequence x { when: manually  sender: rep  task call "C" without waiting  wait 2 days  send intro }')
    w.contact("ann").enroll("ann", "sequence x", at="03-03 10:00").run_to("03-31 00:00")
    assert w.mails("ann") == [("03-05 10:00", "intro")]


def test_s21_a_task_is_due_by_the_end_of_its_day_or_as_it_says(worlds: MakeWorld) -> None:
    """Both in the assignee's zone; the reminder comes on the day it is due."""
    w = worlds(
        """sequence x { when: manually  sender: rep  remind_at: 08:00
           task call "C" without waiting  wait 1 minute  task todo "T" due in 2 business days without waiting }"""
    ).contact("ann")
    w.enroll("ann", "sequence x", at="03-06 10:00").run_to("03-06 12:00")
    assert instants(w, "due_at") == ["03-06 23:59", "03-10 10:01"]
    assert instants(w, "remind_at") == ["03-06 08:00", "03-10 08:00"]


def test_w10_what_acts_moves_to_the_next_open_time_and_what_waits_does_not(worlds: MakeWorld) -> None:
    """A branch behind a delay is decided at night, the mail behind it goes in the morning."""
    w = worlds(
        """sequence x { when: manually  sender: rep  window: 09:00-17:00
           wait 10 hours  if plan = trial { send intro } else { send case } }"""
    ).contact("ann", plan="trial")
    w.enroll("ann", "sequence x", at="03-03 12:00").set("ann", plan="paid", at="03-03 23:00").run_to("03-05 00:00")
    assert [s[:2] for s in w.steps("ann")][1] == ("03-03 22:00", "branch")
    assert w.mails("ann") == [("03-04 09:00", "intro")]
