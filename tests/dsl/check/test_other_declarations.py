"""What scores, talks, hygiene, reports and the rest are compiled to."""

from __future__ import annotations

import pytest

from dsl.program import blocks, others
from dsl.program.conditions import (
    AnswerValue,
    Call,
    Compare,
    Consent,
    Const,
    Duration,
    EventMatch,
    EventValue,
    Field,
    Happened,
    InSegment,
    Unit,
)
from dsl.program.conversations import Ask, Conversation, Say, Scale, When
from dsl.program.definitions import Program
from dsl.schema.model import Kind, Type
from dsl.source import Source
from dsl.workspace import Workspace

from .test_cases import CASES, check, said

TEXT, NUMBER = Type(Kind.TEXT), Type(Kind.NUMBER)
PLAN = Type(Kind.CHOICE, ("free", "trial", "paid"))
BESIDE = """
template hello { topic: sales subject: "Hello" body: "Hello." }
sequence follow_up { send hello }
"""


def program(text: str) -> Program:
    """The program of a text about which nothing is said."""
    compiled = check(text + BESIDE)
    assert compiled.diagnostics == (), said(compiled)
    assert compiled.program is not None
    return compiled.program


def codes(text: str) -> list[str]:
    return [d.code for d in check(text + BESIDE).diagnostics]


def talk(text: str) -> Conversation:
    """The one playbook, form or survey of a text."""
    (found,) = program(text).conversations.values()
    return found


def first(item: object) -> Ask:
    assert isinstance(item, Ask)
    return item


# --- scores ---


def test_x35_rules_are_signed_and_events_are_apart_from_conditions() -> None:
    score = program("""score s "S" of contact {
        give 5 when clicked_email, at most 20 per week
        take 2.5 when replied
        take 10 when has purchased
        give 1 when in segment g
        decay: half every 2 weeks
        cap: 100
    }
    segment g of contact { plan = paid }""").scores["s"]
    assert score.rules == (
        others.ScoreRule(5, EventMatch("clicked_email"), None, 20, "week"),
        others.ScoreRule(-2.5, EventMatch("replied")),
        others.ScoreRule(-10, None, Happened(EventMatch("purchased"))),
        others.ScoreRule(1, None, InSegment("g")),
    )
    assert (score.label, score.object, score.cap) == ("S", "contact", 100)
    assert (score.half_every, score.expires_after) == (Duration(2, Unit.WEEKS), None)


def test_g20_points_may_expire() -> None:
    score = program("score s of deal { give 5 when created  expire: after 3 months }").scores["s"]
    assert (score.half_every, score.expires_after) == (None, Duration(3, Unit.MONTHS))


# --- playbooks ---


def test_p3_an_answer_has_the_type_of_its_property() -> None:
    items = talk("""playbook p for deal with contact {
        ask budget "Budget?" -> deal.amount
        ask plan "Plan?": choice [trial, paid] -> contact.plan required
        ask all "Plan?": choice -> contact.lifecycle_stage
        ask price "Price?": money
        ask notes "Notes": long_text
        ask industry "What?" -> contact.company.industry
    }""").items
    amount = Type(Kind.MONEY, currency="USD")
    assert first(items[0]).target == Field((), "deal", "amount", amount)
    assert first(items[1]).type == Type(Kind.CHOICE, ("trial", "paid"))
    assert first(items[1]).target == Field(("contact",), "contact", "plan", PLAN)
    assert first(items[2]).type.options[:2] == ("subscriber", "lead")
    assert (first(items[3]).type, first(items[3]).target) == (amount, None)
    assert (first(items[4]).type, first(items[4]).long) == (TEXT, True)
    assert first(items[5]).target == Field(("contact", "company"), "company", "industry", TEXT)
    assert [first(item).required for item in items] == [False, True, False, False, False, False]


def test_p4_what_depends_stands_inside_and_reads_answers_and_the_record() -> None:
    items = talk("""playbook p for deal {
        ask plan "Plan?": choice [trial, paid]
        when answers.plan = paid and amount > 3 USD { say "{{ answers.plan }}" ask who "Who?": text }
    }""").items
    when = items[1]
    assert isinstance(when, When) and isinstance(when.items[0], Say) and first(when.items[1]).name == "who"
    plan = Type(Kind.CHOICE, ("trial", "paid"))
    assert AnswerValue("plan", plan) in [part.left for part in getattr(when.condition, "parts", ())]


def test_p5_on_save_is_a_graph_that_knows_answers_and_the_outcome() -> None:
    found = talk("""playbook p for deal with contact {
        outcome: connected, "no answer"
        ask sure "Sure?": bool required
        on save { if outcome = "no answer" and answers.sure { enroll in sequence follow_up } send hello }
    }""")
    assert found.outcomes == ("connected", "no answer") and found.contact
    assert found.on_save is not None
    decision = found.on_save.blocks[found.on_save.entry]
    assert isinstance(decision, blocks.If)
    outcome = AnswerValue("outcome", Type(Kind.CHOICE, found.outcomes))
    assert [getattr(part, "left", None) for part in getattr(decision.condition, "parts", ())] == [
        outcome,
        AnswerValue("sure", Type(Kind.BOOL)),
    ]
    assert isinstance(found.on_save.blocks[decision.then], blocks.EnrollIn)
    assert isinstance(found.on_save.blocks[decision.otherwise], blocks.Send)


@pytest.mark.parametrize(
    ("items", "place", "found"),
    [
        ('ask a "A?": text', 'say "{{ answers.a }}"', ["may-be-blank"]),
        ('ask a "A?": text required', 'say "{{ answers.a }}"', []),
        ('ask b "B?": bool when answers.b { ask a "A?": text required }', 'say "{{ answers.a }}"', ["may-be-blank"]),
        ('ask b "B?": bool when answers.b { ask a "A?": text required say "{{ answers.a }}" }', "", []),
        ('ask a "A?": text', 'when answers.a is known { say "{{ answers.a }}" }', []),
        ('ask a "A?": text', 'when answers.a = "x" { say "{{ answers.a }}" }', []),
        ('ask a "A?": text', 'when answers.a = "x" or nps > 3 { say "{{ answers.a }}" }', ["may-be-blank"]),
        ('ask a "A?": text', 'when answers.a is missing { say "{{ answers.a }}" }', ["may-be-blank"]),
        ('ask a "A?": text', 'when not answers.a = "x" { say "Hm" }', ["not-over-missing"]),
        ('ask a "A?": text required', 'when not answers.a = "x" { say "Hm" }', []),
    ],
)
def test_x29_where_an_answer_may_be_missing(items: str, place: str, found: list[str]) -> None:
    assert codes(f"playbook p for contact {{ {items} {place} }}") == found


def test_x20_the_person_on_the_line_is_contact_in_steps_and_texts() -> None:
    steps = 'set contact.plan = paid log note "{{ contact.full_name }}" send hello unsubscribe from news'
    assert codes(f'playbook p for deal with contact {{ say "x" on save {{ {steps} }} }}') == []
    found = codes(f'playbook p for deal {{ say "x" on save {{ {steps} }} }}')
    assert found == ["set-many", "unknown-merge-field", "no-contact", "wrong-object"]


# --- forms and surveys ---


def test_x27_a_form_writes_its_contact_and_linked_records() -> None:
    found = talk("""form f {
        ask email "E-mail": text -> contact.email required
        ask company "Company": text -> company.name
        on submit { subscribe to news because "{{ answers.email }}" }
    }""")
    assert (found.kind, found.object, found.contact) == ("form", "contact", False)
    assert [first(item).target for item in found.items] == [
        Field((), "contact", "email", TEXT),
        Field(("company",), "company", "name", TEXT),
    ]


@pytest.mark.parametrize(
    ("settings", "scale"),
    [
        ("scale: 0..10", Scale(0, 10, None, "high", "nps")),
        ("scale: 0..10 -> contact.nps kind: nps", Scale(0, 10, Field((), "contact", "nps", NUMBER), "high", "nps")),
        ("scale: 1..7 kind: ces polarity: low", Scale(1, 7, None, "low", "ces")),
        ("scale: 1..5 kind: csat", Scale(1, 5, None, "high", "csat")),
        ("scale: 1..3 polarity: high", Scale(1, 3, None, "high", "")),
    ],
)
def test_p10_p11_scales(settings: str, scale: Scale) -> None:
    assert talk(f"survey s {{ {settings} }}").scale == scale


# --- hygiene ---


def test_p15_a_fix_is_a_graph_and_a_review_a_text() -> None:
    rules = (
        program("""hygiene h of contact {
        fix when last_name ends with "x" { set last_name = without_suffix(trim(last_name), "x") clear nps }
        review when first_name is missing "Who is {{ contact.full_name }}?"
    }""")
        .hygiene["h"]
        .rules
    )
    name = Field((), "contact", "last_name", TEXT)
    call = Call("without_suffix", (Call("trim", (name,), TEXT), Const("x", TEXT)), TEXT)
    assert rules[0].graph is not None
    assert rules[0].graph.blocks == (
        blocks.Set((), "contact", "last_name", call, 1),
        blocks.Clear((), "contact", "nps", 2),
        blocks.Finish(),
    )
    assert rules[1].kind == "review" and rules[1].text is not None and rules[1].text.parts[0] == "Who is "


# --- reports, dashboards, broadcasts, snippets ---


def test_p14_a_report() -> None:
    found = program("""report r of deal {
        measure: sum(amount), count
        by: month(created_at), owner
        where: amount > 3 USD
        target: 1_000 USD per quarter
        top: 5
    }""").reports["r"]
    amount = Field((), "deal", "amount", Type(Kind.MONEY, currency="USD"))
    created = Field((), "deal", "created_at", Type(Kind.DATETIME))
    assert found.measures == (others.Measure("sum", amount), others.Measure("count"))
    assert found.by == (Call("month", (created,), Type(Kind.DATE)), Field((), "deal", "owner", Type(Kind.USER)))
    assert found.target == (Const(100_000, Type(Kind.MONEY, currency="USD")), "quarter")
    assert (found.show, found.sort, found.top) == ("table", None, 5)


@pytest.mark.parametrize(
    ("sort", "compiled"),
    [
        ("count", ("count", True)),
        ("owner", ("owner", False)),
        ("month(created_at)", ("month(created_at)", False)),
        ("count ascending", ("count", False)),
        ("owner descending", ("owner", True)),
    ],
)
def test_p14_the_order_of_a_report(sort: str, compiled: tuple[str, bool]) -> None:
    text = f"report r of deal {{ measure: count by: owner, month(created_at) sort: {sort} }}"
    assert program(text).reports["r"].sort == compiled


def test_p14_a_report_of_an_event_reads_its_fields_and_its_record() -> None:
    found = program("""report r of clicked_email {
        measure: count  by: link.url, happened_at, contact.plan  where: template = hello and contact.plan = paid
    }""").reports["r"]
    assert found.by == (
        EventValue("link_url", TEXT),
        EventValue("happened_at", Type(Kind.DATETIME)),
        Field((), "contact", "plan", PLAN),
    )


def test_a_broadcast() -> None:
    found = program("broadcast b { to: subscribed to sales suppress: nps < 3 send: hello at: 2026-04-01 10:00 }")
    broadcast = found.broadcasts["b"]
    assert (broadcast.to, broadcast.template, broadcast.at) == (Consent("sales", True), "hello", "2026-04-01T10:00")
    assert isinstance(broadcast.suppress, Compare)


def test_x8_absence_through_a_segment_decides_who_a_broadcast_goes_to() -> None:
    text = "segment q of contact { has not clicked_email within 60 days } broadcast b { to: in segment q send: hello }"
    assert codes(text) == ["absence-counts-newcomers"]


def test_p6_a_snippet_is_found_by_its_shortcut_in_any_case() -> None:
    found = program('snippet "#Suc" "Note" { use_in: note, chat text: "{{ contact.full_name }}" }').snippets
    assert [(s.shortcut, s.label, s.use_in) for s in found.values()] == [("#Suc", "Note", ("note", "chat"))]


# --- across files ---


def test_a_dashboard_is_checked_again_when_a_report_of_another_file_goes() -> None:
    space = Workspace()
    yaml = [Source(name, (CASES / name).read_text(encoding="utf-8")) for name in ("schema.yaml", "segue.yaml")]
    space.configure(*yaml)
    space.update(Source("a.segue", "report r of deal { measure: count }"))
    space.update(Source("b.segue", "dashboard d { reports: r }"))
    assert [d.code for d in space.check()] == []
    space.update(Source("a.segue", "report s of deal { measure: count }"))
    assert [(d.code, d.label.span.file) for d in space.check()] == [("unknown-report", "b.segue")]


def test_every_name_is_noted_for_the_editor() -> None:
    text = "dashboard d { reports: r }  report r of purchased { measure: sum(amount) }"
    space = Workspace()
    space.update(Source("a.segue", text))
    space.check()
    noted = {(r.kind, r.name) for outcome in space.outcomes("a.segue") for r in outcome.facts.references}
    assert {("report", "r"), ("event", "purchased"), ("field", "purchased.amount")} <= noted


def test_definitions_and_templates_that_a_report_speaks_of_are_noted() -> None:
    """Else renaming them would break the report, and a copy of the report would come without them."""
    text = """report r of enrollment { where: definition = follow_up  measure: count }
report m of email { where: template = "hello"  measure: open_rate }
"""
    space = Workspace()
    space.update(Source("a.segue", text + BESIDE))
    space.check()
    noted = [(r.kind, r.name) for outcome in space.outcomes("a.segue") for r in outcome.facts.references]
    assert ("sequence", "follow_up") in noted
    assert noted.count(("template", "hello")) == 2, "the sequence sends it, the report counts it"
