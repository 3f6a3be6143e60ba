"""Broadcasts, planned, sent by hand and at their moment, over the very engine (L14, X24, X25)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from runtime.access.roles import ADMIN, Actor
from runtime.broadcasts import listing, sending
from runtime.broadcasts.planned import LATER, NOW, Plan, planned
from runtime.channels.memory import MemoryChannel
from runtime.errors import ConfirmNeeded, InvalidInput, NotAllowed, StoreError, UnknownName
from runtime.project.loading import Loaded
from tests.runtime.engine.harness import PROJECT, MakeWorld, World, compiled

SCHEMA = """
extends: standard
objects: {contact: {properties: {plan: {type: choice, options: [free, trial, paid]}}}}
topics: {news: {label: News, kind: marketing}, mail: {label: Mail, kind: transactional}}
"""
NEWS = 'template letter { topic: news subject: "Hello" body: "Hello." } '
SPRING = NEWS + 'broadcast spring { to: plan = paid  send: letter  suppress: country = "jp" }'
AT = NEWS + "broadcast spring { to: plan = paid  send: letter  at: 2026-03-04 10:00 }"
STRICT = PROJECT.replace("consent: relaxed", "consent: strict")
ADA = Actor("ada", ADMIN)


def loaded(w: World) -> Loaded:
    return Loaded(Path(), w.program.project, w.program.schema, w.program, (), (), {})


def send(w: World, name: str = "spring", who: Actor = ADA, **given: object) -> sending.Told:
    return sending.send(w.engine.session, loaded(w), name, who, **given)


def plan(w: World, name: str = "spring") -> Plan:
    with planned(w.engine.session, loaded(w), name) as found:
        return found.plan


def counts(w: World) -> dict[tuple[str, str | None], int]:
    return {(g.reason, g.detail): g.count for g in plan(w).groups}


def line(w: World) -> listing.Line:
    return listing.broadcasts(w.engine.session, loaded(w))[0]


def test_l14_it_goes_when_it_is_told_to_and_to_each_once_for_ever(worlds: MakeWorld) -> None:
    w = worlds(SPRING, schema=SCHEMA).contact("ann", plan="paid").contact("bob", plan="free").run_to("03-02 09:00")
    assert line(w).state == "when told"
    assert send(w).plan.receive == 1
    assert line(w).state == "asked for"
    w.run_to("03-02 09:01")
    assert (w.mails("ann"), w.mails("bob")) == ([("03-02 09:01", "letter")], [])
    w.set("bob", plan="paid").run_to("03-03 09:00")
    assert counts(w) == {(NOW, None): 1, ("enrolled_before", None): 1}
    send(w)
    w.run_to("03-03 09:01")
    assert (w.mails("ann"), w.mails("bob")) == ([("03-02 09:01", "letter")], [("03-03 09:01", "letter")])
    assert (line(w).state, line(w).sent) == ("sent", 2)


def test_l14_an_edit_does_not_send_it_again(worlds: MakeWorld) -> None:
    w = worlds(SPRING, schema=SCHEMA).contact("ann", plan="paid").run_to("03-02 09:00")
    send(w)
    w.run_to("03-02 09:01")
    other = SPRING.replace("letter", "note").replace("broadcast spring", 'broadcast spring "Anew"')
    w.edit(other).run_to("03-02 09:02")
    send(w)
    w.run_to("03-02 09:03")
    assert w.mails("ann") == [("03-02 09:01", "letter")]


def test_l14_at_its_moment_it_goes_by_itself_in_the_accounts_zone(worlds: MakeWorld) -> None:
    w = worlds(AT, schema=SCHEMA).contact("ann", plan="free", time_zone="Asia/Tokyo").contact("bob", plan="paid")
    w.set("ann", plan="paid", at="03-04 09:59").set("bob", plan="free", at="03-04 09:58").run_to("03-04 09:59")
    assert line(w).state == "to come"
    w.run_to("03-08 00:00")
    assert (w.mails("ann"), w.mails("bob")) == ([("03-04 10:00", "letter")], [])
    assert line(w).state == "sent"


def test_l14_a_moment_put_off_sends_to_those_who_have_not_had_it(worlds: MakeWorld) -> None:
    w = worlds(AT, schema=SCHEMA).contact("ann", plan="paid").contact("bob", at="03-05 08:00", plan="paid")
    w.run_to("03-05 09:00").edit(AT.replace("03-04", "03-06")).run_to("03-07 00:00")
    assert (w.mails("ann"), w.mails("bob")) == ([("03-04 10:00", "letter")], [("03-06 10:00", "letter")])


def test_x1_a_moment_missed_for_longer_than_late_is_told_as_missed(worlds: MakeWorld) -> None:
    w = worlds(AT, schema=SCHEMA).contact("ann", plan="paid").tick("03-03 10:00").tick("03-05 10:01")
    assert (w.mails("ann"), line(w).state) == ([], "missed")
    send(w)
    w.tick("03-05 10:02")
    assert len(w.mails("ann")) == 1


def test_x24_the_plan_tells_each_reason_and_the_engine_agrees(worlds: MakeWorld) -> None:
    """One of each: who gets it, and all ways not to."""
    w = worlds(SPRING, schema=SCHEMA, project=STRICT)
    for name in ("yes", "never", "out", "bounced", "jp", "twin", "free"):
        w.contact(name, plan="free" if name == "free" else "paid", country="jp" if name == "jp" else None)
    w.contact("blank", plan="paid", email=None)
    for name in ("yes", "bounced", "jp", "blank", "twin"):
        w.consent(name, "news", "opted_in", "03-02 08:10")
    w.consent("out", "news", "opted_out", "03-02 08:10")
    w.contact("same", plan="free", email="twin@x.example").consent("same", "news", "opted_out", "03-02 08:10")
    w.event("bounced", "bounced", "03-02 08:20", kind="hard").run_to("03-02 09:00")
    found = plan(w)
    assert {g.reason: g.count for g in found.groups} == {
        NOW: 1, "no_consent": 1, "unsubscribed_topic": 2, "bounced": 1, "suppressed": 1, "no_address": 1,
    }  # fmt: skip
    assert (found.asked, found.receive, found.topic) == (7, 1, "news")
    assert all(g.words for g in found.groups)
    send(w)
    w.run_to("03-02 09:01")
    assert {n for n in w.names.values() if w.mails(n)} == {"yes"}
    kept_out = dict(w.sql("SELECT reason, count(*) FROM segue_refusal GROUP BY reason"))
    assert kept_out == {g.reason: g.count for g in found.groups if g.reason != NOW}
    w.consent("never", "news", "opted_in").run_to("03-02 09:02")
    send(w)
    w.run_to("03-02 09:03")
    assert (len(w.mails("yes")), len(w.mails("never"))) == (1, 1)  # nobody was in it for nothing


@pytest.mark.parametrize(("reached", "group"), [("skip", ("cap", None)), ("defer", (LATER, "cap"))])
def test_x25_the_plan_knows_the_frequency_cap(worlds: MakeWorld, reached: str, group: tuple[str, str | None]) -> None:
    cap = f"limits: {{frequency_cap: {{at_most: 1, within: 7 days, over: all, when_reached: {reached}}}}}\n"
    first = SPRING + NEWS.replace("letter", "before") + "broadcast first { to: plan = paid  send: before }"
    w = worlds(first, schema=SCHEMA, project=PROJECT + cap).contact("ann", plan="paid").run_to("03-02 09:00")
    send(w, "first")
    w.run_to("03-02 09:01").contact("bob", at="03-02 09:02", plan="paid").run_to("03-02 09:03")
    assert counts(w) == {(NOW, None): 1, group: 1}
    with planned(w.engine.session, loaded(w), "spring") as found:
        assert [p.email for p in found.people(group[0])] == ["ann@x.example"]
        assert [p.email for p in found.people(NOW)] == ["bob@x.example"]
        assert found.people(NOW, after=(1 << 63) - 1) == []
    send(w)
    w.run_to("03-02 09:04")
    assert [len(w.mails(n)) for n in ("ann", "bob")] == [1, 1]
    w.run_to("03-20 00:00")
    assert [len(w.mails(n)) for n in ("ann", "bob")] == [2 if reached == "defer" else 1, 1]


def test_x16_quiet_hours_put_it_off_and_the_plan_says_so(worlds: MakeWorld) -> None:
    quiet = PROJECT + "limits: {quiet_hours: '21:00-08:00'}\n"
    w = worlds(SPRING, schema=SCHEMA, project=quiet)
    w.contact("ann", plan="paid").contact("far", plan="paid", time_zone="Asia/Tokyo").run_to("03-02 15:00")
    assert counts(w) == {(NOW, None): 1, (LATER, "quiet_hours"): 1}
    send(w)
    w.run_to("03-02 15:01").set("far", country="jp").run_to("03-05 00:00")
    assert (len(w.mails("ann")), w.status("far", "spring")) == (1, "unenrolled(suppressed)")


def test_x1_a_crowd_is_sent_to_only_when_its_number_is_confirmed(worlds: MakeWorld) -> None:
    w = worlds(SPRING, schema=SCHEMA, project=PROJECT + "limits: {enroll_at_once: 2}\n")
    for name in ("ann", "bob", "cid"):
        w.contact(name, plan="paid")
    w.run_to("03-02 09:00")
    with pytest.raises(ConfirmNeeded, match="3 people") as needed:
        send(w)
    assert "--confirm 3" in needed.value.hint
    with pytest.raises(InvalidInput, match="3 would get it now, not 2"):
        send(w, confirm=2)
    assert w.sql("SELECT * FROM segue_inbox") == []
    send(w, confirm=3)
    assert w.run_to("03-02 09:01") and all(w.mails(n) for n in ("ann", "bob", "cid"))


def test_l14_a_dry_run_writes_nothing(worlds: MakeWorld) -> None:
    w = worlds(SPRING, schema=SCHEMA).contact("ann", plan="paid").run_to("03-02 09:00")
    tables = ("inbox", "audit", "enrollment", "outbox", "refusal", "step")
    before = [w.sql(f"SELECT count(*) FROM segue_{t}") for t in tables]
    assert send(w, dry_run=True).plan.receive == 1
    assert [w.sql(f"SELECT count(*) FROM segue_{t}") for t in tables] == before
    w.run_to("03-03 09:00")
    assert w.mails("ann") == []


def test_a_rep_sends_no_broadcasts(worlds: MakeWorld) -> None:
    w = worlds(SPRING, schema=SCHEMA).contact("ann", plan="paid").run_to("03-02 09:00")
    with pytest.raises(NotAllowed):
        send(w, who=Actor("rep", "rep"))
    assert send(w, who=Actor("rep", "rep"), dry_run=True).plan.receive == 1
    assert w.sql("SELECT act, refused FROM segue_audit") == [("broadcast", 1)]


def test_what_is_not_known_is_said(worlds: MakeWorld) -> None:
    rules = "segment payers of contact { plan = paid } " + SPRING.replace("plan = paid", "in segment payers")
    w = worlds(rules, schema=SCHEMA).contact("ann", plan="paid")
    with pytest.raises(StoreError, match="nothing has been run"):
        send(w)
    w.run_to("03-02 09:00")
    with pytest.raises(UnknownName, match="no broadcast `sprin`"):
        send(w, "sprin")
    assert plan(w).receive == 1
    w.program = compiled(rules.replace("plan = paid", "plan = trial"), SCHEMA)
    with pytest.raises(InvalidInput, match="segment `payers` is new or edited"):
        send(w)


def test_a_worker_that_knows_another_text_of_it_is_not_told_to_send(worlds: MakeWorld) -> None:
    w = worlds(SPRING, schema=SCHEMA).contact("ann", plan="paid").run_to("03-02 09:00")
    w.program = compiled(SPRING.replace("paid", "trial"), SCHEMA)
    with pytest.raises(InvalidInput, match="edited since the worker began"):
        send(w, working=True)


def test_x9_a_contact_deleted_meanwhile_gets_none(worlds: MakeWorld) -> None:
    quiet = PROJECT + "limits: {quiet_hours: '21:00-08:00'}\n"
    w = worlds(SPRING, schema=SCHEMA, project=quiet).contact("ann", plan="paid").run_to("03-02 22:00")
    send(w)
    w.run_to("03-02 22:01")
    assert w.status("ann", "spring") == "active"
    w._command("delete", "ann", None, "03-02 23:00")
    w.run_to("03-03 12:00")
    assert w.mails("ann") == []


@pytest.mark.parametrize("rules", [SPRING, AT])
@pytest.mark.parametrize("taken", [0, 1, 3])
def test_l14_ended_in_the_middle_it_goes_on_and_everybody_gets_one(
    worlds: MakeWorld, monkeypatch: pytest.MonkeyPatch, rules: str, taken: int
) -> None:
    """The channel took some of the mails, and nothing of that was written down."""
    w = worlds(rules, schema=SCHEMA)
    for name in ("ann", "bob", "cid"):
        w.contact(name, plan="paid")
    w.run_to("03-04 09:59")
    if rules == SPRING:
        send(w)

    def broken(keys: Sequence[str]) -> None:
        MemoryChannel.publish(w.channel, keys[:taken])
        raise KeyboardInterrupt

    monkeypatch.setattr(w.channel, "publish", broken)
    with pytest.raises(KeyboardInterrupt):
        w.run_to("03-04 10:05")
    monkeypatch.undo()
    w.restart().run_to("03-05 10:00")
    assert [len(w.mails(name)) for name in ("ann", "bob", "cid")] == [1, 1, 1]
    assert sorted(m.recipient for m in w.channel.messages.values()) == [f"{n}@x.example" for n in ("ann", "bob", "cid")]
