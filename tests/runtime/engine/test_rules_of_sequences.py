"""Rules of sequences that stand in no other file of their own (domain S1-S8, S15, S22, S23, S30, S37-S39, S42, S43)."""

from __future__ import annotations

import pytest

from runtime.errors import ConfirmNeeded
from runtime.metrics.sequences import SequenceMetrics, sequence_metrics
from runtime.metrics.templates import template_performance
from tests.runtime.engine.harness import PROJECT, MakeWorld, World

X = "sequence x { when: manually  sender: rep  send intro  wait 2 days  send case }"


def figures(w: World, name: str = "x") -> SequenceMetrics:
    return next(m for m in sequence_metrics(w.engine.session) if m.name == name)


def test_s1_all_kinds_of_steps_and_one_mailbox(worlds: MakeWorld) -> None:
    """Automated mails, mails written by hand, calls, general tasks and others; every mail has the same sender."""
    w = worlds("""sequence x { when: manually  sender: contact.owner  send intro  send case as task
        task call "C"  task todo "T"  task linkedin "L"  send last }""")
    w.contact("ann").enroll("ann", "sequence x", by="amy", at="03-03 10:00").run_to("03-03 11:00")
    for hour in ("11:30", "12:30", "13:30", "14:30"):
        w.finish_task("ann", at=f"03-03 {hour}").run_to(f"03-03 {hour}")
    assert [kind for _, kind, _, _ in w.tasks("ann")] == ["email", "call", "todo", "linkedin"]
    assert [m for _, m in w.mails("ann")] == ["intro", "last"]
    assert w.sql("SELECT DISTINCT sender FROM segue_outbox") == [("rep",)]
    assert {b"From: Rep One <rep@x.example>" in m.body for m in w.channel.messages.values()} == {True}


@pytest.mark.parametrize("sender", ["gone", "mute"])
def test_s2_without_a_mailbox_of_ones_own_nobody_is_enrolled(worlds: MakeWorld, sender: str) -> None:
    """Deactivated, or without an address; whoever enrolls them."""
    w = worlds(X.replace("sender: rep", "sender: contact.owner")).contact("ann", owner=sender).contact("bob")
    for name in ("ann", "bob"):
        w.enroll(name, "sequence x", by="rep", at="03-03 10:00")
    w.run_to("03-04 00:00")
    assert w.refusals("ann") == [("03-03 10:00", "x", "no_sender")]
    assert w.mails("bob") == [("03-03 10:00", "intro")]


def test_s3_tasks_go_to_who_enrolled_and_not_to_the_owner(worlds: MakeWorld) -> None:
    w = worlds('sequence x { when: manually  sender: contact.owner  task call "C"  send case as task }')
    w.contact("ann", owner="rep").enroll("ann", "sequence x", by="amy", at="03-03 10:00").run_to("03-03 11:00")
    w.finish_task("ann", at="03-03 12:00").run_to("03-03 13:00")
    assert [who for _, _, who, _ in w.tasks("ann")] == ["amy", "amy"]


def test_s7_variants_of_a_step_are_told_apart_by_a_stable_hash_and_in_the_figures(worlds: MakeWorld) -> None:
    """Who comes again gets the same variant; each template has its own line."""
    w = worlds("""sequence x { when: manually  again: always  sender: rep
        split { 50% a { send intro } 50% b { send case } } }""")
    people = [f"p{i}" for i in range(12)]
    for name in people:
        w.contact(name)
        for day in ("03-03", "03-04"):
            w.enroll(name, "sequence x", at=f"{day} 10:00")
    w.run_to("03-05 00:00")
    got = {name: {m for _, m in w.mails(name)} for name in people}
    assert {len(variants) for variants in got.values()} == {1}
    of = {"intro": sum("intro" in v for v in got.values()), "case": sum("case" in v for v in got.values())}
    assert all(of.values())
    w.event(next(n for n in people if "case" in got[n]), "opened_email", mail="case", at="03-05 09:00").run_to(
        "03-06 00:00"
    )
    lines = {m.template: (m.sent, m.opened.count) for m in template_performance(w.engine.session)}
    assert lines == {"intro": (2 * of["intro"], 0), "case": (2 * of["case"], 1)}


def test_s13_calendars_differ_by_definition_and_an_observed_holiday_is_off(worlds: MakeWorld) -> None:
    """26 December 2026 is a Saturday: in Britain Monday 28 is off for it; Poland works then, and not on 24 December."""
    project = PROJECT + "calendars: {uk: {country: GB}, pl: {country: PL}, own: {holidays: [2026-12-29]}}\n"
    step = "exclusive: false  sender: rep  wait 1 business day  send intro }"
    w = worlds(
        "".join(f"sequence {c} {{ when: manually  calendar: {c}  {step} " for c in ("uk", "pl", "own")), project=project
    )
    w.contact("ann")
    for c in ("uk", "pl", "own"):
        w.enroll("ann", f"sequence {c}", at="12-23 10:00").enroll("ann", f"sequence {c}", at="12-24 10:00")
    w.run_to("12-31 00:00")
    ends = {c: w.ended("ann", c) for c in ("uk", "pl", "own")}
    assert ends == {"uk": "12-24 10:00", "pl": "12-28 10:00", "own": "12-24 10:00"}


def test_s13_a_task_done_on_a_holiday_counts(worlds: MakeWorld) -> None:
    """The delay behind it counts from there, over working days."""
    project = PROJECT + "calendars: {own: {holidays: [2026-03-04]}}\n"
    w = worlds(
        'sequence x { when: manually  calendar: own  sender: rep  task call "C"  wait 1 business day  send intro }',
        project=project,
    )
    w.contact("ann").enroll("ann", "sequence x", at="03-03 10:00").run_to("03-04 09:00")
    w.finish_task("ann", at="03-04 12:00").run_to("03-10 00:00")
    assert w.mails("ann") == [("03-05 12:00", "intro")]


@pytest.mark.parametrize(
    ("zone", "theirs", "owner", "kept"),
    [
        ("contact", "America/New_York", "amy", "America/New_York"),
        ("contact", None, "amy", "Asia/Tokyo"),
        ("contact", "Mars/Base", "rep", "Europe/Warsaw"),
        ("sender", "America/New_York", "amy", "Asia/Tokyo"),
        ("account", "America/New_York", "amy", "Europe/Warsaw"),
    ],
)
def test_s15_the_zone_is_the_contacts_the_senders_or_the_accounts(
    worlds: MakeWorld, zone: str, theirs: str | None, owner: str, kept: str
) -> None:
    """In that order where one is missing or none; stored on the enrollment, while instants are UTC."""
    w = worlds(X.replace("sender: rep", f"sender: contact.owner  zone: {zone}"))
    w.contact("ann", owner=owner, time_zone=theirs).enroll("ann", "sequence x", at="03-03 10:00").run_to("03-03 11:00")
    assert w.sql("SELECT zone, enrolled_at FROM segue_enrollment") == [(kept, w.micros("03-03 10:00"))]


def test_s17_what_a_paused_enrollment_has_sent_still_counts(worlds: MakeWorld) -> None:
    project = PROJECT.replace("path: outbox", "path: outbox, limits: {mailbox: {per_day: 1}}")
    w = worlds(X, project=project).contact("ann").contact("bob")
    w.enroll("ann", "sequence x", at="03-03 10:00").pause("ann", "sequence x", at="03-03 11:00")
    w.enroll("bob", "sequence x", at="03-03 12:00").run_to("03-05 00:00")
    assert w.mails("bob") == [("03-04 10:00", "intro")]


def test_s19_a_surplus_waits_and_nobody_is_lost(worlds: MakeWorld) -> None:
    """No cap on the people inside (the rules know none): a crowd stops until it is confirmed (X1), then goes out as the
    mailbox allows, the rest waiting in its order (S18)."""
    project = PROJECT.replace("path: outbox", "path: outbox, limits: {mailbox: {per_day: 2}}")
    w = worlds(X.replace("manually", "plan = trial"), project=project + "limits: {enroll_at_once: 3}\n")
    names = [f"p{i}" for i in range(5)]
    for name in names:
        w.contact(name, at="03-03 10:00", plan="trial")
    with pytest.raises(ConfirmNeeded, match="5 records"):
        w.run_to("03-03 11:00")
    w.go_live("x").run_to("03-05 12:00")
    first = [at for name in names for at, template in w.mails(name) if template == "intro"]
    assert sorted(first) == ["03-03 10:00"] * 2 + ["03-04 10:00"] * 2 + ["03-05 10:00"]


def test_s21_what_a_task_carries(worlds: MakeWorld) -> None:
    """Kind, priority, subject with the contact's values, the template of a draft."""
    w = worlds("""sequence x { when: manually  sender: rep
        task call "Call {{ contact.full_name }}" priority high without waiting  send case as task }""")
    w.contact("ann", first_name="Ann").enroll("ann", "sequence x", at="03-03 10:00").run_to("03-03 11:00")
    rows = w.sql("SELECT kind, title, priority, template, state FROM segue_task ORDER BY ordinal")
    assert rows == [("call", "Call Ann", "high", None, "open"), ("email", "case", None, "case", "open")]


def test_s22_a_skipped_task_is_a_step_with_that_outcome_and_counts_for_nothing_sent(worlds: MakeWorld) -> None:
    """A mail written by hand is one of the sequence's mails in the figures, if it was written."""
    w = worlds("sequence x { when: manually  sender: rep  send case as task  wait 1 day  send intro }")
    for name in ("ann", "bob"):
        w.contact(name).enroll(name, "sequence x", at="03-03 10:00")
    w.run_to("03-03 11:00").finish_task("ann", at="03-03 12:00").finish_task("bob", at="03-03 12:00", state="skipped")
    w.run_to("03-05 00:00")
    assert [w.steps(n)[2][3] for n in ("ann", "bob")] == ["done", "skipped"]
    assert [w.mails(n) for n in ("ann", "bob")] == [[("03-04 12:00", "intro")]] * 2
    assert {m.template: m.sent for m in template_performance(w.engine.session)} == {"case": 1, "intro": 2}


def test_s23_what_cannot_reach_somebody_is_said_and_the_rules_may_go_around_it(worlds: MakeWorld) -> None:
    """An address lost meanwhile: the send is refused with its reason. No phone: an `if` before the call."""
    w = worlds("""sequence x { when: manually  sender: rep
          if phone is known { task call "C" }  wait 1 day  send intro }
        workflow v of contact { when: manually  wait 1 day  send case  set visits = 1 }""")
    w.contact("ann").contact("bob", phone="+48 1")
    for name in ("ann", "bob"):
        w.enroll(name, "sequence x", at="03-03 10:00").enroll(name, "workflow v", at="03-03 10:00")
    w.set("ann", email=None, at="03-03 12:00").run_to("03-05 00:00")
    assert (w.tasks("ann"), [t[1] for t in w.tasks("bob")]) == ([], ["call"])
    assert w.status("ann", "x") == "unenrolled(no_address)"
    assert [s for s in w.steps("ann", "v") if s[1] == "send"] == [("03-04 10:00", "send", "case", "refused")]
    assert w.value("ann", "visits") == 1


@pytest.mark.parametrize(
    ("again", "entered"),
    [
        ("never", ["03-03 10:00"]),
        ("always", ["03-03 10:00", "03-05 10:00", "03-08 10:00"]),
        ("after 4 days", ["03-03 10:00", "03-08 10:00"]),
    ],
)
def test_s30_policies_of_coming_again(worlds: MakeWorld, again: str, entered: list[str]) -> None:
    """Only once, again when not active, and with a time to cool down since it ended; by hand too."""
    w = worlds(f"sequence x {{ when: manually  again: {again}  sender: rep  wait 1 day  send intro }}").contact("ann")
    for at in ("03-03 10:00", "03-03 12:00", "03-05 10:00", "03-08 10:00"):
        w.enroll("ann", "sequence x", at=at)
    assert w.run_to("03-12 00:00").entered("ann", "x") == entered


def test_s30_a_touch_by_anyone_may_be_asked_for(worlds: MakeWorld) -> None:
    w = worlds("""sequence x { when: manually  again: always  exclusive: false  sender: rep
          only: has not received_email within 3 days and created_at older than 3 days  send intro }
        workflow v of contact { when: viewed_page  send receipt }""")
    w.contact("ann", at="02-20 08:00").event("ann", "viewed_page", at="03-03 09:00")
    w.enroll("ann", "sequence x", at="03-04 10:00").enroll("ann", "sequence x", at="03-07 10:00").run_to("03-08 00:00")
    assert (w.entered("ann", "x"), w.refusals("ann")) == (["03-07 10:00"], [("03-04 10:00", "x", "only")])


def test_s37_m24_unenrolling_changes_no_figure(worlds: MakeWorld) -> None:
    """By hand, by a stop of the whole company, by a definition that is stopped: what was counted stays."""
    w = worlds(X.replace("sender", "stop_company_on: replied  sender"))
    for name in ("ann", "bob", "cid", "dan"):
        w.contact(name).enroll(name, "sequence x", at="03-03 10:00")
    w.company("acme", "bob", "cid").run_to("03-03 12:00")
    w.event("ann", "opened_email", mail="intro", at="03-03 13:00").event(
        "bob", "replied", mail="intro", at="03-04 10:00"
    )
    w.run_to("03-04 12:00")
    before = figures(w)
    assert (before.enrolled, before.opened.count, before.replied.count) == (4, 1, 1)
    w.unenroll("ann", "sequence x", at="03-04 13:00").run_to("03-04 14:00").edit(X, stopped=frozenset({"x"})).run_to(
        "03-09 00:00"
    )
    after = figures(w)
    assert (after.enrolled, after.opened, after.replied, after.no_reply.count) == (4, before.opened, before.replied, 0)
    assert after.statuses == {"unenrolled": 4}


def test_s38_exits_are_watched_all_the_time_and_a_click_may_be_one(worlds: MakeWorld) -> None:
    """In the middle of a wait, at an open task, while a mail is held back for the morning."""
    stop = 'stop_on: clicked_email  sender: rep  window: 09:00-17:00  wait 1 hour  task call "C"  send intro }'
    w = worlds(f"sequence x {{ when: manually  {stop}")
    for name, at in (("wait", "03-03 10:30"), ("task", "03-03 11:30"), ("held", "03-03 20:00")):
        w.contact(name).enroll(name, "sequence x", at="03-03 10:00")
        w.event(name, "clicked_email", at=at, template="case", link_url="https://x.example")
    w.run_to("03-03 11:15").finish_task("held", at="03-03 18:00").run_to("03-05 00:00")
    ends = [w.ended(n, "x") for n in ("wait", "task", "held")]
    assert ends == ["03-03 10:30", "03-03 11:30", "03-03 20:00"]
    assert {w.status(n, "x") for n in ("wait", "task", "held")} == {"unenrolled(clicked_email)"}
    assert [w.mails(n) for n in ("wait", "task", "held")] == [[], [], []]


def test_s42_who_is_inside_keeps_the_steps_of_the_day_they_entered(worlds: MakeWorld) -> None:
    """An edit is for those who come later; guards and templates are read live (X26)."""
    w = worlds(X).contact("ann").contact("bob").enroll("ann", "sequence x", at="03-03 10:00").run_to("03-03 12:00")
    w.edit(
        X.replace("wait 2 days  send case", "wait 1 day  send last")
        + "workflow keep of contact { when: manually  send case }"
    )
    w.enroll("bob", "sequence x", at="03-03 13:00").run_to("03-06 00:00")
    assert w.mails("ann")[1:] == [("03-05 10:00", "case")]
    assert w.mails("bob")[1:] == [("03-04 13:00", "last")]


def test_s43_a_pause_says_why_and_an_error_what_to_put_right(worlds: MakeWorld) -> None:
    """paused(ooo) until they are back (S35); errored for one who can never be reached, while the others go on."""
    never = PROJECT + 'limits: {quiet_hours: "08:00-20:00"}\n'
    w = worlds(
        X.replace("sender", "window: every day 09:00-17:00  sender").replace(
            "send intro  ", "wait 1 hour  send intro  "
        ),
        project=never,
    )
    w.contact("ann").contact("bob").enroll("ann", "sequence x", at="03-03 10:00").enroll(
        "bob", "sequence x", at="03-03 10:00"
    )
    w.pause("bob", "sequence x", at="03-03 10:30", until="03-16 09:00", reason="ooo").run_to("03-03 12:00")
    assert (w.status("ann", "x"), w.status("bob", "x")) == ("errored(never_open)", "paused(ooo)")
    assert w.run_to("03-16 09:00").status("bob", "x") == "active"
