"""Fixes (P15): safe, shown before, taken back, never for ever; on both databases."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.access.roles import REP, Actor
from runtime.errors import NotAllowed, UnknownName
from tests.examples import examples
from tests.runtime.engine.harness import MakeWorld, World
from tests.runtime.hygiene.clinic import Clinic

NAMES = """
hygiene names "Names as they should be" of contact {
  fix when last_name ends with "様" { set last_name = without_suffix(last_name, "様") }
  fix when last_name starts with "A8" { set last_name = trim(without_prefix(last_name, "A8")) }
  review when first_name is missing or last_name is missing "Both names are needed"
}
"""


def clinic(worlds: MakeWorld, rules: str = NAMES, **people: dict[str, object]) -> Clinic:
    world = worlds(rules)
    for name, values in people.items():
        world.contact(name, **values)
    return Clinic(world.run_to("03-02 09:00"))


def test_p15_the_preview_writes_nothing_and_the_fix_writes_what_it_showed(worlds: MakeWorld) -> None:
    c = clinic(
        worlds,
        ann={"last_name": "田中様", "first_name": "Taro"},
        bob={"last_name": "Ａ８ Sato", "first_name": "Hana"},
        cyd={"last_name": "Mori", "first_name": "Jun"},
    )
    seen = {(x.external_id, x.property, x.old, x.new, x.rules) for x in c.preview().changes}
    assert seen == {
        ("ann", "last_name", "田中様", "田中", ("names.1",)),
        ("bob", "last_name", "Ａ８ Sato", "Sato", ("names.2",)),
    }
    assert c.rows("SELECT count(*) FROM segue_inbox") == [(0,)]
    done = c.fix()
    assert {(x.external_id, x.property, x.old, x.new, x.rules) for x in done.changes} == seen
    assert (done.run, done.records, done.written, done.told) == (1, 2, 2, 0)
    c.world.run_to("03-02 09:01")
    assert c.names() == {"ann": ("田中", "Taro"), "bob": ("Sato", "Hana"), "cyd": ("Mori", "Jun")}
    assert c.found() == {"names.1": 0, "names.2": 0, "names.3": 0}
    assert c.rows("SELECT count(*) FROM contact WHERE last_name__n = 'sato'") == [(1,)]


def test_p15_two_rules_of_one_property_work_on_each_other(worlds: MakeWorld) -> None:
    """One write, and both rules are named for it."""
    c = clinic(worlds, ann={"last_name": "A8 田中様", "first_name": "Taro"})
    [change] = c.fix().changes
    assert (change.new, change.rules) == ("田中", ("names.1", "names.2"))
    c.world.run_to("03-02 09:01")
    assert c.names()["ann"] == ("田中", "Taro")


def test_the_history_says_which_run_it_was(worlds: MakeWorld) -> None:
    c = clinic(worlds, ann={"last_name": "田中様", "first_name": "Taro"})
    c.fix()
    c.world.run_to("03-02 09:01")
    [(old, new, cause)] = c.rows("SELECT old, new, cause FROM segue_property_history WHERE property = 'last_name'")
    assert (old, new) == ("田中様", "田中")
    assert str(cause).startswith("hygiene names 1/")


def test_a_fix_asked_for_twice_before_the_tick_is_made_once(worlds: MakeWorld) -> None:
    c = clinic(worlds, ann={"last_name": "田中様", "first_name": "Taro"})
    c.fix()
    again = c.fix()
    assert (again.run, again.written, again.waiting) == (None, 0, 1)


def test_what_waits_in_the_inbox_is_not_overwritten(worlds: MakeWorld) -> None:
    """Somebody has said another name, and no tick has taken it in."""
    c = clinic(worlds, ann={"last_name": "田中様", "first_name": "Taro"})
    c.world.set("ann", last_name="Suzuki").deliver()
    assert c.fix().waiting == 1
    c.world.run_to("03-02 09:01")
    assert c.names()["ann"] == ("Suzuki", "Taro")


def test_p15_undo_puts_back_what_is_still_as_written(worlds: MakeWorld) -> None:
    c = clinic(
        worlds,
        ann={"last_name": "田中様", "first_name": "Taro"},
        bob={"last_name": "佐藤様", "first_name": "Hana"},
    )
    run = c.fix().run
    assert run == 1
    assert (c.undo(run).back, c.undo(run).waiting) == (0, 2)  # nothing has taken the fixes in yet
    c.world.run_to("03-02 09:01").set("bob", last_name="Sato").run_to("03-02 09:02")
    done = c.undo(run)
    assert (done.back, done.changed, done.waiting) == (1, 1, 0)
    c.world.run_to("03-02 09:03")
    assert c.names() == {"ann": ("田中様", "Taro"), "bob": ("Sato", "Hana")}
    assert c.undo(run).back == 0
    with pytest.raises(UnknownName, match="no run 7"):
        c.undo(7)


def test_what_was_taken_back_is_told_once_and_not_fixed_again(worlds: MakeWorld) -> None:
    c = clinic(worlds, ann={"last_name": "田中様", "first_name": "Taro"})
    c.fix()
    c.world.run_to("03-02 09:01")
    c.undo(1)
    c.world.run_to("03-02 09:02")
    told = c.fix()
    assert (told.run, [(s.rule, s.external_id) for s in told.stuck]) == (None, [("names.1", "ann")])
    assert (c.fix().told, c.found()["names.1"]) == (0, 0)
    c.world.set("ann", last_name="鈴木様").run_to("03-02 09:03")
    assert [x.new for x in c.fix().changes] == ["鈴木"]


def test_p15_a_fix_that_does_not_help_is_told_once(worlds: MakeWorld) -> None:
    """It would add a sign at each run, for ever; the second finds what the first wrote."""
    fix = 'fix when last_name contains "x" { set last_name = replace(last_name, "x", "xx") }'
    c = clinic(worlds, f"hygiene names of contact {{ {fix} }}", ann={"last_name": "x"}, bob={"last_name": "ax"})
    assert c.fix().written == 2
    c.world.run_to("03-02 09:01")
    told = c.fix()
    assert (told.written, told.told) == (0, 2)
    assert (c.fix().told, c.found()) == (0, {"names.1": 0})
    assert c.names()["ann"][0] == "xx"


TWO = """
hygiene names of contact {
  fix when last_name matches "^[a-z]" { set last_name = upper(last_name) }
  fix when last_name matches "^[A-Z]" { set last_name = lower(last_name) }
}
"""


def test_p15_two_rules_that_undo_each_other_have_one_turn_each(worlds: MakeWorld) -> None:
    c = clinic(worlds, TWO, ann={"last_name": "mori"})
    runs = []
    for minute in range(1, 5):
        runs.append(c.fix().run)
        c.world.run_to(f"03-02 09:0{minute}")
    assert runs == [1, 2, None, None]
    assert (c.names()["ann"][0], c.found()) == ("mori", {"names.1": 0, "names.2": 0})
    c.world.set("ann", last_name="sato").run_to("03-02 09:05")
    assert [x.new for x in c.fix().changes] == ["SATO"]


def test_p15_what_several_runs_wrote_and_was_taken_back_is_not_fixed_again(worlds: MakeWorld) -> None:
    c = clinic(worlds, TWO, ann={"last_name": "mori"})
    for minute, act in enumerate((c.fix, c.fix, lambda: c.undo(2), lambda: c.undo(1)), 1):
        act()
        c.world.run_to(f"03-02 09:0{minute}")
    assert (c.fix().written, c.names()["ann"][0]) == (0, "mori")


def test_a_fix_that_changes_nothing_is_told_once(worlds: MakeWorld) -> None:
    rules = 'hygiene names of contact { fix when last_name matches "^[a-z]" { set last_name = trim(last_name) } }'
    c = clinic(worlds, rules, ann={"last_name": "mori"})
    assert (c.preview().told, c.fix().told, c.fix().told) == (1, 1, 0)


def test_values_of_every_type_are_written_and_put_back(worlds: MakeWorld) -> None:
    rules = """
    hygiene names of contact {
      fix when visits > 3 { set visits = 3  set plan = paid  set renewal = 2026-05-01  clear phone
        set last_name = "{{ contact.first_name | default: '-' }} of {{ contact.company.name | default: 'nowhere' }}" }
    }
    """
    c = clinic(worlds, rules, ann={"visits": 7, "phone": "1", "plan": "free", "first_name": "Ann"}, bob={"visits": 2})
    before = c.rows("SELECT visits, plan, renewal, phone, last_name FROM contact WHERE external_id = 'ann'")
    c.fix()
    c.world.run_to("03-02 09:01")
    [(visits, plan, renewal, phone, last)] = c.rows(
        "SELECT visits, plan, renewal, phone, last_name FROM contact WHERE external_id = 'ann'"
    )
    assert (visits, plan, str(renewal), phone, last) == (3, "paid", "2026-05-01", None, "Ann of nowhere")
    assert c.undo(1).back == 5
    c.world.run_to("03-02 09:02")
    assert c.rows("SELECT visits, plan, renewal, phone, last_name FROM contact WHERE external_id = 'ann'") == before


def test_a_deleted_record_leaves_no_name_in_what_was_put_right(worlds: MakeWorld) -> None:
    c = clinic(worlds, ann={"last_name": "田中様", "first_name": "Taro"}, bob={"last_name": "Bob"})
    c.fix()
    c.world.run_to("03-02 09:01")
    c.keep("names.3", "bob", "he has one name")
    c.delete("ann", "bob")
    c.world.run_to("03-02 09:02")
    assert c.rows("SELECT old, new FROM segue_repair") == [(None, None)]
    assert c.rows("SELECT count(*) FROM segue_reviewed") == [(0,)]
    assert c.undo(1).back == 0


def test_a_rep_puts_nothing_right_and_it_is_written_down(worlds: MakeWorld) -> None:
    c = clinic(worlds, ann={"last_name": "田中様", "first_name": "Taro"})
    c.who = Actor("rep", REP)
    for act in (c.fix, lambda: c.undo(1), lambda: c.keep("names.1", "ann")):
        with pytest.raises((NotAllowed, UnknownName)):
            act()
    c.who = Actor("amy", "operator")
    c.fix()
    acts = c.rows("SELECT by_user, act, refused, detail FROM segue_audit ORDER BY id")
    assert [(who, act, refused, json.loads(str(detail))["did"]) for who, act, refused, detail in acts] == [
        ("rep", "hygiene", 1, "fix"), ("rep", "hygiene", 1, "keep"), ("amy", "hygiene", 0, "fix"),
    ]  # fmt: skip


NAME = st.lists(st.sampled_from(["A8", "a8 ", " ", "様", "田中", "Ａ８", "Sato"]), max_size=4).map("".join)


@examples(20)
@given(st.lists(NAME, min_size=1, max_size=8))
def test_p15_fixes_come_to_rest_and_undo_is_exact(names: list[str]) -> None:
    """Whatever the names: runs of fixes end, nothing is left open that is not told, and all runs taken back, the last
    first, leave what was there."""
    world = World(NAMES)
    for i, name in enumerate(names):
        world.contact(f"p{i}", last_name=name, first_name="F")
    c = Clinic(world.run_to("03-02 09:00"))
    before, runs = c.names(), []
    for minute in range(1, 6):
        if (run := c.fix().run) is not None:
            runs.append(run)
        world.run_to(f"03-02 09:0{minute}")
    assert len(runs) <= 2  # what the second run still finds, the first one wrote
    assert (c.found()["names.1"], c.found()["names.2"], c.preview().written) == (0, 0, 0)
    for minute, run in enumerate(reversed(runs), 6):
        c.undo(run)
        world.run_to(f"03-02 09:0{minute}")
    assert c.names() == before
    world.close()
