"""Bounds of money stand in the schema as people write them, and are compared in its smallest unit."""

from __future__ import annotations

import pytest

from dsl.compile import compile_project
from dsl.source import Source

SCHEMA = """
extends: standard
objects:
  contact:
    properties:
      price: {type: money, min: 0, max: 100}
      yen: {type: money, currency: JPY, max: 100}
      share: {type: percent, max: 50}
      visit: {type: duration}
"""


@pytest.mark.parametrize("condition", ["price > 50 USD", "price >= 100 USD", "yen > 50 JPY", "visit > 45 minutes"])
def test_what_can_be_is_not_never_true(condition: str) -> None:
    assert _said(f"segment a of contact {{ {condition} }}") == []


@pytest.mark.parametrize(
    "condition, bound",
    [("price > 100 USD", "100 USD"), ("yen = 150 JPY", "100 JPY"), ("share > 50%", "50%")],
)
def test_what_cannot_be_names_the_bound(condition: str, bound: str) -> None:
    assert _said(f"segment a of contact {{ {condition} }}") == [f"`{condition}` is never true"]


def test_set_keeps_the_bounds() -> None:
    rule = "workflow w of contact {{ when: manually set price = {} USD }}"
    assert _said(rule.format("99.99")) == []
    assert _said(rule.format("100.01")) == ["`price` is at least 0 USD and at most 100 USD"]


def test_months_have_no_fixed_length() -> None:
    assert _said("segment a of contact { visit > 2 months }") == ["months are not all equally long"]


def _said(text: str) -> list[str]:
    found = compile_project([Source("a.segue", text)], Source("schema.yaml", SCHEMA), None)
    return [d.message for d in found.diagnostics]
