"""What ends an enrollment happens between its trigger and its entry (X4, X9, S32, S34)."""

from __future__ import annotations

import pytest

from tests.runtime.engine.harness import MakeWorld

SEEN = "sequence s { when: viewed_page  sender: rep  stop_company_on: purchased  send intro  wait 1 day  send case }"


@pytest.mark.parametrize(
    ("kind", "fields", "status"),
    [
        ("replied", {}, "unenrolled(reply)"),
        ("booked_meeting", {"host": "rep"}, "unenrolled(meeting)"),
        ("purchased", {"amount": "5"}, "unenrolled(company)"),
    ],
)
def test_s32_an_end_in_the_minute_of_the_trigger_ends_it_before_its_first_mail(
    worlds: MakeWorld, kind: str, fields: dict[str, str], status: str
) -> None:
    """Half a minute after it; half a minute before it is none of its business."""
    w = worlds(SEEN).contact("ann").contact("bob")
    for name, second in (("ann", 40), ("bob", 5)):
        w.event(name, "viewed_page", at="2026-03-03 10:00:10")
        w.event(name, kind, at=f"2026-03-03 10:00:{second:02}", **fields)
    w.run_to("03-05 00:00")
    assert (w.status("ann", "s"), w.ended("ann", "s"), w.mails("ann")) == (status, "03-03 10:01", [])
    assert [template for _, template in w.mails("bob")] == ["intro", "case"]
    assert w.sql("SELECT count(*) FROM segue_enrollment WHERE evidence IS NOT NULL") == [(1,)]


def test_s32_an_end_at_the_very_instant_of_the_trigger_is_none(worlds: MakeWorld) -> None:
    """Strictly after it (X4), as for whoever is inside already."""
    w = worlds(SEEN).contact("ann").contact("bob")
    for name, at in (("ann", "2026-03-03 10:00:10"), ("bob", "2026-03-03 10:00:11")):
        w.event(name, "viewed_page", at="2026-03-03 10:00:10").event(name, "replied", at=at)
    w.run_to("03-05 00:00")
    assert (w.status("ann", "s"), w.status("bob", "s")) == ("finished(no_reply)", "unenrolled(reply)")


def test_s32_a_trigger_that_is_heard_of_after_the_reply_to_it_mails_nobody(worlds: MakeWorld) -> None:
    """The page was seen at ten and is told of in the evening; the reply of the afternoon is known by then."""
    w = worlds(SEEN).contact("ann").contact("bob").run_to("03-03 09:00")
    w.event("ann", "replied", at="03-03 15:00").event("bob", "replied", at="03-03 09:30").run_to("03-03 20:00")
    for name in ("ann", "bob"):
        w.event(name, "viewed_page", at="03-03 10:00")
    w.run_to("03-06 00:00")
    assert (w.entered("ann", "s"), w.status("ann", "s")) == (["03-03 10:00"], "unenrolled(reply)")
    assert (w.mails("ann"), len(w.mails("bob"))) == ([], 2)


def test_s34_a_colleague_who_acts_between_trigger_and_entry_ends_it(worlds: MakeWorld) -> None:
    w = worlds(SEEN)
    for name in ("ann", "mate", "other"):
        w.contact(name)
    w.company("acme", "ann", "mate").company("bolt", "other")
    for name in ("ann", "other"):
        w.event(name, "viewed_page", at="2026-03-03 10:00:10")
    w.event("mate", "purchased", at="2026-03-03 10:00:40", amount="5").run_to("03-05 00:00")
    assert [w.status(n, "s") for n in ("ann", "other")] == ["unenrolled(company)", "finished(no_reply)"]
    assert w.mails("ann") == []


def test_s29_who_is_out_at_once_frees_the_next_who_waits(worlds: MakeWorld) -> None:
    """Another exclusive sequence begun by the same events has its turn, in the same minute."""
    other = "sequence t { when: downloaded  sender: rep  keep_on: replied  send last }"
    w = worlds(SEEN.replace("when", "priority: 5  when") + other).contact("ann")
    for second, kind, fields in ((10, "viewed_page", {}), (20, "downloaded", {"asset": "a"}), (40, "replied", {})):
        w.event("ann", kind, at=f"2026-03-03 10:00:{second}", **fields)
    w.run_to("03-05 00:00")
    assert (w.status("ann", "s"), w.mails("ann")) == ("unenrolled(reply)", [("03-03 10:01", "last")])
