"""Steps that write: `clear`, `add`, segments, consent; and those that part people: `split`, `match`, `repeat`."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dsl.program.blocks import Split, SplitArm
from runtime.engine.blocks.splits import arm_sql
from runtime.reading.values import instant
from runtime.store.ids import record_id
from tests.runtime.engine.arms import arm_of
from tests.runtime.engine.harness import MakeWorld, World

MANY = [f"p{i}" for i in range(400)]


def begun(world: World, *people: str, by: str = "workflow w", **values: object) -> World:
    for name in people or ("ann",):
        world.contact(name, **values).enroll(name, by, at="03-02 09:00")
    return world


def acts(world: World, definition: str = "%") -> list[tuple]:
    """What was done with ann, without her coming and going."""
    return [step for step in world.steps("ann", definition) if step[1] not in ("entered", "ended")]


def test_x23_clear_takes_the_value_away(worlds: MakeWorld) -> None:
    world = worlds("workflow w of contact { when: manually clear plan clear company.industry clear first_name }")
    begun(world, plan="paid", first_name="Ann").run_to("03-02 10:00")
    assert (world.value("ann", "plan"), world.value("ann", "first_name"), world.value("ann", "first_name__n")) == (
        None,
        None,
        None,
    )
    assert [s[1:] for s in acts(world)] == [
        ("clear", "plan", "done"),
        ("clear", "company.industry", "skipped(no company)"),
        ("clear", "first_name", "done"),
    ]


def test_x23_additions_of_one_instant_sum_up(worlds: MakeWorld) -> None:
    rules = "workflow {} of contact {{ when: manually add {} to visits }}\n"
    world = worlds("".join(rules.format(name, n) for name, n in (("a", 2), ("b", 3), ("c", -1))))
    for name in ("ann", "bob"):
        world.contact(name, visits=10 if name == "ann" else None)
        for workflow in "abc":
            world.enroll(name, f"workflow {workflow}", at="03-02 09:00")
    world.run_to("03-02 10:00")
    assert (world.value("ann", "visits"), world.value("bob", "visits")) == (14, 4)


def test_x23_what_is_missing_adds_nothing(worlds: MakeWorld) -> None:
    world = worlds("workflow w of contact { when: manually add visits to visits add 1 to visits }")
    begun(world, visits=None).run_to("03-02 10:00")
    assert [s[1:] for s in acts(world)] == [
        ("add", "visits", "skipped(nothing to add)"),
        ("add", "visits", "done"),
    ]
    assert world.value("ann", "visits") == 1


def test_x23_amounts_are_added_in_their_smallest_unit(worlds: MakeWorld) -> None:
    world = worlds("workflow w of deal { when: stage becomes won add 10.50 EUR to amount }")
    world.contact("ann").deal("big", "ann", "03-02 09:00", stage="appointment", amount="100 EUR")
    world.deal("big", "ann", "03-02 10:00", stage="won").run_to("03-02 11:00")
    assert world.value("big", "amount", of="deal") == 11_050


def test_x13_a_step_writes_the_day_and_the_moment_by_the_accounts_clock(worlds: MakeWorld) -> None:
    """Late on 31 August, when it is September already in Tokyo and still daytime in UTC; September has no 31st."""
    world = worlds("""workflow w of contact { when: manually  wait until 23:30
          set renewal = today
          create ticket { subject = "a"  until = 1 month from now  seen = now }
          create ticket { subject = "b"  until = 2 business days from now  seen = 1 month from now }
          create ticket { subject = "c"  until = today  seen = 2 hours from now } }""")
    world.contact("ann").enroll("ann", "workflow w", at="08-31 09:00").run_to("09-02 00:00")
    assert str(world.value("ann", "renewal")) == "2026-08-31"
    rows = world.sql('SELECT subject, "until", seen FROM ticket ORDER BY subject')
    assert [(subject, str(day), instant(at, "Europe/Warsaw")) for subject, day, at in rows] == [
        ("a", "2026-09-30", "2026-08-31 23:30"),
        ("b", "2026-09-02", "2026-09-30 23:30"),
        ("c", "2026-08-31", "2026-09-01 01:30"),
    ]


def test_g1_steps_put_into_static_segments_and_take_out(worlds: MakeWorld) -> None:
    world = worlds("""static segment board of contact
        workflow w of contact { when: manually add to segment board wait 1 day remove from segment board }
        workflow seen of contact { when: in segment board set plan = paid }""")
    begun(world, "ann").run_to("03-05 00:00")
    assert world.turns("ann", "board") == [("03-02 09:00", "03-03 09:00")]
    assert world.value("ann", "plan") == "paid"
    assert [s[1:3] for s in acts(world, "w")] == [("add to", "segment board"), ("remove from", "segment board")]


def test_x24_subscribe_records_basis_and_text(worlds: MakeWorld) -> None:
    world = worlds("""workflow w of contact { when: manually
        subscribe to news because "asked by {{ contact.full_name }}" }""")
    begun(world, "ann", first_name="Ann").run_to("03-02 10:00")
    assert world.sql("SELECT topic, state, basis, source, words FROM segue_consent") == [
        ("news", "opted_in", "workflow w", "rule", "asked by Ann")
    ]


def test_x24_subscribe_never_lifts_an_opt_out(worlds: MakeWorld) -> None:
    world = worlds('workflow w of contact { when: manually subscribe to news because "x" }')
    world.contact("ann").consent("ann", "news", "opted_out", at="03-02 08:30")
    world.enroll("ann", "workflow w", at="03-02 09:00").run_to("03-02 10:00")
    assert world.sql("SELECT state FROM segue_consent") == [("opted_out",)]


def test_x9_unsubscribe_ends_what_sends_the_topic(worlds: MakeWorld) -> None:
    world = worlds("""sequence s { sender: rep send intro wait 3 days send case }
        workflow w of contact { when: manually wait 1 day unsubscribe from sales }
        workflow heard of contact { when: unsubscribed(topic = sales) set plan = free }""")
    world.contact("ann").enroll("ann", "sequence s", at="03-02 09:00").enroll("ann", "workflow w", at="03-02 09:00")
    world.run_to("03-09 00:00")
    assert world.status("ann", "s") == "unenrolled(unsubscribed)" and world.ended("ann", "s") == "03-03 09:00"
    assert world.value("ann", "plan") == "free"
    assert [t for _, t in world.mails("ann")] == ["intro"]


def test_l3_unsubscribe_from_all_suppresses_the_address(worlds: MakeWorld) -> None:
    world = worlds("""workflow w of contact { when: manually unsubscribe from all }
        workflow v of contact { when: manually wait 1 day send intro }""")
    begun(world, "ann").enroll("ann", "workflow v", at="03-02 09:00").run_to("03-04 00:00")
    assert world.sql("SELECT address, reason FROM segue_suppression") == [("ann@x.example", "unsubscribed")]
    assert world.mails("ann") == []


# --- ways ---


def test_x19_the_same_person_always_takes_the_same_way(worlds: MakeWorld) -> None:
    world = worlds("""workflow w of contact { when: purchased again: always
        split { 50% short { set plan = free } 50% long { set plan = paid } } }""")
    people = MANY[:40]
    for name in people:
        world.contact(name)
        for day in ("03-02", "03-03"):
            world.event(name, "purchased", at=f"{day} 09:00")
    world.run_to("03-04 00:00")
    ways = {name: {s[3] for s in world.steps(name) if s[1] == "split"} for name in people}
    assert all(len(way) == 1 for way in ways.values())
    assert {way for found in ways.values() for way in found} == {"short", "long"}
    for name in people:
        assert world.value(name, "plan") == {"short": "free", "long": "paid"}[next(iter(ways[name]))]


def test_x19_an_arm_of_nought_takes_nobody_and_both_ways_go_on(worlds: MakeWorld) -> None:
    world = worlds("""workflow w of contact { when: manually
        split { 0% a { exit "a" } 100% b { wait 1 hour } } set plan = paid }""")
    begun(world, *MANY[:20]).run_to("03-02 12:00")
    assert {world.value(name, "plan") for name in MANY[:20]} == {"paid"}


SHARES = st.lists(st.integers(0, 10_000), min_size=1, max_size=5)


def split(shares: list[int], number: int = 0) -> Split:
    """Arms that make 10,000, whatever the numbers."""
    ends = sorted(s % 10_001 for s in shares)
    parts = [b - a for a, b in zip([0, *ends], [*ends, 10_000], strict=True)]
    return Split(tuple(SplitArm(f"arm{i}", part, i) for i, part in enumerate(parts)), number)


@given(SHARES, st.text(max_size=20), st.lists(st.integers(1, 2**63 - 1), min_size=1, max_size=30))
def test_x19_sql_counts_as_python_does(shares: list[int], name: str, ids: list[int]) -> None:
    import sqlite3

    one = split(shares)
    database = sqlite3.connect(":memory:")
    for record in ids:
        ((found,),) = database.execute(f"SELECT {arm_sql(name, one, 'x')} FROM (SELECT {record} AS x)")
        assert int(found) == arm_of(name, one, record)
    database.close()


def test_x19_shares_are_kept_and_splits_do_not_depend_on_each_other() -> None:
    ids = [record_id("contact", f"c{i}") for i in range(20_000)]
    halves, again = split([5_000]), split([5_000], number=1)
    pairs = Counter((arm_of("w", halves, i), arm_of("w", again, i)) for i in ids)
    assert len(pairs) == 4 and all(4_700 < n < 5_300 for n in pairs.values())
    tenth = Counter(arm_of("w", split([1_000]), i) for i in ids)
    assert 1_850 < tenth[0] < 2_150
    other = sum(arm_of("w", halves, i) == arm_of("v", halves, i) for i in ids)
    assert 9_500 < other < 10_500


def test_match_is_a_chain_of_ifs_and_what_is_missing_takes_else(worlds: MakeWorld) -> None:
    world = worlds("""workflow w of contact { when: manually
        match country { jp, kr { set plan = free } PL { set plan = trial } else { set plan = paid } } }""")
    for name, country in (("ann", "JP"), ("bob", "pl"), ("cid", "de"), ("dan", None)):
        begun(world, name, country=country)
    world.run_to("03-02 10:00")
    assert [world.value(n, "plan") for n in ("ann", "bob", "cid", "dan")] == ["free", "trial", "paid", "paid"]


REPEAT = (
    "workflow w of contact {{ when: manually repeat up to 3 times every 2 days{} {{ send intro }} set plan = paid }}"
)


def test_x18_repeat_waits_before_each_run_and_not_after_the_last(worlds: MakeWorld) -> None:
    world = begun(worlds(REPEAT.format(" until has purchased"))).run_to("03-20 00:00")
    assert [at for at, _ in world.mails("ann")] == ["03-04 09:00", "03-06 09:00", "03-08 09:00"]
    assert acts(world)[-1] == ("03-08 09:00", "set", "plan", "done")


def test_x18_repeat_is_left_at_once(worlds: MakeWorld) -> None:
    world = begun(worlds(REPEAT.format(" until has purchased")))
    world.event("ann", "purchased", at="03-05 12:34").run_to("03-20 00:00")
    assert [at for at, _ in world.mails("ann")] == ["03-04 09:00"]
    assert acts(world)[-1] == ("03-05 12:34", "set", "plan", "done")


def test_x18_repeat_is_left_at_once_from_within_a_run(worlds: MakeWorld) -> None:
    rules = """workflow w of contact { when: manually
      repeat up to 3 times every 2 days until has purchased { send intro wait 1 day send case }
      set plan = paid }"""
    world = begun(worlds(rules)).event("ann", "purchased", at="03-04 20:00").run_to("03-20 00:00")
    assert world.mails("ann") == [("03-04 09:00", "intro")]
    assert acts(world)[-1] == ("03-04 20:00", "set", "plan", "done")


def test_x18_repeat_without_until_runs_every_time(worlds: MakeWorld) -> None:
    world = begun(worlds(REPEAT.format(""))).run_to("03-20 00:00")
    assert len(world.mails("ann")) == 3


@pytest.mark.parametrize(
    ("wait", "at"),
    [
        ("wait until 09:30", "03-02 09:30"),
        ("wait until 09:00", "03-03 09:00"),
        ("wait until friday 08:00", "03-06 08:00"),
        ("wait until monday 10:00", "03-02 10:00"),
        ("wait until monday 08:00", "03-09 08:00"),
    ],
)
def test_x17_wait_until_the_clock_shows_it(worlds: MakeWorld, wait: str, at: str) -> None:
    """Enrolled on a Monday at nine: a time that has come today is tomorrow's."""
    world = begun(worlds(f"workflow w of contact {{ when: manually {wait} set plan = paid }}")).run_to("03-20 00:00")
    assert acts(world) == [(at, "set", "plan", "done")]


def test_x13_the_clock_is_that_of_the_enrollment(worlds: MakeWorld) -> None:
    rules = "workflow w of contact { when: manually zone: contact wait until 12:00 set plan = paid }"
    world = begun(worlds(rules), time_zone="Asia/Tokyo").run_to("03-04 00:00")
    assert acts(world) == [("03-03 04:00", "set", "plan", "done")]


def test_x13_a_time_the_clock_skips_comes_later(worlds: MakeWorld) -> None:
    """On 29 March the clocks of Warsaw go from 02:00 to 03:00."""
    world = worlds("workflow w of contact { when: manually wait until 02:30 set plan = paid }")
    world.contact("ann").enroll("ann", "workflow w", at="03-28 12:00").run_to("03-30 00:00")
    assert acts(world) == [("03-29 03:30", "set", "plan", "done")]


# --- tasks and mails that are asked about ---

RING = """workflow w of contact { when: manually
  task call "Call" as ring
  wait until ring.done up to 3 days else { set plan = free }
  if ring.done { set visits = 1 } else { set visits = 2 } }"""


def test_x22_a_task_is_waited_for_by_name(worlds: MakeWorld) -> None:
    world = begun(worlds(RING)).run_to("03-03 10:00")
    world.finish_task("ann", at="03-03 10:30").run_to("03-20 00:00")
    assert ("03-03 10:30", "wait", None, "happened") in acts(world)
    assert (world.value("ann", "plan"), world.value("ann", "visits")) == (None, 1)


@pytest.mark.parametrize("state", ["skipped", None])
def test_x22_a_task_skipped_or_left_is_not_done(worlds: MakeWorld, state: str | None) -> None:
    world = begun(worlds(RING)).run_to("03-03 10:00")
    if state is not None:
        world.finish_task("ann", at="03-03 10:30", state=state)
    world.run_to("03-20 00:00")
    assert (world.value("ann", "plan"), world.value("ann", "visits")) == ("free", 2)
    assert ("03-05 09:00", "wait", None, "timeout") in acts(world)


def test_x22_the_task_of_another_enrollment_does_not_count(worlds: MakeWorld) -> None:
    world = begun(worlds(RING.replace("when: manually", "when: manually again: always"))).run_to("03-03 10:00")
    world.finish_task("ann", at="03-03 10:30").run_to("03-03 12:00")
    world.enroll("ann", "workflow w", at="03-04 09:00").run_to("03-20 00:00")
    assert world.value("ann", "visits") == 2


def test_x24_what_became_of_a_mail_decides(worlds: MakeWorld) -> None:
    world = worlds("""workflow w of contact { when: manually
        send letter if refused { set plan = free } else if sent { set plan = paid }
        send intro if sent { set visits = 1 } }""")
    world.contact("ann").contact("bob").consent("bob", "news", "opted_out", at="03-02 08:30")
    for name in ("ann", "bob"):
        world.enroll(name, "workflow w", at="03-02 09:00")
    world.run_to("03-02 12:00")
    assert [(world.value(n, "plan"), world.value(n, "visits")) for n in ("ann", "bob")] == [("paid", 1), ("free", 1)]
