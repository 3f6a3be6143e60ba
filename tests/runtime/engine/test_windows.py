"""Send windows, and what they hold (semantics X16)."""

from __future__ import annotations

import pytest

from runtime.service.standing import standing
from tests.runtime.engine.harness import PROJECT, MakeWorld

WINDOW = "sequence {} {{ when: {}  sender: rep  exclusive: false  window: {}  send intro  wait 10 hours  send case }} "


def test_x16_only_by_hand_sends_at_once(worlds: MakeWorld) -> None:
    """By hand the first step is sent at once, on a Saturday night too; automatic ones wait for the window."""
    w = worlds(WINDOW.format("hand", "manually", "09:00-17:00") + WINDOW.format("auto", "plan = trial", "09:00-17:00"))
    w.contact("ann").enroll("ann", "sequence hand", at="03-07 22:00").contact("bob", at="03-07 22:00", plan="trial")
    w.run_to("03-12 09:00")
    assert w.mails("ann") == [("03-07 22:00", "intro"), ("03-09 09:00", "case")]
    assert w.mails("bob") == [("03-09 09:00", "intro"), ("03-10 09:00", "case")]


def test_x16_the_first_step_by_hand_may_stand_behind_a_branch(world: MakeWorld) -> None:
    """A branch is no step: the first mail goes at once."""
    w = world(
        "sequence x { when: manually  sender: rep  window: 09:00-17:00  if visits > 3 { send"
        " intro } else { send case } }"
    )
    w.contact("ann", visits=1).enroll("ann", "sequence x", at="03-07 22:00").run_to("03-12 09:00")
    assert w.mails("ann") == [("03-07 22:00", "case")]


def test_x16_behind_a_wait_the_window_holds_by_hand_too(world: MakeWorld) -> None:
    """At once means on enrollment; what a wait put into the night waits for the window."""
    w = world("sequence x { when: manually  sender: rep  window: 09:00-17:00  wait 10 hours  send intro }")
    w.contact("ann").enroll("ann", "sequence x", at="03-03 12:00").run_to("03-05 09:00")
    assert w.mails("ann") == [("03-04 09:00", "intro")]


LIMITED = PROJECT.replace("path: outbox}", "path: outbox, limits: {mailbox: {per_day: 9}}}")
SLACK = PROJECT.replace("path: outbox}", "path: outbox}, slack: {team: {env: TEAM}}")
QUIET = 'limits: {quiet_hours: "22:00-06:00"}\n'


@pytest.mark.parametrize("project", [PROJECT, LIMITED])
def test_x16_by_hand_in_quiet_hours_the_first_mail_goes_when_they_end(worlds: MakeWorld, project: str) -> None:
    """Whatever limits there are, and although it is hours after the enrollment and outside of the window."""
    w = worlds(WINDOW.format("x", "manually", "09:00-17:00"), project=project + QUIET)
    w.contact("ann").enroll("ann", "sequence x", at="03-07 23:00").run_to("03-12 09:00")
    assert w.mails("ann") == [("03-08 06:00", "intro"), ("03-09 09:00", "case")]


@pytest.mark.parametrize("project", [PROJECT, LIMITED])
def test_x16_by_hand_a_late_tick_sends_the_first_mail_at_once(worlds: MakeWorld, project: str) -> None:
    w = worlds(WINDOW.format("x", "manually", "09:00-17:00"), project=project).contact("ann").run_to("03-07 21:00")
    w.enroll("ann", "sequence x", at="03-07 22:00").tick("03-07 22:05")
    assert w.mails("ann") == [("03-07 22:05", "intro")]


def test_x16_by_hand_slack_is_told_at_once(worlds: MakeWorld) -> None:
    rules = """
        sequence x { when: manually  sender: rep  window: 09:00-17:00  slack "team" "here"  wait 10 hours
          slack "team" "there"  slack "team" "again" }
    """
    w = worlds(rules, project=SLACK).contact("ann").enroll("ann", "sequence x", at="03-07 22:00").run_to("03-12 09:00")
    told = [(at, outcome) for at, what, _, outcome in w.steps("ann", "x") if what == "slack"]
    assert told == [(at, "sent") for at in ("03-07 22:00", "03-09 09:00", "03-09 09:00")]


def test_x16_enroll_in_is_not_by_hand(worlds: MakeWorld) -> None:
    """A rule's `enroll in` obeys the window from the first step."""
    w = worlds(
        WINDOW.format("x", "manually", "09:00-17:00")
        + "workflow w of contact { when: viewed_page  enroll in sequence x }"
    )
    w.contact("ann").event("ann", "viewed_page", at="03-07 22:00", path="/").run_to("03-09 12:00")
    assert w.mails("ann") == [("03-09 09:00", "intro")]


@pytest.mark.parametrize(
    ("window", "first", "second"),
    [
        ("every day 08:00-20:00", "03-08 08:00", "03-08 18:00"),
        ("08:00-20:00", "03-09 08:00", "03-09 18:00"),
        ("every day 22:00-02:00", "03-07 23:00", "03-08 22:00"),  # over midnight
        ("every day 10:00-23:00", "03-08 10:00", "03-08 20:00"),  # half-open
    ],
)
def test_x16_windows_of_working_days_and_of_all(world: MakeWorld, window: str, first: str, second: str) -> None:
    """Working days unless `every day`; half-open; across midnight."""
    w = (
        world(WINDOW.format("x", "plan = trial", window))
        .contact("ann", at="03-07 23:00", plan="trial")
        .run_to("03-12 09:00")
    )
    assert w.mails("ann") == [(first, "intro"), (second, "case")]


def test_x16_the_window_holds_tasks_and_notes_but_not_waits_and_branches(worlds: MakeWorld) -> None:
    """`send`, `task`, `notify` wait for it; `set`, waits and branches do not."""
    w = worlds(
        "workflow w of contact { when: plan = trial  window: 09:00-17:00  set visits = 1  wait 1 hour  set visits = 2"
        '  notify rep "n"  task call "C"  set visits = 3 }'
    )
    w.contact("ann", at="03-03 20:00", plan="trial").run_to("03-05 09:00")
    assert [(at, what) for at, what, *_ in w.steps("ann") if what in ("set", "notify", "task")] == [
        ("03-03 20:00", "set"),
        ("03-03 21:00", "set"),
        ("03-04 09:00", "notify"),
        ("03-04 09:00", "task"),
        ("03-04 09:00", "set"),
    ]


def test_x16_tasks_reached_by_a_wait_are_made_at_tasks_at(worlds: MakeWorld) -> None:
    """At `tasks_at` of that day, at once if that has passed; without a wait at once."""
    w = worlds(
        'sequence x { when: manually  sender: rep  tasks_at: 08:00  task call "A" without'
        ' waiting  wait 1 day  task todo "B" without waiting }'
    )
    w.contact("early").contact("late").enroll("early", "sequence x", at="03-03 06:00")
    w.enroll("late", "sequence x", at="03-03 15:00").run_to("03-06 09:00")
    assert [(at, kind) for at, kind, *_ in w.tasks("early")] == [("03-03 06:00", "call"), ("03-04 08:00", "todo")]
    assert [(at, kind) for at, kind, *_ in w.tasks("late")] == [("03-03 15:00", "call"), ("03-04 15:00", "todo")]


def test_x16_no_open_time_sets_aside_and_the_batch_goes_on(worlds: MakeWorld) -> None:
    """Warsaw's office hours are Kiritimati's night: this one is errored(never_open), the others are mailed."""
    rules = (
        "sequence x { when: plan = trial  sender: rep  window: 09:00-17:00  send intro }"
        " sequence t { when: manually  sender: rep  exclusive: false  window: 09:00-17:00 "
        ' wait 1 hour  task call "C" }'
    )
    w = worlds(rules, project=PROJECT + 'limits: {quiet_hours: "21:00-09:00"}\n')
    w.contact("far", at="03-03 10:00", plan="trial", time_zone="Pacific/Kiritimati")
    w.contact("ann", at="03-03 10:00", plan="trial")
    w.enroll("far", "sequence t", at="03-03 10:00").enroll("ann", "sequence t", at="03-03 10:00").run_to("03-05 09:00")
    assert w.status("far", "x") == "errored(never_open)"
    by_hand, told = standing(w.store, w.now).definitions
    assert (by_hand.inside, by_hand.ended, by_hand.errored) == (2, 0, 0)
    assert (told.inside, told.ended, told.errored) == (0, 2, 1)
    assert w.status("far", "t") == "waiting_task"  # quiet hours hold mail alone
    assert w.mails("ann") == [("03-03 10:00", "intro")]
    assert len(w.tasks("ann")) == 1
    calm = w.project_text.replace("21:00-09:00", "21:00-06:00")
    w.edit(rules, project=calm).set("far", at="03-05 10:00", plan="free").set("far", at="03-05 11:00", plan="trial")
    w.run_to("03-05 12:00")
    assert w.refusals("far")[-1][2] == "enrolled_before", "by itself nobody begins again (X5)"
    w.enroll("far", "sequence x", at="03-05 13:00").enroll("ann", "sequence x", at="03-05 13:00").run_to("03-06 12:00")
    assert w.enrollments("far", "x") == ["errored(never_open)", "finished(no_reply)"]
    assert len(w.mails("far")) == 1 == len(w.mails("ann"))
