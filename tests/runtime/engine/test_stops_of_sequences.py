"""What ends a sequence, case by case (domain S32-S36, D7), and stops at the very minute of a step (X10, X12)."""

from __future__ import annotations

import pytest

from runtime.channels.memory import MemoryChannel
from runtime.metrics.sequences import sequence_metrics
from runtime.store import inbox
from runtime.store.ids import record_id
from tests.runtime.engine.harness import SCHEMA, MakeWorld

from .test_sending import LATER, Answering

X = "sequence x { when: manually  sender: rep  send intro  wait 2 days  send case }"
OTHER = "sequence other { when: manually  exclusive: false  sender: rep  send last }"


def test_s32_any_reply_counts_whatever_mail_it_belongs_to(worlds: MakeWorld) -> None:
    """To a mail of this sequence, to one of another, to none at all; one from before the enrollment does not."""
    w = worlds(X + OTHER)
    for name in ("mine", "others", "none", "before"):
        w.contact(name).enroll(name, "sequence other", at="03-03 09:00")
    w.run_to("03-03 09:30").event("before", "replied", at="03-03 09:45", mail="last")
    for name in ("mine", "others", "none", "before"):
        w.enroll(name, "sequence x", at="03-03 10:00")
    w.run_to("03-03 11:00").event("mine", "replied", at="03-04 10:00", mail="intro")
    w.event("others", "replied", at="03-04 10:00", mail="last").event("none", "replied", at="03-04 10:00")
    w.run_to("03-06 00:00")
    assert [w.status(n, "x") for n in ("mine", "others", "none")] == ["unenrolled(reply)"] * 3
    assert w.status("before", "x") == "finished(no_reply)"


@pytest.mark.parametrize(
    ("rules", "rep", "amy"),
    [
        (X, "unenrolled(meeting)", "unenrolled(meeting)"),
        (
            X.replace("sender:", "keep_on: booked_meeting  stop_on: booked_meeting(host = rep)  sender:"),
            "unenrolled(meeting)",
            "finished(no_reply)",
        ),
    ],
)
def test_s33_a_meeting_counts_whoever_is_the_host_unless_the_rules_say_whose(
    worlds: MakeWorld, rules: str, rep: str, amy: str
) -> None:
    """X9 goes before S33: any meeting booked after the enrollment."""
    w = worlds(rules)
    for name in ("rep", "amy", "early"):
        w.contact(name).event("early", "booked_meeting", at="03-03 09:00", host="rep")
        w.enroll(name, "sequence x", at="03-03 10:00")
    for host in ("rep", "amy"):
        w.event(host, "booked_meeting", at="03-04 10:00", host=host)
    w.run_to("03-06 00:00")
    assert [w.status(n, "x") for n in ("rep", "amy", "early")] == [rep, amy, "finished(no_reply)"]


def test_s33_a_meeting_logged_late_for_a_time_inside_the_enrollment_counts(worlds: MakeWorld) -> None:
    """Its date lies after the enrollment, and it is heard of a day later: it ends it when it is heard of."""
    w = worlds(X).contact("ann").enroll("ann", "sequence x", at="03-03 10:00").run_to("03-04 20:00")
    w.event("ann", "booked_meeting", at="03-03 15:00", host="rep").run_to("03-06 00:00")
    assert (w.status("ann", "x"), w.ended("ann", "x")) == ("unenrolled(meeting)", "03-04 20:01")


COMPANY = X.replace("sender:", "stop_company_on: purchased  sender:")


def test_s34_the_one_who_acts_and_everybody_at_the_company_leave_this_sequence(worlds: MakeWorld) -> None:
    """Paused and waiting ones too; not those of another company, and not the other sequences."""
    w = worlds(COMPANY + OTHER.replace("send last", "wait 3 days  send last"))
    for name in ("actor", "mate", "paused", "elsewhere", "alone"):
        w.contact(name).enroll(name, "sequence x", at="03-03 10:00").enroll(name, "sequence other", at="03-03 10:00")
    w.company("acme", "actor", "mate", "paused").company("bolt", "elsewhere")
    w.pause("paused", "sequence x", at="03-03 12:00").event("actor", "purchased", at="03-04 10:00", amount="5")
    w.run_to("03-05 12:00")
    ended = {n: (w.status(n, "x"), w.ended(n, "x")) for n in ("actor", "mate", "paused")}
    assert set(ended.values()) == {("unenrolled(company)", "03-04 10:00")}
    assert [w.mails(n)[-1] for n in ("elsewhere", "alone")] == [("03-05 10:00", "case")] * 2
    assert {w.status(n, "other") for n in ("actor", "mate", "elsewhere")} == {"active"}
    assert w.sql("SELECT count(*) FROM segue_enrollment e JOIN event_purchased v ON v.id = e.evidence") == [(3,)]


def test_s34_who_acts_leaves_without_a_company_too(worlds: MakeWorld) -> None:
    w = worlds(COMPANY).contact("ann").enroll("ann", "sequence x", at="03-03 10:00")
    w.event("ann", "purchased", at="03-04 10:00", amount="5").run_to("03-06 00:00")
    assert w.status("ann", "x") == "unenrolled(company)"


def test_s34_the_company_is_the_one_at_that_moment(worlds: MakeWorld) -> None:
    """Who has come to it since leaves, who has gone stays; who is enrolled only afterwards stays too."""
    w = worlds(COMPANY)
    for name in ("actor", "came", "went", "late"):
        w.contact(name)
    w.company("acme", "actor", "went", "late").company("bolt", "came")
    for name in ("actor", "came", "went"):
        w.enroll(name, "sequence x", at="03-03 10:00")
    w.link("contact", "came", "company", "acme", "03-04 09:00").link(
        "contact", "went", "company", "bolt", "03-04 09:00"
    )
    w.event("actor", "purchased", at="03-04 10:00", amount="5").enroll("late", "sequence x", at="03-04 11:00")
    w.run_to("03-04 12:00")
    assert [w.status(n, "x") for n in ("came", "went", "late")] == ["unenrolled(company)", "active", "active"]


def test_s35_an_auto_reply_is_no_reply(worlds: MakeWorld) -> None:
    """It comes as an event of its own, ends nothing, is in no figure of replies; a pause until they are back keeps what
    is left of the delay."""
    schema = SCHEMA + "events: {out_of_office: {of: contact}}\n"
    w = worlds(X, schema=schema).contact("ann").enroll("ann", "sequence x", at="03-03 10:00")
    w.event("ann", "out_of_office", at="03-04 10:00")
    w.pause("ann", "sequence x", at="03-04 10:01", until="03-10 10:01", reason="ooo").run_to("03-04 12:00")
    assert w.status("ann", "x") == "paused(ooo)"
    w.run_to("03-12 00:00")
    assert w.mails("ann") == [("03-03 10:00", "intro"), ("03-11 10:00", "case")]
    (figures,) = sequence_metrics(w.engine.session)
    assert (figures.replied.count, figures.no_reply.count) == (0, 1)


def test_s36_what_a_deleted_contact_was_sent_stays_in_the_figures(worlds: MakeWorld) -> None:
    w = worlds(X).contact("ann").enroll("ann", "sequence x", at="03-03 10:00").run_to("03-03 12:00")
    w._put(inbox.delete_row("contact", record_id("contact", "ann"), at=w.micros("03-04 10:00"))).run_to("03-06 00:00")
    (figures,) = sequence_metrics(w.engine.session)
    assert (w.status("ann", "x"), figures.enrolled, figures.statuses) == (
        "unenrolled(contact_deleted)",
        1,
        {"unenrolled": 1},
    )


@pytest.mark.parametrize("second", ["03-05 10:00", "2026-03-05 09:59:30"])
def test_x10_unenrolled_in_the_minute_of_a_step_that_step_is_not_taken(worlds: MakeWorld, second: str) -> None:
    """By hand as by a goal: stops come before what is due (X12)."""
    rules = X.replace("sender:", "goal: plan = paid  sender:")
    w = worlds(rules)
    for name in ("hand", "goal", "none"):
        w.contact(name).enroll(name, "sequence x", at="03-03 10:00")
    w.unenroll("hand", "sequence x", at=second).set("goal", plan="paid", at=second).run_to("03-06 00:00")
    assert [len(w.mails(n)) for n in ("hand", "goal", "none")] == [1, 1, 2]
    assert {w.ended(n, "x") for n in ("hand", "goal")} == {"03-05 10:00"}


def test_s40_paused_in_the_minute_of_a_step_it_is_taken_after_the_resume(worlds: MakeWorld) -> None:
    w = worlds(X).contact("ann").enroll("ann", "sequence x", at="03-03 10:00")
    w.pause("ann", "sequence x", at="03-05 10:00").resume("ann", "sequence x", at="03-06 08:00").run_to("03-07 00:00")
    assert w.mails("ann")[1:] == [("03-06 08:00", "case")]


def test_s40_a_mail_that_the_server_put_off_is_held_by_a_pause(worlds: MakeWorld) -> None:
    """It goes out once, after the resume; the wait behind it counts from then."""
    channel = Answering(ann=[LATER])
    w = worlds(X, channel=channel).contact("ann").enroll("ann", "sequence x", at="03-03 10:00").run_to("03-03 10:00")
    w.pause("ann", "sequence x", at="2026-03-03 10:00:30").resume("ann", "sequence x", at="03-03 12:00").run_to(
        "03-06 00:00"
    )
    assert w.mails("ann") == [("03-03 12:00", "intro"), ("03-05 12:00", "case")]
    assert len(channel.calls) == 3


class PausesMeanwhile(MemoryChannel):
    """Somebody pauses and unenrolls while the mail is on its way."""

    def __init__(self) -> None:
        super().__init__()
        self.meanwhile = lambda: None

    def publish(self, keys):
        self.meanwhile()
        return super().publish(keys)


@pytest.mark.parametrize("act", ["pause", "unenroll"])
def test_x10_a_mail_on_its_way_goes_out_and_the_log_says_so(worlds: MakeWorld, act: str) -> None:
    """What was asked for while it was being sent holds from then on: one mail, counted, and no second."""
    channel = PausesMeanwhile()
    w = worlds(X, channel=channel).contact("ann").enroll("ann", "sequence x", at="03-03 10:00")
    channel.meanwhile = lambda: getattr(w, act)("ann", "sequence x", at="2026-03-03 10:00:10")
    w.run_to("03-03 10:00")
    channel.meanwhile = lambda: None
    w.run_to("03-08 00:00")
    assert w.mails("ann") == [("03-03 10:00", "intro")]
    assert ("03-03 10:00", "send", "intro", "sent") in w.steps("ann")
    assert w.status("ann", "x") == {"pause": "paused(manual)", "unenroll": "unenrolled(manual)"}[act]
    if act == "pause":
        w.resume("ann", "sequence x", at="03-09 10:00").run_to("03-12 00:00")
        assert w.mails("ann")[1:] == [("03-11 09:59", "case")]  # the pause began a minute after the mail


@pytest.mark.parametrize(
    ("kind", "fields", "reason"),
    [
        ("replied", {}, "reply"),
        ("booked_meeting", {"host": "rep"}, "meeting"),
        ("bounced", {"kind": "hard"}, "bounce"),
        ("unsubscribed", {}, "unsubscribed"),
    ],
)
@pytest.mark.parametrize("engaged", [False, True])
def test_d7_whatever_ends_a_sequence_ends_a_dynamic_one_in_either_part(
    worlds: MakeWorld, kind: str, fields: dict[str, str], reason: str, engaged: bool
) -> None:
    w = worlds("""sequence d { when: manually  sender: rep  automated { send intro  wait 3 days  send case }
        rep_led when clicked_email { wait 1 hour  task call "C" } }""")
    w.contact("ann").enroll("ann", "sequence d", at="03-03 10:00").run_to("03-03 12:00")
    if engaged:
        w.event("ann", "clicked_email", at="03-04 09:00", mail="intro", link_url="https://x.example")
    w.event("ann", kind, at="03-04 09:30", **fields).run_to("03-20 09:00")
    assert (w.status("ann", "d"), w.tasks("ann")) == (f"unenrolled({reason})", [])
