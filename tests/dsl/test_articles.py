"""Names of a schema in messages: `an invoice`, `a deal`."""

from __future__ import annotations

from dsl.diagnostics.articles import article
from dsl.source import Source
from dsl.workspace import Workspace

SCHEMA = """
extends: standard
objects:
  invoice: {properties: {amount: {type: money}}}
topics: {sales: {label: Sales, kind: one_to_one}}
"""
RULES = """
workflow w of invoice { when: created  send t  subscribe to sales because "x" }
template t { topic: sales  subject: "x"  body: "x" }
"""


def test_the_first_letter_decides() -> None:
    names = ("invoice", "Order", "deal", "user", "広告")
    assert [article(name) for name in names] == ["an invoice", "an Order", "a deal", "a user", "a 広告"]


def test_objects_of_ones_own_are_spoken_of_so() -> None:
    space = Workspace()
    space.configure(Source("schema.yaml", SCHEMA), Source("segue.yaml", "name: x"))
    space.update(Source("a.segue", RULES))
    said = " ".join(found.message for found in space.check())
    assert "an invoice cannot get mail" in said and "this is about an invoice" in said and " a invoice" not in said
