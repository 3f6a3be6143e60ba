"""Each file of `cases/` holds tests about the rules of `rules.txt`; what is said of them stands in the text beside it.

Adding a test is adding a file; `SEGUE_WRITE_CASES=1` writes what is said now, to be read before it is kept.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from dsl.compile import Compiled, compile_project
from dsl.diagnostics import render_full
from dsl.diagnostics.catalogue import catalogue
from dsl.diagnostics.codes_tests import TEST_CODES
from dsl.source import Source
from tests.kept import kept

CASES = Path(__file__).parent / "cases"
NAMES = sorted(path.stem for path in CASES.glob("*.segue"))


def source(name: str, file: str = "") -> Source:
    return Source(file or name, (CASES / name).read_text(encoding="utf-8"))


def check(name: str) -> Compiled:
    rules = [source("rules.txt", "rules.segue"), source(f"{name}.segue")]
    return compile_project(rules, source("schema.yaml"), source("segue.yaml"))


def said(compiled: Compiled) -> str:
    return "\n\n".join(render_full(d, compiled.sources).strip() for d in compiled.diagnostics) + "\n"


@pytest.mark.parametrize("name", NAMES)
def test_a_case_says_what_stands_beside_it(name: str) -> None:
    found = said(check(name))
    assert found == kept(CASES / f"{name}.txt", found)


def test_what_is_right_is_found_right() -> None:
    compiled = check("clean")
    assert compiled.diagnostics == ()
    assert compiled.program is not None
    assert [(t.title, t.row) for t in compiled.program.tests] == [
        ("everything that may stand in a test", ""),
        ("rows", "who = ann, plan = trial, mail = intro"),
        ("rows", "who = bob, plan = paid, mail = intro"),
        ("a segment alone", ""),
    ]


def test_every_code_of_tests_has_a_case() -> None:
    told = {d.code for name in NAMES for d in check(name).diagnostics}
    only_when_run = {"expectation-failed", "test-not-run"}
    assert {code.name for code in TEST_CODES} - told == only_when_run
    assert told <= set(catalogue())
