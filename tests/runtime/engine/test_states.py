"""States of an enrollment, pause and resume (domain S40, S43-S45)."""

from __future__ import annotations

from runtime.access.roles import ADMIN, Actor
from runtime.operators import commands
from runtime.reading import EnrollmentKey
from tests.runtime.engine.harness import MakeWorld

DRIP = "sequence x { when: manually  sender: rep  wait 3 days  send intro }"


def test_s40_pause_keeps_remaining_delay(worlds: MakeWorld) -> None:
    """A 3-day delay paused after 2 leaves 1 day on resume."""
    w = (
        worlds(DRIP)
        .contact("ann")
        .enroll("ann", "sequence x", at="03-03 10:00")
        .pause("ann", "sequence x", at="03-05 10:00")
    )
    w.run_to("03-09 09:00")
    assert w.status("ann", "x") == "paused(manual)"
    w.resume("ann", "sequence x", at="03-20 15:00").run_to("03-25 09:00")
    assert w.mails("ann") == [("03-21 15:00", "intro")]


def test_s40_several_pauses_add_up(worlds: MakeWorld) -> None:
    """Each pause shifts the rest; pausing twice or resuming what runs changes nothing."""
    w = worlds(DRIP).contact("ann").enroll("ann", "sequence x", at="03-03 10:00")
    w.pause("ann", "sequence x", at="03-04 10:00").pause("ann", "sequence x", at="03-05 10:00")
    w.resume("ann", "sequence x", at="03-06 10:00").resume("ann", "sequence x", at="03-06 11:00")
    w.pause("ann", "sequence x", at="03-07 10:00").resume("ann", "sequence x", at="03-09 10:00").run_to("03-12 09:00")
    assert w.mails("ann") == [("03-10 10:00", "intro")]


def test_s40_a_pause_may_have_an_end(worlds: MakeWorld) -> None:
    """It resumes by itself; one resumed and paused again by hand is not woken by the first pause's end."""
    w = worlds(DRIP).contact("ann").contact("bob")
    for name in ("ann", "bob"):
        w.enroll(name, "sequence x", at="03-03 10:00").pause(name, "sequence x", at="03-05 10:00", until="03-09 10:00")
    w.resume("bob", "sequence x", at="03-06 09:00").pause("bob", "sequence x", at="03-06 10:00").run_to("03-20 09:00")
    assert w.mails("ann") == [("03-10 10:00", "intro")]
    assert w.status("bob", "x") == "paused(manual)"


def test_s40_a_delay_not_yet_begun_starts_whole(worlds: MakeWorld) -> None:
    """Paused at an open task that is done meanwhile: the delay behind it begins with the resume."""
    w = worlds('sequence x { when: manually  sender: rep  task call "C"  wait 1 day  send intro }').contact("ann")
    w.enroll("ann", "sequence x", at="03-03 10:00").pause("ann", "sequence x", at="03-03 12:00").run_to("03-04 09:00")
    w.finish_task("ann", at="03-04 10:00").run_to("03-08 09:00")
    assert (w.status("ann", "x"), w.mails("ann")) == ("paused(manual)", [])
    w.resume("ann", "sequence x", at="03-08 10:00").run_to("03-20 09:00")
    assert w.mails("ann") == [("03-09 10:00", "intro")]


def test_s40_an_open_task_is_waited_for_after_a_resume(worlds: MakeWorld) -> None:
    """Resume returns to the state before."""
    w = worlds('sequence x { when: manually  sender: rep  task call "C"  send intro }').contact("ann")
    w.enroll("ann", "sequence x", at="03-03 10:00").pause("ann", "sequence x", at="03-03 12:00")
    w.resume("ann", "sequence x", at="03-04 12:00").run_to("03-05 09:00")
    assert w.status("ann", "x") == "waiting_task"
    w.finish_task("ann", at="03-05 10:00").run_to("03-05 12:00")
    assert w.mails("ann") == [("03-05 10:00", "intro")]


def test_s40_the_limit_of_a_wait_until_freezes_too(worlds: MakeWorld) -> None:
    """Half of `up to 2 days` is left on resume; then `else`."""
    w = worlds(
        "workflow w of contact { when: manually  wait until viewed_page up to 2 days else {"
        " set visits = 1 }  set plan = paid }"
    )
    w.contact("ann").enroll("ann", "workflow w", at="03-03 10:00").pause("ann", "workflow w", at="03-04 10:00")
    w.resume("ann", "workflow w", at="03-10 10:00").run_to("03-12 09:00")
    assert (w.ended("ann", "w"), w.value("ann", "visits")) == ("03-11 10:00", 1)


def test_s40_what_was_waited_for_comes_during_the_pause(worlds: MakeWorld) -> None:
    """Even after the old limit, for that is frozen; a decision is not reopened when it turns back (X17)."""
    w = worlds(
        "workflow e of contact { when: manually  wait until viewed_page up to 1 day else { set"
        " visits = 1 }  set plan = paid }"
        " workflow c of contact { when: manually  wait until visits > 5 up to 1 day else { set"
        ' phone = "no" }  set plan = free }'
    )
    w.contact("ann", visits=0).contact("bob", visits=0).enroll("ann", "workflow e", at="03-03 10:00")
    w.enroll("bob", "workflow c", at="03-03 10:00")
    w.pause("ann", "workflow e", at="03-03 20:00").pause("bob", "workflow c", at="03-03 20:00")
    w.event("ann", "viewed_page", at="03-06 10:00", path="/")
    w.set("bob", visits=9, at="03-06 10:00").set("bob", visits=1, at="03-07 10:00")
    w.resume("ann", "workflow e", at="03-10 10:00").resume("bob", "workflow c", at="03-10 10:00").run_to("03-12 09:00")
    assert [(w.ended(n, d), w.value(n, "plan")) for n, d in (("ann", "e"), ("bob", "c"))] == [
        ("03-10 10:00", "paid"),
        ("03-10 10:00", "free"),
    ]
    assert (w.value("ann", "visits"), w.value("bob", "phone")) == (0, None)


def test_s40_the_window_holds_after_a_resume(worlds: MakeWorld) -> None:
    """What has become due in a pause goes on at the resume, inside the window."""
    w = worlds(DRIP.replace("sender: rep", "sender: rep  window: every day 09:00-17:00")).contact("ann")
    w.enroll("ann", "sequence x", at="03-03 10:00").pause("ann", "sequence x", at="03-06 09:59")
    w.resume("ann", "sequence x", at="03-09 23:00").run_to("03-12 09:00")
    assert w.mails("ann") == [("03-10 09:00", "intro")]


def test_s41_operators_ask_by_enrollment(worlds: MakeWorld) -> None:
    """The acts of the enrollments table: one enrollment each, not all of that person."""
    w = worlds(
        DRIP.replace("sender: rep", "sender: rep  exclusive: false")
        + DRIP.replace("sequence x", "sequence y").replace("sender: rep", "sender: rep  exclusive: false")
    )
    w.contact("ann").enroll("ann", "sequence x", at="03-03 10:00").enroll("ann", "sequence y", at="03-03 10:00").run_to(
        "03-04 09:00"
    )
    keys = [
        EnrollmentKey(*r)
        for r in w.sql(
            "SELECT e.bucket, e.id FROM segue_enrollment e JOIN segue_definition d ON d.id ="
            " e.definition_id WHERE d.name = 'x'"
        )
    ]
    assert commands.pause(w.engine.session, keys, Actor("rep", ADMIN)).asked == 1
    w.run_to("03-04 10:00")
    assert (w.status("ann", "x"), w.status("ann", "y")) == ("paused(manual)", "active")
    assert commands.unenroll(w.engine.session, keys, Actor("rep", ADMIN)).asked == 1
    w.run_to("03-04 11:00")
    assert (w.status("ann", "x"), w.status("ann", "y")) == ("unenrolled(manual)", "active")


def test_s43_every_state_has_its_name(worlds: MakeWorld) -> None:
    """pending, active, waiting_task, paused, finished and unenrolled, each with its reason."""
    w = worlds(
        'sequence x { when: manually  sender: rep  task call "C"  wait 1 day  if visits > 5 {'
        ' exit "big" }  send intro }'
        " sequence y { when: plan = trial  sender: rep  send case }"
        ' workflow w of contact { when: manually  set phone = "x" }'
    )
    names = ("pending", "task", "paused", "exit", "done", "flow")
    for name in names:
        w.contact(name, visits=9 if name == "exit" else 1)
        w.enroll(name, "workflow w" if name == "flow" else "sequence x", at="03-03 10:00")
    w.set("pending", plan="trial", at="03-03 11:00").pause("paused", "sequence x", at="03-03 11:00").run_to(
        "03-03 12:00"
    )
    for name in ("exit", "done"):
        w.finish_task(name, at="03-03 13:00")
    w.run_to("03-10 09:00")
    assert w.status("pending", "y") == "pending(exclusive)"
    assert {n: w.status(n, "w" if n == "flow" else "x") for n in names[1:]} == {
        "task": "waiting_task",
        "paused": "paused(manual)",
        "exit": "finished(exit)",
        "done": "finished(no_reply)",
        "flow": "finished(completed)",
    }


def test_s44_one_end_with_reason_and_evidence(worlds: MakeWorld) -> None:
    """The first cause in order ends it, once; the event is the evidence; what comes later changes nothing."""
    w = worlds(
        "sequence x { when: manually  sender: rep  goal: plan = paid  send intro  wait 5 days  send case }"
    ).contact("ann")
    w.enroll("ann", "sequence x", at="03-03 10:00").event("ann", "replied", at="03-04 10:00", key="the reply")
    w.event("ann", "bounced", at="03-04 10:00", kind="hard").set("ann", plan="paid", at="03-04 10:00")
    w.unenroll("ann", "sequence x", at="03-04 10:00").event("ann", "replied", at="03-05 10:00").run_to("03-12 09:00")
    assert [s for s in w.steps("ann") if s[1] == "ended"] == [("03-04 10:00", "ended", "unenrolled", "bounce")]
    assert w.sql("SELECT count(*) FROM segue_enrollment e JOIN event_bounced b ON b.id = e.evidence") == [(1,)]


def test_s44_every_transition_is_a_row(worlds: MakeWorld) -> None:
    """Append-only, numbered without a gap."""
    w = (
        worlds(DRIP)
        .contact("ann")
        .enroll("ann", "sequence x", at="03-03 10:00")
        .pause("ann", "sequence x", at="03-04 10:00")
    )
    w.resume("ann", "sequence x", at="03-05 10:00").run_to("03-12 09:00")
    assert [(at, what, outcome) for at, what, _, outcome in w.steps("ann")] == [
        ("03-03 10:00", "entered", "active"),
        ("03-04 10:00", "paused", "done"),
        ("03-05 10:00", "resumed", "done"),
        ("03-07 10:00", "send", "sent"),
        ("03-07 10:00", "ended", "no_reply"),
    ]
    ordinals = [r[0] for r in w.sql("SELECT ordinal FROM segue_step ORDER BY ordinal")]
    assert ordinals == list(range(len(ordinals)))


def test_s45_the_last_step_and_when(worlds: MakeWorld) -> None:
    """What the enrollments table shows."""
    w = worlds('sequence x { when: manually  sender: rep  send intro  wait 1 day  task call "C" }').contact("ann")
    w.enroll("ann", "sequence x", at="03-03 10:00").run_to("03-04 12:00")
    rows = w.sql("SELECT last_step, last_step_at, enrolled_by FROM segue_enrollment")
    assert [(step, w.local(at), by) for step, at, by in rows] == [("task call", "03-04 10:00", "rep")]
