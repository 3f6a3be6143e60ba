"""Rule tests see mails to others, owners given in turn, and what starts from a record a step made."""

from __future__ import annotations

import pytest

from .play import passes, said

RULES = """
template intro { topic: sales  subject: "Intro"  body: "Hello" }
workflow firm of company { when: created  wait 1 hour  send intro to every contact (plan = paid)  log note "mailed" }
workflow turn of contact {
  when: plan becomes free
  assign owner round_robin team desk
  create ticket { subject = "Help" } as help
  link help to contact
}
workflow opened of ticket { when: created  notify rep "{{ ticket.subject }}" }
"""
GIVEN = """given contact ann { email = "ann@x.example" plan = paid }
  given contact bob { email = "bob@x.example" plan = trial }
  given company acme { name = "Acme" }
  given ann linked to acme
  given bob linked to acme"""


@pytest.mark.parametrize(
    "body",
    [
        "after 1 hour  expect ann receives intro at 2026-03-02 11:00 from firm  expect bob does not receive intro"
        "  expect nothing else",
        'set bob.plan = free  expect bob { owner = amy } from turn  expect rep notified "Help" from opened'
        '  expect ticket created { subject = "Help" } from turn  expect nothing else',
    ],
)
def test_what_steps_make_can_be_expected(body):
    assert passes(body, of="firm, turn, opened", given=GIVEN, rules=RULES)


def test_what_was_not_expected_is_told():
    body = "set bob.plan = free  expect bob { owner = amy } from firm  expect nothing else"
    failures = said(body, of="firm, turn, opened", given=GIVEN, rules=RULES)
    assert failures[0] == ("`bob.owner` was not written from workflow `firm`", "written by workflow `turn`")
