"""Who leaves, and what happens at that moment (semantics X9-X11)."""

from __future__ import annotations

import pytest

from tests.runtime.engine.harness import MakeWorld

MAILS = "send intro  wait 5 days  send case"
X = f"sequence x {{ when: manually  sender: rep  {MAILS} }}"
W = f"workflow w of contact {{ when: manually  {MAILS} }}"


@pytest.mark.parametrize(
    ("kind", "fields", "reason"),
    [
        ("unsubscribed", {}, "unsubscribed"),
        ("unsubscribed", {"topic": "sales"}, "unsubscribed"),
        ("bounced", {"kind": "hard"}, "bounce"),
        ("marked_spam", {}, "spam"),
    ],
)
def test_x9_what_always_ends_sequences_and_workflows(world: MakeWorld, kind: str, fields: dict, reason: str) -> None:
    """Unsubscribing (from all or a topic sent), a hard bounce and a complaint end both kinds at that moment."""
    w = world(X + W).contact("ann").enroll("ann", "sequence x", at="03-03 10:00")
    w.enroll("ann", "workflow w", at="03-03 10:00").event("ann", kind, at="03-04 11:07", **fields).run_to("03-12 09:00")
    for name in "xw":
        assert (w.status("ann", name), w.ended("ann", name)) == (f"unenrolled({reason})", "03-04 11:07")
    assert len(w.mails("ann")) == 2


@pytest.mark.parametrize(("kind", "fields"), [("unsubscribed", {"topic": "news"}), ("bounced", {"kind": "soft"})])
def test_x9_another_topic_and_a_soft_bounce_end_nothing(world: MakeWorld, kind: str, fields: dict) -> None:
    """A topic this definition does not send and a full mailbox are no reasons to stop."""
    w = world(X).contact("ann").enroll("ann", "sequence x", at="03-03 10:00")
    w.event("ann", kind, at="03-04 10:00", **fields).run_to("03-12 09:00")
    assert w.status("ann", "x") == "finished(no_reply)"


@pytest.mark.parametrize(
    ("kind", "fields", "reason"), [("replied", {}, "reply"), ("booked_meeting", {"host": "rep"}, "meeting")]
)
def test_x9_replies_and_meetings_end_sequences_but_not_workflows(
    worlds: MakeWorld, kind: str, fields: dict, reason: str
) -> None:
    """On by default in sequences only; whatever mail the reply belongs to (S32)."""
    w = worlds(X + W).contact("ann").enroll("ann", "sequence x", at="03-03 10:00")
    w.enroll("ann", "workflow w", at="03-03 10:00").event("ann", kind, at="03-04 10:00", **fields).run_to("03-12 09:00")
    assert w.status("ann", "x") == f"unenrolled({reason})"
    assert w.status("ann", "w") == "finished(completed)"


def test_x9_keep_on_takes_a_default_out(world: MakeWorld) -> None:
    """`keep_on: replied`: a reply stops nothing; a meeting still does."""
    w = world(X.replace("sender: rep", "sender: rep  keep_on: replied")).contact("ann").contact("bob")
    for name, kind, fields in (("ann", "replied", {}), ("bob", "booked_meeting", {"host": "rep"})):
        w.enroll(name, "sequence x", at="03-03 10:00").event(name, kind, at="03-04 10:00", **fields)
    w.run_to("03-12 09:00")
    assert (w.status("ann", "x"), w.status("bob", "x")) == ("finished(no_reply)", "unenrolled(meeting)")


def test_x9_stop_on_adds_events_with_filters(worlds: MakeWorld) -> None:
    """`stop_on: EVENT(filter), ..` in both kinds; what does not pass the filter stops nothing."""
    stop = 'stop_on: purchased(amount > 10 EUR), viewed_page(path contains "price")'
    w = worlds(X.replace("sender: rep", f"sender: rep  {stop}") + W.replace("manually", f"manually {stop}"))
    for name in ("ann", "bob", "cat"):
        w.contact(name).event(name, "viewed_page", at="03-02 12:00", path="/price")
        w.enroll(name, "sequence x", at="03-03 10:00").enroll(name, "workflow w", at="03-03 10:00")
    w.event("ann", "purchased", at="03-04 10:00", amount="5").event("ann", "purchased", at="03-05 10:00", amount="15")
    w.event("bob", "viewed_page", at="03-06 10:00", path="/Price")
    w.event("cat", "viewed_page", at="03-04 10:00", path="/blog")
    w.run_to("03-07 09:00")
    assert [(w.status("ann", d), w.ended("ann", d)) for d in "xw"] == [("unenrolled(purchased)", "03-05 10:00")] * 2
    assert [(w.status("bob", d), w.ended("bob", d)) for d in "xw"] == [("unenrolled(viewed_page)", "03-06 10:00")] * 2
    assert [w.status("cat", d) for d in "xw"] == ["active", "active"]


def test_x9_a_stop_may_ask_the_contact_and_the_date(world: MakeWorld) -> None:
    """A filter may read the contact, also a date of it against now."""
    stop = "stop_on: viewed_page(contact.created_at within 3 days)"
    w = world(X.replace("sender: rep", f"sender: rep  {stop}"))
    for name, at in (("ann", "03-04 11:00"), ("bob", "03-07 11:00")):
        w.contact(name).enroll(name, "sequence x", at="03-03 10:00").event(name, "viewed_page", at=at, path="/")
    w.run_to("03-08 09:00")
    assert (w.status("ann", "x"), w.status("bob", "x")) == ("unenrolled(viewed_page)", "active")


def test_x9_events_up_to_the_enrollment_do_not_count(worlds: MakeWorld) -> None:
    """Only what happens after the enrollment ends it."""
    w = worlds(X).contact("ann").event("ann", "replied", at="03-03 09:00").event("ann", "replied", at="03-03 10:00")
    w.enroll("ann", "sequence x", at="03-03 10:00").run_to("03-12 09:00")
    assert w.status("ann", "x") == "finished(no_reply)"


def test_x9_stop_when_is_the_twin_for_conditions(worlds: MakeWorld) -> None:
    """`stop_when:` acts when the condition becomes true: by a write, a link, an event or the passing of time."""
    w = worlds(
        "sequence x { when: manually  sender: rep  stop_when: any deal (won) or visits > 9 or"
        " (created_at older than 4 days and has not viewed_page within 4 days)  send intro  wait 9 days  send case }"
    )
    for name in ("deal", "write", "time", "none"):
        w.contact(name, visits=1, at="03-02 08:00").enroll(name, "sequence x", at="03-03 10:00")
    w.deal("d1", "deal", at="03-04 10:00", stage="appointment").deal("d1", "deal", at="03-04 12:00", stage="won")
    w.set("write", visits=10, at="03-04 11:00").event("none", "viewed_page", at="03-05 10:00", path="/")
    w.run_to("03-08 09:00")
    assert [w.ended(n, "x") for n in ("deal", "write", "time")] == ["03-04 12:00", "03-04 11:00", "03-06 00:00"]
    assert w.status("time", "x") == "unenrolled(stop_when)"
    assert w.status("none", "x") == "active"


def test_x9_stop_company_on_ends_it_for_all_contacts_of_the_primary_company(worlds: MakeWorld) -> None:
    """By association, never by mail domain; this definition only."""
    w = worlds(X.replace("sender: rep", "sender: rep  stop_company_on: replied") + W)
    for name in ("ann", "bob", "cat"):
        w.contact(name)
        w.enroll(name, "sequence x", at="03-03 10:00").enroll(name, "workflow w", at="03-03 10:00")
    w.company("acme", "ann", "bob").company("other", "cat")
    w.event("ann", "replied", at="03-04 10:05").run_to("03-05 09:00")
    assert [w.status(n, "x") for n in ("ann", "bob", "cat")] == ["unenrolled(reply)", "unenrolled(company)", "active"]
    assert w.ended("bob", "x") == "03-04 10:05"
    assert w.status("bob", "w") == "active"


def test_x9_who_has_moved_to_another_company_stays(world: MakeWorld) -> None:
    """The company is the primary one at that moment."""
    w = world(X.replace("sender: rep", "sender: rep  stop_company_on: replied")).contact("ann").contact("bob")
    for name in ("ann", "bob"):
        w.enroll(name, "sequence x", at="03-03 10:00")
    w.company("acme", "ann", "bob").company("other", "bob", at="03-04 09:00")
    w.event("ann", "replied", at="03-04 10:00").run_to("03-05 09:00")
    assert w.status("bob", "x") == "active"


def test_x10_guards_act_during_pauses(worlds: MakeWorld) -> None:
    """Guards and the switch act at once, also during waits and pauses; a paused one does not come back."""
    w = (
        worlds(X)
        .contact("ann")
        .enroll("ann", "sequence x", at="03-03 10:00")
        .pause("ann", "sequence x", at="03-04 10:00")
    )
    w.event("ann", "replied", at="03-05 10:00").resume("ann", "sequence x", at="03-06 10:00").run_to("03-20 09:00")
    assert (w.status("ann", "x"), w.ended("ann", "x")) == ("unenrolled(reply)", "03-05 10:00")
    assert w.mails("ann") == [("03-03 10:00", "intro")]


def test_x10_open_tasks_stay_and_are_marked(worlds: MakeWorld) -> None:
    """Open tasks stay open, marked `enrollment ended (reason)`."""
    w = worlds('sequence x { when: manually  sender: rep  task call "Call"  send case }').contact("ann")
    w.enroll("ann", "sequence x", at="03-03 10:00").event("ann", "replied", at="03-04 10:00").run_to("03-05 09:00")
    assert w.tasks("ann") == [("03-03 10:00", "call", "rep", "open")]
    assert w.sql("SELECT note FROM segue_task") == [("enrollment ended (reply)",)]


def test_x10_a_stop_at_the_instant_of_a_due_step_beats_it(worlds: MakeWorld) -> None:
    """At one instant stops come before due steps (X12); in the same minute too."""
    w = worlds(X).contact("ann").contact("bob")
    for name, at in (("ann", "03-08 10:00"), ("bob", "2026-03-08 10:00:01")):
        w.enroll(name, "sequence x", at="03-03 10:00").event(name, "replied", at=at)
    w.run_to("03-12 09:00")
    assert w.mails("ann") == [("03-03 10:00", "intro")]
    assert w.mails("bob") == [("03-03 10:00", "intro"), ("03-08 10:00", "case")]


def test_s32_what_was_asked_for_before_an_enrollment_began_does_not_end_it(worlds: MakeWorld) -> None:
    """An operator's `unenroll` that comes late was about the one before, or about nobody."""
    w = worlds("workflow w of contact { when: manually  wait 5 days }")
    w.contact("ann").enroll("ann", "workflow w", at="03-02 10:00").run_to("03-02 11:00")
    w.unenroll("ann", "workflow w", at="03-02 09:30").run_to("03-02 12:00")
    assert w.status("ann", "w") == "active"
    w.unenroll("ann", "workflow w", at="03-02 10:30").run_to("03-02 13:00")
    assert w.status("ann", "w") == "unenrolled(manual)"


def test_unenroll_by_hand_and_by_a_rule(worlds: MakeWorld) -> None:
    """An operator and `unenroll from` end what is inside, with manual as the reason."""
    w = worlds(X + "workflow out of contact { when: plan becomes paid  unenroll from sequence x }")
    for name in ("hand", "rule"):
        w.contact(name).enroll(name, "sequence x", at="03-03 10:00")
    w.unenroll("hand", "sequence x", at="03-04 10:00").set("rule", plan="paid", at="03-04 11:00").run_to("03-12 09:00")
    assert [(w.status(n, "x"), w.ended(n, "x")) for n in ("hand", "rule")] == [
        ("unenrolled(manual)", "03-04 10:00"),
        ("unenrolled(manual)", "03-04 11:00"),
    ]


def test_x4_since_enrollment_is_strictly_after_it(world: MakeWorld) -> None:
    """What happened at the trigger's own instant is not after it, also if it reaches the store only later (X4, X9)."""
    rules = "workflow w of contact { when: purchased  stop_on: viewed_page  wait 2 days  set visits = 1 }"
    w = world(rules).contact("ann").contact("bob")
    for name in ("ann", "bob"):
        w.event(name, "purchased", at="03-03 10:00")
    w.run_to("03-03 10:05").event("ann", "viewed_page", at="03-03 10:00", path="/a")
    w.event("bob", "viewed_page", at="03-03 10:01", path="/a").run_to("03-06 09:00")
    assert w.status("ann", "w") == "finished(completed)"
    assert w.status("bob", "w") == "unenrolled(viewed_page)"
