"""Every project of the rule library checks without a finding and keeps what its own tests promise."""

from __future__ import annotations

from pathlib import Path

import pytest

from dsl.compile import Compiled, compile_project
from dsl.diagnostics import render_concise
from dsl.source import Source
from runtime.testing import run_tests
from runtime.testing.coverage import coverage

LIBRARY = Path(__file__).parents[1] / "playbooks"
FOLDERS = sorted(p.parent for p in LIBRARY.glob("*/segue.yaml"))


def read(path: Path) -> Source:
    return Source(path.relative_to(LIBRARY).as_posix(), path.read_text(encoding="utf-8"))


def compiled(folder: Path) -> Compiled:
    rules = [read(p) for p in sorted(folder.rglob("*.segue"))]
    assert rules
    return compile_project(rules, read(folder / "schema.yaml"), read(folder / "segue.yaml"))


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda p: p.name)
def test_a_project_of_the_library_is_sound(folder: Path) -> None:
    found = compiled(folder)
    assert [render_concise(d, found.sources) for d in found.diagnostics] == []
    assert found.program is not None


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda p: p.name)
def test_a_project_of_the_library_passes_its_own_tests(folder: Path) -> None:
    program = compiled(folder).program
    assert program is not None and program.tests
    outcomes = list(run_tests(program, program.tests))
    assert [(o.title, o.trouble, [(f.message, f.instead) for f in o.failures]) for o in outcomes if not o.passed] == []
    assert [(way.definition, way.words) for way in coverage(program, outcomes).missing] == []
