"""Every kind of expectation holds where it should, and fails, in words, where it should not."""

from __future__ import annotations

import pytest

from .play import ANN, RULES, passes, said

BUYS = "ann purchased(amount = 20 EUR)"
TASK = '`call` "Call" made at 2026-03-05 10:00, due 2026-03-05 23:59, assigned to `rep` by sequence `trial`'
LOOK = (
    '`todo` "Look at ann@x.example" made at 2026-03-02 10:00, due 2026-03-03 10:00, priority `high`,'
    " assigned to `amy` by workflow `bought`"
)
# What happens, an expectation that holds then, the same turned so that it does not, and what is said of that.
CASES = [
    ("mail", "", "expect ann receives intro", "expect ann does not receive intro",
     "`ann` has received `intro`", "sent at 2026-03-02 10:00 by sequence `trial`"),
    ("mail at", "", "expect ann receives intro at 2026-03-02 10:00", "expect ann receives intro at 2026-03-02 10:01",
     "`ann` has not received `intro` at 2026-03-02 10:01", "sent at 2026-03-02 10:00 by sequence `trial`"),
    ("mail from", "", "expect ann receives intro from trial", "expect ann receives intro from by_hand",
     "`ann` has not received `intro` from sequence `by_hand`", "sent at 2026-03-02 10:00 by sequence `trial`"),
    ("mail subject", "", 'expect ann receives intro at 2026-03-02 10:00 contains "Intro Hello" from trial',
     'expect ann does not receive intro contains "Intro" from trial',
     '`ann` has received `intro` that contains "Intro" from sequence `trial`',
     "sent at 2026-03-02 10:00 by sequence `trial`"),
    ("no mail yet", "after 1 day", "expect ann does not receive story", "expect ann receives story",
     "`ann` has not received `story`", "received `intro` instead"),
    ("mail later", "after 2 days", "expect ann receives story at 2026-03-04 10:00", "expect ann receives letter",
     "`ann` has not received `letter`", "received `intro` and `story` instead"),
    ("refused mail", "set ann.vip = true  set ann.plan = paid", "expect ann does not receive letter",
     "expect ann receives letter", "`ann` has not received `letter`",
     "refused (no_consent) at 2026-03-02 10:00 by workflow `paid`"),
    ("task", "after 3 days", "expect task call for ann", "expect no task call for ann",
     "there is a task `call` for `ann`", TASK),
    ("task assigned", "after 3 days", "expect task call for ann assigned to rep",
     "expect task call for ann assigned to amy", "there is no task `call` for `ann` assigned to `amy`",
     TASK),
    ("task from", "after 3 days", "expect task call for ann from trial", "expect task call for ann from bought",
     "there is no task `call` for `ann` from workflow `bought`",
     TASK),
    ("task due on", "after 3 days", "expect task call for ann due 2026-03-05",
     "expect task call for ann due 2026-03-06", "there is no task `call` for `ann` due 2026-03-06", TASK),
    ("task due at", BUYS, "expect task todo for ann due 2026-03-03 10:00",
     "expect task todo for ann due 2026-03-03 10:01", "there is no task `todo` for `ann` due 2026-03-03 10:01", LOOK),
    ("task priority", BUYS, "expect task todo for ann priority high",
     "expect task todo for ann priority low", "there is no task `todo` for `ann` with priority `low`", LOOK),
    ("task without priority", "after 3 days", "expect no task call for ann priority low",
     "expect task call for ann priority low", "there is no task `call` for `ann` with priority `low`", TASK),
    ("task words", BUYS, 'expect task todo for ann "Look at ann@x.example"', 'expect task todo for ann "Look at"',
     'there is no task `todo` for `ann` "Look at"', LOOK),
    ("task has words", BUYS, 'expect task todo for ann contains "ann@"', 'expect task todo for ann contains "bob@"',
     'there is no task `todo` for `ann` that contains "bob@"', LOOK),
    ("task all of it", BUYS,
     'expect task todo for ann assigned to amy due 2026-03-03 priority high contains "Look" from bought',
     'expect task todo for ann assigned to rep due 2026-03-03 priority high contains "Look" from bought',
     "there is no task `todo` for `ann` assigned to `rep` due 2026-03-03 with priority `high` that contains"
     ' "Look" from workflow `bought`', LOOK),
    ("no task", "", "expect no task call for ann", "expect task call for ann", "there is no task `call` for `ann`",
     "no task was made for them"),
    ("notice", "set ann.plan = paid", "expect rep notified", "expect rep not notified", "`rep` was notified",
     '`rep` was told "ann@x.example pays" at 2026-03-02 10:00 by workflow `paid`'),
    ("notice words", "set ann.plan = paid", 'expect rep notified "ann@x.example pays"', 'expect rep notified "pays"',
     '`rep` was not notified "pays"', '`rep` was told "ann@x.example pays" at 2026-03-02 10:00 by workflow `paid`'),
    ("notice part", "set ann.plan = paid", 'expect rep notified contains "pays"', 'expect rep notified contains "paid"',
     '`rep` was not notified of anything that contains "paid"',
     '`rep` was told "ann@x.example pays" at 2026-03-02 10:00 by workflow `paid`'),
    ("no notice part", "set ann.plan = paid", 'expect rep not notified contains "paid" from paid',
     'expect rep not notified contains "pays"', '`rep` was notified of anything that contains "pays"',
     '`rep` was told "ann@x.example pays" at 2026-03-02 10:00 by workflow `paid`'),
    ("no notice", "", "expect amy not notified", "expect amy notified", "`amy` was not notified",
     "nobody was notified"),
    ("fields", "set ann.plan = paid", "expect ann { plan = paid  visits = 1 }",
     "expect ann { plan = paid  visits = 2 }", "`ann.visits` is not `2`", "it is `1`"),
    ("missing", "", "expect ann { visits is missing }", "expect ann { plan is missing }", "`ann.plan` is not missing",
     "it is `trial`"),
    ("fields from", "set ann.plan = paid", "expect ann { visits = 1 } from paid",
     "expect ann { plan = paid } from paid", "`ann.plan` was not written from workflow `paid`",
     "no definition has written it"),
    ("in segment", "", "expect ann in segment trials", "expect ann not in segment trials",
     "`ann` is in segment `trials`", "a member at this moment"),
    ("not in segment", "set ann.plan = free", "expect ann not in segment trials", "expect ann in segment trials",
     "`ann` is not in segment `trials`", "plan = trial does not hold (plan is free)"),
    ("in sequence", "", "expect ann in sequence trial", "expect ann not in sequence trial",
     "`ann` is in sequence `trial`", "a member at this moment"),
    ("not in workflow", "set ann.plan = paid", "expect ann not in workflow paid", "expect ann in workflow paid",
     "`ann` is not in workflow `paid`", "finished (exit: no vip)"),
    ("never in", "", "expect ann not in sequence by_hand", "expect ann in sequence by_hand",
     "`ann` is not in sequence `by_hand`", "never enrolled"),
    ("finished", "set ann.plan = paid", 'expect ann finished paid because "no vip"',
     'expect ann finished paid because "vip"', "`ann` has not finished `paid` because `vip`",
     "finished (exit: no vip)"),
    ("unenrolled", "ann replied", "expect ann unenrolled from trial because reply",
     "expect ann unenrolled from trial because goal", "`ann` has not been unenrolled from `trial` because `goal`",
     "unenrolled (reply)"),
    ("refused", "ann enrolls in trial", "expect ann refused trial because already_enrolled",
     "expect ann refused trial because no_address", "`ann` has not been refused by `trial` because `no_address`",
     "active"),
]  # fmt: skip


@pytest.mark.parametrize(("happens", "holds"), [(c[1], c[2]) for c in CASES], ids=[c[0] for c in CASES])
def test_it_holds(happens: str, holds: str) -> None:
    assert said(f"{happens}\n  {holds}") == []


@pytest.mark.parametrize(
    ("happens", "fails", "message", "instead"), [(c[1], *c[3:]) for c in CASES], ids=[c[0] for c in CASES]
)
def test_it_fails_and_says_what_happened_instead(happens: str, fails: str, message: str, instead: str) -> None:
    assert said(f"{happens}\n  {fails}") == [(message, instead)]


NOTHING = ("not ", "no ", "missing")  # words of expectations that something did not happen


@pytest.mark.parametrize("holds", [c[2] for c in CASES if not any(word in c[2] for word in NOTHING)])
def test_none_holds_by_itself(holds: str) -> None:
    """Where nothing happens and nobody starts anything, what expects something fails."""
    assert not passes(holds, given='given contact ann { email = "ann@x.example" }')


# The rules of `play.py` with one thing wrong, and the expectation that finds it.
MUTANTS = [
    ("send intro\n  wait", "wait", "expect ann receives intro"),
    ("wait 2 days", "wait 3 days", "after 2 days  expect ann receives story"),
    ("send story", "send intro", "after 2 days  expect ann receives story"),
    ('task call "Call"', 'task todo "Call"', "after 3 days  expect task call for ann"),
    ("sender: contact.owner", "sender: amy", "after 3 days  expect task call for ann assigned to rep"),
    ("goal: plan = paid", "goal: plan = free", "set ann.plan = paid  expect ann unenrolled from trial because goal"),
    ("set visits = 1", "set visits = 2", "set ann.plan = paid  expect ann { visits = 1 }"),
    ("notify contact.owner", "notify amy", "set ann.plan = paid  expect rep notified"),
    ("if vip {", "if not vip and vip is known {", 'set ann.plan = paid  expect ann finished paid because "no vip"'),
    ('subject: "Intro"  body: "Hello"', 'subject: "Intro"  body: "Hi"', 'expect ann receives intro contains "Hello"'),
    ("segment trials of contact { plan = trial }", "segment trials of contact { plan = paid }",
     "expect ann in segment trials"),
    ("amount > 10 EUR", "amount > 20 EUR", "ann purchased(amount = 15 EUR)  expect task todo for ann from bought"),
]  # fmt: skip


@pytest.mark.parametrize(("right", "wrong", "expected"), MUTANTS, ids=[m[1] for m in MUTANTS])
def test_a_rule_that_is_wrong_fails_its_test(right: str, wrong: str, expected: str) -> None:
    assert right in RULES
    body = expected.replace("  ", "\n  ")
    given = ANN.replace("}", "vip = false }")
    assert passes(body, given=given)
    assert not passes(body, given=given, rules=RULES.replace(right, wrong, 1))


def test_a_mail_that_says_something_else_is_shown_as_it_was_read() -> None:
    """Subject and text in one line; what stands over two lines of the template is found."""
    rules = RULES.replace(
        'body: "Hello"', 'body: """Hello {{ contact.email | default: \'you\' }},\n  good\n  day"""', 1
    )
    assert passes('expect ann receives intro contains "Intro Hello ann@x.example, good day"', rules=rules)
    assert passes('expect ann receives intro contains """good\n  day"""', rules=rules)
    assert not passes('expect ann does not receive intro contains """good\n  day"""', rules=rules)
    [(message, instead)] = said('expect ann receives intro contains "Good bye"', rules=rules)
    assert message == '`ann` has not received `intro` that contains "Good bye"'
    assert instead.startswith('sent at 2026-03-02 10:00 by sequence `trial`: "Intro Hello ann@x.example, good day')
    [(_, instead)] = said('expect ann receives story contains "Hello"', rules=rules)
    assert instead == "received `intro` instead"


def test_what_was_expected_stands_at_its_line_and_the_test_goes_on() -> None:
    body = "expect ann receives story\n  after 2 days\n  expect ann receives story\n  expect ann receives letter"
    assert [message for message, _ in said(body)] == [
        "`ann` has not received `story`",
        "`ann` has not received `letter`",
    ]


def test_expect_looks_at_all_since_the_test_began() -> None:
    assert passes("after 20 days\n  expect ann receives intro at 2026-03-02 10:00")


# --- nothing else -----------------------------------------------------------------------------

EVERYTHING = "expect ann receives intro  expect ann { visits = 1 }  expect rep notified"


def test_nothing_else_names_what_no_expectation_names() -> None:
    assert said("set ann.plan = paid\n  expect nothing else") == [
        (
            "3 things else happened",
            "`ann` received `intro` at 2026-03-02 10:00; "
            '`rep` was told "ann@x.example pays" at 2026-03-02 10:00; '
            "`ann.visits` was written by workflow `paid` at 2026-03-02 10:00",
        )
    ]


@pytest.mark.parametrize("left_out", ["receives", "visits", "notified"])
def test_nothing_else_needs_every_one_of_them(left_out: str) -> None:
    expectations = EVERYTHING.split("  ")
    body = "set ann.plan = paid\n  {}\n  expect nothing else"
    assert passes(body.format("\n  ".join(expectations)))
    assert not passes(body.format("\n  ".join(e for e in expectations if left_out not in e)))


def test_nothing_else_knows_later_expectations_too() -> None:
    assert passes("expect nothing else\n  after 1 minute\n  expect ann receives intro")


def test_nothing_else_is_judged_where_it_stands() -> None:
    assert passes("expect ann receives intro\n  expect nothing else\n  after 2 days")
    assert not passes("expect ann receives intro\n  after 2 days\n  expect nothing else")


def test_an_expectation_with_a_time_names_only_that_mail() -> None:
    body = "expect ann receives intro at 2026-03-02 10:01\n  expect nothing else"
    assert [m for m, _ in said(body)][-1] == "something else happened"


def test_what_a_test_does_itself_is_nothing_else() -> None:
    assert passes("set ann.balance = 3 EUR\n  expect nothing else", of="paid")
