"""The real run: 8,000 leads and 842 deals of Olist from 2017-06-14 to 2018-11-14, lead by lead against the oracle."""

from __future__ import annotations

from collections import Counter

import pytest

from ..projects import OLIST
from ..world import HISTORY, World, data, each, local, members, report, run, same
from . import oracle

# Before, in and after the summer of Brazil, its two nights of change; the lead won too early; the ends.
DAYS = [
    *[(2017, 7, 1), (2017, 10, 15), (2017, 12, 31, 12), (2018, 2, 18, 9), (2018, 3, 8, 9)],
    *[(2018, 5, 31, 23), (2018, 8, 15, 12), (2018, 11, 14, 23)],
]
DATES = [local(OLIST.zone, *day) for day in DAYS]


def check_every_step_is_taken_when_it_should_be(world: World, leads: list[oracle.Lead]) -> None:
    rows = []
    for what, name in (("send", "welcome"), ("send", "second_mail"), ("task", "call")):
        expected = {(x.id, at) for x in leads for step, at in x.steps if step == name}
        done = world.steps(
            "first_contact", f"x.what = '{what}' AND x.name = '{name}' AND x.outcome IN ('sent', 'created')"
        )
        rows.append((f"{what} {name}", same(name, done, expected), len(expected)))
    mails = sum(step != "call" for x in leads for step, _ in x.steps)
    assert len(world.channel.sent) == mails
    rows.append(("messages in the mailbox", len(world.channel.sent), mails))
    report("Olist: steps", rows, world)


def check_every_enrollment_ends_as_it_should(world: World, leads: list[oracle.Lead]) -> None:
    entered = [x for x in leads if not x.refused]
    stopped = {(x.id, "unenrolled", "stop_when", x.steps[-1][0], x.first_contact, x.won) for x in entered if x.won}
    waiting = {(x.id, "waiting_task", None, "call", x.first_contact, None) for x in entered if not x.won}
    columns = "x.status, x.reason, x.last_step, *x.enrolled_at, *x.ended_at"
    found = world.about("segue_enrollment", columns, definition="first_contact")
    ours = {(who, status, reason, last.split()[1], a, b) for who, status, reason, last, a, b in found}
    same("enrollments", ours, stopped | waiting)
    here, there = (Counter((e[1], e[3]) for e in each) for each in (ours, stopped | waiting))
    report("Olist: where it ended", [(f"{k[0]} after {k[1]}", here[k], n) for k, n in sorted(there.items())], world)


def check_tasks_belong_to_the_reps_and_say_how_it_ended(world: World, leads: list[oracle.Lead]) -> None:
    ours = world.about("segue_task", "x.assignee, x.state, x.note, *x.created_at")
    expected = {
        (x.id, x.sender, "open", "enrollment ended (stop_when)" if x.won else None, x.call)
        for x in leads
        if len(x.steps) == 3
    }
    same("tasks", ours, expected)


def check_mail_goes_out_in_the_name_of_the_sdr(world: World, leads: list[oracle.Lead]) -> None:
    expected = {
        (x.id, step, x.sender, f"{x.id}@leads.example", "sent", at)
        for x in leads
        for step, at in x.steps
        if step != "call"
    }
    same("mails", world.about("segue_outbox", "x.template, x.sender, x.address, x.state, *x.settled_at"), expected)


def check_who_signed_before_the_first_contact_is_refused_and_listed(world: World, leads: list[oracle.Lead]) -> None:
    ours = world.about("segue_refusal", "x.reason, *x.at", definition="first_contact")
    refused = {(x.id, "stop_when", x.first_contact) for x in leads if x.refused}
    same("refusals", ours, refused)
    days_before = {x.id for x in leads if x.won and x.won.astimezone(oracle.ZONE).date() < x.day}
    assert days_before == {"b91cf8812365f50ff4bda4bcd6206b05"}  # the others signed on the day itself, before 09:00
    assert days_before <= {row[0] for row in ours}
    report("Olist: signed before the first contact", [("refused (stop_when)", len(ours), len(refused))], world)
    for who, reason, at in sorted(ours):
        print(f"    {who}  {reason}  {at:%Y-%m-%d %H:%M}Z{'  won on an earlier day' if who in days_before else ''}")


def check_a_won_deal_hands_over_to_the_closer(world: World, leads: list[oracle.Lead]) -> None:
    signed = [x for x in leads if x.won]
    ours = world.about("segue_enrollment", "x.status, x.reason, *x.enrolled_at, *x.ended_at", definition="signed")
    same("signed", ours, {(x.id, "finished", "completed", x.customer_since, x.customer_since) for x in signed})
    contacts = {(x.id, "customer", f"rep_{x.closer}") if x.won else (x.id, "lead", "inbound") for x in leads}
    same("contacts", world.about("contact", "x.lifecycle_stage, x.owner"), contacts)
    told = {(x.id, f"rep_{x.closer}", x.customer_since) for x in signed}
    rows = [
        ("notified", same("notifications", world.about("segue_notification", "x.recipient, *x.at"), told), len(told))
    ]
    report("Olist: hand-over", [*rows, ("workflow `signed`", len(ours), len(signed))], world)


def check_history_tells_what_changed_and_when(world: World, leads: list[oracle.Lead]) -> None:
    """The first value writes no history (X34)."""
    signed = [x for x in leads if x.won]
    expected = {(x.id, "lifecycle_stage", x.customer_since, "lead", "customer") for x in signed}
    expected |= {
        (x.id, "owner", x.customer_since, x.sender, f"rep_{x.closer}")
        for x in signed
        if not x.refused and x.sdr != x.closer
    }
    ours = world.about(HISTORY, "x.property, *x.at, x.old, x.new", where="x.object = 'contact'")
    report("Olist: history", [("changes", same("history", ours, expected), len(expected))], world)


def check_segments_join_and_leave_at_the_instant(world: World, leads: list[oracle.Lead]) -> None:
    expected = oracle.segments(leads)
    assert set(expected) == set(world.program.segments)
    rows = []
    for name, stays in expected.items():
        ours, theirs = world.history(name), oracle.seen_by(stays, OLIST.until)
        same(name, ours, theirs)
        for at in DATES:
            same(f"{name} at {at}", members(ours, at), members(theirs, at))
        rows += [(f"{name} on {at:%Y-%m-%d}", len(members(ours, at)), len(members(theirs, at))) for at in DATES[2::3]]
    report("Olist: members", rows, world)


def test_olist(subtests: pytest.Subtests) -> None:
    each(
        subtests,
        run(OLIST),
        oracle.read(data("olist")),
        check_every_step_is_taken_when_it_should_be,
        check_every_enrollment_ends_as_it_should,
        check_tasks_belong_to_the_reps_and_say_how_it_ended,
        check_mail_goes_out_in_the_name_of_the_sdr,
        check_who_signed_before_the_first_contact_is_refused_and_listed,
        check_a_won_deal_hands_over_to_the_closer,
        check_history_tells_what_changed_and_when,
        check_segments_join_and_leave_at_the_instant,
    )
