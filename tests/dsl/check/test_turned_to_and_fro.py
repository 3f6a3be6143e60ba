"""Two workflows that turn a yes-or-no property to and fro start each other (X28)."""

from __future__ import annotations

import pytest

from dsl.compile import compile_project
from dsl.source import Source

SCHEMA = Source(
    "schema.yaml",
    "extends: standard\nobjects: {company: {properties: {ready: {type: bool, default: false}}}}\n",
)
SETTINGS = Source("segue.yaml", "name: x\n")


@pytest.mark.parametrize(("first", "second", "circle"), [("false", "true", True), ("false", "false", False)])
def test_not_a_property_waits_for_the_other_value(first: str, second: str, circle: bool) -> None:
    rules = f"""
    workflow a of company {{ when: ready  again: always  set ready = {first} }}
    workflow b of company {{ when: not ready  again: always  set ready = {second} }}
    """
    found = compile_project([Source("rules.segue", rules)], SCHEMA, SETTINGS).diagnostics
    assert ("starts-in-a-circle" in {d.code for d in found}) is circle
