"""X28: rules that go in a circle are stopped, one record and one definition at a time, and everybody else goes on."""

from __future__ import annotations

from tests.runtime.engine.harness import PROJECT, MakeWorld

BACK_AND_FORTH = """
workflow there of contact { when: visits > 5  again: always  set visits = 1 }
workflow back of contact { when: visits < 5  again: always  set visits = 9 }
workflow calm of contact { when: viewed_page  wait 10 minutes  send receipt }
"""
NO_LIMIT = PROJECT + "limits: {enrollments_per_record_per_hour: 100000}\n"


def test_x28_what_goes_in_a_circle_at_one_instant_is_stopped_and_others_go_on(worlds: MakeWorld) -> None:
    """With the limit of an hour out of reach: who comes round for the hundredth time is refused, nobody else."""
    w = worlds(BACK_AND_FORTH, project=NO_LIMIT)
    w.contact("ann").contact("bob").set("ann", at="03-03 10:00", visits=9)
    w.event("bob", "viewed_page", at="03-03 10:00", path="/").run_to("03-03 11:00")
    assert [(at, why) for at, _, why in w.refusals("ann")] == [("03-03 10:00", "loop_guard")]
    rounds = len(w.enrollments("ann", "there") + w.enrollments("ann", "back"))
    assert 90 < rounds <= 110
    assert w.sql("SELECT count(*) FROM segue_enrollment WHERE ended_at IS NULL") == [(0,)]
    assert w.mails("bob") == [("03-03 10:10", "receipt")]


def test_x28_the_next_instant_is_another_one(worlds: MakeWorld) -> None:
    """Who was stopped at one instant may come in at a later one."""
    w = worlds(BACK_AND_FORTH, project=NO_LIMIT).contact("ann").set("ann", at="03-03 10:00", visits=9)
    w.run_to("03-03 11:00")
    value = w.value("ann", "visits")
    w.set("ann", at="03-04 10:00", visits=5).set("ann", at="03-04 10:01", visits=value).run_to("03-04 11:00")
    assert [at for at, _, _ in w.refusals("ann")] == ["03-03 10:00", "03-04 10:01"]
    assert len(set(w.entered("ann", "there"))) == 2


def test_x28_a_long_way_at_one_instant_is_no_circle(worlds: MakeWorld) -> None:
    """A hundred and fifty steps without a wait, and what they start."""
    steps = " ".join(f"add {n} to visits" for n in range(150))
    w = worlds(
        f"workflow long of contact {{ when: viewed_page  {steps}  set plan = paid }}"
        " workflow next of contact { when: plan = paid  send receipt }"
    )
    w.contact("ann").event("ann", "viewed_page", at="03-03 10:00", path="/").run_to("03-03 11:00")
    assert w.status("ann", "long") == "finished(completed)"
    assert w.value("ann", "visits") == sum(range(150))
    assert w.mails("ann") == [("03-03 10:00", "receipt")]


def test_x28_records_that_make_records_are_stopped(worlds: MakeWorld) -> None:
    """Each makes two of itself: stopped before they are a crowd; what another contact starts goes on."""
    made = 'create ticket { subject = "again"  pipeline = support  stage = new  level = level }'
    w = worlds(
        f"workflow breed of ticket {{ when: created  only: level > 5  {made} {made} }}"
        " workflow calm of contact { when: viewed_page  wait 10 minutes  send receipt }"
    )
    ticket = {"subject": "first", "pipeline": "support", "stage": "new", "level": 7}
    w.contact("bob").record("ticket", "first", "03-03 10:00", True, **ticket)
    w.event("bob", "viewed_page", at="03-03 10:00", path="/").run_to("03-03 11:00")
    assert w.sql("SELECT count(*) FROM ticket")[0][0] < 10_000
    assert w.sql("SELECT DISTINCT reason FROM segue_refusal") == [("loop_guard",)]
    assert w.mails("bob") == [("03-03 10:10", "receipt")]


def test_x28_whoever_is_enrolled_by_hand_is_no_loop(worlds: MakeWorld) -> None:
    """However often in an hour; what starts them by itself is stopped."""
    rules = "".join(f"workflow w{i} of contact {{ when: manually  wait 1 day }} " for i in range(3))
    rules += "workflow auto of contact { when: viewed_page }"
    w = worlds(rules, project=PROJECT + "limits: {enrollments_per_record_per_hour: 2}\n").contact("ann")
    for i in range(3):
        w.enroll("ann", f"workflow w{i}", at="03-03 10:00")
    w.event("ann", "viewed_page", at="03-03 10:10").run_to("03-03 10:30")
    assert [w.status("ann", f"w{i}") for i in range(3)] == ["active"] * 3
    assert w.refusals("ann") == [("03-03 10:10", "auto", "loop_guard")]
