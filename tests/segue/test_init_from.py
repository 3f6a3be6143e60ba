"""`segue init --from`: parts of the rule library as projects of their own."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from segue.starter.library import parts

from .conftest import Segue

RULES = """
segment paying of contact { email is known }

# Those who pay.
segment others "Others" of contact { not in segment paying }

template hello { topic: sales  subject: "Hello"  body: "Hello." }
template unused { topic: sales  subject: "Bye"  body: "Bye." }

test "who has an address pays" of paying {
  clock 2026-03-02 10:00
  given contact ann { email = "ann@x.example" }
  expect ann in segment paying
}

test "others" of others {
  clock 2026-03-02 10:00
  given contact ann {}
  expect ann in segment others
}
"""
MINE = """
workflow greet "Greet" of contact { when: in segment paying  send hello }
"""


def test_the_library_has_its_parts() -> None:
    assert {"trial-follow-up", "library", "library/sequences", "library/company_manual"} <= set(parts())
    assert {"library/mail_workflows", "library/segments"} <= set(parts())


@pytest.mark.parametrize("part", [*parts(), "library/segments/crm.segue", "library/mail_workflows/leads.segue"])
def test_a_part_is_a_project_that_keeps_its_promises(segue: Segue, tmp_path: Path, part: str) -> None:
    assert segue("init", "shop", "--from", part).code == 0
    assert (tmp_path / "shop/segue.yaml").read_text("utf-8").startswith("name: shop\n")
    checked = segue("check", "shop")
    assert (checked.code, checked.out) == (0, "")
    assert segue("fmt", "--check", "shop").code == 0
    tested = segue("test", "shop", "--jobs", "1", "--json")
    assert tested.code == 0
    assert json.loads(tested.out)["coverage"]["missing"] == []


def test_what_a_part_names_comes_along_and_nothing_else(segue: Segue, tmp_path: Path) -> None:
    mine = tmp_path / "mine"
    (mine / "calls").mkdir(parents=True)
    (mine / "segue.yaml").write_text("name: mine\n")
    (mine / "schema.yaml").write_text("extends: standard\ntopics:\n  sales: {label: S, kind: one_to_one}\n")
    (mine / "rest.segue").write_text(RULES)
    (mine / "calls/greet.segue").write_text(MINE)
    assert segue("init", "shop", "--from", "mine/calls").code == 0
    assert (tmp_path / "shop/calls/greet.segue").read_text() == MINE
    rest = (tmp_path / "shop/rest.segue").read_text()
    assert "segment paying" in rest and "template hello" in rest and "who has an address" in rest
    assert "others" not in rest and "unused" not in rest and "Those who pay" not in rest


def test_a_comment_above_comes_along(segue: Segue, tmp_path: Path) -> None:
    test_what_a_part_names_comes_along_and_nothing_else(segue, tmp_path)
    (tmp_path / "mine/calls/greet.segue").write_text(MINE.replace("in segment paying", "in segment others"))
    assert segue("init", "second", "--from", "mine/calls").code == 0
    rest = (tmp_path / "second/rest.segue").read_text()
    assert '# Those who pay.\nsegment others "Others"' in rest and 'test "others"' in rest


def test_a_part_that_is_not_there(segue: Segue, tmp_path: Path) -> None:
    told = segue("init", "shop", "--from", "library/segmints")
    assert told.code == 2 and "there is no `library/segmints` in the library" in told.err
    assert "library/segments" in told.err and not (tmp_path / "shop").exists()


def test_a_part_writes_over_nothing(segue: Segue, tmp_path: Path) -> None:
    (tmp_path / "schema.yaml").write_text("mine")
    told = segue("init", "--from", "library/segments")
    assert told.code == 2 and "there is a project already: schema.yaml" in told.err
    assert [path.name for path in tmp_path.iterdir()] == ["schema.yaml"]
