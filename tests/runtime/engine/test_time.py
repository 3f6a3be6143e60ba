"""Order, time and their edges (semantics X12-X15)."""

from __future__ import annotations

import pytest

from tests.runtime.engine.harness import PROJECT, MakeWorld

# --- X12 one instant, late ticks --------------------------------------------------------------

DRIP = (
    "sequence x { when: manually  sender: rep  window: every day 09:00-17:00  send intro "
    " wait 2 days  send case  wait 2 days  send last }"
)


def test_x12_an_outage_of_8_days_puts_no_two_mails_into_one_tick(worlds: MakeWorld) -> None:
    """What was missed is done now, once; the next delay counts from there."""
    w = worlds(DRIP).contact("ann").enroll("ann", "sequence x", at="03-03 10:00").tick("03-03 10:00")
    w.tick("03-11 11:30")
    assert w.mails("ann") == [("03-03 10:00", "intro"), ("03-11 11:30", "case")]
    w.tick_every_minute_to("03-11 11:35").tick("03-13 11:29").tick("03-13 11:30")
    assert w.mails("ann")[2:] == [("03-13 11:30", "last")]


def test_x12_late_effects_are_clipped_into_the_window(worlds: MakeWorld) -> None:
    """A late tick at night holds the mail until the window opens."""
    w = (
        worlds(DRIP)
        .contact("ann")
        .enroll("ann", "sequence x", at="03-03 10:00")
        .tick("03-03 10:00")
        .tick("03-09 22:00")
    )
    assert w.mails("ann") == [("03-03 10:00", "intro")]
    w.tick("03-10 08:59").tick("03-10 09:00")
    assert w.mails("ann")[1:] == [("03-10 09:00", "case")]


def test_x12_a_late_tick_hears_what_came_meanwhile_before_it_acts(worlds: MakeWorld) -> None:
    """The mail was due on the 5th, the reply came on the 7th, the engine is back on the 11th: nobody is mailed."""
    w = worlds(DRIP).contact("ann").enroll("ann", "sequence x", at="03-03 10:00").tick("03-03 10:00")
    w.event("ann", "replied", at="03-07 15:00").tick("03-11 11:30")
    assert w.mails("ann") == [("03-03 10:00", "intro")]
    assert (w.status("ann", "x"), w.ended("ann", "x")) == ("unenrolled(reply)", "03-07 15:00")


def test_x12_late_memberships_triggers_and_timeouts_have_their_own_instants(worlds: MakeWorld) -> None:
    """Decided in event time: who was a member when, who had timed out; only effects are done now."""
    w = worlds(
        "segment fresh of contact { created_at within 2 days }"
        " workflow a of contact { when: purchased  wait until viewed_page up to 1 day else {"
        ' notify rep "no" }  set visits = 1 }'
    )
    for name in ("in_time", "too_late"):
        w.contact(name, at="03-03 10:00").event(name, "purchased", at="03-03 11:00", amount="5")
    w.tick("03-03 10:30")
    w.event("in_time", "viewed_page", at="03-04 11:00", path="/").event(
        "too_late", "viewed_page", at="03-04 11:01", path="/"
    )
    w.tick("03-11 12:00")
    assert w.turns("in_time", "fresh") == [("03-03 10:00", "03-05 00:00")]
    assert w.entered("in_time", "a") == ["03-03 11:00"]
    assert [s for s in w.steps("in_time") if s[1] == "wait"] == [("03-04 11:00", "wait", None, "happened")]
    assert [s for s in w.steps("too_late") if s[1] == "wait"] == [("03-04 11:00", "wait", None, "timeout")]
    assert w.notes("in_time") == []
    assert w.notes("too_late") == [("03-11 12:00", "rep", "no")]


def test_x12_the_clock_never_goes_back(world: MakeWorld) -> None:
    """`tick(now <= clock)` does nothing."""
    w = world(DRIP).contact("ann").enroll("ann", "sequence x", at="03-03 10:00").tick("03-03 10:00")
    before = w.steps("ann")
    w.tick("03-03 10:00").tick("03-01 10:00")
    assert (w.steps("ann"), w.local(w.now)) == (before, "03-03 10:00")


def test_x12_what_a_pass_writes_the_next_one_sees(worlds: MakeWorld) -> None:
    """At one instant all read the state it began with: two that swap do not see each other's writes."""
    w = worlds(
        "workflow a of contact { when: viewed_page  if visits = 1 { set plan = paid } else { set plan = free } }"
        " workflow b of contact { when: viewed_page  set visits = 1 }"
        ' workflow c of contact { when: visits = 1  set phone = "seen" }'
    )
    w.contact("ann", visits=0).event("ann", "viewed_page", at="03-03 10:00", path="/").run_to("03-03 10:00")
    assert [w.value("ann", p) for p in ("plan", "visits", "phone")] == ["free", 1, "seen"]


def test_x12_the_wait_counts_from_when_the_mail_was_settled(worlds: MakeWorld) -> None:
    """An enrollment rests at its send; the window moved it to Monday, and the next wait counts from there."""
    w = worlds("sequence x { when: plan = trial  sender: rep  window: 09:00-17:00  send intro  wait 1 day  send case }")
    w.contact("ann", at="03-06 20:00", plan="trial").run_to("03-12 09:00")
    assert w.mails("ann") == [("03-09 09:00", "intro"), ("03-10 09:00", "case")]


# --- X13 zones --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("zone", "theirs", "sender", "sent"),
    [
        ("account", "Asia/Tokyo", "amy", "03-04 09:00"),
        ("contact", "Asia/Tokyo", "rep", "03-04 01:00"),
        ("contact", None, "amy", "03-04 01:00"),  # missing: the sender's
        ("contact", "Mars/Olympus", "amy", "03-04 01:00"),  # invalid: the sender's
        ("contact", None, "rep", "03-04 09:00"),  # none there either: the account's
        ("sender", "America/New_York", "amy", "03-04 01:00"),
        ("sender", "America/New_York", "rep", "03-04 09:00"),
    ],
)
def test_x13_the_zone_of_an_enrollment(world: MakeWorld, zone: str, theirs: str, sender: str, sent: str) -> None:
    """contact, sender or account; a missing or invalid one is the next one's. Windows open on that clock."""
    w = world(f"sequence x {{ when: plan = trial  sender: {sender}  zone: {zone}  window: 09:00-17:00  send intro }}")
    w.contact("ann", at="03-03 20:00", plan="trial", time_zone=theirs).run_to("03-05 09:00")
    assert w.mails("ann") == [(sent, "intro")]


def test_x13_the_zone_is_stored_at_entry(worlds: MakeWorld) -> None:
    """Whoever moves keeps the zone of the enrollment."""
    w = worlds(
        "sequence x { when: plan = trial  sender: rep  zone: contact  window: 09:00-17:00 "
        " send intro  wait 1 day  send case }"
    )
    w.contact("ann", at="03-03 10:00", plan="trial", time_zone="Europe/London")
    w.set("ann", time_zone="Asia/Tokyo", at="03-03 11:00").run_to("03-05 09:00")
    assert w.mails("ann") == [("03-03 10:00", "intro"), ("03-04 10:00", "case")]


def test_x13_one_day_keeps_the_clock_and_24_hours_elapse(worlds: MakeWorld) -> None:
    """Over the night of the change to summer time, 29 March 2026."""
    w = worlds(
        "workflow days of contact { when: manually  wait 1 day  set visits = 1 }"
        " workflow hours of contact { when: manually  wait 24 hours  set visits = 2 }"
        " workflow gap of contact { when: manually  wait 1 day  set visits = 3 }"
        " workflow months of contact { when: manually  wait 1 month  set visits = 4 }"
    )
    w.contact("ann").enroll("ann", "workflow days", at="03-28 10:00").enroll("ann", "workflow hours", at="03-28 10:00")
    w.enroll("ann", "workflow gap", at="03-28 02:30").enroll("ann", "workflow months", at="03-31 10:00").run_to(
        "05-01 09:00"
    )
    assert [w.ended("ann", d) for d in ("days", "hours", "gap", "months")] == [
        "03-29 10:00",
        "03-29 11:00",
        "03-29 03:30",  # 02:30 does not exist
        "04-30 10:00",
    ]


def test_x13_segments_go_by_the_accounts_zone_for_everybody(worlds: MakeWorld) -> None:
    """Midnight is the account's midnight, whoever the contact is."""
    w = worlds("segment young of contact { created_at within 1 day }")
    w.contact("ann", at="03-03 23:30", time_zone="Asia/Tokyo").run_to("03-05 09:00")
    assert w.turns("ann", "young") == [("03-03 23:30", "03-04 00:00")]


def test_x13_tasks_go_by_the_assignees_clock(worlds: MakeWorld) -> None:
    """`tasks_at`, `remind_at`, `due in`: the assignee's zone. Amy sits in Tokyo (8 hours ahead)."""
    w = worlds(
        "sequence x { when: manually  sender: rep  tasks_at: 08:00  remind_at: 07:00  wait 1"
        ' day  task call "C" due in 1 day }'
    )
    w.contact("ann").contact("bob").enroll("ann", "sequence x", by="amy", at="03-03 00:30")
    w.enroll("bob", "sequence x", by="rep", at="03-03 00:30").run_to("03-05 09:00")
    assert w.tasks("ann") == [("03-04 00:30", "call", "amy", "open")]  # 08:30 in Tokyo: at once
    assert w.tasks("bob") == [("03-04 08:00", "call", "rep", "open")]
    rows = w.sql("SELECT assignee, due_at, remind_at FROM segue_task ORDER BY assignee")
    assert [(who, w.local(due), w.local(remind)) for who, due, remind in rows] == [
        ("amy", "03-05 00:30", "03-04 23:00"),
        ("rep", "03-05 08:00", "03-05 07:00"),
    ]


def test_x13_quiet_hours_are_the_persons_and_always_hold(worlds: MakeWorld) -> None:
    """Quiet hours go by the contact's clock (else the account's) and hold the first step by hand too (X16)."""
    w = worlds(
        "sequence x { when: manually  sender: rep  send intro }",
        project=PROJECT + 'limits: {quiet_hours: "21:00-08:00"}\n',
    )
    w.contact("tokyo", time_zone="Asia/Tokyo").contact("none").contact("bad", time_zone="Nowhere")
    for name in ("tokyo", "none", "bad"):
        w.enroll(name, "sequence x", at="03-03 23:30")
    w.run_to("03-05 09:00")
    assert [w.mails(n) for n in ("tokyo", "none", "bad")] == [
        [("03-04 00:00", "intro")],
        [("03-04 08:00", "intro")],
        [("03-04 08:00", "intro")],
    ]


# --- X14 edges --------------------------------------------------------------------------------


def test_x14_days_are_whole_and_hours_roll(worlds: MakeWorld) -> None:
    """`within N days` lasts until the start of a local day; hours are counted to the minute."""
    w = worlds(
        "segment days of contact { has purchased within 2 days }"
        " segment hours of contact { has purchased within 36 hours }"
        " segment weeks of contact { has purchased within 1 week }"
        " segment old of contact { created_at older than 1 month }"
    )
    w.contact("ann", at="2026-03-31 10:00").event("ann", "purchased", at="03-31 15:20", amount="5").run_to(
        "06-01 00:00"
    )
    assert w.turns("ann", "days") == [("03-31 15:20", "04-02 00:00")]
    assert w.turns("ann", "hours") == [("03-31 15:20", "04-02 03:20")]
    assert w.turns("ann", "weeks") == [("03-31 15:20", "04-07 00:00")]
    assert w.turns("ann", "old") == [("04-30 00:00", None)]


def test_x14_within_next_and_dates(worlds: MakeWorld) -> None:
    """`within next N days` of a date: from the start of the day N - 1 before it until it is over."""
    w = worlds(
        "segment soon of contact { renewal within next 3 days }  segment past of contact { renewal older than 1 day }"
    )
    w.contact("ann", renewal="2026-03-10").run_to("03-20 00:00")
    assert w.turns("ann", "soon") == [("03-08 00:00", "03-11 00:00")]
    assert w.turns("ann", "past") == [("03-11 00:00", None)]


# --- X15 business days ------------------------------------------------------------------------

CALENDAR = PROJECT + "calendars: {pl: {working_days: [mon, tue, wed, thu, fri], holidays: [2026-03-11]}}\n"


@pytest.mark.parametrize(
    ("start", "days", "calendar", "ended"),
    [
        ("03-06 10:00", 1, "", "03-09 10:00"),  # Friday -> Monday
        ("03-07 10:00", 1, "", "03-09 10:00"),  # from a Saturday Monday is day 1
        ("03-08 10:00", 2, "", "03-10 10:00"),
        ("03-10 10:00", 1, "", "03-11 10:00"),
        ("03-10 10:00", 1, "calendar: pl", "03-12 10:00"),  # over the holiday
        ("03-11 10:00", 1, "calendar: pl", "03-12 10:00"),  # from the holiday
    ],
)
def test_x15_business_days(world: MakeWorld, start: str, days: int, calendar: str, ended: str) -> None:
    """The same clock time on the n-th working day after; the calendar is the definition's, else Monday to Friday."""
    w = world(
        f"workflow w of contact {{ when: manually  {calendar}  wait {days} business days  set visits = 1 }}",
        project=CALENDAR,
    )
    w.contact("ann").enroll("ann", "workflow w", at=start).run_to("03-20 09:00")
    assert w.ended("ann", "w") == ended
