"""X1: an edit of what all conditions go by (the account's zone, what is an act, which stages are won, values that
`segue migrate` writes) is an edit of them all. Everybody is judged anew, at whatever block they rest, and nobody enters
by it."""

from __future__ import annotations

from dsl.program.codec import digest
from runtime.service.verifying import verify
from runtime.store import migrate
from tests.runtime.engine.harness import PROJECT, SCHEMA, MakeWorld, World, compiled

PIPELINE = "pipelines: {deal: {mine: {label: Mine, stages: [open, {name: signed, closed: true, won: true}]}}}\n"
STAGES = SCHEMA + PIPELINE
ACTS = SCHEMA + "events: {called_us: {of: contact, act: false, fields: {}}}\n"
TOKYO = PROJECT.replace("Europe/Warsaw", "Asia/Tokyo")


def sound(w: World) -> bool:
    with w.store.session() as session:
        found = verify(session, w.program)
    return not found.differences and not any(one.skipped for one in found.conditions)


def test_x33_a_stage_that_is_won_from_now_on(worlds: MakeWorld) -> None:
    rules = """
        segment winners of contact { any deal (won) }
        workflow begins of contact { when: any deal (won)  set visits = 1 }
        workflow guarded of contact { when: manually  goal: any deal (won)  wait 30 days }
        workflow waits of contact { when: manually  wait until any deal (won) up to 30 days  set visits = 5 }
    """
    w = worlds(rules, schema=STAGES)
    for name, stage in (("ann", "open"), ("bob", "signed")):
        w.contact(name).deal(name, name, "03-02 09:00", stage=stage, pipeline="mine")
    w.enroll("ann", "workflow guarded", at="03-02 08:30").enroll("ann", "workflow waits", at="03-02 08:30")
    w.run_to("03-03 00:00")
    assert w.members("winners") == {"bob"}
    w.edit(rules, schema=STAGES.replace("stages: [open", "stages: [{name: open, closed: true, won: true}"))
    w.run_to("03-03 00:10")
    assert w.members("winners") == {"ann", "bob"}
    assert w.status("ann", "guarded") == "unenrolled(goal)"
    assert w.value("ann", "visits") == 5
    assert (w.entered("ann", "begins"), len(w.entered("bob", "begins"))) == ([], 1)
    assert sound(w)
    w.edit(rules, schema=STAGES)
    assert w.members("winners") == {"bob"}
    assert sound(w)


def test_x13_whoever_waits_for_a_condition_goes_on_where_the_accounts_zone_makes_it_true(worlds: MakeWorld) -> None:
    """15:30 in Warsaw of the day before is that day already in Tokyo."""
    rules = """
        workflow w of contact { when: manually  wait until renewal within next 1 day up to 9 days  set visits = 5 }
        workflow p of contact { when: manually  wait until renewal within next 1 day up to 9 days  set plan = paid }
    """
    w = worlds(rules)
    for name in ("ann", "bob"):
        w.contact(name, renewal="2026-03-04" if name == "ann" else "2026-03-06")
        w.enroll(name, "workflow w", at="03-02 09:00").enroll(name, "workflow p", at="03-02 09:00")
        w.pause(name, "workflow p", at="03-02 10:00")
    w.run_to("03-03 20:00")
    assert (w.value("ann", "visits"), w.value("ann", "plan")) == (None, None)
    w.edit(rules, project=TOKYO)
    w.engine.run(w.engine.clock + 60_000_000)
    assert (w.value("ann", "visits"), w.value("bob", "visits")) == (5, None)
    w.resume("ann", "workflow p").resume("bob", "workflow p").deliver()
    w.engine.run(w.engine.clock + 120_000_000)
    assert (w.value("ann", "plan"), w.value("bob", "plan")) == ("paid", None)


def test_what_is_an_act_from_now_on_is_what_somebody_waited_for(worlds: MakeWorld) -> None:
    rules = """
        workflow event of contact { when: manually  wait until acted up to 9 days  set visits = 5 }
        workflow state of contact { when: manually  wait until has acted within 2 days up to 9 days  set plan = paid }
    """
    w = worlds(rules, schema=ACTS)
    for name, called in (("ann", "03-02 10:00"), ("bob", "03-02 08:30")):
        w.contact(name).enroll(name, "workflow event", at="03-02 09:00").event(name, "called_us", at=called)
    w.contact("cat")
    for name in ("ann", "cat"):
        w.enroll(name, "workflow state", at="03-02 09:00")
    w.run_to("03-03 00:00")
    w.edit(rules, schema=ACTS.replace("act: false", "act: true"))
    w.run_to("03-03 00:10")
    assert [w.value(name, "visits") for name in ("ann", "bob")] == [5, None], "strictly after the wait began (X17)"
    assert [w.value(name, "plan") for name in ("ann", "cat")] == ["paid", None]


def test_values_that_a_migration_writes_are_judged(worlds: MakeWorld) -> None:
    """A new default fills what was missing, and no fact says so."""
    rules = """
        segment seen of contact { visits >= 3 }
        workflow begins of contact { when: visits >= 3  set plan = paid }
    """
    w = worlds(rules).contact("ann").contact("bob", visits=1)
    w.run_to("03-03 00:00")
    filled = SCHEMA.replace("visits: {type: number}", "visits: {type: number, default: 4}")
    w.engine.close()
    migrate.apply(migrate.plan(w.store, compiled(rules, filled).schema))
    w.edit(rules, schema=filled).run_to("03-03 00:10")
    assert w.members("seen") == {"ann"}
    assert w.entered("ann", "begins") == []
    assert sound(w)
    w.restart()
    assert sound(w), "judged anew once"


def test_x35_a_score_that_gives_nothing_any_more_is_missing_for_those_who_are_inside(worlds: MakeWorld) -> None:
    rules = """
        score warmth of contact { give 5 when viewed_page }
        workflow w of contact { when: manually  stop_when: score(warmth) is missing  wait 30 days }
    """
    w = worlds(rules).contact("ann").event("ann", "viewed_page", at="03-02 09:00", path="/a")
    w.enroll("ann", "workflow w", at="03-02 10:00").run_to("03-03 00:00")
    assert w.status("ann", "w") == "active"
    w.edit(rules.replace("when viewed_page", "when downloaded"))
    assert w.status("ann", "w") == "unenrolled(stop_when)"


def test_a_store_judged_before_whole_names_went_by_their_script_is_judged_anew(worlds: MakeWorld) -> None:
    """0043: its members are those of the old order, and only a segment that reads such names is looked at again."""
    rules = """
        segment hanako of contact { contact.full_name = "田中 花子" }
        segment friends of contact { in segment hanako }
        segment paying of contact { plan = paid }
    """
    w = worlds(rules).contact("hana", first_name="花子", last_name="田中", plan="paid").run_to("03-02 09:00")
    assert w.members("hanako") == w.members("friends") == {"hana"}
    with w.engine.session.transaction():
        old = digest((w.program.segments["hanako"].condition, ()))
        w.engine.session.run("UPDATE segue_segment SET hash = :old WHERE name = 'hanako'", old=old)
        w.engine.session.run("DELETE FROM segue_membership")
        hashes = "UPDATE segue_segment SET hash = :old WHERE name = 'friends'"
        w.engine.session.run(hashes, old=digest((w.program.segments["friends"].condition, (old,))))
    w.restart()
    w.run_to("03-02 09:10")
    assert w.members("hanako") == w.members("friends") == {"hana"}
    assert w.members("paying") == set()
