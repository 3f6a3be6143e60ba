"""What is read live at each use (X26): another cap, topic, calendar or score rule holds for those inside as well. The
templates, segments and guards are in `test_versions.py`."""

from __future__ import annotations

from tests.runtime.engine.harness import PROJECT, SCHEMA, MakeWorld, World

TWO = "workflow w of contact { when: manually  send intro  wait 1 day  send letter }"


def inside(world: World) -> World:
    return world.contact("ann").go_live().enroll("ann", "workflow w", at="03-02 10:00").run_to("03-02 12:00")


def test_x26_another_cap_holds_for_those_inside(worlds: MakeWorld) -> None:
    world = inside(worlds(TWO))
    cap = "{at_most: 1, within: 4 days, over: all, when_reached: defer, except: [transactional]}"
    world.project_text = PROJECT + f"limits: {{frequency_cap: {cap}}}\n"
    world.edit(TWO).run_to("03-08 00:00")
    assert world.mails("ann") == [("03-02 10:00", "intro"), ("03-06 00:00", "letter")]


def test_x26_another_kind_of_topic_holds_for_those_inside(worlds: MakeWorld) -> None:
    strict = PROJECT.replace("consent: relaxed", "consent: strict")
    world = inside(worlds(TWO, project=strict, schema=SCHEMA.replace("kind: marketing", "kind: one_to_one")))
    world.schema_text = SCHEMA
    world.edit(TWO).run_to("03-08 00:00")
    assert world.mails("ann") == [("03-02 10:00", "intro")]
    assert ("03-03 10:00", "send", "letter", "refused") in world.steps("ann")


def test_x26_another_calendar_holds_for_those_inside(worlds: MakeWorld) -> None:
    office = TWO.replace("when:", "calendar: office  window: 09:00-17:00  when:")
    project = PROJECT + "calendars: {office: {working_days: [mon, tue, wed, thu, fri], holidays: []}}\n"
    world = inside(worlds(office, project=project))
    world.project_text = project.replace("[]", "[2026-03-03, 2026-03-04]")
    world.edit(office).run_to("03-08 00:00")
    assert world.mails("ann") == [("03-02 10:00", "intro"), ("03-05 09:00", "letter")]


def test_x26_another_rule_of_a_score_holds_for_those_inside(worlds: MakeWorld) -> None:
    rules = """score s of contact {{ give {} when viewed_page }}
workflow w of contact {{ when: manually  send intro  wait 1 day  if score(s) >= 5 {{ send letter }} }}"""
    world = worlds(rules.format(1)).contact("ann").event("ann", "viewed_page", at="03-02 09:00", path="/").go_live()
    world.enroll("ann", "workflow w", at="03-02 10:00").run_to("03-02 12:00").edit(rules.format(5)).run_to(
        "03-08 00:00"
    )
    assert world.mails("ann") == [("03-02 10:00", "intro"), ("03-03 10:00", "letter")]
