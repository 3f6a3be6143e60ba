"""X31: what a search by pattern finds, and what it does not look for."""

from __future__ import annotations

import re

import pytest

from runtime.store.patterns import matches, replaced

TEXTS = ("", "x", "ax", "xa", "a\nx", "bb", "x|a", ".*x", "*x")


@pytest.mark.parametrize("pattern", [".*", ".*x", ".*.*x", ".*^x", ".*x$", ".*|b", ".*x|b", r"\.*x", "(.*)x", "[.*]x"])
def test_any_text_in_front_asks_for_nothing(pattern: str) -> None:
    for text in TEXTS:
        assert matches(text, pattern) == bool(re.search(pattern.replace("$", r"\Z"), text, re.DOTALL)), text


def test_it_is_not_looked_for() -> None:
    """Each sign of a long text would be a beginning, and each end of `.*` tried from there: this would take days."""
    assert matches("a" * 100_000, ".*.*x") is False


def test_it_is_part_of_what_is_replaced() -> None:
    assert replaced("ab x cd x e", ".*x", "-") == "- e"
