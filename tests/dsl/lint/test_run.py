"""One walk for all rules: who is called with what, and what is kept of a declaration."""

from __future__ import annotations

from dsl.compile import compile_project
from dsl.lint.examples import SCHEMA, SETTINGS
from dsl.lint.overview import Overview
from dsl.lint.run import lint_declaration
from dsl.lint.statements import every_statement, most
from dsl.lint.walk import Walk, conditions
from dsl.program import conditions as compiled
from dsl.source import NOWHERE, Source
from dsl.syntax import nodes, parse
from dsl.workspace import Workspace

PROGRAM = """\
segment leads of contact { (plan = free or nps > 8) and has purchased(amount > 3 EUR) within 30 days }
workflow greet "Greet" of contact {
  when: in segment leads
  if plan = paid { send a  exit "paid" } else { send b  repeat up to 3 times every 1 day { send c } }
  notify owner "{{ contact.plan | default: 'none' }}"
}
template a { topic: newsletter  subject: "A"  body: "A" }
template b { topic: newsletter  subject: "B"  body: "B" }
template c { topic: newsletter  subject: "C"  body: "C" }
"""


def workspace(program: str = PROGRAM, settings: str = SETTINGS) -> Workspace:
    made = Workspace()
    made.configure(Source("schema.yaml", SCHEMA), Source("segue.yaml", settings))
    made.update(Source("a.segue", program))
    made.check()
    return made


def test_of_a_declaration_that_could_not_be_read_in_full_nothing_is_said() -> None:
    half = "workflow half of contact {\n  when: plan = paid\n  split { 50%: { send a } }\n}\n"
    idle = half.replace("half", "idle").replace("50%: { send a } ", "50% one { } 50% two { } ")
    codes = [(d.code, d.label.span.start > len(PROGRAM + half)) for d in workspace(PROGRAM + half + idle).check()]
    assert codes.count(("branch-decides-nothing", True)) == 1
    assert ("branch-decides-nothing", False) not in codes and ("syntax", False) in codes


def walked(*classes: type) -> list[object]:
    tree = parse(Source("a.segue", PROGRAM)).tree
    return [node for node, _ in Walk(classes).nodes(tree, dict.fromkeys(classes))]


def test_each_node_asked_for_is_met_once_in_the_order_written() -> None:
    sends = walked(nodes.Send)
    assert [send.template.text for send in sends if isinstance(send, nodes.Send)] == ["a", "b", "c"]
    assert len(walked(nodes.Compare)) == 4


def test_leaves_are_walked_only_where_asked_for() -> None:
    assert {type(text) for text in walked(nodes.Text)} == {nodes.Text}
    assert walked(nodes.Time) == []


def test_deep_nesting_is_no_matter() -> None:
    deep: nodes.Condition = nodes.Boolean(True, NOWHERE)
    for _ in range(10_000):
        deep = nodes.Not(NOWHERE, deep, NOWHERE)
    assert sum(1 for _ in Walk((nodes.Not,)).nodes(deep, {nodes.Not: None})) == 10_000


def test_compiled_conditions_are_met_inside_filters_too() -> None:
    [leads, *_] = [sound for outcome in workspace().outcomes("a.segue") for sound in outcome.sound]
    met = [placed.condition for placed, _ in conditions(leads.conditions, {compiled.Compare: None})]
    assert len(met) == 3


def test_defaults_of_the_project_are_no_conditions_of_a_definition() -> None:
    made = workspace(settings=f"{SETTINGS}defaults: {{goal: plan = paid}}\n")
    [greet] = [s for o in made.outcomes("a.segue") for s in o.sound if s.kind == "workflow"]
    assert {placed.span.file for placed in greet.conditions} == {"a.segue"}


def test_facts_name_what_a_declaration_names() -> None:
    made = workspace()
    [greet] = [s for o in made.outcomes("a.segue") for s in o.sound if s.kind == "workflow"]
    found, facts = lint_declaration(greet, made.names, Source("a.segue", PROGRAM))
    assert found == []
    assert {(r.kind, r.name) for r in facts.references} >= {("segment", "leads"), ("template", "a"), ("template", "c")}


def test_what_has_an_error_is_not_linted() -> None:
    wrong = "workflow idle of contact { when: purchased  send nothing }\n"
    settings = Source("segue.yaml", SETTINGS)
    told = compile_project([Source("a.segue", wrong)], Source("schema.yaml", SCHEMA), settings)
    assert [d.code for d in told.diagnostics] == ["unknown-template"]


def _body() -> tuple[nodes.Statement, ...]:
    [workflow] = walked(nodes.Workflow)
    assert isinstance(workflow, nodes.Workflow)
    return workflow.body.statements


def test_most_of_one_way_counts_rounds_and_ends_at_an_exit() -> None:
    assert most(_body(), lambda s: isinstance(s, nodes.Send)) == 4  # b and three times c, not a besides
    assert most(_body(), lambda s: isinstance(s, nodes.Notify)) == 1
    assert most(_body(), lambda s: isinstance(s, nodes.Exit)) == 1


def test_every_statement_is_met_with_all_inside_it() -> None:
    names = [type(statement).__name__ for statement in every_statement(_body())]
    assert names == ["If", "Send", "Exit", "Send", "Repeat", "Send", "Notify"]


def test_a_rule_about_the_project_can_point_into_its_settings() -> None:
    text = "name: a\nlimits:\n  frequency_cap: {at_most: 4}\n"
    overview = Overview(workspace().names, (), Source("segue.yaml", text))
    span = overview.in_settings("limits", "frequency_cap")
    assert text[span.start : span.end] == "frequency_cap"
    nearest = overview.in_settings("limits", "quiet_hours")
    assert text[nearest.start : nearest.end] == "limits"
    assert Overview(workspace().names, ()).in_settings("limits") is NOWHERE


def test_who_names_a_declaration_is_known_without_itself() -> None:
    made = workspace()
    sounds = [s for o in made.outcomes("a.segue") for s in o.sound]
    facts = [lint_declaration(s, made.names, Source("a.segue", PROGRAM))[1] for s in sounds]
    overview = Overview(made.names, facts)
    [leads] = overview.of("segment")
    assert [by.name for by in overview.named_by(leads)] == ["greet"]
