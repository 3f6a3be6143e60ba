"""The rule files while somebody works on them."""

from __future__ import annotations

from pathlib import Path

import pytest

from runtime.project.loading import BrokenRules
from runtime.project.rulebook import Rulebook

GOOD = "segment few of contact {\n  lifecycle_stage = lead\n}\n"


@pytest.fixture
def book(tmp_path: Path) -> Rulebook:
    (tmp_path / "segue.yaml").write_text("name: x\n")
    (tmp_path / "a.segue").write_text(GOOD)
    return Rulebook(tmp_path)


def test_problems_come_and_go_with_what_is_saved(book: Rulebook) -> None:
    assert [file.name for file in book.rules().files] == ["a.segue", "segue.yaml"]
    assert not any(problem.severity == "error" for problem in book.rules().problems)
    (book.root / "a.segue").write_text(GOOD.replace("lifecycle_stage", "lifecycle_stag"))
    errors = [problem for problem in book.rules().problems if problem.severity == "error"]
    assert [(error.file, error.line, error.column) for error in errors] == [("a.segue", 2, 3)]
    assert next(file for file in book.rules().files if file.name == "a.segue").errors == 1
    (book.root / "a.segue").write_text(GOOD + "\n")
    assert not any(problem.severity == "error" for problem in book.rules().problems)
    assert book.text("a.segue")[1] == "  lifecycle_stage = lead"


def test_files_come_and_go(book: Rulebook) -> None:
    (book.root / "b.segue").write_text("segment other of contact { in segment few }\n")
    assert len(book.rules().files) == 3
    (book.root / "a.segue").unlink()
    assert any(p.file == "b.segue" and p.severity == "error" for p in book.rules().problems)
    assert [file.name for file in book.rules().files] == ["b.segue", "segue.yaml"]
    assert book.text("a.segue") == ()


def test_what_has_not_changed_is_not_read_again(book: Rulebook) -> None:
    assert book.rules() is book.rules()
    assert book.loaded() is book.loaded()
    before = book.loaded()
    (book.root / "a.segue").write_text(GOOD.replace("few", "some"))
    assert list(before.program.segments) == ["few"] and list(book.loaded().program.segments) == ["some"]


def test_rules_with_errors_are_no_program(book: Rulebook) -> None:
    (book.root / "a.segue").write_text("segment {")
    with pytest.raises(BrokenRules):
        book.loaded()
    assert any(problem.severity == "error" for problem in book.rules().problems)


def test_bytes_that_are_no_text_are_a_problem_and_not_a_crash(book: Rulebook) -> None:
    (book.root / "a.segue").write_bytes(GOOD.encode() + b"\xff\xfe\n")
    assert any(problem.file == "a.segue" and problem.severity == "error" for problem in book.rules().problems)
    assert book.text("a.segue")
