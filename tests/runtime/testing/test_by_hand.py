"""What people do by hand in a rule test, and what a test can look at beyond mails and tasks."""

from __future__ import annotations

from functools import cache

import pytest

from dsl.compile import compile_project
from dsl.source import Source
from runtime.testing import Outcome
from runtime.testing.coverage import coverage
from tests.runtime.testing.play import PROJECT, SCHEMA, passes, play_all, program, said, written

RULES = """
playbook talk for deal with contact {
  outcome: connected, no_answer
  ask budget "Budget?": money -> deal.amount
  ask role "Role?": choice [champion, user]
  when answers.role = champion { ask seats "Seats?": number }
  on save {
    log note "Budget {{ answers.budget | default: 'open' }}"
    if outcome = no_answer { task call "Call" }
  }
}
form demo {
  ask email "E-mail": text -> contact.email required
  ask company "Company": text -> company.name
  ask agrees "News?": bool
  on submit {
    slack "#leads" "{{ answers.email }} wants <a demo>"
    webhook "crm" { plan = contact.plan }
    create ticket { subject = "Demo" owner = rep } as asked
    link asked to contact
    if answers.agrees { subscribe to news because "ticked" }
  }
}
survey nps {
  scale: 0..10 -> contact.visits
  not_again_within: 30 days
  when answers.score <= 6 { ask why "Why?": text }
}
broadcast letter_now { to: plan = paid  suppress: vip  send: letter }
template letter { topic: news  subject: "News"  body: "Hello" }
template intro { topic: sales  subject: "Intro"  body: "Hello" }
hygiene names of contact {
  fix when last_name ends with "-san" { set last_name = without_suffix(last_name, "-san") }
  review when first_name is missing "Name?"
}
report tickets_by_owner of ticket { measure: count, max(created_at)  by: owner }
report won of deal { where: won  measure: sum(amount), count  by: month(close_on)  target: 20 EUR per month }
report open_deals of deal { where: not closed  measure: count  target: 4 per quarter }
dashboard deals_board { reports: won, open_deals }
report scores of survey_answer { measure: nps, avg(score) }
snippet "#sig" { use_in: note  text: "Yours, for {{ contact.first_name | default: 'you' }}" }
score interest of contact { give 5 when replied  take 2 when vip }
segment keen of contact { score(interest) >= 5 }
"""
ALL = "talk, demo, nps, letter_now, names, tickets_by_owner, won, open_deals, scores, interest"
GIVEN = """given contact ann { email = "ann@x.example" first_name = "Ann" last_name = "Lee-san" plan = paid }
  given deal d { name = "D" stage = appointment }
  given ann linked to d as deal
  given ann subscribed to news"""


def holds(body: str) -> bool:
    return passes(body, of=ALL, given=GIVEN, rules=RULES)


def wrong(body: str) -> list[tuple[str, str]]:
    return said(body, of=ALL, given=GIVEN, rules=RULES)


def errors(body: str) -> list[str]:
    """What the check says about a test."""
    rules = Source("t.segue", RULES + written(body, ALL, GIVEN))
    found = compile_project([rules], Source("schema.yaml", SCHEMA), Source("segue.yaml", PROJECT))
    return [f"{d.code}: {d.message}" for d in found.diagnostics if d.severity.value == "error"]


@pytest.mark.parametrize(
    "body",
    [
        # P5: answers, note and what follows in one save; X20: about the person on the line
        "rep saves talk(budget = 100 EUR, outcome = connected) for d with ann  expect d { amount = 100 EUR } "
        'expect note on d "Budget €100.00"  expect note on ann contains "Budget?"  expect no task call for d',
        "rep saves talk(outcome = no_answer, role = user) for d  expect task call for d from talk",
        # X27: a form finds its contact by the address, or makes one; another company is made, not renamed
        'bob submits demo(email = "bob@x.example", company = "Acme")  expect bob { email = "bob@x.example" } '
        'expect company created as acme { name = "Acme" }  expect acme { name = "Acme" }',
        'ann submits demo(email = "ANN@x.example")  expect contact not created  expect ann { plan = paid }',
        'bob submits demo(email = "bob@x.example", agrees = true)  expect bob subscribed to news',
        'bob submits demo(email = "bob@x.example")  expect bob not subscribed to news',
        'ann submits demo(email = "ann@x.example")  expect slack "#leads" "ann@x.example wants <a demo>" from demo '
        'expect no slack "#leads" contains "bob"  expect webhook "crm" contains "paid"',
        'ann submits demo(email = "ann@x.example")  expect ticket created as t { owner = rep } from demo '
        'expect t { subject = "Demo" }  rep moves t to closed  expect t { stage = closed }',
        # P10, P12: one answer to an invitation, and nobody is asked again so soon
        "ann answers nps(score = 9)  expect ann { visits = 9 }  expect report scores shows (nps = 100, avg(score) = 9)",
        # L14: to each once
        "rep sends letter_now  expect ann receives letter from letter_now  rep sends letter_now "
        "expect ann refused letter_now because enrolled_before",
        "set ann.vip = true  rep sends letter_now  expect ann refused letter_now because suppressed",
        # P15
        'expect hygiene names finds ann  rep fixes names  expect ann { last_name = "Lee" } '
        "expect hygiene names does not find ann",
        # P14
        "rep moves d to won  set d.amount = 5 EUR  set d.close_on = 2026-02-10 "
        "expect report won shows (month(close_on) = 2026-02-01, sum(amount) = 5 EUR, count = 1) "
        "expect report won does not show (count = 2)",
        "expect report won does not show (count = 1)",
        "rep moves d to won  set d.amount = 5 EUR  expect report won shows (sum(deal.amount) = 5 EUR)",
        'expect snippet "#SIG" for ann "Yours, for Ann"  expect snippet "#sig" for ann contains "Ann"',
        "ann replied  expect ann in segment keen",
        # what is refused, and in whose words
        "rep moves d to nowhere but is refused",
        'rep moves d to nowhere but is refused because "no stage"  rep moves d to won  expect d { stage = won }',
        'rep saves talk(budget = much, outcome = connected) for d but is refused because "amount in EUR"  '
        "expect no note on d",
        'bob submits demo(email = "no address") but is refused because "email:"  expect contact not created',
        'ann answers nps(score = 9)  ann answers nps(score = 2) but is refused because "lately"  '
        "expect ann { visits = 9 }",
        # X35
        "expect ann { score(interest) is missing  plan = paid }  ann replied  expect ann { score(interest) = 5 }  "
        "set ann.vip = true  expect ann { vip = true  score(interest) = 3 }",
        # P14: what a target is reached to
        "rep moves d to won  set d.amount = 5 EUR  set d.close_on = 2026-02-10  "
        "expect report won shows (month = 2026-02-01, sum(amount) = 5 EUR, target = 20 EUR, reached = 25%)  "
        "expect report won on dashboard deals_board does not show (target = 20 EUR, reached = 26%)",
        "expect report open_deals on dashboard deals_board shows (count = 1, target = 4, reached = 25%)",
    ],
)
def test_what_people_do_has_its_consequences(body: str) -> None:
    assert holds(body)


@pytest.mark.parametrize(
    ("body", "message", "instead"),
    [
        ("rep moves d to nowhere", "this was refused", ""),
        ("rep saves talk(budget = much, outcome = connected) for d", "this was refused: budget:", "an amount in EUR"),
        ("rep saves talk(budget = 1 EUR) for d", "this was refused", ""),
        ('ann submits demo(email = "no address")', "this was refused: email:", ""),
        ("ann answers nps(score = 11)", "this was refused: score:", "from 0 to 10"),
        ("ann answers nps(score = 9)  ann answers nps(score = 9)", "has answered `nps` lately", "not_again_within"),
        ('expect slack "#leads"', "slack `#leads` was not called", "nothing was called"),
        ('expect note on d contains "x"', 'no note on `d` that contains "x"', "it has no note"),
        ("expect ticket created", "no ticket was created", "no ticket is new"),
        ("expect ann not subscribed to news", "`ann` is subscribed to `news`", "subscribed"),
        ("expect ann opted out of news", "`ann` is not opted out of `news`", "subscribed"),
        ("expect hygiene names does not find ann", "hygiene `names` finds `ann`", "names.1"),
        ("expect report won shows (count = 1)", "shows no such row", "it has no rows"),
        ("expect report won shows (counts = 1)", "has no column `counts`", "`count`"),
        ("expect report won shows (count = many)", "is no number", ""),
        ('expect snippet "#sig" for ann "x"', 'snippet `#sig` is not "x"', "Yours, for Ann"),
        ('ann submits demo(email = "ann@x.example")  expect nothing else', "3 things else happened", "#leads"),
        ("rep moves d to won but is refused", "this was not refused", "it was done"),
        ('rep moves d to nowhere but is refused because "rain"', 'not refused because of "rain"', "no stage"),
        ("ann replied  expect ann { score(interest) = 4 }", "score `interest` of `ann` is not `4`", "it is `5`"),
        ("expect ann { score(interest) = 4 }", "score `interest` of `ann` is not `4`", "it is missing"),
        ("expect report scores on dashboard deals_board shows (count = 1)", "is not on dashboard", "`won`"),
        ("expect report open_deals shows (count = 1, target = 5)", "shows no such row", "target = 4, reached = 25%"),
        ("expect report scores shows (nps = 1, target = 5)", "has no column `target`", "`avg(score)`"),
    ],
)
def test_a_failure_says_what_was_expected_and_what_is_there(body: str, message: str, instead: str) -> None:
    ((expected, found),) = wrong(body)
    assert message in expected
    assert instead in found


def test_an_act_that_is_refused_ends_the_test() -> None:
    assert len(wrong('rep moves d to nowhere  expect slack "#leads"')) == 1


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("rep saves talks for d", "unknown-definition: there is no playbook `talks`"),
        ("rep saves talk(bugdet = 1 EUR) for d", "unknown-answer: playbook `talk` has no question `bugdet`"),
        ("rep saves talk(budget > 1 EUR) for d", "not-said-plainly: here each name has one value"),
        ("rep saves talk(role = user, role = champion) for d", "set-twice: `role` is answered twice"),
        ("rep saves talk for ann", "wrong-object: `talk` is a playbook for a deal, and `ann` is a contact"),
        ("nobody saves talk for d", "unknown-user: there is no user `nobody`"),
        ("anna submits demo", "unknown-person: this test knows no `anna`"),
        ("rep sends spring", "unknown-definition: there is no broadcast `spring`"),
        ('expect slack "#sales"', "unknown-channel: there is no Slack channel `#sales`"),
        ("expect tikket created", "unknown-object: there is no object `tikket`"),
        ("expect report lost shows (count = 1)", "unknown-report: there is no report `lost`"),
        ("expect hygiene names finds d", "wrong-object: `names` looks at each contact, and `d` is a deal"),
        ('expect snippet "#no" for ann "x"', "unknown-definition: there is no snippet `#no`"),
        ("expect ann subscribed to weather", "unknown-topic: there is no topic `weather`"),
        ("expect ann { score(interests) = 4 }", "unknown-score: there is no score `interests`"),
        ("expect d { score(interest) = 4 }", "wrong-object: "),
        ("expect ann { score(interest) = high }", "not-a-plain-value: `high` is not known before the test runs"),
        ("expect report won on dashboard board shows (count = 1)", "unknown-definition: there is no dashboard `board`"),
    ],
)
def test_the_check_says_what_is_wrong_before_a_test_runs(body: str, expected: str) -> None:
    assert any(found.startswith(expected) for found in errors(body)), errors(body)


def test_a_playbook_that_is_not_behind_of_is_not_live() -> None:
    rules = Source("t.segue", RULES + written("rep saves talk for d", "demo", GIVEN))
    found = compile_project([rules], Source("schema.yaml", SCHEMA), Source("segue.yaml", PROJECT))
    assert [d.code for d in found.diagnostics if d.severity.value == "error"] == ["not-live"]


# --- coverage -----------------------------------------------------------------------------------

EVERYTHING = [
    "rep saves talk(budget = 1 EUR, role = champion, outcome = no_answer) for d  expect note on d",
    "rep saves talk(role = user, outcome = connected) for d  expect note on d",
    'bob submits demo(email = "bob@x.example", company = "Acme", agrees = true)  expect bob subscribed to news',
    'bob submits demo(email = "bob@x.example")  expect ticket created',
    "ann answers nps(score = 3)  expect report scores shows (avg(score) = 3)",
    "ann answers nps(score = 7)  expect ann { visits = 7 }",
    "rep sends letter_now  expect ann receives letter",
    "set ann.vip = true  rep sends letter_now  expect ann does not receive letter",
    'given contact eve { last_name = "X" }  given contact fay { first_name = "F" last_name = "F" }'
    "  expect hygiene names finds ann  expect hygiene names finds eve  expect hygiene names does not find fay",
    "expect report won does not show (count = 1)  expect report tickets_by_owner does not show (count = 1)",
    'expect snippet "#sig" for ann contains "Ann"',
    "ann replied  expect ann in segment keen  set ann.vip = true  expect ann not in segment keen",
    "ann answers nps(score = 7)  ann answers nps(score = 8) but is refused",
    "expect report open_deals shows (count = 1)",
    "expect report open_deals shows (target = 4)  expect report won does not show (target = 4 EUR)",
    "expect report open_deals on dashboard deals_board shows (count = 1)",
]


@cache
def outcomes() -> list[Outcome]:
    played = play_all("".join(written(body, ALL, GIVEN) for body in EVERYTHING), RULES)
    assert [(o.failures, o.trouble) for o in played if not o.passed] == []
    return played


def missing(left_out: int | None = None) -> set[tuple[str, str]]:
    """What is not seen by all of the tests, or by all but one."""
    seen = [outcome for number, outcome in enumerate(outcomes()) if number != left_out]
    return {(way.definition[1], way.words) for way in coverage(program(RULES), seen).missing}


def test_coverage_knows_each_way_through_everything_that_decides_or_shows() -> None:
    assert missing() == set()


@pytest.mark.parametrize(
    ("left_out", "way"),
    [
        (0, ("talk", "no answer to `budget` goes to `deal.amount`")),
        (0, ("talk", "`when answers.role = champion` is never true")),
        (0, ("talk", "`if answers.outcome = no_answer` is never true")),
        (1, ("talk", "`when answers.role = champion` is never false")),
        (2, ("demo", "no answer to `company` goes to `company.name`")),
        (4, ("nps", "`when answers.score <= 6` is never true")),
        (6, ("letter_now", "nobody gets it")),
        (7, ("letter_now", "nobody is kept out by `suppress`")),
        (8, ("names.2", "`review when first_name is missing` finds nobody")),
        (9, ("tickets_by_owner", "nobody looks at it")),
        (10, ("#sig", "nobody calls it up")),
        (11, ("interest", "`give 5 when has replied` never does")),
        (12, ("nps", "nobody is kept from answering again by `not_again_within`")),
        (14, ("won", "nobody looks at its `target`")),
        (15, ("deals_board", "nobody looks at it")),
    ],
)
def test_coverage_misses_what_no_test_has_seen(left_out: int, way: tuple[str, str]) -> None:
    assert way in missing(left_out)


def test_coverage_has_seen_that_a_rule_finds_those_whom_it_puts_right() -> None:
    body = 'rep fixes names  expect ann { last_name = "Lee" }'
    played = play_all(written(body, ALL, GIVEN), RULES)
    assert played[0].passed
    unseen = {way.words for way in coverage(program(RULES), played).missing if way.definition[1].startswith("names.1")}
    assert not any("finds nobody" in words for words in unseen)
