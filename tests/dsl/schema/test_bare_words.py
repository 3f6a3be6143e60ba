"""A word where a mapping is due is one mistake: what it stands for is known to the rules."""

from __future__ import annotations

import pytest

from dsl.compile import compile_project
from dsl.source import Source

SCHEMA = """\
extends: standard
objects:
  contact:
    properties:
      seen: date
      insurance: choice(public, private)
  visit:
    properties:
      starts_at: datetime
    associations:
      patient: contact
events:
  visited: {of: contact, fields: {room: text}}
"""
RULES = """\
segment overdue of contact {
  seen older than 6 months and insurance = public and has visited(room = "1")
}

workflow reminder of visit {
  when: at starts_at - 1 day
  notify patient.owner "Tomorrow"
}
"""


def test_the_rules_find_what_a_word_declares() -> None:
    found = compile_project([Source("rules.segue", RULES)], Source("schema.yaml", SCHEMA), None)
    assert {(d.code, d.label.span.file) for d in found.diagnostics if d.severity == "error"} == {
        ("wrong-shape", "schema.yaml")
    }
    assert [d.help for d in found.diagnostics if d.code == "wrong-shape"] == [
        "write `{type: date}`",
        "write `{type: choice, options: [public, private]}`",
        "write `{type: datetime}`",
        "write `{to: contact}`",
        "write `{type: text}`",
    ]


@pytest.mark.parametrize("written", ["nobody", "choice", "record", "number(3)"])
def test_a_word_that_is_no_whole_type_is_told_once(written: str) -> None:
    schema = f"extends: standard\nobjects:\n  contact:\n    properties:\n      seen: {written}\n"
    found = compile_project([], Source("schema.yaml", schema), None)
    assert [d.code for d in found.diagnostics if d.severity == "error"] == ["wrong-shape"]
