"""The rules of workflows, one after the other (domain reference W1 to W20); what has a file of its own stands there."""

from __future__ import annotations

import pytest

from dsl.compile import compile_project
from dsl.source import Source
from runtime.store import inbox
from runtime.store.ids import record_id
from tests.runtime.engine.harness import PROJECT, SCHEMA, TEMPLATES, MakeWorld, World

MARK = "workflow {0} of contact {{ {1}  again: always  add 1 to visits }}\n"


def findings(rules: str) -> set[str]:
    texts = [rules, *(text for name, text in TEMPLATES.items() if f"send {name}" in rules)]
    found = compile_project(
        [Source("rules.segue", "\n".join(texts))], Source("schema.yaml", SCHEMA), Source("segue.yaml", PROJECT)
    )
    return {d.code for d in found.diagnostics}


def run(w: World, name: str = "ann", definition: str = "w") -> list[str]:
    return w.entered(name, definition)


# --- what starts one ---


@pytest.mark.parametrize(
    ("when", "at"),
    [
        ("when: viewed_page(path = '/a') or purchased".replace("'", '"'), "03-03 10:00"),
        ("when: plan = paid", "03-03 11:00"),
        ("when: plan becomes paid", "03-03 11:00"),
        ("when: every tuesday 12:00  only: plan = paid", "03-03 12:00"),
        ("when: at renewal - 1 day", "03-03 00:00"),
        ("when: every year on contact.renewal at 13:00  only: plan = paid", "03-04 13:00"),
        ("when: manually", "03-03 14:00"),
        ("when: created", "03-02 08:00"),
    ],
)
def test_w1_every_kind_of_start(worlds: MakeWorld, when: str, at: str) -> None:
    """By an event, a condition, a change, a schedule, a date, a hand; each starts once and no other way does."""
    w = worlds(MARK.format("w", when)).contact("ann", plan="free", renewal="2026-03-04").go_live()
    w.event("ann", "viewed_page", at="03-03 10:00", path="/a").set("ann", at="03-03 11:00", plan="paid")
    if when == "when: manually":
        w.enroll("ann", "workflow w", at="03-03 14:00")
    assert run(w.run_to("03-05 00:00")) == [at]
    assert w.value("ann", "visits") == 1


def test_w1_one_workflow_starts_another(worlds: MakeWorld) -> None:
    """`enroll in` is no user's hand: the window holds."""
    rules = """workflow a of contact { when: purchased  enroll in workflow b }
        workflow b of contact { when: manually  window: 09:00-17:00  send intro }"""
    w = worlds(rules).contact("ann").go_live().event("ann", "purchased", at="03-07 10:00").run_to("03-10 00:00")
    assert w.entered("ann", "b") == ["03-07 10:00"]
    assert w.mails("ann") == [("03-09 09:00", "intro")]


def test_w2_the_filter_is_judged_at_the_event_and_the_record_must_be_there(worlds: MakeWorld) -> None:
    """What the contact becomes later does not count for an event gone by; an event of before starts nothing."""
    rules = "workflow w of contact { when: purchased(amount > 10 EUR)  again: always  only: plan = paid  wait 1 day }"
    w = worlds(rules).contact("ann", plan="free").go_live()
    w.event("ann", "purchased", at="03-03 10:00", amount="20 EUR").set("ann", at="03-03 11:00", plan="paid")
    w.event("ann", "purchased", at="03-03 12:00", amount="5 EUR").event("ann", "purchased", at="03-03 13:00")
    assert run(w.run_to("03-03 14:00")) == []
    assert w.refusals("ann") == [("03-03 10:00", "w", "only")]
    w.event("bob", "purchased", at="03-03 15:00", amount="20 EUR").contact("bob", at="03-03 16:00", plan="paid")
    w.run_to("03-04 00:00")
    assert run(w, "bob") == []
    assert run(w.event("bob", "purchased", at="03-04 01:00", amount="20 EUR").run_to("03-04 02:00"), "bob") == [
        "03-04 01:00"
    ]


@pytest.mark.parametrize(("existing", "entered"), [("ignore", []), ("enroll", ["03-02 00:00"])])
def test_w3_whether_those_who_match_already_enter_is_chosen(
    worlds: MakeWorld, existing: str, entered: list[str]
) -> None:
    rules = MARK.format("w", f"when: plan = paid  existing: {existing}")
    w = worlds(rules).contact("ann", at="03-01 08:00", plan="paid")
    assert run(w.run_to("03-03 00:00")) == entered


def test_w4_the_first_time_only_unless_it_says_so(worlds: MakeWorld) -> None:
    """Again takes a change from not matching to matching; never while inside; by hand needs no match at all."""
    rules = "workflow {0} of contact {{ when: plan = paid  again: {1}  add 1 to visits  wait 1 day }}\n"
    w = worlds(rules.format("once", "never") + rules.format("often", "always")).contact("ann", plan="free").go_live()
    for at, plan in (("03 10:00", "paid"), ("03 11:00", "free"), ("03 12:00", "paid"), ("05 10:00", "paid")):
        w.set("ann", at=f"03-{at}", plan=plan)
    w.set("ann", at="03-06 10:00", plan="free").set("ann", at="03-06 11:00", plan="paid")
    w.set("ann", at="03-08 10:00", plan="free").enroll("ann", "workflow often", at="03-08 12:00").run_to("03-10 00:00")
    assert run(w, definition="once") == ["03-03 10:00"]
    assert run(w, definition="often") == ["03-03 10:00", "03-06 11:00", "03-08 12:00"]
    assert ("03-03 12:00", "often", "already_enrolled") in w.refusals("ann")
    assert w.value("ann", "visits") == 4


def test_w5_a_list_counts_again_after_leaving_it_and_counts_and_windows_hold_then_too(worlds: MakeWorld) -> None:
    rules = """segment busy of contact { has viewed_page at least 2 times within 24 hours }
        workflow w of contact { when: in segment busy  again: always  add 1 to visits }
        workflow v of contact { when: has viewed_page at least 2 times within 24 hours  again: always  set plan = paid }
        workflow k of contact { when: phone is known  again: always  add 1 to visits }"""
    w = worlds(rules).contact("ann").go_live()
    for at in ("03 10:00", "03 11:00", "03 12:00", "06 10:00", "08 10:00", "08 11:00"):
        w.event("ann", "viewed_page", at=f"03-{at}", path="/")
    w.set("ann", at="03-03 09:00", phone="1").set("ann", at="03-03 09:30", phone="2").run_to("03-10 00:00")
    assert run(w) == run(w, definition="v") == ["03-03 11:00", "03-08 11:00"]
    assert w.turns("ann", "busy") == [("03-03 11:00", "03-04 11:00"), ("03-08 11:00", "03-09 10:00")]
    assert run(w, definition="k") == ["03-03 09:00"]


def test_w6_events_of_any_kind_and_of_other_records_start_again(worlds: MakeWorld) -> None:
    rules = """workflow w of contact { when: opened_email or purchased  again: always  add 1 to visits }
        workflow d of contact { when: any deal (stage = won)  again: always  add 10 to visits }"""
    w = worlds(rules).contact("ann").go_live()
    w.event("ann", "opened_email", at="03-03 10:00").event("ann", "purchased", at="03-03 11:00")
    w.event("ann", "opened_email", at="03-03 12:00", class_="machine")
    for at, stage in (("13:00", "won"), ("14:00", "proposal"), ("15:00", "won")):
        w.deal("big", "ann", f"03-03 {at}", stage=stage)
    w.run_to("03-04 00:00")
    assert run(w) == ["03-03 10:00", "03-03 11:00"]
    assert run(w, definition="d") == ["03-03 13:00", "03-03 15:00"]


# --- who leaves ---


def test_w7_who_no_longer_matches_stays_unless_told(worlds: MakeWorld) -> None:
    rules = """workflow w of contact { when: plan = paid  wait 2 days  set phone = "stayed" }
        workflow v of contact { when: plan = paid  stop_when: plan != paid  wait 2 days  set first_name = "stayed" }"""
    w = worlds(rules).contact("ann", plan="free").go_live()
    w.set("ann", at="03-03 10:00", plan="paid").set("ann", at="03-04 10:00", plan="free").run_to("03-06 00:00")
    assert (w.value("ann", "phone"), w.value("ann", "first_name")) == ("stayed", None)
    assert (w.status("ann", "v"), w.ended("ann", "v")) == ("unenrolled(stop_when)", "03-04 10:00")


def test_w8_suppression_keeps_out_and_throws_out_and_one_workflow_takes_out_of_another(worlds: MakeWorld) -> None:
    rules = """static segment competitors of contact
        workflow w of contact { when: purchased  suppress: in segment competitors  wait 5 days  set plan = paid }
        workflow out of contact { when: abandoned_cart  unenroll from workflow w }"""
    w = (
        worlds(rules)
        .contact("ann")
        .contact("bob")
        .contact("cat")
        .go_live()
        .member("ann", "competitors", at="03-03 09:00")
    )
    for name in ("ann", "bob", "cat"):
        w.event(name, "purchased", at="03-03 10:00")
    w.member("bob", "competitors", at="03-04 10:00").event("cat", "abandoned_cart", at="03-05 10:00", total="1 EUR")
    w.run_to("03-10 00:00")
    assert w.refusals("ann") == [("03-03 10:00", "w", "suppressed")]
    assert [w.status(n, "w") for n in ("bob", "cat")] == ["unenrolled(suppressed)", "unenrolled(manual)"]
    assert [w.ended(n, "w") for n in ("bob", "cat")] == ["03-04 10:00", "03-05 10:00"]


def test_w9_a_goal_met_before_keeps_out_and_met_later_ends_before_the_next_action(worlds: MakeWorld) -> None:
    """Also where it is met at the very instant of that action, and in the middle of a wait."""
    rules = "workflow w of contact { when: manually  goal: plan = paid  send intro  wait 1 day  send case }"
    w = worlds(rules).contact("ann", plan="paid").contact("bob").contact("cat").go_live()
    for name in ("ann", "bob", "cat"):
        w.enroll(name, "workflow w", at="03-03 10:00")
    w.set("bob", at="03-03 20:00", plan="paid").set("cat", at="03-04 10:00", plan="paid").run_to("03-06 00:00")
    assert w.refusals("ann") == [("03-03 10:00", "w", "goal_met")] and run(w) == []
    assert [(w.status(n, "w"), w.ended(n, "w"), w.mails(n)) for n in ("bob", "cat")] == [
        ("unenrolled(goal)", "03-03 20:00", [("03-03 10:00", "intro")]),
        ("unenrolled(goal)", "03-04 10:00", [("03-03 10:00", "intro")]),
    ]


def test_w10_a_holiday_moves_an_action_and_neither_wait_nor_branch(worlds: MakeWorld) -> None:
    project = PROJECT + "calendars: {firm: {holidays: [2026-03-04]}}\n"
    rules = """workflow w of contact { when: manually  calendar: firm  window: 09:00-17:00
        wait 1 day  if plan = paid { send intro } else { set phone = "no" } }"""
    w = worlds(rules, project=project).contact("ann", plan="paid").contact("bob").go_live()
    w.enroll("ann", "workflow w", at="03-03 20:00").enroll("bob", "workflow w", at="03-03 20:00").run_to("03-09 00:00")
    assert w.mails("ann") == [("03-05 09:00", "intro")]
    assert [s[0] for s in w.steps("bob") if s[1] == "set"] == ["03-04 20:00"]


# --- branches, delays, actions ---


def test_w11_branches_are_tried_in_order_and_the_first_that_fits_wins(worlds: MakeWorld) -> None:
    rules = """workflow w of contact { when: manually
        if visits > 10 { set phone = "many" } else if visits > 5 { set phone = "some" } else { set phone = "few" }
        match plan { free, trial { set first_name = "open" } paid { set first_name = "closed" }
                     else { set first_name = "none" } } }"""
    w = worlds(rules).go_live()
    for name, visits, plan in (("ann", 20, "paid"), ("bob", 7, "trial"), ("cat", 5, "free"), ("dan", None, None)):
        w.contact(name, visits=visits, plan=plan).enroll(name, "workflow w", at="03-03 10:00")
    w.run_to("03-03 11:00")
    assert [(w.value(n, "phone"), w.value(n, "first_name")) for n in ("ann", "bob", "cat", "dan")] == [
        ("many", "closed"), ("some", "open"), ("few", "open"), ("few", "none"),
    ]  # fmt: skip


def test_w11_on_what_became_of_an_action(worlds: MakeWorld) -> None:
    rules = """workflow w of contact { when: manually  send letter
        if sent { set phone = "sent" } else if refused { set phone = "refused" } }"""
    w = worlds(rules).contact("ann").contact("bob").consent("bob", "news", "opted_out", at="03-02 09:00")
    w.enroll("ann", "workflow w", at="03-03 10:00").enroll("bob", "workflow w", at="03-03 10:00").run_to("03-03 11:00")
    assert (w.value("ann", "phone"), w.value("bob", "phone")) == ("sent", "refused")


def test_w12_a_branch_on_engagement_right_behind_the_mail_never_waits_for_it(worlds: MakeWorld) -> None:
    """What the lint `branch-on-engagement-without-wait` warns of: at once nobody has opened; after a wait they have."""
    rules = """workflow {} of contact {{ when: manually  send intro {}
        if has opened_email since enrollment {{ set phone = "opened" }} else {{ set phone = "not" }} }}"""
    for name, wait, found in (("w", "", "not"), ("v", "wait 1 day", "opened")):
        w = (
            worlds(rules.format(name, wait))
            .contact("ann")
            .go_live()
            .enroll("ann", f"workflow {name}", at="03-03 10:00")
        )
        w.run_to("03-03 10:30").event("ann", "opened_email", at="03-03 11:00", mail="intro").run_to("03-06 00:00")
        assert w.value("ann", "phone") == found


@pytest.mark.parametrize(
    ("wait", "at"),
    [
        ("wait 36 hours", "03-04 22:00"),
        ("wait until renewal else { }", "03-06 00:00"),
        ("wait until renewal at 08:30 else { }", "03-06 08:30"),
        ("wait until purchased up to 5 days else { }", "03-05 12:00"),
        ("wait until viewed_page up to 2 days else { }", "03-05 10:00"),
        ("wait until plan = paid up to 5 days else { }", "03-04 12:00"),
        ("wait until monday 09:00", "03-09 09:00"),
        ("wait until 09:00", "03-04 09:00"),
        ("wait until created_at else { }", "03-03 10:00"),
    ],
)
def test_w13_delays_of_every_kind(worlds: MakeWorld, wait: str, at: str) -> None:
    """A set time, a date, a date property, an event with its limit, a weekday, a time of day; a date past goes on."""
    rules = f'workflow w of contact {{ when: manually  {wait}  set phone = "on" }}'
    w = worlds(rules).contact("ann", plan="free", renewal="2026-03-06").go_live()
    w.enroll("ann", "workflow w", at="03-03 10:00").set("ann", at="03-04 12:00", plan="paid")
    w.event("ann", "purchased", at="03-05 12:00").run_to("03-12 00:00")
    assert [s[0] for s in w.steps("ann") if s[1] == "set"] == [at]


def test_w14_steps_around_a_date_those_past_are_left_out(worlds: MakeWorld) -> None:
    """Who comes in late goes on with the step still ahead."""
    rules = """workflow w of contact { when: manually
        wait until renewal else { set phone = "past" }
        if phone is missing { send intro } send case }"""
    w = worlds(rules).contact("ann", renewal="2026-03-05").contact("bob", renewal="2026-03-01").go_live()
    w.enroll("ann", "workflow w", at="03-03 10:00").enroll("bob", "workflow w", at="03-03 10:00").run_to("03-06 00:00")
    assert w.mails("ann") == [("03-05 00:00", "intro"), ("03-05 00:00", "case")]
    assert w.mails("bob") == [("03-03 10:00", "case")]


def test_w15_every_action_of_a_workflow_is_run(worlds: MakeWorld) -> None:
    """One of each; what it did stands in the step log."""
    project = PROJECT + "teams: {reps: [rep]}\n"
    rules = """static segment board of contact
        sequence s { when: manually  sender: rep  wait 9 days  send intro }
        workflow w of contact { when: manually
          send case
          notify rep "look"  log note "seen"
          create ticket { subject = "T" } as made  link made to contact
          set plan = paid  clear phone  add 2 to visits
          assign owner round_robin team reps replace
          add to segment board  remove from segment board
          subscribe to news because "asked"  unsubscribe from sales
          task call "Call them" to rep without waiting
          enroll in sequence s  unenroll from sequence s }"""
    w = worlds(rules, project=project).contact("ann", phone="1", visits=1).go_live()
    w.enroll("ann", "workflow w", at="03-03 10:00").run_to("03-04 00:00")
    done = [(s[1], s[3]) for s in w.steps("ann", "w")]
    assert [what for what, _ in done][1:-1] == [
        "send", "notify", "note", "create", "link", "set", "clear", "add", "assign", "add to", "remove from",
        "subscribe", "unsubscribe", "task", "enroll", "unenroll",
    ]  # fmt: skip
    assert not [step for step in done if "skipped" in step[1] or "refused" in step[1]]
    assert w.status("ann", "w") == "finished(completed)"


def test_w16_turns_are_even_and_an_owner_stays_unless_told(worlds: MakeWorld) -> None:
    project = PROJECT + "teams: {reps: [rep, amy, gone]}\n"
    rules = """workflow w of contact { when: manually  assign owner round_robin team reps }
        workflow r of contact { when: manually  assign owner round_robin team reps replace }"""
    w = worlds(rules, project=project).go_live()
    for i in range(6):
        w.contact(f"p{i}", owner="mute" if i == 5 else None).enroll(f"p{i}", "workflow w", at="03-03 10:00")
    w.run_to("03-03 11:00")
    owners = [w.value(f"p{i}", "owner") for i in range(6)]
    assert sorted(map(str, owners[:4])) == ["amy", "amy", "rep", "rep"] and owners[5] == "mute"
    w.enroll("p5", "workflow r", at="03-03 12:00").run_to("03-03 13:00")
    assert w.value("p5", "owner") in ("rep", "amy")


def test_w17_nothing_is_live_with_a_hole_in_it() -> None:
    """What is not filled in is an error of the whole project: no run takes it."""
    for hole in ("send nothing_yet", "send", "create ticket { } as t", "enroll in workflow later"):
        assert findings(f"workflow w of contact {{ when: manually  {hole} }}"), hole


def test_w18_a_stage_that_is_none_of_its_pipeline_is_an_error() -> None:
    """Written by a step as by hand."""
    assert findings("workflow w of deal { when: created  set stage = launched }")
    assert not findings("workflow w of deal { when: created  set stage = proposal }")


def test_w19_every_action_has_a_key_of_its_own_and_none_is_done_twice(worlds: MakeWorld) -> None:
    """Entering again is another enrollment with other keys; the same event delivered again is nothing."""
    rules = "workflow w of contact { when: purchased  again: always  send intro  send intro }"
    w = worlds(rules).contact("ann").go_live()
    for at in ("03-03 10:00", "03-04 10:00"):
        w.event("ann", "purchased", at=at, key=at).event("ann", "purchased", at=at, key=at)
    w.run_to("03-04 12:00").event("ann", "purchased", at="03-04 10:00", key="03-04 10:00").restart().run_to(
        "03-06 00:00"
    )
    keys = [row[0] for row in w.sql("SELECT key FROM segue_outbox")]
    assert len(keys) == len(set(keys)) == len(w.mails("ann")) == 4
    assert w.sql("SELECT count(*), count(DISTINCT ordinal) FROM segue_step WHERE what = 'send'")[0][0] == 8


def test_w20_a_circle_is_found_before_it_runs_and_what_the_checker_cannot_see_is_stopped(worlds: MakeWorld) -> None:
    circle = """workflow a of contact { when: manually  again: always  enroll in workflow b }
        workflow b of contact { when: manually  again: always  enroll in workflow a }"""
    assert findings(circle)
    hidden = """workflow up of contact { when: visits < 3  again: always  wait 1 minute  add 5 to visits }
        workflow down of contact { when: visits > 3  again: always  wait 1 minute  add -5 to visits }"""
    w = worlds(hidden, project=PROJECT + "limits: {enrollments_per_record_per_hour: 4}\n").contact("ann").go_live()
    w.set("ann", at="03-03 10:00", visits=1).run_to("03-03 10:50")
    assert len(run(w, definition="up")) + len(run(w, definition="down")) == 4
    assert [reason for _, _, reason in w.refusals("ann")] == ["loop_guard"]


def test_w8_a_record_deleted_is_kept_out_too(worlds: MakeWorld) -> None:
    w = worlds(MARK.format("w", "when: purchased")).contact("ann").go_live()
    w._put(inbox.delete_row("contact", record_id("contact", "ann"), at=w.micros("03-03 09:00")))
    w.event("ann", "purchased", at="03-03 10:00").enroll("ann", "workflow w", at="03-03 11:00").run_to("03-04 00:00")
    assert run(w) == []
