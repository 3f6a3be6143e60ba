"""A rule test as text, played: `play(RULES, 'expect ann receives intro')` is one with ann given at the clock."""

from __future__ import annotations

from functools import lru_cache

from dsl.compile import compile_project
from dsl.diagnostics import render_full
from dsl.program.definitions import Program
from dsl.source import Source
from runtime.testing import Outcome, Runner

PROJECT = """
name: test
account: {time_zone: Europe/Warsaw, currency: EUR, calendar: office}
calendars: {office: {country: PL}}
users:
  rep: {name: Rep One, email: rep@x.example}
  amy: {name: Amy Two, email: amy@x.example, time_zone: Asia/Tokyo}
teams: {desk: [amy, rep]}
channels:
  email: {kind: maildir, path: outbox}
  slack: {"#leads": {env: SLACK}}
  webhook: {crm: {env: CRM}}
"""
SCHEMA = """
extends: standard
objects:
  contact:
    properties:
      plan: {type: choice, options: [free, trial, paid]}
      renewal: {type: date}
      seen: {type: datetime}
      visits: {type: number}
      balance: {type: money}
      tags: {type: multi_choice, options: [a, b, c]}
      vip: {type: bool}
  deal:
    associations:
      champion: {to: contact, inverse: championed}
topics:
  sales: {label: Sales, kind: one_to_one}
  news: {label: News, kind: marketing}
"""
RULES = """
sequence trial of contact {
  when: plan = trial
  sender: contact.owner
  goal: plan = paid

  send intro
  wait 2 days
  send story
  wait 1 day
  task call "Call"
}

workflow paid of contact {
  when: plan becomes paid
  again: always
  set visits = 1
  notify contact.owner "{{ contact.full_name }} pays"
  if vip { send letter } else { exit "no vip" }
}

workflow bought of contact {
  when: purchased(amount > 10 EUR)
  again: always
  set company.industry = "retail"
  task todo "Look at {{ contact.email | default: 'them' }}" to amy due in 1 business day priority high
}

sequence by_hand of contact { when: manually  sender: rep  send intro }

segment trials of contact { plan = trial }
segment buyers of contact { has purchased within 30 days }
static segment board of contact
template intro { topic: sales  subject: "Intro"  body: "Hello" }
template story { topic: sales  subject: "Story"  body: "Hello" }
template letter { topic: news  subject: "News"  body: "Hello" }
"""
ANN = 'given contact ann { email = "ann@x.example"  owner = rep  plan = trial }'


@lru_cache(maxsize=256)
def program(text: str) -> Program:
    """The program of these rules, which must have no error."""
    found = compile_project([Source("t.segue", text)], Source("schema.yaml", SCHEMA), Source("segue.yaml", PROJECT))
    assert found.program is not None, "\n".join(render_full(d, found.sources) for d in found.diagnostics)
    return found.program


def written(body: str, of: str = "trial, paid, bought, by_hand", given: str = ANN, title: str = "t") -> str:
    """One test: the clock at Monday, 2 March 2026, 10:00 in Warsaw."""
    return f'test "{title}" of {of} {{\n  clock 2026-03-02 10:00\n  {given}\n  {body}\n}}\n'


_RUNNERS: dict[str, Runner] = {}


def play(body: str, of: str = "trial, paid, bought, by_hand", given: str = ANN, rules: str = RULES) -> Outcome:
    """What came of it."""
    outcomes = play_all(written(body, of, given), rules)
    assert len(outcomes) == 1
    return outcomes[0]


def play_all(tests: str, rules: str = RULES) -> list[Outcome]:
    made = program(rules + tests)
    if rules not in _RUNNERS:
        _RUNNERS[rules] = Runner(program(rules))
    runner = _RUNNERS[rules]
    return [runner(test) for test in made.tests]


def passes(body: str, **more: str) -> bool:
    outcome = play(body, **more)
    assert not outcome.trouble, outcome.trouble
    return outcome.passed


def said(body: str, **more: str) -> list[tuple[str, str]]:
    """(what was expected, what happened instead) of every failure."""
    outcome = play(body, **more)
    assert not outcome.trouble, outcome.trouble
    return [(f.message, f.instead) for f in outcome.failures]
