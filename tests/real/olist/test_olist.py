"""The real run: all 8,000 leads and 842 deals of Olist from 2017-06-14 to 2018-11-14, lead by lead against the oracle."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime

import pytest

from ..world import World, data, local, members, moment, report, run, same
from . import oracle

ZONE = "America/Sao_Paulo"
START, UNTIL = local(ZONE, 2017, 6, 14), local(ZONE, 2018, 11, 15)
# Before, in and after the summer of Brazil; the day of a spike; the end.
DATES = [
    local(ZONE, *day)
    for day in [(2017, 7, 1), (2017, 10, 15), (2017, 12, 31, 12), (2018, 2, 18, 9), (2018, 3, 8, 9), (2018, 5, 31, 23), (2018, 8, 15, 12), (2018, 11, 14, 23)]
]  # fmt: skip


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    folder = data("olist")
    files = [("olist_marketing_qualified_leads_dataset.csv", "leads"), ("olist_closed_deals_dataset.csv", "deals")]
    made = run("olist", [(folder / file, name) for file, name in files], START, UNTIL)
    yield made
    made.close()


@pytest.fixture(scope="module")
def leads() -> list[oracle.Lead]:
    return oracle.read(data("olist"))


def done(world: World, what: str, name: str) -> set[tuple[str, datetime]]:
    """(lead, instant) of every step of the sequence done."""
    found = world.rows(
        "SELECT c.external_id, s.at FROM segue_step s JOIN segue_enrollment e ON e.bucket = s.bucket AND e.id ="
        " s.enrollment_id JOIN segue_definition f ON f.id = e.definition_id JOIN contact c ON c.bucket = e.bucket"
        " AND c.id = e.contact_id WHERE f.name = 'first_contact' AND s.what = :what AND s.name = :name AND s.outcome <> 'planned'",
        what=what,
        name=name,
    )
    return {(who.partition(":")[2], moment(at)) for who, at in found}


def enrollments(world: World, definition: str) -> dict[str, tuple[str, str | None, datetime, datetime | None]]:
    found = world.rows(
        "SELECT c.external_id, e.status, e.reason, e.enrolled_at, e.ended_at FROM segue_enrollment e JOIN segue_definition f"
        " ON f.id = e.definition_id JOIN contact c ON c.bucket = e.bucket AND c.id = e.contact_id WHERE f.name = :name",
        name=definition,
    )
    return {who.partition(":")[2]: (status, reason, moment(a), moment(b)) for who, status, reason, a, b in found}


def test_every_step_is_taken_when_it_should_be(world: World, leads: list[oracle.Lead]) -> None:
    rows = []
    for what, name in (("send", "welcome"), ("send", "second_mail"), ("task", "call")):
        expected = {(x.id, at) for x in leads for step, at in x.steps if step == name}
        rows.append((f"{what} {name}", same(name, done(world, what, name), expected), len(expected)))
    mails = len(world.channel.sent)
    expected_mails = sum(step != "call" for x in leads for step, _ in x.steps)
    assert mails == expected_mails
    rows.append(("messages in the outbox", mails, expected_mails))
    report("Olist: steps", rows, world)


def test_every_enrollment_ends_as_it_should(world: World, leads: list[oracle.Lead]) -> None:
    expected = {
        x.id: ("unenrolled", "stop_when", x.first_contact, x.won)
        if x.won
        else ("waiting_task", None, x.first_contact, None)
        for x in leads
        if not x.refused
    }
    same("enrollments", enrollments(world, "first_contact"), expected)
    after = Counter("waiting_task" if not x.won else f"stopped after {x.steps[-1][0]}" for x in leads if not x.refused)
    last = "SELECT status || coalesce(' after ' || last_step, '') FROM segue_enrollment e JOIN segue_definition f ON f.id = e.definition_id WHERE f.name = 'first_contact'"
    names = {"unenrolled after send welcome": "stopped after welcome", "unenrolled after send second_mail": "stopped after second_mail", "unenrolled after task call": "stopped after call", "waiting_task after task call": "waiting_task"}  # fmt: skip
    ours = Counter(names.get(row[0], row[0]) for row in world.rows(last))
    assert ours == after
    report("Olist: where it ended", [(name, ours[name], n) for name, n in sorted(after.items())], world)


def test_tasks_belong_to_the_reps_and_say_how_it_ended(world: World, leads: list[oracle.Lead]) -> None:
    found = world.rows(
        "SELECT c.external_id, t.assignee, t.state, t.note, t.created_at FROM segue_task t JOIN contact c ON c.bucket = t.bucket"
        " AND c.id = t.contact_id"
    )
    ours = {(who.partition(":")[2], by, state, note, moment(at)) for who, by, state, note, at in found}
    expected = {
        (x.id, x.sender, "open", "enrollment ended (stop_when)" if x.won else None, x.call)
        for x in leads
        if len(x.steps) == 3
    }
    same("tasks", ours, expected)


def test_mail_goes_out_in_the_name_of_the_sdr(world: World, leads: list[oracle.Lead]) -> None:
    found = world.rows(
        "SELECT c.external_id, o.template, o.sender, o.address, o.state FROM segue_outbox o JOIN contact c ON c.bucket = o.bucket"
        " AND c.id = o.contact_id"
    )
    ours = {(who.partition(":")[2], *rest) for who, *rest in found}
    expected = {
        (x.id, step, x.sender, f"{x.id}@leads.example", "sent") for x in leads for step, _ in x.steps if step != "call"
    }
    same("mails", ours, expected)


def test_who_signed_before_the_first_contact_is_refused_and_listed(world: World, leads: list[oracle.Lead]) -> None:
    found = world.rows(
        "SELECT c.external_id, r.reason, r.at FROM segue_refusal r JOIN segue_definition f ON f.id = r.definition_id"
        " JOIN contact c ON c.bucket = r.bucket AND c.id = r.contact_id WHERE f.name = 'first_contact'"
    )
    ours = {(who.partition(":")[2], reason, moment(at)) for who, reason, at in found}
    same("refusals", ours, {(x.id, "stop_when", x.first_contact) for x in leads if x.refused})
    days_before = {x.id for x in leads if x.won and x.won.astimezone(oracle.ZONE).date() < x.day}
    assert days_before == {"b91cf8812365f50ff4bda4bcd6206b05"}  # the others signed on the day itself, before 09:00
    assert days_before <= {who for who, _, _ in ours}


def test_a_won_deal_hands_over_to_the_closer(world: World, leads: list[oracle.Lead]) -> None:
    signed = [x for x in leads if x.won]
    same(
        "workflow signed",
        enrollments(world, "signed"),
        {x.id: ("finished", "completed", x.customer_since, x.customer_since) for x in signed},
    )
    found = world.rows("SELECT external_id, lifecycle_stage, owner FROM contact")
    expected = {(x.id, "customer", f"rep_{x.closer}") if x.won else (x.id, "lead", "inbound") for x in leads}
    same("contacts", {(who.partition(":")[2], stage, owner) for who, stage, owner in found}, expected)
    told = world.rows(
        "SELECT c.external_id, n.recipient, n.at FROM segue_notification n JOIN contact c ON c.bucket = n.bucket AND c.id = n.contact_id"
    )
    same(
        "notifications",
        {(who.partition(":")[2], user, moment(at)) for who, user, at in told},
        {(x.id, f"rep_{x.closer}", x.customer_since) for x in signed},
    )


def test_history_tells_what_changed_and_when(world: World, leads: list[oracle.Lead]) -> None:
    """The first value writes no history (X34)."""
    found = world.rows(
        "SELECT c.external_id, h.property, h.at, h.old, h.new FROM segue_property_history h JOIN contact c ON c.bucket = h.bucket"
        " AND c.id = h.id WHERE h.object = 'contact'"
    )
    ours = {(who.partition(":")[2], name, moment(at), old, new) for who, name, at, old, new in found}
    signed = [x for x in leads if x.won]
    expected = {(x.id, "lifecycle_stage", x.customer_since, "lead", "customer") for x in signed}
    expected |= {
        (x.id, "owner", x.customer_since, x.sender, f"rep_{x.closer}")
        for x in signed
        if not x.refused and x.sdr != x.closer
    }
    same("history", ours, expected)


def test_segments_join_and_leave_at_the_instant(world: World, leads: list[oracle.Lead]) -> None:
    expected = oracle.segments(leads)
    assert set(expected) == set(world.program.segments)
    rows = []
    for name, stays in expected.items():
        ours, theirs = world.history(name), oracle.seen_by(stays, UNTIL)
        same(name, ours, theirs)
        for at in DATES:
            same(f"{name} at {at}", members(ours, at), members(theirs, at))
        rows += [(f"{name} on {at:%Y-%m-%d}", len(members(ours, at)), len(members(theirs, at))) for at in DATES[2::3]]
    report("Olist: members", rows, world)
