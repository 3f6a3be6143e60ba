"""Dynamic sequences: automated outreach, then the rep (semantics X11, domain D1-D8)."""

from __future__ import annotations

import pytest

from runtime.errors import InvalidInput
from tests.runtime.engine.harness import MakeWorld, World

RULES = """
sequence d {
  when: manually  sender: rep  grace: 2 business days  again: always
  automated { send intro  wait 3 days  send case }
  rep_led when clicked_email or opened_email at least 2 times { wait 1 hour  task call "Call"  wait 1 day  send last }
}
sequence other { when: manually  sender: rep  exclusive: false  send letter }
"""


def begun(w: World) -> World:
    """Ann is in `d` since Tuesday 3 March 10:00 and has the first mail."""
    return w.contact("ann").enroll("ann", "sequence d", at="03-03 10:00").run_to("03-03 12:00")


def test_d1_d2_who_engages_gets_the_rep_and_no_further_automated_mail(worlds: MakeWorld) -> None:
    """A click on an automated mail starts the rep-led part at once, with its own delay; what was left is not sent."""
    w = begun(worlds(RULES))
    w.event("ann", "clicked_email", at="03-04 09:00", mail="intro", link_url="https://x.example").run_to("03-10 09:00")
    assert w.mails("ann") == [("03-03 10:00", "intro")]
    assert w.tasks("ann") == [("03-04 10:00", "call", "rep", "open")]
    assert ("03-04 09:00", "switch", "rep_led", "done") in w.steps("ann")
    assert w.status("ann", "d") == "waiting_task"


def test_d2_who_does_neither_never_gets_a_task(worlds: MakeWorld) -> None:
    """Nobody's call for those who never reacted; after the last mail the grace period (D6), then no_engagement."""
    w = begun(worlds(RULES)).run_to("03-20 09:00")
    assert w.mails("ann") == [("03-03 10:00", "intro"), ("03-06 10:00", "case")]
    assert w.tasks("ann") == []
    # Friday 10:00 + 2 business days.
    assert (w.status("ann", "d"), w.ended("ann", "d")) == ("finished(no_engagement)", "03-10 10:00")


def test_d6_the_grace_is_five_business_days_unless_told(worlds: MakeWorld) -> None:
    """Without `grace:` five business days."""
    w = begun(worlds(RULES.replace("grace: 2 business days", ""))).run_to("03-20 09:00")
    assert w.ended("ann", "d") == "03-13 10:00"


def test_d2_an_engagement_in_the_grace_period_switches(worlds: MakeWorld) -> None:
    """The rep-led part may begin until the grace is over."""
    w = begun(worlds(RULES)).run_to("03-06 12:00")
    w.event("ann", "clicked_email", at="03-10 09:00", mail="case", link_url="https://x.example").run_to("03-10 12:00")
    assert w.tasks("ann") == [("03-10 10:00", "call", "rep", "open")]


def test_x11_two_opens_are_counted_over_all_automated_mails(worlds: MakeWorld) -> None:
    """`at least 2 times` counts this enrollment's automated mails together."""
    w = begun(worlds(RULES)).event("ann", "opened_email", at="03-04 09:00", mail="intro").run_to("03-06 12:00")
    assert w.tasks("ann") == []
    w.event("ann", "opened_email", at="03-06 13:00", mail="case").run_to("03-06 14:00")
    assert w.tasks("ann") == [("03-06 14:00", "call", "rep", "open")]


def test_x11_opens_of_other_mails_do_not_switch(worlds: MakeWorld) -> None:
    """Only mail events of this enrollment's automated mails count: not another sequence's, not an earlier time's,
    not events that belong to no mail known."""
    w = begun(worlds(RULES)).enroll("ann", "sequence other").run_to("03-03 13:00")
    w.event("ann", "clicked_email", mail="letter", at="03-04 09:00", link_url="https://x.example")
    w.event("ann", "clicked_email", at="03-04 09:30", template="intro", link_url="https://x.example")
    w.run_to("03-20 09:00")
    assert w.status("ann", "d") == "finished(no_engagement)"
    w.event("ann", "clicked_email", mail="case", at="03-20 11:00", link_url="https://x.example")
    w.enroll("ann", "sequence d", at="03-20 10:00").run_to("03-21 09:00")
    assert w.enrollments("ann", "d") == ["finished(no_engagement)", "active"]
    assert w.tasks("ann") == []


@pytest.mark.parametrize("class_", ["machine", "unknown"])
def test_d5_machines_do_not_switch(worlds: MakeWorld, class_: str) -> None:
    """Mail proxies and link scanners are no people (X30)."""
    w = begun(worlds(RULES))
    w.event("ann", "clicked_email", at="03-04 09:00", mail="intro", class_=class_, link_url="https://x.example")
    w.run_to("03-20 09:00")
    assert w.status("ann", "d") == "finished(no_engagement)"


def test_d4_the_switch_fires_once(worlds: MakeWorld) -> None:
    """A second click changes nothing; the step log has one switch."""
    w = begun(worlds(RULES))
    for at in ("03-04 09:00", "03-04 09:20", "03-04 10:30"):
        w.event("ann", "clicked_email", at=at, mail="intro", link_url="https://x.example")
    w.run_to("03-05 09:00")
    assert [s for s in w.steps("ann") if s[1] == "switch"] == [("03-04 09:00", "switch", "rep_led", "done")]
    assert len(w.tasks("ann")) == 1


def test_d6_a_late_click_does_not_reopen_unless_told(worlds: MakeWorld) -> None:
    """After no_engagement a click is logged and nothing else; with `late_engagement: reopen` the rep takes over."""
    w = worlds(
        RULES.replace("grace:", "late_engagement: reopen  grace:")
        + RULES.partition("sequence other")[0]
        .replace("sequence d", "sequence e")
        .replace("sender: rep", "sender: rep  exclusive: false")
    )
    w.contact("ann").contact("bob").enroll("ann", "sequence d", at="03-03 10:00").enroll(
        "bob", "sequence e", at="03-03 10:00"
    )
    w.run_to("03-12 09:00")
    for name in ("ann", "bob"):
        w.event(name, "clicked_email", at="03-12 10:00", mail="case", link_url="https://x.example")
    w.run_to("03-12 12:00")
    assert (w.status("ann", "d"), w.status("bob", "e")) == ("waiting_task", "finished(no_engagement)")
    assert w.tasks("ann") == [("03-12 11:00", "call", "rep", "open")]


def test_x11_d6_what_would_have_made_the_switch_reopens_it_an_open_too(worlds: MakeWorld) -> None:
    """Two opens make it; the first came in time."""
    w = begun(worlds(RULES.replace("grace:", "late_engagement: reopen  grace:")))
    w.event("ann", "opened_email", at="03-04 09:00", mail="intro").run_to("03-12 09:00")
    assert w.status("ann", "d") == "finished(no_engagement)"
    w.event("ann", "opened_email", at="03-12 10:00", mail="case", class_="machine").run_to("03-12 11:00")
    assert w.status("ann", "d") == "finished(no_engagement)"
    w.event("ann", "opened_email", at="03-12 12:00", mail="case").run_to("03-12 13:00")
    assert (w.status("ann", "d"), w.tasks("ann")) == ("waiting_task", [("03-12 13:00", "call", "rep", "open")])


def test_d6_reopening_after_an_edit_and_never_twice_inside(worlds: MakeWorld) -> None:
    """What reopens goes on in its own version; who has come in anew meanwhile stays in the new one alone."""
    rules = RULES.replace("grace:", "late_engagement: reopen  grace:")
    w = begun(worlds(rules)).contact("bob").enroll("bob", "sequence d", at="03-03 13:00").run_to("03-12 09:00")
    w.edit(rules.replace("task call", "task todo")).enroll("bob", "sequence d", at="03-12 09:30").run_to("03-12 09:45")
    for name in ("ann", "bob"):
        w.event(name, "clicked_email", at="03-12 10:00", mail="case", link_url="https://x.example")
    w.run_to("03-12 12:00")
    assert w.tasks("ann") == [("03-12 11:00", "call", "rep", "open")]
    assert w.enrollments("bob", "d") == ["finished(no_engagement)", "active"]


@pytest.mark.parametrize(
    ("kind", "fields", "at"),
    [
        ("replied", {}, "03-11 10:00"),
        ("replied", {}, "03-12 10:00"),
        ("unsubscribed", {}, "03-11 10:00"),
        ("bounced", {"kind": "hard"}, "03-11 10:00"),
        ("purchased", {"amount": "5"}, "03-11 10:00"),
        ("plan", {"plan": "paid"}, "03-11 10:00"),
    ],
)
def test_d6_d7_what_would_have_ended_it_since_lets_nobody_reopen_it(
    worlds: MakeWorld, kind: str, fields: dict[str, str], at: str
) -> None:
    """No call to somebody who unsubscribed or bought meanwhile, or replied in the minute of the click."""
    settings = "late_engagement: reopen  goal: plan = paid  stop_company_on: purchased  grace:"
    w = begun(worlds(RULES.replace("grace:", settings))).contact("bob", plan="free")
    w.enroll("bob", "sequence d", at="03-03 13:00").run_to("03-11 00:00")
    if kind == "plan":
        w.set("ann", at=at, **fields)
    else:
        w.event("ann", kind, at=at, **fields)
    for name in ("ann", "bob"):
        w.event(name, "clicked_email", at="03-12 10:00", mail="case", link_url="https://x.example")
    w.run_to("03-12 12:00")
    assert (w.status("ann", "d"), w.tasks("ann")) == ("finished(no_engagement)", [])
    assert w.status("bob", "d") == "waiting_task"


@pytest.mark.parametrize("engaged", [False, True])
def test_d7_a_reply_ends_it_in_either_part(worlds: MakeWorld, engaged: bool) -> None:
    """Reply, meeting, bounce and unsubscribing end the whole of it."""
    w = begun(worlds(RULES))
    if engaged:
        w.event("ann", "clicked_email", at="03-04 09:00", mail="intro", link_url="https://x.example")
    w.event("ann", "replied", at="03-04 09:30").run_to("03-20 09:00")
    assert (w.status("ann", "d"), w.tasks("ann")) == ("unenrolled(reply)", [])


def test_d7_a_reply_in_the_minute_of_the_click_wins(worlds: MakeWorld) -> None:
    """Who ends is not switched."""
    w = begun(worlds(RULES)).event("ann", "clicked_email", at="03-04 09:00", mail="intro", link_url="https://x.example")
    w.event("ann", "replied", at="03-04 09:00").run_to("03-05 09:00")
    assert [s[1] for s in w.steps("ann")][-1] == "ended"
    assert not [s for s in w.steps("ann") if s[1] == "switch"]


def test_x10_the_switch_acts_during_a_pause_and_its_steps_wait_for_resume(worlds: MakeWorld) -> None:
    """A paused one switches at once; its first rep-led step begins when it is resumed."""
    w = begun(worlds(RULES)).pause("ann", "sequence d", at="03-04 08:00").run_to("03-04 08:30")
    w.event("ann", "clicked_email", at="03-04 09:00", mail="intro", link_url="https://x.example").run_to("03-06 09:00")
    assert (w.status("ann", "d"), w.tasks("ann")) == ("paused(manual)", [])
    assert ("03-04 09:00", "switch", "rep_led", "done") in w.steps("ann")
    w.resume("ann", "sequence d", at="03-06 10:00").run_to("03-06 12:00")
    assert w.tasks("ann") == [("03-06 11:00", "call", "rep", "open")]


def test_d8_a_task_done_lets_the_rep_led_part_go_on(worlds: MakeWorld) -> None:
    """Settings are those of any sequence: the call holds, then a day later the last mail."""
    w = begun(worlds(RULES))
    w.event("ann", "clicked_email", at="03-04 09:00", mail="intro", link_url="https://x.example").run_to("03-05 09:00")
    w.finish_task("ann", at="03-05 10:00").run_to("03-06 12:00")
    assert w.mails("ann")[-1] == ("03-06 10:00", "last")
    assert w.status("ann", "d") == "finished(no_reply)"


@pytest.mark.parametrize(
    ("link", "switched"),
    [
        ("mailto:rep+unsubscribe-{key}@x.example?subject=unsubscribe", False),
        ("MAILTO:rep+Unsubscribe-{key}@x.example", False),
        ("mailto:rep@x.example", True),
        ("https://x.example/how-to-unsubscribe", True),
        ("", True),
    ],
)
def test_x11_l2_a_click_on_the_unsubscribe_link_of_a_mail_is_none(worlds: MakeWorld, link: str, switched: bool) -> None:
    """Who looks at how to leave does not get a call."""
    w = begun(worlds(RULES))
    (key,) = w.channel.sent
    w.event("ann", "clicked_email", at="03-04 09:00", mail="intro", link_url=link.replace("{key}", key))
    assert bool(w.run_to("03-04 12:00").tasks("ann")) is switched


def test_x26_who_may_still_switch_needs_the_mails_of_the_rep(worlds: MakeWorld) -> None:
    """In the grace period nothing automated is left, and a click would lead to the rep's part."""
    rules = """
        sequence d { when: manually  sender: rep  grace: 5 business days  automated { send intro }
          rep_led when clicked_email { send last } }
    """
    w = worlds(rules).contact("ann").enroll("ann", "sequence d", at="03-03 10:00").run_to("03-04 10:00")
    with pytest.raises(InvalidInput, match=r"template `last` is gone .* 1 enrollment still needs it"):
        w.edit("static segment none of contact")
    w.edit(rules).run_to("03-20 10:00")
    assert w.status("ann", "d") == "finished(no_engagement)"
