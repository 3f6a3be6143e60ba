"""S4, X8 and their like: each that is cited can be read on a page, and each that can be read is shown by a test."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from dsl.lint.rules import RULES

from .pages import ROOT, pages, text_of

PAGES = ("docs/domain.md", "docs/metrics.md", "docs/semantics.md")
_LETTERS = "SDMWGPLX"
_CITED = re.compile(rf"(?<![\w\\#&./\"'])([{_LETTERS}]\d{{1,2}})(?![\w\"']|-[a-z]|\.\d)")
_TEST = re.compile(r"^ *(?:async )?def (test_\w+)", re.MULTILINE)
_NAMED = re.compile(rf"_([{_LETTERS.lower()}]\d{{1,2}})(?=_)")


@cache
def told() -> frozenset[str]:
    return frozenset(rule for page in PAGES for rule in _CITED.findall(text_of(page)))


def sources() -> Iterator[Path]:
    for folder in ("src", "tui", "tests", "benchmarks"):
        yield from (ROOT / folder).rglob("*.py")


def names_of_tests() -> Iterator[str]:
    for path in (ROOT / "tests").rglob("test_*.py"):
        yield from _TEST.findall(path.read_text("utf-8"))


def in_order(rules: set[str]) -> list[str]:
    return sorted(rules, key=lambda rule: (rule[0], int(rule[1:])))


def test_each_rule_that_is_cited_can_be_read() -> None:
    """The cookbook is left out: its programs have names of their own, such as P1."""
    texts = [path.read_text("utf-8") for path in sources()]
    texts += [text_of(page) for page in pages() if not page.startswith("docs/cookbook/")]
    cited = {rule for text in texts for rule in _CITED.findall(text)}
    cited |= {found.upper() for name in names_of_tests() for found in _NAMED.findall(name)}
    assert in_order(cited - told()) == []


def test_each_rule_that_can_be_read_is_shown_by_a_test_or_an_example_of_the_linter() -> None:
    shown = {found.upper() for name in names_of_tests() for found in _NAMED.findall(name)}
    shown |= {number for rule in RULES for number in rule.domain}
    assert in_order(set(told() - shown)) == []
