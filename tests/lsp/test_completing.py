"""What is proposed, in half-written files: `|` is the cursor. Names are proposed where they fit."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lsp.completing import complete
from tests.examples import examples

from .projects import CARE, FILES, MAILS, SEGMENTS, TESTS, opened, with_cursor

SEQUENCE = "sequence x {{\n  when: in segment trials\n  {}\n}}\n"
MAIL = 'template x {{\n  topic: news\n  subject: "{}"\n  body: """hello"""\n}}\n'
TALK = 'playbook call for contact { ask how "How?": text }\nreport all of contact { measure: count }\n'
TEST = 'test "x" of care {{\n  clock 2026-03-02 10:00\n  given contact ann {{ plan = trial }}\n  {}\n}}\n'


def proposed(text: str) -> set[str]:
    project, source, offset = with_cursor(FILES, "x.segue", text)
    return {item.label for item in complete(project, source, offset).items}


@pytest.mark.parametrize(
    ("text", "some", "none"),
    [
        # declarations
        ("|", {"segment", "sequence", "template", "test"}, {"send", "plan", "and"}),
        ("seg|", {"segment"}, {"plan"}),
        ("segment x of |", {"contact", "company", "deal"}, {"plan", "trials"}),
        ('test "x" of |', {"care", "trials"}, {"contact"}),
        # conditions
        ("segment x of contact { |", {"plan", "nps", "誕生日", "company", "has", "in", "not"}, {"send", "size"}),
        ("segment x of company { |", {"size"}, {"plan"}),
        ("segment x of contact { plan |", {"in", "is", "becomes"}, {"plan"}),
        ("segment x of contact { plan = |", {"free", "trial", "paid"}, {"mia"}),
        ("segment x of contact { plan = t|", {"trial"}, set()),
        ("segment x of contact { plan in [free, |", {"trial", "paid"}, {"nps"}),
        ("segment x of contact { plan was ever |", {"trial"}, set()),
        ("segment x of contact { company.|", {"size", "name"}, {"plan", "and", "send"}),
        ("segment x of contact { owner = |", {"mia"}, {"trial"}),
        ("segment x of contact { in segment |", {"trials", "休眠顧客"}, {"care", "hello"}),
        ("segment x of contact { in |", {"segment", "sequence", "workflow"}, set()),
        ("segment x of contact { has |", {"purchased", "clicked_email", "not", "never"}, {"plan"}),
        ("segment x of contact { has purchased(|", {"amount"}, {"plan"}),
        ("segment x of contact { has received_email(template = |", {"hello"}, {"news"}),
        ("segment x of contact { any deal (|", {"stage", "amount"}, {"plan"}),
        ("segment x of contact { any |", {"deal", "ticket"}, {"purchased"}),
        ("segment x of contact { last(|", {"purchased"}, {"plan"}),
        ("segment x of contact { last(purchased).|", {"amount", "at"}, {"plan"}),
        ("segment x of contact { subscribed to |", {"news"}, {"trials"}),
        ("segment x of contact { plan = trial a|", {"and"}, set()),
        ("segment x of contact { plan = trial } |", {"segment", "workflow"}, {"plan", "and"}),
        # bodies
        (SEQUENCE.format("|"), {"sender", "goal", "send", "wait", "automated"}, {"when", "topic", "trials"}),
        (SEQUENCE.format("send |"), {"hello"}, {"news", "trials", "plan"}),
        (SEQUENCE.format("set 誕生日 = |"), {"today"}, {"now", "trial"}),
        (SEQUENCE.format("set last_seen_at = |"), set(), {"today"}),
        ("segment x of contact { 誕生日 = |", set(), {"today"}),
        (SEQUENCE.format("sender: |"), {"mia", "contact.owner"}, {"trials"}),
        (SEQUENCE.format("zone: |"), {"contact", "sender", "account"}, {"plan"}),
        (SEQUENCE.format("calendar: |"), {"tokyo"}, {"plan"}),
        (SEQUENCE.format("again: |"), {"never", "always", "after"}, {"plan"}),
        (SEQUENCE.format("goal: |"), {"has", "plan"}, {"mia"}),
        (SEQUENCE.format("stop_on: |"), {"replied", "purchased"}, {"plan", "mia"}),
        (SEQUENCE.format("stop_on: replied, |"), {"purchased"}, {"plan"}),
        (SEQUENCE.format("wait |"), {"until"}, {"plan"}),
        (SEQUENCE.format("wait until |"), {"purchased"}, {"mia"}),
        (SEQUENCE.format("if |"), {"plan", "has"}, {"hello"}),
        (SEQUENCE.format("enroll |"), {"in"}, {"care"}),
        (SEQUENCE.format("enroll in |"), {"sequence", "workflow"}, {"segment"}),
        (SEQUENCE.format("enroll in sequence |"), {"care", "x"}, {"trials"}),
        (SEQUENCE.format("set |"), {"plan", "nps"}, {"full_name"}),
        (SEQUENCE.format("set plan = |"), {"paid"}, {"nps"}),
        (SEQUENCE.format("notify |"), {"mia", "contact.owner"}, {"plan"}),
        (SEQUENCE.format('task call "x" to |'), {"mia", "contact.owner"}, {"plan"}),
        (SEQUENCE.format("task |"), {"call", "email"}, {"plan"}),
        (SEQUENCE.format('task call "x" priority |'), {"low", "high"}, {"plan"}),
        (SEQUENCE.format("assign owner round_robin team |"), {"sales"}, {"plan"}),
        (SEQUENCE.format("create |"), {"ticket", "deal"}, {"plan"}),
        (SEQUENCE.format("create ticket { |"), {"subject"}, {"plan"}),
        (SEQUENCE.format("subscribe to |"), {"news"}, {"plan"}),
        ("workflow x {\n  when: |", {"purchased", "manually", "plan"}, {"mia"}),
        ("workflow x {\n  when: purchased\n  set nps = trigger.|", {"amount"}, {"plan"}),
        # mails
        ("template x {\n  |", {"topic", "subject", "body"}, {"sender", "send"}),
        ("template x {\n  topic: |", {"news"}, {"trials"}),
        (MAIL.format("{{ |"), {"contact", "sender", "links", "account", "trigger"}, {"plan"}),
        (MAIL.format("{{ contact.|"), {"plan", "first_name", "company"}, {"news"}),
        (MAIL.format("{{ contact.company.|"), {"size", "name"}, {"plan"}),
        (MAIL.format("{{ |"), {"deal", "ticket"}, {"note", "company"}),
        ("workflow w of company { when: created }\n" + MAIL.format("{{ |"), {"company", "deal"}, {"note"}),
        (MAIL.format("{{ deal.|"), {"name", "amount", "stage"}, {"plan", "contact"}),
        (MAIL.format("{{ note.|"), set(), {"body"}),
        (SEQUENCE.format('notify mia "{{ |'), {"contact"}, {"deal"}),
        (MAIL.format("{{ links.|"), {"unsubscribe"}, {"plan"}),
        (MAIL.format("Hello |"), set(), {"contact", "plan", "segment"}),
        # tests
        (TEST.format("given |"), {"contact", "company", "ann"}, {"plan"}),
        (TEST.format("expect |"), {"ann", "task", "nothing"}, {"plan"}),
        (TEST.format("expect ann receives |"), {"hello"}, {"news"}),
        (TEST.format("expect ann { |"), {"plan", "nps"}, {"hello"}),
        (TEST.format("ann |"), {"purchased", "enrolls"}, {"plan"}),
        (TEST.format("expect ann linked to |"), {"ann"}, {"mia", "hello", "contact"}),
        (TEST.format("given company acme { }  expect acme not linked to ann as |"), {"contact"}, {"ann", "company"}),
        (TEST.format("expect task call for ann |"), {"due", "reminded", "priority"}, {"plan"}),
        (TEST.format("given ann subscribed to |"), {"news"}, {"hello"}),
        (TEST.format("ann enrolls in |"), {"care"}, {"hello"}),
        (TEST.format("expect |"), {"mia", "slack", "report"}, {"plan"}),
        (TEST.format("mia |"), {"saves", "moves", "sends", "fixes"}, {"plan"}),
        (TALK + TEST.format("mia saves |"), {"call"}, {"ann", "hello"}),
        (TEST.format("mia moves |"), {"ann"}, {"mia", "hello"}),
        (TALK + TEST.format("expect report |"), {"all"}, {"ann", "call"}),
        (TEST.format("expect ticket created { |"), {"subject"}, {"plan"}),
        ("# seg|", set(), {"segment"}),
        # after a mistake further up
        ("segment y of contact { plan == }\nsegment x of contact { plan = |", {"trial"}, {"mia"}),
        ("sequence y {\n  when nonsense\n  send |", {"hello"}, set()),
    ],
)
def test_what_is_proposed(text: str, some: set[str], none: set[str]) -> None:
    found = proposed(text)
    assert some <= found, f"not proposed: {some - found}, but {sorted(found)}"
    assert not none & found


def test_filters_behind_a_bar() -> None:
    text = MAIL.format("{{ contact.plan | ")
    project = opened({**FILES, "x.segue": text})
    source = project.source("x.segue")
    assert source is not None
    found = complete(project, source, text.index("plan | ") + 7).items
    assert {"default", "upcase"} <= {item.label for item in found}


def test_a_setting_comes_with_its_colon() -> None:
    project, source, offset = with_cursor(FILES, "x.segue", SEQUENCE.format("go|"))
    (goal,) = (item for item in complete(project, source, offset).items if item.label == "goal")
    assert goal.insert == "goal: " and "condition" in goal.about


@examples(60)
@given(st.sampled_from([CARE, MAILS, SEGMENTS, TESTS]), st.data())
def test_any_prefix_can_be_completed(text: str, data: st.DataObject) -> None:
    cut = data.draw(st.integers(0, len(text)))
    rest = data.draw(st.sampled_from(["", "}", "\n", text[cut:]]))
    project = opened({**FILES, "x.segue": text[:cut] + rest})
    source = project.source("x.segue")
    assert source is not None
    complete(project, source, data.draw(st.integers(0, cut)))
