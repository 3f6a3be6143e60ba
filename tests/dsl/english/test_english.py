"""Rules in words. Each `cases/NAME.segue` has its English beside it in `NAME.txt`; `SEGUE_WRITE_CASES=1` writes it
anew."""

import re
from pathlib import Path

import pytest

from dsl.compile import compile_project
from dsl.diagnostics import Severity
from dsl.english.definitions import of_definition, of_score, of_segment
from dsl.english.lines import Line, bulleted
from dsl.english.meetings import END, meetings
from dsl.english.phrases import phrase, trigger
from dsl.program import blocks
from dsl.program.conditions import Const, Duration, Missing, Unit
from dsl.program.definitions import Program
from dsl.schema.model import Kind, Type
from dsl.source import Source
from tests.kept import kept

CASES = sorted((Path(__file__).parent / "cases").glob("*.segue"))
SCHEMA = """
extends: standard
objects:
  contact:
    properties:
      plan: {type: choice, options: [free, trial, "paid up"]}
      nps: {type: number}
      vip: {type: bool, default: false}
      joined_on: {type: date}
      renewal_date: {type: date}
      visits: {type: number, default: 0}
      interests: {type: multi_choice, options: [tea, coffee, "oat milk"]}
      budget: {type: money}
topics:
  news: {label: News, kind: marketing}
  sales: {label: Sales, kind: one_to_one}
"""
SETTINGS = """
name: x
account: {time_zone: Asia/Tokyo, currency: JPY}
users:
  mia: {name: Mia, email: mia@example.com}
teams: {success: [mia]}
channels: {slack: {"#leads": {env: SLACK}}, webhook: {orders: {env: ORDERS}}}
"""
REST = '''
segment others of contact { plan = free }
static segment board of contact
template welcome { topic: sales  subject: "Hello"  body: """Hello""" }
sequence other { when: manually  sender: mia  send welcome }
score interest of contact { give 5 when clicked_email }
'''
FORMS = r"""
plan = trial
plan != "paid up"
plan in [trial, "paid up"]
plan not in [trial, free]
nps >= 9
nps between 1 and 6
budget > 1_000_000 JPY
vip = true
email contains "@example.com"
first_name starts with "A \"quoted\" \\ \n"
first_name ends with "z"
first_name matches "^A[0-9]+"
plan is missing
plan is known
joined_on within 14 days
joined_on within next 2 weeks
joined_on in last quarter
created_at in this month
created_at older than 60 days
created_at > 2026-03-02
created_at >= 2026-03-02 09:00
company.industry = "software"
company.name is known
interests contains any [tea, "oat milk"]
interests contains all [tea, coffee]
has clicked_email
has clicked_email at least 2 times within 30 days
has clicked_email including machines within 1 month
has clicked_email(link.url contains "/pricing")
has opened_email(template = "welcome")
has never purchased
has not purchased within 60 days
has not clicked_email at least 3 times within 60 days
has purchased(amount > 100 JPY) within 1 year
has purchased(product = "tea" or product = "coffee")
has acted within 3 hours
has received_email at least 11 times since last(clicked_email)
last(purchased).at within 5 months
last(purchased(product = "lenses")).at between 6 months ago and 5 months ago
first(purchased).amount > 100 JPY
sum(purchased.amount within 1 year) > 5_000 JPY
avg(purchased(product = "tea").amount) >= 10 JPY
count(viewed_page(path starts with "/shop") within 14 days) >= 3
any deal
no deal
any deal (stage = proposal and amount > 1_000 JPY)
every deal (amount is known)
no ticket (priority = high)
count(deal) >= 2
count(deal (amount is known)) = 3
lifecycle_stage was ever customer
lifecycle_stage was ever in [lead, mql]
nps changed within 7 days
nps changed
score(interest) >= 50
score(interest) fell by 10 within 60 days
score(interest) is missing
was ever in segment others
in segment others
not in segment others
subscribed to news
opted out of news
in sequence other
plan = trial and created_at within 14 days
plan = trial or created_at within 14 days
plan = trial and (vip = true or nps > 3)
not (plan is known and vip = true)
not has clicked_email
""".strip().splitlines()
TRIGGERS = """
manually
purchased
purchased(amount > 100 JPY) or abandoned_cart
in segment others
lifecycle_stage becomes customer
every monday 09:00
every day 08:30
every weekday 08:30
every month on 1 at 09:00
every year on joined_on at 09:00
every 2 weeks
every "*/5 8-18 * * 1-5"
at renewal_date - 30 days
at last_purchase_at + 5 months
""".strip().splitlines()


def compiled(rules: str) -> Program:
    sources = [Source("rules.segue", rules), Source("rest.segue", REST)]
    found = compile_project(sources, Source("schema.yaml", SCHEMA), Source("segue.yaml", SETTINGS))
    assert found.program is not None, [d.message for d in found.diagnostics if d.severity is Severity.ERROR]
    return found.program


@pytest.mark.parametrize("text", FORMS)
def test_a_phrase_reads_back_as_the_same_condition(text: str) -> None:
    condition = compiled(f"segment x of contact {{ {text} }}").segments["x"].condition
    assert condition is not None
    again = compiled(f"segment x of contact {{ {phrase(condition)} }}").segments["x"].condition
    assert again == condition, phrase(condition)


@pytest.mark.parametrize("text", TRIGGERS)
def test_a_trigger_reads_back_as_the_same(text: str) -> None:
    rule = 'workflow x of contact {{ when: {}  only: plan = trial  task todo "a" }}'
    made = compiled(rule.format(text)).definitions["workflow", "x"]
    assert compiled(rule.format(trigger(made))).definitions["workflow", "x"].trigger == made.trigger, trigger(made)


def english(program: Program) -> str:
    """Every rule of `rules.segue`, in the order written."""
    named: list[tuple[int, str, tuple[Line, ...]]] = []
    for s in program.segments.values():
        named.append((s.span.start, f"segment {s.name}", of_segment(s))) if s.span.file == "rules.segue" else None
    for d in program.definitions.values():
        named.append((d.span.start, f"{d.kind} {d.name}", of_definition(d))) if d.span.file == "rules.segue" else None
    for score in program.scores.values():
        if score.span.file == "rules.segue":
            named.append((score.span.start, f"score {score.name}", of_score(score)))
    return "\n".join("\n".join([head, *bulleted(lines), ""]) for _, head, lines in sorted(named))


@pytest.mark.parametrize("path", CASES, ids=lambda p: p.stem)
def test_case(path: Path) -> None:
    told = english(compiled(path.read_text("utf-8")))
    assert told == kept(path.with_suffix(".txt"), told)
    assert all("  " not in line.strip() and line == line.rstrip() for line in told.splitlines())


def test_every_form_has_a_sentence() -> None:
    for text in FORMS:
        condition = compiled(f"segment x of contact {{ {text} }}").segments["x"].condition
        assert condition is not None
        lines = list(bulleted(of_segment(compiled(f"segment x of contact {{ {text} }}").segments["x"])))
        assert all(re.search(r"\w", line) for line in lines)


def test_branches_meet_where_all_ways_come_through() -> None:
    condition = Missing(Const(1, Type(Kind.NUMBER)))
    day = Duration(1, Unit.DAYS)
    ways = [
        blocks.If(condition, 1, 2),
        blocks.Wait(day, 3),
        blocks.If(condition, 3, 4),
        blocks.Wait(day, 5),
        blocks.Exit("over"),
        blocks.Finish(),
    ]
    assert meetings(ways) == {0: 3, 1: 3, 2: 3, 3: 5, 4: END, 5: END}  # the way out does not count
    ways[4] = blocks.Wait(day, 3)
    assert meetings(ways) == {0: 3, 1: 3, 2: 3, 3: 5, 4: 3, 5: END}


def test_a_long_chain_of_branches_is_told_in_time() -> None:
    """Following every way anew would take 2^300 steps."""
    text = "".join(f'if nps > {n} {{ task todo "a{n}" }} ' for n in range(300))
    rule = compiled(f"workflow x of contact {{ when: manually {text} }}").definitions["workflow", "x"]
    assert sum("if nps is more than" in line for line in bulleted(of_definition(rule))) == 300


def test_exits_on_every_way_tell_nothing_twice() -> None:
    """Where every way ends in an `exit` none of them counts as the way on, and each step still stands once."""
    text = "".join(
        f'if nps > {n} {{ if vip {{ exit "out" }} task todo "a{n}" }} wait until replied up to 1 day '
        for n in range(30)
    )
    rule = compiled(f'workflow x of contact {{ when: manually {text} exit "done" }}').definitions["workflow", "x"]
    told = list(bulleted(of_definition(rule)))
    assert all(sum(line.endswith(f": a{n}") for line in told) == 1 for n in range(30))
    assert len(told) < 400
