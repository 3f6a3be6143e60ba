"""What conditions go by besides their own words: the account's zone (X13), and which events are acts. Another one there
is an edit of them all (X1)."""

from __future__ import annotations

from runtime.service.verifying import verify
from tests.runtime.engine.harness import PROJECT, SCHEMA, MakeWorld, World, compiled

RULES = """
segment did of contact { has acted within 5 days }
segment born of contact { created_at within 3 days }
score warm of contact { give 3 when paid }
workflow w of contact { when: has acted within 5 days  set visits = 1 }
sequence s { when: manually  goal: in segment did  send intro  wait 20 days  send last }
"""
EVENT = "events:\n  paid: {of: contact, act: ACT, fields: {n: {type: number}}}\n"
NOT_AN_ACT, AN_ACT = (SCHEMA + EVENT.replace("ACT", act) for act in ("false", "true"))


def differences(world: World) -> int:
    return verify(world.engine.session, world.program).differences


def test_x1_another_act_is_an_edit_of_all_conditions(worlds: MakeWorld) -> None:
    world = worlds(RULES, schema=NOT_AN_ACT).contact("ann", at="03-02 08:00")
    world.enroll("ann", "sequence s", at="03-02 09:00").event("ann", "paid", at="03-02 12:00", n=1).run_to(
        "03-03 10:00"
    )
    assert world.members("did") == set()
    between = compiled(RULES, AN_ACT)
    assert verify(world.engine.session, between).differences == 0  # nothing is compared until the next run
    world.edit(RULES, schema=AN_ACT)
    assert (world.members("did"), differences(world)) == ({"ann"}, 0)
    assert (world.status("ann", "s"), world.entered("ann", "w")) == ("unenrolled(goal)", [])  # already true (X1)
    world.edit(RULES, schema=NOT_AN_ACT).run_to("03-03 11:00")
    assert (world.members("did"), differences(world)) == (set(), 0)


def test_x13_another_zone_of_the_account_is_an_edit_of_all_conditions(worlds: MakeWorld) -> None:
    world = worlds(RULES, schema=AN_ACT).contact("ann", at="03-02 20:00").run_to("03-05 01:00")
    assert world.members("born") == set()
    west = PROJECT.replace("Europe/Warsaw", "America/Los_Angeles")
    assert verify(world.engine.session, compiled(RULES, AN_ACT, west)).differences == 0
    world.edit(RULES, project=west)
    assert (world.members("born"), differences(world)) == ({"ann"}, 0)
