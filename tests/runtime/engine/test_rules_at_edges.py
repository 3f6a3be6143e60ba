"""Rules of the domain where their edges meet: limits and nights of summer time, holidays and zones, a switch and a mail
that waits, a task done in a pause (S, D, L, M)."""

from __future__ import annotations

import pytest

from runtime.metrics.sequences import sequence_metrics
from tests.runtime.engine.harness import PROJECT, MakeWorld
from tests.runtime.engine.test_limits import ONCE, limited

CLICK = {"link_url": "https://x.example"}
DYNAMIC = """sequence d { when: manually  sender: rep  grace: 2 business days
  automated { send intro  wait 3 days  send case }  rep_led when clicked_email { wait 1 hour  task call "C" } }"""


@pytest.mark.parametrize(
    "choice", ["if plan = paid { send case } else { send intro }", "split { 100% a { send intro } }"]
)
def test_s10_a_choice_takes_no_time_before_the_first_mail_by_hand(worlds: MakeWorld, choice: str) -> None:
    """On a Saturday night, outside the window; what comes behind a wait keeps it."""
    w = worlds(f"sequence x {{ when: manually  sender: rep  window: 09:00-17:00  {choice}  wait 1 hour  send last }}")
    w.contact("ann").enroll("ann", "sequence x", at="03-07 20:00").run_to("03-12 00:00")
    assert w.mails("ann") == [("03-07 20:00", "intro"), ("03-09 09:00", "last")]


def test_s13_a_holiday_is_a_day_of_the_enrollments_zone(worlds: MakeWorld) -> None:
    """Monday 23:00 in Warsaw is Tuesday in Tokyo, whose next working day is Thursday if Wednesday is off."""
    rules = "sequence x { when: manually  sender: rep  zone: contact  calendar: own  wait 1 business day  send intro }"
    w = worlds(rules, project=PROJECT + "calendars: {own: {holidays: [2026-03-04]}}\n")
    w.contact("ann", time_zone="Asia/Tokyo").contact("bob")
    for name in ("ann", "bob"):
        w.enroll(name, "sequence x", at="03-02 23:00")
    w.run_to("03-09 00:00")
    assert (w.mails("ann"), w.mails("bob")) == ([("03-04 23:00", "intro")], [("03-03 23:00", "intro")])


@pytest.mark.parametrize(
    ("first", "second", "sent"),
    [("03-28 12:00", "03-28 13:00", "03-29 13:00"), ("10-24 12:00", "10-24 13:00", "10-25 11:00")],
)
def test_s17_24_hours_are_24_hours_on_both_nights_of_summer_time(
    worlds: MakeWorld, first: str, second: str, sent: str
) -> None:
    w = worlds(ONCE, project=limited("{mailbox: {per_day: 1}}")).contact("ann").contact("bob")
    w.enroll("ann", "sequence s", at=first).enroll("bob", "sequence s", at=second).run_to("11-01 00:00")
    assert w.mails("bob") == [(sent, "intro")]


def test_s17_s40_a_mail_that_waits_for_a_limit_is_held_by_a_pause_and_blocks_nobody(worlds: MakeWorld) -> None:
    """Who stands behind it goes when it was to go; after the resume it waits until a day has passed since."""
    w = worlds(ONCE, project=limited("{account: {per_day: 1}}"))
    for i, name in enumerate(("ann", "bob", "cat")):
        w.contact(name).enroll(name, "sequence s", at=f"03-03 1{i}:00")
    w.pause("bob", "sequence s", at="03-03 15:00").run_to("03-04 12:00")
    assert (w.mails("bob"), w.status("bob", "s")) == ([], "paused(manual)")
    w.resume("bob", "sequence s", at="03-06 09:00").run_to("03-08 00:00")
    assert [w.mails(n) for n in ("bob", "cat")] == [[("03-06 10:00", "intro")], [("03-05 10:00", "intro")]]


def test_s40_a_task_done_in_a_pause_lets_the_delay_begin_whole_at_the_resume(worlds: MakeWorld) -> None:
    w = worlds('sequence x { when: manually  sender: rep  task call "C"  wait 1 day  send intro }').contact("ann")
    w.enroll("ann", "sequence x", at="03-03 10:00").run_to("03-03 11:00").pause("ann", "sequence x", at="03-03 12:00")
    w.run_to("03-03 12:30").finish_task("ann", at="03-03 13:00").resume("ann", "sequence x", at="03-05 10:00")
    assert w.run_to("03-08 00:00").mails("ann") == [("03-06 10:00", "intro")]


def test_d4_the_switch_cancels_an_automated_mail_that_waits_for_a_limit(worlds: MakeWorld) -> None:
    other = "sequence o { when: manually  exclusive: false  sender: rep  send letter }"
    w = worlds(DYNAMIC + other, project=limited("{account: {per_day: 1}}")).contact("ann").contact("bob")
    w.enroll("ann", "sequence d", at="03-03 10:00").enroll("bob", "sequence o", at="03-06 09:00").run_to("03-06 11:00")
    assert w.sql("SELECT template, reason FROM segue_outbox WHERE state = 'deferred'") == [("case", "limit(account)")]
    w.event("ann", "clicked_email", mail="intro", at="03-06 12:00", **CLICK).run_to("03-09 00:00")
    assert (w.mails("ann"), w.tasks("ann")) == ([("03-03 10:00", "intro")], [("03-06 13:00", "call", "rep", "open")])


@pytest.mark.parametrize(
    ("at", "status"), [("03-10 10:00", "waiting_task"), ("03-10 10:01", "finished(no_engagement)")]
)
def test_d6_a_click_at_the_very_end_of_the_grace_still_switches(worlds: MakeWorld, at: str, status: str) -> None:
    w = worlds(DYNAMIC).contact("ann").enroll("ann", "sequence d", at="03-03 10:00").run_to("03-09 10:00")
    w.event("ann", "clicked_email", mail="case", at=at, **CLICK).run_to("03-12 00:00")
    assert w.status("ann", "d") == status


def test_l15_without_a_zone_or_with_one_that_is_none_the_accounts_holds(worlds: MakeWorld) -> None:
    w = worlds(ONCE, project=PROJECT + 'limits: {quiet_hours: "21:00-08:00"}\n')
    for name, zone in (("none", None), ("odd", "Mars/Base"), ("tokyo", "Asia/Tokyo")):
        w.contact(name, time_zone=zone).enroll(name, "sequence s", at="03-03 22:00")
    w.run_to("03-05 00:00")
    assert [w.mails(n)[0][0] for n in ("none", "odd", "tokyo")] == ["03-04 08:00", "03-04 08:00", "03-04 00:00"]


def test_m20_m22_machines_are_shown_beside_and_move_no_rate_and_no_condition(worlds: MakeWorld) -> None:
    """Opens: people and unknown readers; clicks: people. What rules ask for is people alone (X30)."""
    w = worlds("""segment opened of contact { has opened_email }
        segment all_clicks of contact { has clicked_email including machines }
        sequence x { when: manually  sender: rep  stop_on: clicked_email  send intro  wait 3 days  send case }""")
    classes = ("human", "unknown", "machine")
    for name in classes:
        w.contact(name).enroll(name, "sequence x", at="03-03 10:00")
    w.run_to("03-03 11:00")
    for name in classes:
        w.event(name, "opened_email", mail="intro", class_=name, at="03-03 12:00")
        w.event(name, "clicked_email", mail="intro", class_=name, at="03-03 13:00", **CLICK)
    w.run_to("03-08 00:00")
    (m,) = sequence_metrics(w.engine.session)
    counts = (m.opened, m.opened_by_machine, m.clicked, m.clicked_unknown, m.clicked_by_machine)
    assert [figure.count for figure in counts] == [2, 1, 1, 1, 1]
    assert (w.members("opened"), w.members("all_clicks")) == ({"human"}, set(classes))
    assert [w.status(n, "x") for n in classes] == ["unenrolled(clicked_email)"] + ["finished(no_reply)"] * 2


@pytest.mark.parametrize(
    ("acts", "status", "told"),
    [
        (("pause", "resume"), "active", ["paused", "resumed"]),
        (("resume", "pause"), "paused(manual)", ["paused"]),
    ],
)
def test_s40_acts_of_one_moment_are_obeyed_in_the_order_given(
    worlds: MakeWorld, acts: tuple[str, ...], status: str, told: list[str]
) -> None:
    """As a program puts them into the inbox; of others who act at that moment too nobody is moved."""
    w = worlds("sequence x { when: manually  sender: rep  wait 5 days  send intro }").contact("ann").contact("bob")
    for name in ("ann", "bob"):
        w.enroll(name, "sequence x", at="03-03 10:00")
    for act in acts:
        getattr(w, act)("ann", "sequence x", at="03-04 10:00")
    w.pause("bob", "sequence x", at="03-04 10:00").run_to("03-04 12:00")
    assert (w.status("ann", "x"), w.status("bob", "x")) == (status, "paused(manual)")
    assert [what for _, what, *_ in w.steps("ann") if what in ("paused", "resumed")] == told
