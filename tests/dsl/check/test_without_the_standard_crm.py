"""A schema.yaml that says little or nothing: what is lacking is told, once, and nothing ends with a traceback."""

from __future__ import annotations

import pytest

from dsl.compile import compile_project
from dsl.source import Source

RULES = """
template t { topic: news  subject: "News"  body: "Hello" }
sequence s { when: manually  send t }
test "t" of s {
  clock 2026-03-02 10:00
  given contact ann { email = "ann@x.example" }
  ann enrolls in s
  expect ann receives t
}
"""
OWN = "objects: {thing: {properties: {n: {type: number}}}}"


def said(schema: str, rules: str = RULES) -> set[tuple[str, str]]:
    """(code, help) of all that is wrong."""
    found = compile_project([Source("t.segue", rules)], Source("schema.yaml", schema), Source("segue.yaml", "name: x"))
    return {(d.code, d.help) for d in found.diagnostics if d.severity.name == "ERROR"}


NEEDED = "write `extends: standard` at the top of "


@pytest.mark.parametrize("schema", ["", "objects: {}", "objects: {contact: {properties: {n: {type: number}}}}"])
def test_a_schema_that_forgets_the_standard_crm_is_told_so(schema: str) -> None:
    assert ("missing-key", NEEDED + "the file") in said(schema)
    assert ("missing-key", NEEDED + "the file") not in said(f"extends: standard\n{schema if schema else ''}")


def test_a_file_of_another_shape_has_one_message_of_its_own() -> None:
    assert [code for code, _ in said("no mapping") if code != "unknown-topic"] == ["wrong-shape"]


def test_objects_of_ones_own_need_no_contact_until_somebody_is_written_to() -> None:
    assert said(OWN, "workflow w of thing { when: n = 0  set n = 1 }") == set()
    assert said(OWN, "sequence s { when: manually  wait 1 day }") == {("unknown-object", NEEDED + "schema.yaml")}


def test_a_test_about_nobody_known_is_told_and_no_more() -> None:
    assert ("unknown-object", NEEDED + "schema.yaml") in said(OWN)
