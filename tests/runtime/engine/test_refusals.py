"""Checks at entry and their reasons (domain S27-S31)."""

from __future__ import annotations

import pytest

from tests.runtime.engine.harness import MakeWorld

X = "sequence x { when: manually  sender: rep  again: always  send intro }"


@pytest.mark.parametrize(
    ("kind", "fields", "reason"),
    [
        ("bounced", {"kind": "hard"}, "bounced"),
        ("marked_spam", {}, "marked_spam"),
        ("unsubscribed", {}, "unsubscribed"),
        ("unsubscribed", {"topic": "sales"}, "unsubscribed_topic"),
        ("unsubscribed", {"topic": "news"}, None),
        ("bounced", {"kind": "soft"}, None),
        ("replied", {}, None),
    ],
)
def test_s27_who_must_not_be_mailed_does_not_enter(
    worlds: MakeWorld, kind: str, fields: dict, reason: str | None
) -> None:
    """Bounced, complained, unsubscribed (all, or this topic): refused with the reason."""
    w = (
        worlds(X)
        .contact("ann")
        .event("ann", kind, at="03-02 12:00", **fields)
        .enroll("ann", "sequence x", at="03-03 10:00")
    )
    w.run_to("03-04 09:00")
    assert [why for _, _, why in w.refusals("ann")] == ([reason] if reason else [])
    assert len(w.mails("ann")) == (0 if reason else 1)


def test_s27_no_address(worlds: MakeWorld) -> None:
    """Without an address nobody enters what mails; what only makes tasks takes them in."""
    w = worlds(X + ' sequence t { when: manually  sender: rep  exclusive: false  task call "C" }').contact(
        "ann", email=None
    )
    w.enroll("ann", "sequence x", at="03-03 10:00").enroll("ann", "sequence t", at="03-03 10:00").run_to("03-04 09:00")
    assert w.refusals("ann") == [("03-03 10:00", "x", "no_address")]
    assert w.status("ann", "t") == "waiting_task"


def test_s28_a_refusal_of_the_person_comes_before_one_of_the_sender(worlds: MakeWorld) -> None:
    """Contact-level reasons are told first: another sender would not help."""
    w = worlds("sequence x { when: plan = trial  sender: contact.owner  send intro }")
    w.contact("ann", owner=None, email=None, at="03-03 10:00", plan="trial").run_to("03-04 09:00")
    assert w.refusals("ann") == [("03-03 10:00", "x", "no_address")]


def test_s29_s30_already_inside_and_inside_before(worlds: MakeWorld) -> None:
    """A second time while inside; a second time at all, under `never`."""
    w = worlds(
        X.replace("send intro", "wait 1 day  send intro")
        + X.replace("sequence x", "sequence once").replace("again: always  ", "exclusive: false  ")
    )
    w.contact("ann")
    for at in ("03-03 10:00", "03-03 12:00", "03-06 10:00"):
        w.enroll("ann", "sequence x", at=at).enroll("ann", "sequence once", at=at)
    w.run_to("03-08 09:00")
    assert w.refusals("ann") == [
        ("03-03 12:00", "once", "enrolled_before"),
        ("03-03 12:00", "x", "already_enrolled"),
        ("03-06 10:00", "once", "enrolled_before"),
    ]
    assert w.entered("ann", "x") == ["03-03 10:00", "03-06 10:00"]


def test_s31_one_refusal_fails_nobody_else(worlds: MakeWorld) -> None:
    """A bulk enrollment reports each refusal and enrolls the rest; refused ones are in no figure."""
    w = worlds(X)
    for i in range(12):
        w.contact(f"c{i}", email=None if i % 3 == 0 else f"c{i}@x.example").enroll(
            f"c{i}", "sequence x", at="03-03 10:00"
        )
    w.run_to("03-04 09:00")
    assert [bool(w.mails(f"c{i}")) for i in range(12)] == [i % 3 != 0 for i in range(12)]
    assert w.sql("SELECT reason, count(*) FROM segue_refusal GROUP BY 1") == [("no_address", 4)]
    assert w.sql("SELECT count(*) FROM segue_enrollment") == [(8,)]


def test_s31_two_starts_of_one_instant_are_one(worlds: MakeWorld) -> None:
    """Two triggers of one minute make one enrollment, that of the earlier."""
    w = worlds("workflow w of contact { when: viewed_page  again: always  set phone = trigger.path }").contact("ann")
    w.event("ann", "viewed_page", at="2026-03-03 10:00:40", path="/two").event(
        "ann", "viewed_page", at="2026-03-03 10:00:10", path="/one"
    )
    w.run_to("03-04 09:00")
    assert (w.value("ann", "phone"), len(w.entered("ann", "w"))) == ("/one", 1)


def test_an_enrollment_of_somebody_unknown_is_nothing(world: MakeWorld) -> None:
    """No record, no enrollment, no error."""
    w = (
        world(X)
        .contact("ann")
        .enroll("ghost", "sequence x", at="03-03 10:00")
        .enroll("ann", "sequence x", at="03-03 10:00")
    )
    w.run_to("03-04 09:00")
    assert w.sql("SELECT count(*) FROM segue_enrollment") == [(1,)]
