"""What the hours hold, and what a delay holds: a pause freezes the one and not the other (X16, X17, S40)."""

from __future__ import annotations

import pytest

from tests.runtime.engine.harness import MakeWorld

# The rep's morning is the evening of whom they write to: 08:00 in Tokyo is 15:00 in winter, 16:00 in summer there.
FAR = """
name: test
account: {time_zone: America/Los_Angeles, currency: EUR}
users: {rep: {name: Rep, email: rep@x.example, time_zone: Asia/Tokyo}}
consent: relaxed
channels: {email: {kind: maildir, path: outbox}}
"""


@pytest.mark.parametrize(
    ("then", "on"),
    [("until 09:00", "03-13 09:00"), ('until renewal at 09:00 else { log note "past" }', "03-13 08:00")],
)
def test_s40_a_delay_before_a_wait_for_a_moment_is_not_lost_by_a_pause(worlds: MakeWorld, then: str, on: str) -> None:
    """The moment is looked for when the delay is over, and no earlier."""
    w = worlds(f"sequence x {{ when: manually  sender: rep  wait 10 days  wait {then}  send intro }}")
    w.contact("ann", renewal="2026-03-05").enroll("ann", "sequence x", at="03-03 07:00")
    w.pause("ann", "sequence x", at="03-04 10:00").resume("ann", "sequence x", at="03-04 11:00").run_to("03-31 00:00")
    assert w.mails("ann") == [(on, "intro")]


@pytest.mark.parametrize(
    ("resumed", "on"), [("03-06 19:00", "03-09 09:00"), ("03-09 08:00", "03-09 09:00"), ("03-09 11:00", "03-09 11:00")]
)
@pytest.mark.parametrize(
    "step", ["send intro", "send intro to every company.contact (visits = 1)", 'task todo "x"', 'notify rep "x"']
)
def test_s40_a_pause_does_not_move_what_the_window_holds(worlds: MakeWorld, step: str, resumed: str, on: str) -> None:
    """It is due, and no delay is left of it: it goes when the window opens, or at a resume inside it."""
    w = worlds(f"sequence x {{ when: manually  sender: rep  window: 09:00-17:00  wait 1 hour  {step} }}")
    w.contact("ann", visits=1).company("acme", "ann").enroll("ann", "sequence x", at="03-06 17:30")
    w.pause("ann", "sequence x", at="03-06 18:45").resume("ann", "sequence x", at=resumed).run_to("03-20 00:00")
    assert [at for at, *_ in w.mails("ann") + w.tasks("ann") + w.notes("ann")] == [on]


def test_s40_a_delay_before_what_the_window_holds_is_frozen_still(worlds: MakeWorld) -> None:
    w = worlds("sequence x { when: manually  sender: rep  window: 09:00-17:00  send intro  wait 1 day  send case }")
    w.contact("ann").enroll("ann", "sequence x", at="03-03 10:00").pause("ann", "sequence x", at="03-03 16:00")
    w.resume("ann", "sequence x", at="03-04 12:00").run_to("03-20 00:00")
    assert w.mails("ann") == [("03-03 10:00", "intro"), ("03-05 09:00", "case")]


def test_s40_a_task_held_until_its_hour_is_made_at_the_hour_of_the_day_of_the_resume(worlds: MakeWorld) -> None:
    w = worlds('sequence x { when: manually  sender: rep  tasks_at: 08:00  wait 9 hours  task todo "x" }')
    for name, resumed in (("ann", "03-04 07:00"), ("bob", "03-05 06:00"), ("cid", "03-05 11:00")):
        w.contact(name).enroll(name, "sequence x", at="03-03 17:00")  # the wait ends at 02:00
        w.pause(name, "sequence x", at="03-04 05:00").resume(name, "sequence x", at=resumed)
    w.run_to("03-20 00:00")
    assert [w.tasks(name)[0][0] for name in ("ann", "bob", "cid")] == ["03-04 08:00", "03-05 08:00", "03-05 11:00"]


@pytest.mark.parametrize("step", ['task todo "x"', "send intro as task"])
def test_x16_a_task_is_made_where_the_window_and_the_hour_of_tasks_never_meet(worlds: MakeWorld, step: str) -> None:
    """`tasks_at` is that of the day on which the wait ended, not of each day on which the window opens anew."""
    settings = "when: manually  sender: rep  window: 09:00-15:00"
    w = worlds(f"sequence x {{ {settings}  tasks_at: 08:00  wait 1 hour  {step} }}", project=FAR)
    w.contact("ann").enroll("ann", "sequence x", at="03-06 12:00").run_to("03-20 00:00")
    assert [t[0] for t in w.tasks("ann")] == ["03-09 09:00"]
    w = worlds(f"sequence x {{ {settings}  tasks_at: 18:00  wait 1 hour  {step} }}")
    w.contact("ann").enroll("ann", "sequence x", at="03-04 12:00").run_to("03-20 00:00")
    assert [t[0] for t in w.tasks("ann")] == ["03-05 09:00"]
