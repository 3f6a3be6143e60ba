"""Sentences of `semantics.md` that no other test proves, with odd data, on both databases."""

from __future__ import annotations

import pytest

from dsl.compile import compile_project
from dsl.source import Source
from tests.runtime.engine.harness import PROJECT, SCHEMA, MakeWorld, World


def seen(w: World, at: str, *names: str) -> World:
    for name in names:
        w.event(name, "viewed_page", at=at, path="/")
    return w


def test_x4_two_events_of_one_instant_start_one_enrollment(worlds: MakeWorld) -> None:
    """Joined by `or`, or twice of one kind: inside is inside, whoever starts it always."""
    w = worlds("workflow w of contact { when: purchased or viewed_page  again: always  wait 1 hour  add 1 to visits }")
    w.contact("ann").event("ann", "purchased", at="03-03 10:00")
    seen(w, "03-03 10:00", "ann", "ann").event("ann", "purchased", at="03-03 10:30").run_to("03-03 12:00")
    assert w.entered("ann", "w") == ["03-03 10:00"] and w.value("ann", "visits") == 1
    assert [why for _, _, why in w.refusals("ann")] == ["already_enrolled"]


def test_x5_a_condition_that_was_refused_must_turn_false_and_true_again(worlds: MakeWorld) -> None:
    """The refusal is not remembered: when it would be allowed, nothing starts by itself."""
    w = worlds("workflow w of contact { when: visits > 5  again: after 1 month  wait 1 day }").contact("ann")
    told = {"03-30 10:00": 9, "04-01 10:00": 1, "04-10 10:00": 9, "05-05 10:00": 1, "05-05 10:01": 9}
    for at, visits in told.items():
        w.set("ann", at=at, visits=visits)
    w.run_to("06-01 00:00")
    assert w.entered("ann", "w") == ["03-30 10:00", "05-05 10:01"]
    assert [(at, why) for at, _, why in w.refusals("ann")] == [("04-10 10:00", "too_early")]


def test_x6_a_goal_met_in_the_minute_of_the_start_refuses_it(worlds: MakeWorld) -> None:
    w = worlds("sequence x { when: viewed_page  sender: rep  goal: plan = paid  send intro }").contact("ann")
    seen(w, "03-03 10:00", "ann").set("ann", at="03-03 10:00", plan="paid").run_to("03-04 10:00")
    assert (w.enrollments("ann", "x"), w.refusals("ann")) == ([], [("03-03 10:00", "x", "goal_met")])


def test_x8_absence_counts_newcomers(worlds: MakeWorld) -> None:
    """People without any such event are members from the start; where that decides who is mailed, a bound is due."""
    absent = "has not purchased within 30 days"
    w = worlds(
        f"segment idle of contact {{ {absent} }}"
        f" segment old of contact {{ {absent} and created_at older than 30 days }}"
        " sequence x { when: in segment old  sender: rep  send intro }"
    )
    w.contact("new", at="03-03 10:00").contact("buyer", at="03-03 10:00").event("buyer", "purchased", at="03-20 10:00")
    assert w.run_to("03-03 10:00").members("idle") == {"new", "buyer"}
    w.run_to("04-20 10:00")
    assert w.turns("buyer", "idle") == [("03-03 10:00", "03-20 10:00"), ("04-19 00:00", None)]
    assert (w.mails("new"), w.mails("buyer")) == ([("04-02 00:00", "intro")], [("04-19 00:00", "intro")])


@pytest.mark.parametrize(
    "when", ["has not purchased within 30 days", "in segment idle", "count(purchased within 30 days) < 1"]
)
def test_x8_absence_that_mails_newcomers_is_an_error(when: str) -> None:
    rules = (
        "segment idle of contact { has not purchased within 30 days }"
        ' template intro { topic: sales subject: "A" body: """B""" }'
        f" sequence x {{ when: {when}  sender: rep  send intro }}"
    )
    found = compile_project(
        [Source("rules.segue", rules)], Source("schema.yaml", SCHEMA), Source("segue.yaml", PROJECT)
    )
    (error,) = [d for d in found.diagnostics if d.code == "absence-counts-newcomers"]
    assert error.fix is not None and any("older than" in edit.text for edit in error.fix.edits)


def test_x9_what_happened_in_the_minute_of_the_start_is_not_after_it(worlds: MakeWorld) -> None:
    """An opt-out in that minute keeps out; a reply in that minute came before, one a minute later ends it."""
    w = worlds("sequence x { when: viewed_page  sender: rep  send intro  wait 1 day  send case }")
    for name in ("gone", "before", "after"):
        seen(w.contact(name), "03-03 10:00", name)
    w.event("gone", "unsubscribed", at="03-03 10:00").event("before", "replied", at="03-03 10:00")
    w.event("after", "replied", at="03-03 10:01").run_to("03-05 10:00")
    assert (w.enrollments("gone", "x"), w.refusals("gone")) == ([], [("03-03 10:00", "x", "unsubscribed")])
    assert [w.status(name, "x") for name in ("before", "after")] == ["finished(no_reply)", "unenrolled(reply)"]
    assert [len(w.mails(name)) for name in ("before", "after")] == [2, 1]


def test_x16_a_window_across_midnight_through_both_nights_of_the_clock(worlds: MakeWorld) -> None:
    """29 March has no 02:30: that window ends at 03:00; 25 October has it twice, and the first one ends it."""
    w = worlds("workflow w of contact { when: viewed_page  window: every day 22:00-02:30  wait 1 day  send receipt }")
    mailed = {
        "03-27 23:00": "03-28 23:00", "03-28 01:59": "03-29 01:59", "03-28 02:30": "03-29 22:00",
        "03-28 12:00": "03-29 22:00", "10-24 01:15": "10-25 01:15", "10-24 02:29": "10-25 02:29",
        "10-24 02:45": "10-25 22:00", "10-23 22:00": "10-24 22:00",
    }  # fmt: skip
    for i, at in enumerate(mailed):
        seen(w.contact(f"c{i}"), at, f"c{i}")
    w.run_to("11-09 10:00")
    assert [w.mails(f"c{i}") for i in range(len(mailed))] == [[(at, "receipt")] for at in mailed.values()]


def test_x17_events_of_the_deadline_of_the_beginning_and_of_a_minute_too_late(worlds: MakeWorld) -> None:
    """One at the deadline counts, also told a day late; one of the instant the wait began at does not."""
    w = worlds(
        'workflow w of contact { when: viewed_page  wait until purchased up to 2 hours else { exit "no" }'
        " set visits = 1 }"
    )
    for name in ("first", "last", "late", "minute", "told"):
        seen(w.contact(name), "03-03 10:00", name)
    w.run_to("03-03 10:30").event("first", "purchased", at="03-03 10:00").event("last", "purchased", at="03-03 12:00")
    w.event("late", "purchased", at="03-03 12:01").event("told", "purchased", at="03-03 12:00").tick("03-04 10:00")
    w.event("minute", "purchased", at="03-03 11:00").run_to("03-05 10:00")
    assert [w.value(name, "visits") for name in ("first", "last", "late", "minute", "told")] == [None, 1, None, None, 1]
    assert w.status("minute", "w") == "finished(exit)", "what was decided stays decided"


def test_x20_enroll_in_means_the_enrollments_contact(worlds: MakeWorld) -> None:
    w = worlds(
        "workflow w of contact { when: viewed_page  enroll in sequence x }"
        " sequence x { when: manually  sender: rep  send intro }"
    )
    w.contact("ann").contact("bob").company("acme", "ann", "bob")
    seen(w, "03-03 10:00", "ann").run_to("03-04 10:00")
    assert (w.status("ann", "x"), w.status("bob", "x")) == ("finished(no_reply)", None)


@pytest.mark.parametrize("email", [None, "", "  "])
def test_x21_no_address_is_refused(worlds: MakeWorld, email: str | None) -> None:
    w = worlds("sequence x { when: viewed_page  sender: rep  send intro }").contact("ann", email=email)
    seen(w, "03-03 10:00", "ann").run_to("03-04 10:00")
    assert (w.enrollments("ann", "x"), w.refusals("ann")) == ([], [("03-03 10:00", "x", "no_address")])


def test_x29_empty_is_a_value_and_missing_is_none(worlds: MakeWorld) -> None:
    """`!=` and `not in` are false where there is nothing to compare; an empty text is there, and is empty."""
    everybody = {"blank", "free", "paid"}
    conditions = {
        "plan != paid": {"free"}, "plan not in [paid]": {"free"}, "plan is known and not (plan = paid)": {"free"},
        'phone = ""': {"blank"}, "phone is missing": {"paid"}, 'phone contains "x"': {"free"},
        "every deal (won)": set(), "no deal (won)": everybody, "count(deal) = 0": everybody,
        "sum(purchased.amount) = 0 EUR": everybody, "avg(purchased.amount) <= 0 EUR": set(),
        "visits = 9007199254740993": {"paid"}, "visits < 0": {"blank"}, "visits = 0": {"free"},
    }  # fmt: skip
    w = worlds(" ".join(f"segment s{i} of contact {{ {text} }}" for i, text in enumerate(conditions)))
    w.contact("blank", phone="", visits=-0.5).contact("free", plan="free", phone="X", visits=0)
    w.contact("paid", plan="paid", visits=9007199254740993).run_to("03-03 10:00")
    assert {text: w.members(f"s{i}") for i, text in enumerate(conditions)} == conditions


def test_x30_an_event_without_a_class_is_a_persons(worlds: MakeWorld) -> None:
    w = worlds(
        "segment people of contact { has opened_email }"
        " segment anybody of contact { has opened_email including machines }"
    )
    for name, class_ in (("told", None), ("human", "human"), ("machine", "machine"), ("unknown", "unknown")):
        w.contact(name).event(name, "opened_email", at="03-03 10:00", template="intro", class_=class_)
    w.run_to("03-03 11:00")
    assert w.members("people") == {"told", "human"}
    assert w.members("anybody") == {"told", "human", "machine", "unknown"}


def test_x31_texts_are_compared_folded_in_every_form(worlds: MakeWorld) -> None:
    """Sharp s, ligatures, full width, accents in two pieces, the Turkish i; and `%` and `_` are signs like others."""
    forms = {
        'last_name = "STRASSE"': "sharp", 'last_name contains "\ufb01"': "wide",
        'last_name starts with "\u00c9"': "accent",
        'last_name matches "^s"': "sharp", 'last_name contains "%"': "percent", 'last_name contains "_"': "score",
        'last_name = "\u0130stanbul"': "dotted", 'email = "\u00c4NN@X.example"': "umlaut",
        'last_name ends with "\\\\"': "slash",
    }  # fmt: skip
    w = worlds(" ".join(f"segment s{i} of contact {{ {text} }}" for i, text in enumerate(forms)))
    names = {
        "sharp": "stra\u00dfe", "wide": "\uff26\uff49sh", "accent": "e\u0301lan", "percent": "100%", "score": "a_b",
        "dotted": "i\u0307stanbul", "slash": "a\\",
    }  # fmt: skip
    for name, written in names.items():
        w.contact(name, last_name=written)
    w.contact("umlaut", email="\u00e4nn@x.example").run_to("03-03 10:00")
    assert {text: w.members(f"s{i}") for i, text in enumerate(forms)} == {t: {name} for t, name in forms.items()}


def test_x33_a_stage_of_one_pipeline_is_not_that_of_another(worlds: MakeWorld) -> None:
    stages = "{stages: [open, {name: won, closed: true, won: true}, {name: lost, closed: true}]}"
    schema = SCHEMA + f"pipelines: {{deal: {{sales: {stages}, renewals: {stages}}}}}\n"
    w = worlds(
        "segment renewed of contact { any deal (stage = won and pipeline = renewals) }"
        " segment sold of contact { any deal (stage = won and pipeline = sales) }"
        " segment any_won of contact { any deal (won) }",
        schema=schema,
    )
    w.contact("ann").contact("bob").deal("d1", "ann", at="03-03 10:00", pipeline="renewals")
    w.deal("d2", "bob", at="03-03 10:00").run_to("03-03 11:00")
    assert [w.members(name) for name in ("renewed", "sold", "any_won")] == [{"ann"}, {"bob"}, {"ann", "bob"}]
