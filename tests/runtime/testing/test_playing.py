"""What is given, what happens, and how time passes in a test."""

from __future__ import annotations

import pytest

from .play import ANN, RULES, passes, play, play_all, said, written

SOMEBODY = 'given contact ann { email = "ann@x.example"  owner = rep }'


# --- given ------------------------------------------------------------------------------------


def test_x3_a_record_given_at_the_clock_is_new_and_starts() -> None:
    assert passes("expect ann in sequence trial")


def test_a_record_without_what_the_condition_asks_for_does_not_start() -> None:
    assert passes("expect ann not in sequence trial", given=SOMEBODY)


def test_x2_an_event_given_counts_and_starts_nothing() -> None:
    given = f"{SOMEBODY}\n  given ann purchased(amount = 100 EUR) 3 days ago"
    assert passes("expect ann in segment buyers\n  expect no task todo for ann", given=given)


def test_what_happens_is_another_event_than_the_same_one_given() -> None:
    given = f"{SOMEBODY}\n  given ann purchased(amount = 100 EUR) 60 days ago"
    body = "ann purchased(amount = 100 EUR)\n  expect ann in segment buyers\n  expect task todo for ann"
    assert passes(body, given=given)


def test_an_event_given_without_a_time_starts_nothing_either() -> None:
    given = f"{SOMEBODY}\n  given ann purchased(amount = 100 EUR)"
    assert passes("expect ann in segment buyers\n  expect no task todo for ann", given=given)


@pytest.mark.parametrize(("ago", "inside"), [(29, True), (31, False)])
def test_x14_ago_counts_from_the_clock(ago: int, inside: bool) -> None:
    given = f"{SOMEBODY}\n  given ann purchased(amount = 100 EUR) {ago} days ago"
    assert passes("expect ann in segment buyers", given=given) is inside


def test_a_date_of_a_record_may_be_given_as_ago() -> None:
    given = "given contact ann { created_at = 20 days ago  renewal = 3 days ago }"
    body = "expect ann { created_at = 2026-02-10 10:00  renewal = 2026-02-27 }"
    assert passes(body, given=given)
    assert not passes("expect ann { created_at = 2026-02-10 10:01 }", given=given)


def test_links_are_given_both_ways() -> None:
    given = f'{SOMEBODY}\n  given company acme {{ name = "Acme" }}\n  given ann linked to acme'
    body = 'ann purchased(amount = 20 EUR)\n  expect acme { industry = "retail" }'
    assert passes(f"{body} from bought", given=given)
    assert passes(body, given=given.replace("ann linked to acme", "acme linked to ann"))
    assert not passes(body, given=given.replace("\n  given ann linked to acme", ""))


def test_members_of_a_static_segment_are_given() -> None:
    assert passes("expect ann in segment board", given=f"{SOMEBODY}\n  given ann in segment board")
    assert not passes("expect ann in segment board", given=SOMEBODY)


@pytest.mark.parametrize(
    ("choice", "received"), [("subscribed to news", True), ("opted out of news", False), ("", False)]
)
def test_x24_consent_is_asked_for_as_in_production(choice: str, received: bool) -> None:
    given = ANN.replace("}", "vip = true }") + (f"\n  given ann {choice}" if choice else "")
    assert passes("set ann.plan = paid\n  expect ann receives letter", given=given) is received


def test_values_of_every_type_are_given_and_expected() -> None:
    fields = (
        'first_name = "Zoë"  plan = free  renewal = 2026-05-01  visits = 3  balance = 12.50 EUR  tags = [a, c]'
        "  vip = true  owner = amy  created_at = 2026-01-01 08:30"
    )
    assert passes(f"expect ann {{ {fields} }}", given=f"given contact ann {{ {fields} }}")
    for wrong in ("visits = 4", "balance = 12.51 EUR", "tags = [a]", "vip = false", "owner = rep", "plan = paid"):
        assert not passes(f"expect ann {{ {wrong} }}", given=f"given contact ann {{ {fields} }}")


def test_derived_properties_can_be_expected() -> None:
    given = 'given contact ann { first_name = "Ann"  last_name = "Lee" }'
    assert passes('expect ann { full_name = "Ann Lee" }', given=given)


def test_several_people_do_not_mix() -> None:
    given = f'{ANN}\n  given contact bob {{ email = "bob@x.example"  owner = amy  plan = free }}'
    assert passes("expect ann receives intro\n  expect bob does not receive intro", given=given)


# --- what happens -----------------------------------------------------------------------------


def test_an_event_happens_now_and_what_follows_has_happened() -> None:
    assert passes("ann purchased(amount = 20 EUR)\n  expect task todo for ann assigned to amy from bought")
    assert passes("ann purchased(amount = 5 EUR)\n  expect no task todo for ann")


def test_acts_come_one_after_the_other_and_the_clock_shows_the_same_minute() -> None:
    body = "\n  ".join(["ann purchased(amount = 20 EUR)"] * 3 + ["expect ann receives intro at 2026-03-02 10:00"])
    assert passes(body)
    rules = RULES + "workflow mails of contact { when: purchased  again: always  send intro }\n"
    body = "ann purchased(amount = 20 EUR)\n  expect ann receives intro at 2026-03-05 10:00 from mails"
    assert passes(f"after 3 days\n  {body}", rules=rules, of="mails")


def test_time_passes_from_the_last_act() -> None:
    """What waits a day after an event is there a day after it."""
    rules = RULES + "workflow slow of contact { when: purchased  wait 1 day  send intro }\n"
    body = "after 3 hours\n  ann purchased(amount = 20 EUR)\n  after 1 day"
    mail = "expect ann receives intro at 2026-03-03 13:00 from slow"
    assert passes(f"{body}\n  {mail}", rules=rules, of="slow")
    assert not passes(f"{body.replace('1 day', '23 hours')}\n  {mail}", rules=rules, of="slow")


def test_x11_a_mail_event_belongs_to_the_last_mail_of_that_template() -> None:
    rules = RULES + (
        "sequence dynamic of contact { when: plan = trial  sender: rep\n"
        "  automated { send intro  wait 1 day  send story }"
        '\n  rep_led when clicked_email { task call "Call" } }\n'
    )
    click = "ann clicked_email(template = intro)\n  expect task call for ann from dynamic"
    assert passes(click, rules=rules, of="dynamic")
    assert passes(click.replace("(template = intro)", ""), rules=rules, of="dynamic")
    assert not passes(click.replace("= intro", "= story"), rules=rules, of="dynamic")


@pytest.mark.parametrize("outcome", ["done", "skipped"])
def test_a_task_is_done_or_skipped(outcome: str) -> None:
    body = f"after 3 days\n  on task call of ann {outcome}\n  expect ann finished trial because no_reply"
    assert passes(body)
    assert not passes(body.replace(f"  on task call of ann {outcome}\n", ""))


def test_a_task_that_is_not_open_cannot_be_done_and_ends_the_test() -> None:
    body = "on task call of ann done\n  expect ann receives story"
    assert said(body) == [("there is no open task `call` for `ann` to be done", "no such task is open here")]


def test_somebody_enrolls_by_hand() -> None:
    assert passes("ann enrolls in by_hand\n  expect ann receives intro from by_hand", given=SOMEBODY)


def test_only_what_the_test_is_of_is_live() -> None:
    assert passes("set ann.plan = paid\n  expect rep not notified", of="trial")
    assert passes("set ann.plan = paid\n  expect rep notified", of="paid")


# --- time -------------------------------------------------------------------------------------


def test_business_days_follow_the_calendar_of_the_account() -> None:
    """1 May 2026, a Friday, is a holiday in Poland: a business day after Thursday is Monday, four days later."""
    rules = RULES + "workflow slow of contact { when: purchased  wait 4 days  send intro }\n"
    test = written("ann purchased(amount = 1 EUR)\n  after 1 business day\n  expect ann receives intro", "slow")
    assert [o.passed for o in play_all(test.replace("2026-03-02", "2026-04-30"), rules)] == [True]
    assert [o.passed for o in play_all(test, rules)] == [False]  # Monday -> Tuesday


def test_the_clock_is_in_the_zone_it_names_else_in_the_account_s() -> None:
    mail = "expect ann receives intro at 2026-03-02 10:00"
    assert passes(mail)
    (tokyo,) = play_all(written(mail).replace("10:00\n", "10:00 in Asia/Tokyo\n", 1))
    assert tokyo.passed and tokyo.test.zone == "Asia/Tokyo"
    (early,) = play_all(written(mail.replace("10:00", "02:00")).replace("10:00\n", "10:00 in Asia/Tokyo\n", 1))
    assert not early.passed


def test_tests_know_nothing_of_each_other() -> None:
    """The stage is shared and what was done is taken back: the order does not matter, nothing is left."""
    first = written("set ann.plan = paid\n  expect ann { visits = 1 }", title="first")
    second = written("expect ann { visits is missing }\n  expect ann receives intro\n  expect nothing else", title="2")
    third = written("expect ann receives intro", "trial", title="third")
    for tests in ((first, second, third, first), (third, second, first, second)):
        assert [o.passed for o in play_all("".join(tests))] == [True] * 4


def test_a_failing_test_leaves_nothing_behind() -> None:
    broken = written("on task call of ann done", title="broken")
    good = written("expect ann receives intro\n  expect nothing else", title="good")
    assert [o.passed for o in play_all(broken + good + broken + good)] == [False, True, False, True]


# --- rows -------------------------------------------------------------------------------------

ROWS = """
for each who, plan, mail in [(1, trial, intro), (2, free, intro), (3, trial, story)] {
    given contact bob { email = "bob@x.example"  owner = rep  plan = plan  visits = who }
    expect bob receives mail
  }
"""


def test_rows_are_tests_of_their_own_and_named() -> None:
    outcomes = play_all(written(ROWS))
    assert [(o.test.row, o.passed) for o in outcomes] == [
        ("who = 1, plan = trial, mail = intro", True),
        ("who = 2, plan = free, mail = intro", False),
        ("who = 3, plan = trial, mail = story", False),
    ]
    assert [f.message for o in outcomes for f in o.failures] == [
        "`bob` has not received `intro`",
        "`bob` has not received `story`",
    ]


def test_rows_inside_rows_make_all_pairs() -> None:
    rows = "for each a in [1, 2] { for each b in [3, 4] { expect ann { visits = b } } }"
    outcomes = play_all(written(rows, given="given contact ann { visits = 3 }"))
    assert [(o.test.row, o.passed) for o in outcomes] == [
        ("a = 1, b = 3", True),
        ("a = 1, b = 4", False),
        ("a = 2, b = 3", True),
        ("a = 2, b = 4", False),
    ]


def test_a_row_stands_inside_a_list_too() -> None:
    rows = (
        "for each one, there in [(a, [a, c]), (b, [a, c])] {\n set ann.tags = [one, c]  expect ann { tags = there } }"
    )
    outcomes = play_all(written(rows))
    assert [(o.test.row.partition(",")[0], o.passed) for o in outcomes] == [("one = a", True), ("one = b", False)]


# --- the log ----------------------------------------------------------------------------------


def test_a_failure_tells_what_happened_with_the_person_so_far() -> None:
    outcome = play("after 2 days\n  expect ann receives letter\n  after 9 days")
    (log,) = outcome.failures[0].log
    assert (log.name, log.until) == ("ann", "2026-03-04 10:00")
    assert [(line.at, line.definition, line.words) for line in log.lines if line.at] == [
        ("2026-03-02 10:00", "sequence trial", "enrolled"),
        ("2026-03-02 10:00", "sequence trial", "send intro: sent"),
        ("2026-03-04 10:00", "sequence trial", "send story: sent"),
    ]


def remarks(body: str, given: str = ANN, of: str = "trial", rules: str = RULES) -> list[tuple[str, str]]:
    """(whose log, its remark) behind the first failure."""
    (failure,) = play(body, of=of, given=given, rules=rules).failures
    return [(log.name, line.words) for log in failure.log for line in log.lines if not line.at]


def test_a_given_date_may_be_counted_from_the_clock() -> None:
    given = "given contact ann { renewal = 2 business days from now  created_at = 3 hours ago }"
    assert passes("expect ann { renewal = 2026-03-04  created_at = 2026-03-02 07:00 }", given=given)
    assert passes("expect ann { renewal = 2026-03-02 }", given="given contact ann { renewal = today }")


def test_a_moment_that_a_step_writes_is_expected_to_the_minute() -> None:
    """What happens by hand happens a moment after the line before it, so `now` is no whole minute there."""
    rules = RULES + """workflow visit of contact { when: purchased  set seen = now }\n"""
    for fits, at in ((True, "10:00"), (False, "10:01"), (False, "09:59")):
        body = f"ann purchased(amount = 1 EUR)\n  expect ann {{ seen = 2026-03-02 {at} }}"
        assert passes(body, rules=rules, of="visit") is fits


def test_the_log_says_what_somebody_waits_for_and_until_when() -> None:
    assert remarks("expect ann receives story") == [("ann", "waits until 2026-03-04 10:00, then send story")]
    assert remarks("after 9 days\n  expect ann receives letter") == [("ann", "waiting task")]


def test_the_log_says_what_keeps_a_mail_back() -> None:
    rules = RULES.replace("goal: plan = paid", "goal: plan = paid  window: 14:00-17:00")
    words = "waits until 2026-03-02 14:00, then send intro (outside its window until then)"
    assert remarks("expect ann receives intro", rules=rules) == [("ann", words)]


def test_the_log_tells_of_the_record_whose_rule_mails_the_person() -> None:
    rules = RULES + "workflow w of ticket { when: created  sender: rep  wait 1 day  send intro to every contact }"
    given = f'{ANN}\n  given ticket t {{ subject = "Help" }}\n  given t linked to ann'
    assert remarks("expect ann receives intro", given, "w", rules) == [("t", "waits until 2026-03-03 10:00")]
    rules = rules.replace("created", 'subject = "other"')
    assert remarks("expect ann receives intro", given, "w", rules) == []


def test_the_log_says_what_a_property_is_that_did_not_become_it() -> None:
    """A record that is given without a stage has none, and so does not come to the first one."""
    rules = RULES + "workflow w of ticket { when: stage becomes new  set priority = high }"
    said = "never enrolled: stage becomes new has not happened (stage is missing)"
    body = "expect t { priority = high }"
    assert remarks(body, 'given ticket t { subject = "Help" }', "w", rules) == [("t", said)]
    assert play(body, given='given ticket t { subject = "Help"  stage = new }', of="w", rules=rules).passed


def test_the_log_says_why_somebody_never_was_enrolled() -> None:
    outcome = play("expect ann receives intro", of="trial", given=SOMEBODY)
    (log,) = outcome.failures[0].log
    assert [line.words for line in log.lines] == ["never enrolled: plan = trial does not hold (plan is missing)"]


def test_the_log_tells_refusals_with_their_reason() -> None:
    outcome = play("expect ann receives intro", of="trial", given="given contact ann { plan = trial  owner = rep }")
    (log,) = outcome.failures[0].log
    assert [(line.at, line.words) for line in log.lines] == [("2026-03-02 10:00", "refused: no_address")]


def test_a_day_given_for_an_instant_is_its_beginning_and_expected_is_all_of_it() -> None:
    given = "given contact ann { created_at = 2026-02-01 }"
    assert passes("expect ann { created_at = 2026-02-01 00:00 }", given=given)
    assert passes("expect ann { created_at = 2026-02-01 }", given=given.replace("02-01", "02-01 23:59"))
    assert not passes("expect ann { created_at = 2026-02-01 }", given=given.replace("02-01", "02-02 00:00"))


def test_what_is_added_and_cleared_is_written_by_its_definition() -> None:
    rules = RULES + "workflow tidy of contact { when: purchased  add 2 to visits  clear balance }\n"
    given = SOMEBODY.replace("}", "visits = 1  balance = 5 EUR }")
    both = "expect ann { visits = 3  balance is missing } from tidy"
    assert passes(f"ann purchased\n  {both}\n  expect nothing else", rules=rules, of="tidy", given=given)
    assert said("ann purchased\n  expect nothing else", rules=rules, of="tidy", given=given) == [
        (
            "2 things else happened",
            "`ann.visits` was written by workflow `tidy` at 2026-03-02 10:00; "
            "`ann.balance` was written by workflow `tidy` at 2026-03-02 10:00",
        )
    ]


# --- scores -----------------------------------------------------------------------------------

SCORES = (
    RULES
    + """
score heat of contact {
  give 8 when purchased
  give 2 when plan = trial
  decay: half every 1 day
}
segment hot of contact { score(heat) >= 6 }
segment cooling of contact { score(heat) fell by 2 within 2 days }
"""
)


@pytest.mark.parametrize(("days", "hot", "cooling"), [(0, "in", "not in"), (1, "in", "not in"), (2, "not in", "in")])
def test_x35_a_score_fades_in_a_test_as_days_pass(days: int, hot: str, cooling: str) -> None:
    """8, and 2 while on trial: 10, then 6, then 4; when yesterday began it was 0, 0, 6."""
    body = f"ann purchased(amount = 1 EUR)\n  after {days} days\n" if days else "ann purchased(amount = 1 EUR)\n"
    given = 'given contact ann { email = "ann@x.example"  owner = rep  plan = trial }'
    expected = f"  expect ann {hot} segment hot\n  expect ann {cooling} segment cooling"
    assert passes(body + expected, given=given, rules=SCORES)
