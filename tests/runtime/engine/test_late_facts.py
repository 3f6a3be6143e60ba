"""Facts that come late, early or from before: what they start, what they count for, whom they end (X1, X2, X9, X12)."""

from __future__ import annotations

import pytest

from runtime.errors import ConfirmNeeded
from tests.runtime.engine.harness import PROJECT, MakeWorld

SEEN = "segment seen of contact {{ {0} }}\nworkflow w of contact {{ when: {0}  again: always  add 1 to visits }}\n"
SERIES = "sequence s { when: manually  sender: rep  send intro  wait 3 days  send case }\n"


@pytest.mark.parametrize("age", ["in time", "late"])
@pytest.mark.parametrize("fact", ["value", "change", "link", "linked value", "new record"])
def test_x1_a_fact_that_is_a_day_late_counts_and_starts_nothing(worlds: MakeWorld, fact: str, age: str) -> None:
    """The same for values, changes, links and records: within 24 hours they start, later they only count."""
    conditions = {
        "value": "plan = paid", "change": "plan = paid", "link": 'company.domain = "x"',
        "linked value": 'company.domain = "x"', "new record": "any deal (won)",
    }  # fmt: skip
    rules = SEEN.format(conditions[fact]) + "workflow v of contact { when: plan becomes paid  add 10 to visits }"
    w = worlds(rules).contact("ann", plan="free").company("acme", domain="y" if fact == "linked value" else "x")
    if fact == "linked value":
        w.link("contact", "ann", "company", "acme", "03-02 09:00")
    w.run_to("03-06 09:00")
    at = "03-05 10:00" if age == "in time" else "03-05 08:00"
    match fact:
        case "value" | "change":
            w.set("ann", at=at, plan="paid")
        case "link":
            w.link("contact", "ann", "company", "acme", at)
        case "linked value":
            w.set("acme", at=at, of="company", domain="x")
        case "new record":
            w.deal("d", "ann", at)
    w.run_to("03-06 12:00")
    assert w.members("seen") == {"ann"}
    started = {"in time": ["03-06 09:01"], "late": []}[age]
    assert w.entered("ann", "w") == started
    assert w.entered("ann", "v") == (started if fact in ("value", "change") else [])


def test_x1_what_happened_before_it_was_live_starts_nothing_however_soon_it_comes(worlds: MakeWorld) -> None:
    w = worlds("workflow w of contact { when: purchased  again: always  add 1 to visits }").contact(
        "ann", at="02-20 08:00"
    )
    w.go_live().event("ann", "purchased", at="03-01 23:59").event("ann", "purchased", at="03-02 00:01")
    assert w.run_to("03-03 00:00").entered("ann", "w") == ["03-02 00:01"]


def test_x1_whoever_an_edit_of_what_it_reads_makes_match_is_marked(worlds: MakeWorld) -> None:
    """Of the rule, of its segment, of a segment in the segment; they enter when it turns false and true again."""
    rules = """segment inner of contact { visits > 5 }
        segment outer of contact { in segment inner }
        workflow w of contact { when: in segment outer  again: always  set phone = "in" }
        workflow e of contact { when: in segment outer  existing: enroll  set first_name = "in" }"""
    w = worlds(rules).contact("ann", visits=3).run_to("03-03 00:00")
    w.edit(rules.replace("visits > 5", "visits > 2")).run_to("03-04 00:00")
    assert w.members("outer") == {"ann"} and w.entered("ann", "w") == []
    assert w.entered("ann", "e") == ["03-03 00:00"], "`existing: enroll` takes them in"
    w.set("ann", at="03-04 10:00", visits=1).set("ann", at="03-04 11:00", visits=9).run_to("03-05 00:00")
    assert w.entered("ann", "w") == ["03-04 11:00"]


@pytest.mark.parametrize("existing", ["enroll", "ignore"])
def test_x1_a_crowd_stops_until_it_is_confirmed_also_one_that_was_there_before(
    worlds: MakeWorld, existing: str
) -> None:
    rules = f"workflow w of contact {{ when: plan = paid  existing: {existing}  add 1 to visits }}"
    w = worlds(rules, project=PROJECT + "limits: {enroll_at_once: 2}\n")
    for i in range(3):
        w.contact(f"c{i}", at="03-01 08:00", plan="paid" if existing == "enroll" else "free")
    if existing == "enroll":
        with pytest.raises(ConfirmNeeded, match="w"):
            w.go_live()
        w.go_live("w")
    else:
        w.go_live().deliver()
        for i in range(3):
            w.set(f"c{i}", at="03-03 10:00", plan="paid")
        with pytest.raises(ConfirmNeeded, match="w"):
            w.run_to("03-03 11:00")
        w.go_live("w")
    w.run_to("03-03 12:00")
    assert [w.value(f"c{i}", "visits") for i in range(3)] == [1, 1, 1]


def test_x9_a_stop_that_comes_late_stops_all_the_same(worlds: MakeWorld) -> None:
    """What starts nothing any more still ends: nobody is mailed after a reply because it came late. An event of before
    the enrollment ends nothing, whenever it comes; given as past it counts like any other."""
    w = worlds(SERIES).contact("ann").contact("bob").contact("cat").go_live()
    for name in ("ann", "bob", "cat"):
        w.enroll(name, "sequence s", at="03-03 10:00")
    w.run_to("03-05 10:00").event("ann", "replied", at="03-03 12:00").event("bob", "replied", at="03-03 09:00")
    w.event("cat", "replied", at="03-04 12:00", live=False).run_to("03-08 00:00")
    assert [w.status(n, "s") for n in ("ann", "bob", "cat")] == [
        "unenrolled(reply)", "finished(no_reply)", "unenrolled(reply)",
    ]  # fmt: skip
    assert [len(w.mails(n)) for n in ("ann", "bob", "cat")] == [1, 2, 1]


def test_x9_every_end_of_the_always_kind_on_both_databases(worlds: MakeWorld) -> None:
    """From all, from a topic that is sent, a hard bounce, spam; a workflow too, and during a pause."""
    rules = SERIES + "workflow w of contact { when: manually  send letter  wait 3 days  send letter }"
    events = {
        "all": ("unsubscribed", {}), "topic": ("unsubscribed", {"topic": "sales"}), "spam": ("marked_spam", {}),
        "hard": ("bounced", {"kind": "hard"}), "soft": ("bounced", {"kind": "soft"}), "reply": ("replied", {}),
        "meeting": ("booked_meeting", {"host": "rep"}),
    }  # fmt: skip
    w = worlds(rules).go_live()
    for name, (kind, fields) in events.items():
        w.contact(name)
        for definition in ("sequence s", "workflow w"):
            w.enroll(name, definition, at="03-03 10:00").pause(name, definition, at="03-03 11:00")
        w.event(name, kind, at="03-03 12:00", **fields)
    w.run_to("03-03 13:00")
    assert {name: (w.status(name, "s"), w.status(name, "w")) for name in events} == {
        "all": ("unenrolled(unsubscribed)", "unenrolled(unsubscribed)"),
        "topic": ("unenrolled(unsubscribed)", "paused(manual)"),
        "spam": ("unenrolled(spam)", "unenrolled(spam)"),
        "hard": ("unenrolled(bounce)", "unenrolled(bounce)"),
        "soft": ("paused(manual)", "paused(manual)"),
        "reply": ("unenrolled(reply)", "paused(manual)"),
        "meeting": ("unenrolled(meeting)", "paused(manual)"),
    }


def test_x12_an_event_that_comes_after_the_timeout_was_decided_reopens_nothing(worlds: MakeWorld) -> None:
    """The segment becomes right all the same; and a stop for it ends what goes on."""
    rules = """segment buyers of contact { has purchased }
        workflow w of contact { when: manually  wait until purchased up to 1 day else { set phone = "late" }
          wait 1 day  if in segment buyers { set first_name = "buyer" } }"""
    w = worlds(rules).contact("ann").go_live().enroll("ann", "workflow w", at="03-03 10:00").run_to("03-04 12:00")
    w.event("ann", "purchased", at="03-03 20:00").run_to("03-06 00:00")
    assert (w.value("ann", "phone"), w.value("ann", "first_name")) == ("late", "buyer")


def test_x2_records_and_links_dated_ahead_come_at_their_instant(worlds: MakeWorld) -> None:
    """A record, a value, an association, an event: each is there from its date on, and starts what it starts then."""
    rules = """segment housed of contact { company.domain = "x" }
        workflow w of contact { when: in segment housed  add 1 to visits }
        workflow n of contact { when: created  set phone = "new" }"""
    w = worlds(rules).contact("ann").contact("bob", at="03-05 10:00").company("acme", domain="x", at="03-04 10:00")
    w.link("contact", "ann", "company", "acme", "03-03 10:00").link("contact", "bob", "company", "acme", "03-03 10:00")
    w.run_to("03-07 00:00")
    assert w.turns("ann", "housed") == [("03-04 10:00", None)] == [(w.entered("ann", "w")[0], None)]
    assert w.turns("bob", "housed") == [("03-05 10:00", None)]
    assert w.entered("bob", "n") == ["03-05 10:00"]


def test_x1_at_the_very_end_of_late_a_fact_still_starts(worlds: MakeWorld) -> None:
    """At most 24 hours: to the minute, and not a minute more."""
    w = worlds("workflow w of contact { when: viewed_page  set visits = 5 }").contact("ann").contact("bob")
    w.run_to("03-04 09:59")
    w.event("ann", "viewed_page", at="03-03 10:00").event("bob", "viewed_page", at="03-03 09:59").run_to("03-04 10:00")
    assert [w.value(name, "visits") for name in ("ann", "bob")] == [5, None]
