"""What is pinned at entry and what is read live (semantics X26)."""

from __future__ import annotations

import pytest

from runtime.errors import InvalidInput
from runtime.operators.listing import members
from tests.runtime.engine.harness import MakeWorld

ONE = "sequence x { when: manually  sender: rep  window: every day 09:00-17:00  send intro  wait 2 days  send case }"


def test_x26_the_body_is_pinned_at_entry(worlds: MakeWorld) -> None:
    """Who is inside goes the old way, who enters later the new one; a live edit mails nobody anew."""
    w = worlds(ONE).contact("old").contact("new").enroll("old", "sequence x", at="03-03 10:00").run_to("03-03 12:00")
    rest = "workflow w of contact { when: manually  send case }"
    w.edit(rest + ONE.replace("wait 2 days  send case", "wait 1 day  send last").replace("09:00-17:00", "11:00-17:00"))
    assert w.changes.edited == ["sequence x"]
    w.enroll("new", "sequence x", at="03-03 13:00").run_to("03-09 09:00")
    assert w.mails("old") == [("03-03 10:00", "intro"), ("03-05 10:00", "case")]
    assert w.mails("new") == [("03-03 13:00", "intro"), ("03-04 13:00", "last")]
    assert w.sql("SELECT count(*) FROM segue_version") == [(3,)]


def test_x26_a_step_taken_out_does_not_fire_again(world: MakeWorld) -> None:
    """A deleted step is not sent to those past it, nor twice to those inside."""
    w = world(ONE).contact("ann").enroll("ann", "sequence x", at="03-03 10:00").run_to("03-03 12:00")
    w.edit(ONE.replace("send intro  wait 2 days  ", "")).run_to("03-04 09:00").edit(ONE).run_to("03-09 09:00")
    assert w.mails("ann") == [("03-03 10:00", "intro"), ("03-05 10:00", "case")]


def test_x26_an_edit_taken_back_is_the_version_before(world: MakeWorld) -> None:
    """Those who enter then go the first way."""
    w = world(ONE).contact("ann").go_live().run_to("03-03 09:00")
    w.edit(ONE.replace("wait 2 days", "wait 1 day")).run_to("03-03 10:00").edit(ONE)
    w.enroll("ann", "sequence x", at="03-03 11:00").run_to("03-09 09:00")
    assert w.mails("ann") == [("03-03 11:00", "intro"), ("03-05 11:00", "case")]
    assert w.sql("SELECT count(*) FROM segue_version") == [(2,)]


def test_x26_comments_and_labels_make_no_version(world: MakeWorld) -> None:
    """The hash is of the compiled form."""
    w = world(ONE).contact("ann").go_live()
    w.edit("# a remark\n" + ONE.replace("sequence x", 'sequence x "A label"').replace("  ", "\n  "))
    assert w.changes.edited == []
    assert w.sql("SELECT count(*) FROM segue_version") == [(1,)]


def test_x26_templates_are_read_live_and_the_log_keeps_the_hash(world: MakeWorld) -> None:
    """The second mail is today's text; the outbox says which text each one was."""
    rules = (
        "sequence x {{ when: manually  sender: rep  send mine  wait 1 day  send mine }}"
        ' template mine {{ topic: sales  subject: "{}"  body: """B""" }}'
    )
    w = world(rules.format("old")).contact("ann").enroll("ann", "sequence x", at="03-03 10:00").run_to("03-03 12:00")
    w.edit(rules.format("new")).run_to("03-05 09:00")
    rows = w.sql("SELECT subject, template_hash FROM segue_outbox ORDER BY ordinal")
    assert [r[0] for r in rows] == ["old", "new"]
    assert rows[0][1] != rows[1][1]
    assert w.sql("SELECT count(*) FROM segue_version") == [(1,)]


def test_x26_segments_and_guards_are_read_live(worlds: MakeWorld) -> None:
    """An edited segment counts in the branches of those inside; a guard added now acts on them."""
    rules = (
        "segment big of contact { visits > 5 }"
        " sequence x { when: manually  sender: rep  wait 2 days  if in segment big { send case } else { send intro } }"
    )
    w = worlds(rules).contact("ann", visits=3).contact("bob", visits=3, plan="free")
    for name in ("ann", "bob"):
        w.enroll(name, "sequence x", at="03-03 10:00")
    w.run_to("03-03 12:00")
    w.edit(rules.replace("visits > 5", "visits > 2").replace("sender: rep", "sender: rep  stop_when: plan = paid"))
    w.set("bob", plan="paid", at="03-04 10:00").run_to("03-09 09:00")
    assert w.mails("ann") == [("03-05 10:00", "case")]
    assert w.status("bob", "x") == "unenrolled(stop_when)"


def test_x26_a_wait_sees_an_edited_segment(world: MakeWorld) -> None:
    """Whoever waits for a segment goes on when an edit puts them into it."""
    rules = (
        "segment big of contact { visits > 5 }"
        " workflow w of contact { when: manually  wait until in segment big up to 9 days else"
        ' { set phone = "no" }  set plan = paid }'
    )
    w = world(rules).contact("ann", visits=3).enroll("ann", "workflow w", at="03-03 10:00").run_to("03-04 09:00")
    w.edit(rules.replace("visits > 5", "visits > 2")).run_to("03-04 12:00")
    assert (w.value("ann", "plan"), w.value("ann", "phone")) == ("paid", None)


def test_x26_a_template_somebody_needs_cannot_be_removed(worlds: MakeWorld) -> None:
    """`run` refuses and names it; nothing is written; put back, it goes on."""
    w = worlds(ONE).contact("ann").enroll("ann", "sequence x", at="03-03 10:00").run_to("03-03 12:00")
    with pytest.raises(InvalidInput, match=r"template `case` is gone .* 1 enrollment"):
        w.edit(ONE.replace("  wait 2 days  send case", ""))
    assert w.sql("SELECT count(*) FROM segue_version") == [(1,)]
    w.edit(ONE).run_to("03-09 09:00")
    assert len(w.mails("ann")) == 2


def test_x26_a_segment_somebody_needs_cannot_be_removed(world: MakeWorld) -> None:
    """Those before the branch need it, those past it do not."""
    rules = (
        "segment big of contact { visits > 5 }  sequence x { when: manually  sender: rep  wait 1 day"
        "  if in segment big { send case } else { send intro }  wait 2 days  send last }"
    )
    after = (
        "sequence x { when: manually  sender: rep  send last } workflow w of contact { when:"
        " manually  send intro  send case }"
    )
    w = world(rules).contact("ann", visits=9).enroll("ann", "sequence x", at="03-03 10:00").run_to("03-03 12:00")
    with pytest.raises(InvalidInput, match="segment `big` is gone"):
        w.edit(after)
    w.edit(rules).run_to("03-04 12:00").edit(after).run_to("03-09 09:00")
    assert w.mails("ann") == [("03-04 10:00", "case"), ("03-06 10:00", "last")]


def test_x26_a_definition_that_vanished_takes_no_one_in_and_lets_those_inside_finish(worlds: MakeWorld) -> None:
    """It is noted as vanished; guards hold on; coming back it does not enroll who matches already."""
    auto = ONE.replace("when: manually", "when: plan = trial")
    rest = "workflow w of contact { when: manually  send intro  send case }"
    w = (
        worlds(auto + rest)
        .contact("ann", at="03-03 10:00", plan="trial")
        .contact("bob", at="03-03 10:00", plan="trial")
    )
    w.run_to("03-03 12:00").edit(rest)
    assert w.changes.vanished == ["sequence x"]
    w.contact("cat", at="03-04 10:00", plan="trial").event("bob", "replied", at="03-04 11:00").run_to("03-09 09:00")
    assert [w.status(n, "x") for n in ("ann", "bob", "cat")] == ["finished(no_reply)", "unenrolled(reply)", None]
    w.edit(auto + rest).run_to("03-10 09:00")
    assert [w.status(n, "x") for n in ("ann", "bob", "cat")] == ["finished(no_reply)", "unenrolled(reply)", None]


def test_a_segment_that_came_back_goes_on(world: MakeWorld) -> None:
    """A segment taken out and put back has its members of today."""
    rules, none = "segment big of contact { visits > 5 }", "static segment none of contact"
    w = world(rules).contact("ann", visits=9).run_to("03-03 09:00").edit(none)
    w.contact("bob", visits=9, at="03-03 10:00").set("ann", visits=1, at="03-03 10:00").run_to("03-04 09:00").edit(
        rules
    )
    assert w.run_to("03-05 09:00").members("big") == {"bob"}


def test_x26_a_segment_that_was_static_in_between_is_the_dynamic_one_again(worlds: MakeWorld) -> None:
    """Each kind keeps its own members; a name means the one that the rule files have today."""
    reader = "segment reader of contact { in segment s } workflow w of contact { when: in segment s  send receipt }"
    dynamic, static = f"segment s of contact {{ visits < 3 }} {reader}", f"static segment s of contact {reader}"
    w = worlds(dynamic).contact("ann", visits=9).contact("bob", visits=1).run_to("03-03 12:00")
    w.edit(static).member("ann", "s", at="03-03 13:00").run_to("03-04 12:00")
    assert w.members("reader") == {"ann"}
    w.edit(dynamic).run_to("03-05 12:00")
    assert w.members("reader") == {"bob"}
    assert members(w.engine.session, w.program.schema, "s").count == 1
    w.set("ann", at="03-06 10:00", visits=1).run_to("03-06 12:00")
    assert w.members("reader") == {"ann", "bob"}
    assert w.mails("bob") == [("03-02 08:00", "receipt")]
