"""docs/rules holds a page for each rule, made of the rule. `SEGUE_WRITE_CASES=1` writes them anew."""

from __future__ import annotations

from pathlib import Path

import pytest

from dsl.diagnostics import render_full
from dsl.lint.page import index, page
from dsl.lint.rule import Example, Rule
from dsl.lint.rules import RULES
from tests.kept import kept

from .test_rules import checked

FOLDER = Path(__file__).resolve().parents[3] / "docs/rules"
INDEX = FOLDER / "README.md"
BEFORE = """
# The rules of the linter

Each finds something that is allowed and most likely not meant. [The linter](../linter.md) tells how to choose among
them, how to hide a single finding, and how to begin with a project that has many. These pages are made of the rules
themselves: what is shown there is tested. S6, X8 and their like are [rules of the domain](../domain.md).
"""


def shown(rule: Rule, example: Example) -> str:
    compiled = checked(rule, example)
    return "\n\n".join(render_full(found, compiled.sources) for found in compiled.diagnostics)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_the_page_of_a_rule_is_what_the_rule_says(rule: Rule) -> None:
    said = page(rule, shown)
    assert said == kept(FOLDER / f"{rule.name}.md", said)


def test_the_index_lists_every_rule() -> None:
    said = index(RULES, BEFORE)
    assert said == kept(INDEX, said)


def test_there_is_no_page_without_a_rule() -> None:
    assert {path.stem for path in FOLDER.glob("*.md")} == {"README"} | {rule.name for rule in RULES}
