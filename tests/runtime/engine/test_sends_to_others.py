"""`send T to ..`: mail to others than the one enrolled (X20, X24)."""

from __future__ import annotations

import pytest

from runtime.channels.memory import MemoryChannel
from runtime.store.ids import record_id
from tests.runtime.engine.harness import PROJECT

FEW = "workflow w of company { when: manually  send intro to every contact (plan = paid)  set budget = 1 EUR }"
QUIET = PROJECT + 'limits: {quiet_hours: "22:00-07:00"}\n'


def firm(world, **plans):
    """A company and its people, by name and plan."""
    for name, plan in plans.items():
        world.contact(name, plan=plan)
    return world.company("acme", *plans, at="03-02 08:10")


def started(world, at="03-02 09:00"):
    return world.enroll("acme", "workflow w", at=at, of="company")


def steps(world):
    return world.steps("acme", "w", "company")[1:]


def test_x20_every_one_that_fits_gets_a_mail_of_their_own_and_the_enrollment_rests_till_all_are_settled(worlds):
    world = worlds(FEW)
    started(firm(world, ann="paid", bob="free", cid="paid")).run_to("03-02 10:00")
    assert world.mails("ann") == world.mails("cid") == [("03-02 09:00", "intro")] and world.mails("bob") == []
    assert steps(world) == [
        ("03-02 09:00", "send", "intro", "sent"),
        ("03-02 09:00", "send", "intro", "sent"),
        ("03-02 09:00", "set", "budget", "done"),
        ("03-02 09:00", "ended", "finished", "completed"),
    ]
    keys = world.sql("SELECT key FROM segue_outbox")
    assert len(set(keys)) == 2
    # The log says who it went to, and each has it on the own timeline.
    assert {d for (d,) in world.sql("SELECT detail FROM segue_step WHERE outcome = 'planned'")} == {"to ann", "to cid"}
    received = world.sql("SELECT bucket, record_id FROM event_received_email ORDER BY record_id")
    people = sorted(record_id("contact", n) for n in ("ann", "cid"))
    assert received == [(id_ % 256, id_) for id_ in people]


def test_x20_the_one_at_the_end_of_a_to_one_path(worlds):
    world = worlds('workflow w of deal { when: manually  send intro to advisor  set name = "done" }')
    world.contact("ann").deal("d", "ann", "03-02 08:00").contact("bob")
    world.link("deal", "d", "advisor", "bob", "03-02 08:10")
    world.enroll("d", "workflow w", at="03-02 09:00", of="deal").run_to("03-02 10:00")
    assert world.mails("bob") == [("03-02 09:00", "intro")] and world.mails("ann") == []
    assert world.value("d", "name", "deal") == "done"


def test_x20_nobody_there_is_skipped_and_goes_on(worlds):
    world = worlds(FEW)
    started(firm(world, bob="free")).run_to("03-02 10:00")
    assert steps(world)[:2] == [
        ("03-02 09:00", "send", "intro", "skipped(no contact)"),
        ("03-02 09:00", "set", "budget", "done"),
    ]


def test_x24_one_refused_leaves_the_others_and_the_workflow_goes_on(worlds):
    world = worlds(FEW)
    firm(world, ann="paid", cid="paid").consent("ann", "sales", "opted_out", at="03-02 08:30")
    started(world).run_to("03-02 10:00")
    assert sorted(s[3] for s in steps(world) if s[1] == "send") == ["refused", "sent"]
    assert world.mails("ann") == [] and len(world.mails("cid")) == 1 and world.value("acme", "budget", "company") == 100


@pytest.mark.parametrize(("advisor", "amount"), [("bob", 100), ("opted", 200), (None, 300)])
def test_x24_what_became_of_a_send_to_one_can_be_asked(worlds, advisor, amount):
    """Nobody there: neither sent nor refused, whatever was sent before."""
    world = worlds(
        """workflow w of deal { when: manually  send last to every contact  send intro to advisor
             if sent { set amount = 1 EUR } else if refused { set amount = 2 EUR } else { set amount = 3 EUR } }"""
    )
    world.contact("ann").deal("d", "ann", "03-02 08:00").contact("bob").contact("opted")
    world.consent("opted", "sales", "opted_out", at="03-02 08:30")
    if advisor is not None:
        world.link("deal", "d", "advisor", advisor, "03-02 08:10")
    world.enroll("d", "workflow w", at="03-02 09:00", of="deal").run_to("03-02 10:00")
    assert world.mails("ann") == [("03-02 09:00", "last")]
    assert world.value("d", "amount", "deal") == amount


@pytest.mark.parametrize("agrees", [True, False])
def test_x24_a_sequence_ends_if_none_of_the_mails_of_a_step_went(worlds, agrees):
    world = worlds(
        "sequence q of contact { when: manually  sender: rep  send intro to every company.contact (plan = paid)"
        "  send last }"
    )
    firm(world, ann="free", cid="paid", dan="paid").consent("dan", "sales", "opted_out", at="03-02 08:30")
    world.consent("cid", "sales", "opted_in" if agrees else "opted_out", at="03-02 08:30")
    world.enroll("ann", "sequence q", at="03-02 09:00").run_to("03-02 10:00")
    assert world.mails("ann") == ([("03-02 09:00", "last")] if agrees else [])
    assert world.status("ann", "q") == ("finished(no_reply)" if agrees else "unenrolled(opted_out)")


CAPPED = """sequence q of contact { when: manually  sender: rep
  send intro to every company.contact (plan = paid)  send receipt }
workflow w of contact { when: viewed_page  send case }"""
SKIPS = "frequency_cap: {at_most: 1, within: 2 days, over: all, when_reached: skip, except: [transactional]}"


@pytest.mark.parametrize("tokyo", [(), ("cid",), ("dan",), ("cid", "dan")])
@pytest.mark.parametrize("dan", ["opted_out", "opted_in"])
def test_x25_a_mail_the_cap_skips_is_no_refusal_whichever_of_them_comes_last(worlds, tokyo, dan):
    """Both had their one mail, so the cap skips those not refused; quiet hours hold that of whoever is in Tokyo."""
    world = worlds(CAPPED, project=QUIET.replace("limits: {", f"limits: {{{SKIPS}, "))
    for name in ("cid", "dan"):
        world.contact(name, time_zone="Asia/Tokyo" if name in tokyo else None, plan="paid")
    world.contact("ann").company("acme", "ann", "cid", "dan", at="03-02 08:10").go_live()
    for name in ("cid", "dan"):
        world.event(name, "viewed_page", at="03-02 09:00")
    world.consent("dan", "sales", dan, at="03-02 10:00")
    world.enroll("ann", "sequence q", at="03-02 15:00").run_to("03-03 10:00")
    assert world.sql("SELECT count(*) FROM segue_outbox WHERE state = 'refused' AND template = 'intro'") == [(2,)]
    assert [template for _, template in world.mails("ann")] == ["receipt"]
    assert world.status("ann", "q") == "finished(no_reply)"


def test_x20_addresses_and_suppression_are_those_of_who_gets_it(worlds):
    world = worlds(FEW)
    firm(world, ann="paid", cid="paid", dan="paid").set("cid", at="03-02 08:20", email=None)
    world.event("ann", "bounced", at="03-02 08:20", kind="hard")
    started(world).run_to("03-02 10:00")
    found = world.sql("SELECT contact_id, state, reason FROM segue_outbox")
    names = {(world.names[i], state, reason) for i, state, reason in found}
    assert names == {("ann", "refused", "suppressed"), ("cid", "refused", "no_address"), ("dan", "sent", None)}


def test_l14_quiet_hours_are_those_of_who_gets_it_and_the_enrollment_waits_for_the_last(worlds):
    world = worlds(FEW, project=QUIET)
    world.contact("ann", plan="paid").contact("cid", plan="paid", time_zone="Asia/Tokyo")
    world.company("acme", "ann", "cid", at="03-02 08:10")
    started(world, "03-02 15:00").run_to("03-02 16:00")  # 23:00 in Tokyo
    assert world.mails("ann") == [("03-02 15:00", "intro")] and world.mails("cid") == []
    assert world.status("acme", "w", "company") == "active"
    world.run_to("03-03 08:00")
    assert world.mails("cid") == [("03-02 23:00", "intro")]
    assert steps(world)[:4] == [
        ("03-02 15:00", "send", "intro", "deferred"),
        ("03-02 15:00", "send", "intro", "sent"),
        ("03-02 23:00", "send", "intro", "sent"),
        ("03-02 23:00", "set", "budget", "done"),
    ]


class Falls(MemoryChannel):
    """The power fails when messages are staged for the nth time."""

    def __init__(self, nth):
        super().__init__()
        self.left = nth

    def stage(self, messages):
        self.left -= 1
        if not self.left:
            raise RuntimeError("the power fails")
        super().stage(messages)


@pytest.mark.parametrize("nth", [1, 2])
def test_x20_a_crash_before_or_between_its_mails_sends_each_once(worlds, nth):
    channel = Falls(nth)
    world = worlds(FEW, project=QUIET, channel=channel)
    world.contact("ann", plan="paid").contact("cid", plan="paid", time_zone="Asia/Tokyo")
    world.company("acme", "ann", "cid", at="03-02 08:10")
    started(world, "03-02 15:00")
    with pytest.raises(RuntimeError, match="the power fails"):
        world.run_to("03-03 08:00")
    world.restart().run_to("03-03 08:00")
    assert len(channel.messages) == 2
    assert world.mails("ann") == [("03-02 15:00", "intro")] and world.mails("cid") == [("03-02 23:00", "intro")]
    assert world.status("acme", "w", "company") == "finished(completed)"


def test_x10_a_guard_cancels_those_not_yet_sent(worlds):
    world = worlds(FEW.replace("when: manually", "when: manually  goal: budget > 5 EUR"), project=QUIET)
    world.contact("cid", plan="paid", time_zone="Asia/Tokyo").company("acme", "cid", at="03-02 08:10")
    started(world, "03-02 15:00").set("acme", at="03-02 16:00", of="company", budget="7").run_to("03-03 08:00")
    assert world.mails("cid") == [] and world.status("acme", "w", "company") == "unenrolled(goal)"


def test_s24_what_went_to_others_is_in_nobodys_thread(worlds):
    world = worlds(
        "sequence q of contact { when: manually  sender: rep  threading: true"
        "  send intro to every company.contact (plan = paid)  send case  send last }"
    )
    firm(world, ann="free", cid="paid").enroll("ann", "sequence q", at="03-02 09:00").run_to("03-02 10:00")
    told = {m.recipient + " " + str(b"References:" in m.body) for m in world.channel.messages.values()}
    assert told == {"cid@x.example False", "ann@x.example False", "ann@x.example True"}
