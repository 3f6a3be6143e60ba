"""Every rule keeps what its file promises: its bad examples are found by it, its good ones by nobody.

`./test tests/dsl/lint -k NAME-OF-RULE` runs the examples of one rule."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from dsl.compile import Compiled, compile_project
from dsl.diagnostics import render_full
from dsl.diagnostics.diagnostic import Diagnostic, FixKind
from dsl.lint.examples import SCHEMA, SETTINGS
from dsl.lint.fixing import Texts, fix_texts
from dsl.lint.rule import CATEGORIES, Example, Rule
from dsl.lint.rules import RULES
from dsl.source import Source

FOLDER = Path(__file__).resolve().parents[3] / "src/dsl/lint/rules"
DOMAIN = ("domain", "semantics", "metrics")


def checked(rule: Rule, example: Example) -> Compiled:
    """The project of an example, with that rule switched on besides those that always are."""
    settings = f"{example.settings or SETTINGS}lint: {{select: [{rule.name}]}}\n"
    program = Source("example.segue", example.program)
    return compile_project([program], Source("schema.yaml", example.schema or SCHEMA), Source("segue.yaml", settings))


def said(found: list[Diagnostic], compiled: Compiled) -> str:
    return "\n\n".join(render_full(d, compiled.sources) for d in found)


def examples(which: str, rules: Sequence[Rule] = RULES) -> list[object]:
    of_all = ((rule, n, e) for rule in rules for n, e in enumerate(getattr(rule, which), 1))
    return [pytest.param(rule, example, id=f"{rule.name}-{n}") for rule, n, example in of_all]


@pytest.mark.parametrize(("rule", "example"), examples("bad"))
def test_a_bad_example_is_found_by_its_rule_and_by_nothing_else(rule: Rule, example: Example) -> None:
    compiled = checked(rule, example)
    others = [d for d in compiled.diagnostics if d.code != rule.name]
    assert not others, said(others, compiled)
    assert compiled.diagnostics
    kinds = {d.fix.kind for d in compiled.diagnostics if d.fix is not None and d.fix.kind is not FixKind.DISPLAY}
    assert kinds <= {rule.repairs}, "`repairs` says which fixes a rule offers"


@pytest.mark.parametrize(("rule", "example"), examples("good"))
def test_a_good_example_has_no_finding(rule: Rule, example: Example) -> None:
    compiled = checked(rule, example)
    assert not compiled.diagnostics, said(list(compiled.diagnostics), compiled)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_a_rule_is_whole(rule: Rule) -> None:
    assert rule.bad
    assert rule.good
    assert rule.domain or rule.category in ("style", "testing")
    assert (rule.check is None) == (not rule.on)
    assert (rule.check is None) != (rule.whole is None), "a rule looks at declarations or at the project"
    assert not rule.title.endswith(".")
    assert rule.why.endswith(".")
    assert rule.alias.startswith("SG6")


def test_each_file_is_a_rule_of_its_folders_category() -> None:
    files = {(path.parent.name, path.stem) for path in FOLDER.glob("*/*.py") if path.stem != "__init__"}
    assert files == {(rule.category, rule.name.replace("-", "_")) for rule in RULES}
    assert {category for category, _ in files} <= set(CATEGORIES)
    assert len({rule.alias for rule in RULES}) == len(RULES)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_the_code_of_a_rule_is_of_its_category(rule: Rule) -> None:
    firsts = [*CATEGORIES.values(), 700]
    first = CATEGORIES[rule.category]
    assert first <= int(rule.alias.removeprefix("SG")) < firsts[firsts.index(first) + 1]


@pytest.mark.parametrize(("rule", "example"), examples("bad", [rule for rule in RULES if rule.repairs]))
def test_a_fix_takes_its_finding_away_and_brings_no_other(rule: Rule, example: Example) -> None:
    texts = {"example.segue": Source("example.segue", example.program)}

    def check(now: Texts) -> list[Diagnostic]:
        found = checked(rule, replace(example, program=now["example.segue"].text)).diagnostics
        return [d for d in found if d.fix is not None and d.fix.kind is not FixKind.DISPLAY]

    done = fix_texts(texts, check, {FixKind.SAFE, FixKind.UNSAFE}, lambda _: True)
    repaired = checked(rule, replace(example, program=done.changed["example.segue"].text))
    assert not repaired.diagnostics, said(list(repaired.diagnostics), repaired)


def test_what_the_rules_keep_of_the_domain_is_told_in_the_docs() -> None:
    pages = ((FOLDER.parents[3] / "docs" / f"{name}.md").read_text(encoding="utf-8") for name in DOMAIN)
    told = {number for text in pages for number in re.findall(r"\b[A-Z][0-9]+\b", text)}
    assert {number for rule in RULES for number in rule.domain} <= told


def test_l16_what_is_private_stays_out_of_links_and_the_way_out_is_left_alone() -> None:
    """A link of the web that carries an address is told; the one to unsubscribe is nobody's to mend."""
    template = """template news {
  topic: newsletter
  subject: "News"
  body: \"\"\"[Read](https://www.example.com/LINK) or [leave]({{ links.unsubscribe }})\"\"\"
}
"""
    for link, told in (("news", []), ("news?who={{ contact.email | default: 'x' }}", ["personal-value-in-link"])):
        program = [Source("example.segue", template.replace("LINK", link))]
        compiled = compile_project(program, Source("schema.yaml", SCHEMA), Source("segue.yaml", SETTINGS))
        assert [d.code for d in compiled.diagnostics] == told, said(list(compiled.diagnostics), compiled)
