"""Rule tests see which records are linked, and when a task is to be reminded of."""

from __future__ import annotations

import pytest

from .play import passes, said

RULES = """
workflow turn of contact {
  when: plan becomes free
  create ticket { subject = "Help" } as help
  link help to contact
  if company.name is known { link help to company }
}
workflow leaves of contact {
  when: plan becomes paid
  unlink contact from company
}
workflow champions of contact {
  when: plan becomes trial
  create deal { name = "Big" } as big
  link big to contact as champion
  if company.name = "Acme" { unlink contact from company as company }
}
sequence asks of contact {
  when: plan = trial
  sender: rep
  remind_at: 15:30
  task call "Call"
}
"""
GIVEN = """given contact ann { email = "ann@x.example" }
  given contact bob { email = "bob@x.example" }
  given company acme { name = "Acme" }
  given company shop { name = "Shop" }
  given ann linked to acme"""
TICKET = "set ann.plan = free  expect ticket created as help  "


def lines(body: str) -> str:
    return body.replace("  ", "\n  ")


@pytest.mark.parametrize(
    ("happens", "holds", "fails", "message", "instead"),
    [
        (TICKET, "expect help linked to ann", "expect help linked to bob",
         "`help` is not linked to `bob`", "as `contact` it is linked to `ann`"),
        (TICKET, "expect ann linked to help", "expect ann not linked to help",
         "`ann` is linked to `help`", "as `ticket`"),
        (TICKET, "expect help linked to acme", "expect help not linked to acme",
         "`help` is linked to `acme`", "as `company`"),
        (TICKET, "expect help not linked to shop", "expect help linked to shop",
         "`help` is not linked to `shop`", "as `company` it is linked to `acme`"),
        ("", "expect ann linked to acme", "expect acme linked to bob",
         "`acme` is not linked to `bob`", "as `contact` it is linked to `ann`"),
        ("set ann.plan = paid  ", "expect ann not linked to acme", "expect ann linked to acme",
         "`ann` is not linked to `acme`", "as `company` it is linked to nothing"),
        ("set ann.plan = free  ", "expect bob not linked to acme", "expect acme linked to bob",
         "`acme` is not linked to `bob`", "as `contact` it is linked to `ann`"),
    ],
)  # fmt: skip
def test_links_are_seen_from_either_side(happens: str, holds: str, fails: str, message: str, instead: str) -> None:
    of = "turn, leaves"
    assert said(lines(happens + holds), of=of, given=GIVEN, rules=RULES) == []
    assert said(lines(happens + fails), of=of, given=GIVEN, rules=RULES) == [(message, instead)]


def test_the_way_is_named_where_there_are_several() -> None:
    given = (
        GIVEN
        + """
  given deal big { name = "Big" }
  given big linked to ann as champion
  given bob linked to big as deal"""
    )
    holds = "expect big linked to ann as champion  expect big linked to bob as contact  expect nothing else"
    assert said(lines(holds), given=given, rules=RULES, of="leaves") == []
    fails = "expect big linked to ann as contact  expect bob linked to big as championed"
    assert said(lines(fails), given=given, rules=RULES, of="leaves") == [
        ("`big` is not linked to `ann`", "as `contact` it is linked to `bob`"),
        ("`bob` is not linked to `big`", "as `championed` it is linked to nothing"),
    ]


def test_a_step_links_by_the_way_it_names() -> None:
    holds = """set ann.plan = trial
  set bob.plan = trial
  expect deal created as big
  expect big linked to ann as champion
  expect big not linked to ann as contact
  expect ann not linked to acme
  expect deal created as other
  expect other linked to bob as champion"""
    assert said(holds, given=GIVEN, rules=RULES, of="champions") == []
    assert not passes(holds, given=GIVEN, rules=RULES.replace("as champion", "as contact"), of="champions")


def test_nothing_else_names_given_records_that_were_linked_and_unlinked() -> None:
    body = "set ann.plan = paid  expect nothing else"
    told = "`ann` was unlinked from `acme` as `company`"
    assert said(lines(body), given=GIVEN, rules=RULES, of="leaves") == [("something else happened", told)]
    assert passes(lines(f"{body}  expect acme not linked to ann"), given=GIVEN, rules=RULES, of="leaves")


def test_nothing_else_leaves_alone_what_was_given_and_the_links_of_a_new_record() -> None:
    given = GIVEN + "\n  given ann linked to shop"
    assert passes("expect ann linked to shop\n  expect nothing else", given=given, rules=RULES, of="leaves")
    body = lines("set ann.plan = free  expect ticket created  expect nothing else")
    assert passes(body, given=GIVEN, rules=RULES, of="turn")


@pytest.mark.parametrize(
    ("right", "wrong", "body"),
    [
        ("link help to contact", "link help to company", f"{TICKET}expect help linked to ann"),
        ("if company.name is known { link help to company }", "", f"{TICKET}expect help linked to acme"),
        ("unlink contact from company", "set plan = free", "set ann.plan = paid  expect ann not linked to acme"),
        ("remind_at: 15:30", "", "set ann.plan = trial  expect task call for ann reminded 2026-03-02 15:30"),
        (
            "remind_at: 15:30",
            "remind_at: 15:31",
            "set ann.plan = trial  expect task call for ann reminded 2026-03-02 15:30",
        ),
    ],
)
def test_a_rule_that_is_wrong_fails_its_test(right: str, wrong: str, body: str) -> None:
    assert right in RULES
    assert passes(lines(body), given=GIVEN, rules=RULES, of="turn, leaves, asks")
    assert not passes(lines(body), given=GIVEN, rules=RULES.replace(right, wrong, 1), of="turn, leaves, asks")


def test_the_reminder_is_told_where_another_was_expected() -> None:
    body = "set ann.plan = trial\n  expect task call for ann due 2026-03-02 reminded 2026-03-03"
    assert said(body, given=GIVEN, rules=RULES, of="asks") == [
        (
            "there is no task `call` for `ann` due 2026-03-02 reminded 2026-03-03",
            '`call` "Call" made at 2026-03-02 10:00, due 2026-03-02 23:59, reminded 2026-03-02 15:30, assigned to `rep`'
            " by sequence `asks`",
        )
    ]
